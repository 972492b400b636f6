"""The environment variables of Prefect, set before its import: it sends nothing outside this machine."""

import os
from pathlib import Path


def server_address() -> str | None:
    """The address of the Prefect server that is configured, if any."""
    return os.environ.get("PREFECT_API_URL") or None


def given_secret() -> str | None:
    """The secret for the configured server, if the user set one."""
    return os.environ.get("PREFECT_API_AUTH_STRING") or None


def given_server_secret() -> str | None:
    """The secret for a server that is started here, if the user set one."""
    return os.environ.get("PREFECT_SERVER_API_AUTH_STRING") or None


SERVED_ROOT = "BULLETIN_SERVED_ROOT"  # of a run of the service: the only root that it may have
# Of a run alone: the server neither needs nor is given it.
_OF_RUNS = ("BULLETIN_SMTP_PASSWORD", "BULLETIN_SMTP_PASSWORD_FILE", "BULLETIN_NOTIFY_FILE")


def served_root() -> Path | None:
    """The root of the service whose run this process is, if it is one."""
    return Path(root) if (root := os.environ.get(SERVED_ROOT)) else None


def shown_root() -> Path | None:
    """The root that the pages of a server show, if it was given one."""
    return Path(root) if (root := os.environ.get("BULLETIN_ROOT")) else None


def worker_root() -> Path:
    """The root that a worker runs its flows in."""
    return Path(os.environ["BULLETIN_ROOT"]).resolve()


# These override the environment: nothing may be sent outside this machine.
_PREFECT = {
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",  # fail at once without a server, not after twelve seconds
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",  # the newer page loads from servers elsewhere
    "PREFECT_SERVER_UI_API_URL": "/api",  # relative to the address of the page
    # no page of another origin may use the API; origins are addresses, or `null` for local files, never `none`
    "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": "none",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_CLI_COLORS": "false",
    "DO_NOT_TRACK": "1",
    "PYTHONSAFEPATH": "1",  # no module is imported from the folder that a service happens to be started in
}


_LOOPBACK = "127.0.0.1,localhost"


def configure_prefect(
    home: Path | None = None, address: str | None = None, level: str | None = None, secret: str | None = None
) -> None:
    """Set the environment before Prefect is imported: nothing is sent outside, no proxy is used for the server.

    `home` and `level` are defaults, and so is `address` without a secret: variables that are set already win. `secret` is
    sent to the server at `address`.
    """
    os.environ.update(_PREFECT)
    direct = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if direct != "*" and not direct.endswith(_LOOPBACK):
        os.environ["no_proxy"] = f"{direct},{_LOOPBACK}".lstrip(",")
    chosen = {
        "PREFECT_HOME": home,
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": home
        and home / "ui",  # else in the installed package, which may be read-only
        "PREFECT_API_URL": address,
        "PREFECT_LOGGING_LEVEL": level,
    }
    for name, value in chosen.items():
        if value and not os.environ.get(name):
            os.environ[name] = str(value)
    if secret and address:
        os.environ |= {"PREFECT_API_URL": address, "PREFECT_API_AUTH_STRING": secret}
    if home:
        home.mkdir(parents=True, exist_ok=True)


def enclosed_environment(secret: str, root: Path) -> dict[str, str]:
    """The environment of the Prefect server: it needs nothing from outside, requires the secret, and shows a root.

    Requests it makes nevertheless (catalogues of blocks and flows) go to a proxy that does not exist, before any name is
    looked up.
    """
    proxies = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https", "all")}
    kept = {name: value for name, value in os.environ.items() if name not in _OF_RUNS}
    return kept | proxies | {"PREFECT_SERVER_API_AUTH_STRING": secret, "BULLETIN_ROOT": str(root)}


def environment_of_others() -> dict[str, str]:
    """The environment without what is Prefect's or ours, secrets above all: for a process that is told all it needs."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "BULLETIN_"))}
