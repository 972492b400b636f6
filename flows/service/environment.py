"""What Prefect is told by the environment before it is imported: it tells nobody outside this machine anything."""

import os
from pathlib import Path


def server_address() -> str | None:
    """The address of the Prefect server that records runs, if one is configured."""
    return os.environ.get("PREFECT_API_URL") or None


def given_secret() -> str | None:
    """What the user would have said to the server that is configured."""
    return os.environ.get("PREFECT_API_AUTH_STRING") or None


def given_server_secret() -> str | None:
    """What the user would have a server ask for that is started here."""
    return os.environ.get("PREFECT_SERVER_API_AUTH_STRING") or None


# What the environment says of these does not count: nothing is told to anybody outside this machine.
_PREFECT = {
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",  # a missing server is an error at once, not twelve seconds later
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",  # the newer page makes the browser ask servers elsewhere
    "PREFECT_SERVER_UI_API_URL": "/api",  # of the page: by whatever address it was opened
    # no other page, open in the same browser, may ask for anything: the origin of a page is an address, or `null` of a local file
    "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": "none",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_CLI_COLORS": "false",
    "DO_NOT_TRACK": "1",
}


_LOOPBACK = "127.0.0.1,localhost"


def configure_prefect(
    home: Path | None = None, address: str | None = None, level: str | None = None, secret: str | None = None
) -> None:
    """Before Prefect is imported: it tells nobody outside anything, asks its server without a proxy, and writes only below `home`.

    Where its state lies, which server it asks and how much it logs stay as the environment says; `secret` is said to the server.
    """
    os.environ.update(_PREFECT)
    direct = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if direct != "*" and not direct.endswith(_LOOPBACK):
        os.environ["no_proxy"] = f"{direct},{_LOOPBACK}".lstrip(",")
    chosen = {
        "PREFECT_HOME": home,
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": home and home / "ui",  # else among the program's files, not ours to write
        "PREFECT_API_URL": address,
        "PREFECT_LOGGING_LEVEL": level,
    }
    for name, value in chosen.items():
        if value and not os.environ.get(name):
            os.environ[name] = str(value)
    if secret:
        os.environ["PREFECT_API_AUTH_STRING"] = secret
    if home:
        home.mkdir(parents=True, exist_ok=True)


def enclosed_environment(secret: str) -> dict[str, str]:
    """Of the Prefect server, which needs nothing from outside and asks everybody for the secret.

    What it would fetch for a page all the same (catalogues of blocks and flows that others have written) ends at a port of
    this machine that nobody listens on, before a name is looked up.
    """
    proxies = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https", "all")}
    return os.environ | proxies | {"PREFECT_SERVER_API_AUTH_STRING": secret}
