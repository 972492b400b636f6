"""Processes of this machine that belong to a service or to a run of it."""

from pathlib import Path

from an_office import Office


def find_processes(run_id: str) -> list[int]:
    """Those that carry out a run: they have its number in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if run_id.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def find_servers(office: Office) -> list[int]:
    """Processes of a Prefect server that listen where this service's does."""
    port = office.address.rpartition(":")[2].removesuffix("/api").encode()
    return [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if b"\0start\0" in read(path) and b"\0" + port + b"\0" in read(path)
    ]


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
