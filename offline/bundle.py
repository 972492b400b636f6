"""An installation for machines without a network: `python offline/bundle.py dist 3.11 …` packs dist/bulletin-<version>-offline.tar.

In it are every wheel of the lock for each machine and each Python named, our own wheel, and what installs them. Wheels already
in dist/wheels are not asked for again. The same lock and program give the same bytes.
"""

import io
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import parse_wheel_filename

CHECKOUT = Path(__file__).resolve().parents[1]
MACHINES = ("x86_64", "aarch64")
_GLIBC = range(28, 16, -1)  # 2.28 is what Kylin V10, UOS 20 and Debian 10 have; wheels for 2.17 and newer run there
_BESIDE = (
    "requirements.lock",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "prefect.yaml",
    "docs/*.md",
    "docs/decisions/*",
    "deploy/*",
)


@dataclass(frozen=True)
class Locked:
    """One version of the lock: when it is needed, and the digests one of which its wheel must have."""

    requirement: Requirement
    digests: frozenset[str]

    @property
    def line(self) -> str:
        pinned = f"{self.requirement.name}{self.requirement.specifier}"
        return " ".join([pinned, *(f"--hash=sha256:{digest}" for digest in sorted(self.digests))])


@dataclass(frozen=True)
class Target:
    """A kind of machine with one Python, such as 3.11 on aarch64."""

    python: str
    machine: str

    @property
    def platforms(self) -> list[str]:
        return [*(f"manylinux_2_{minor}_{self.machine}" for minor in _GLIBC), f"manylinux2014_{self.machine}"]

    @cached_property
    def tags(self) -> dict[Tag, int]:
        """What a wheel may be made for, best first."""
        version = tuple(map(int, self.python.split(".")))
        interpreter = f"cp{self.python.replace('.', '')}"
        tags = [
            *cpython_tags(version, platforms=self.platforms),
            *compatible_tags(version, interpreter, self.platforms),
        ]
        return {tag: place for place, tag in reversed(list(enumerate(tags)))}

    def needs(self, locked: Locked) -> bool:
        """Whether any patch release of this Python on this machine installs it."""
        marker = locked.requirement.marker
        return marker is None or any(
            marker.evaluate(
                {
                    "python_version": self.python,
                    "python_full_version": f"{self.python}.{patch}",
                    "platform_machine": self.machine,
                    "sys_platform": "linux",
                    "platform_system": "Linux",
                    "os_name": "posix",
                    "implementation_name": "cpython",
                    "platform_python_implementation": "CPython",
                }
            )
            for patch in (0, 99)
        )

    def find_wheel(self, locked: Locked, wheels: dict[Path, str]) -> Path | None:
        """The wheel that suits this machine best, of those whose digest the lock names."""
        places = {
            path: min((self.tags[tag] for tag in parse_wheel_filename(path.name)[3] if tag in self.tags), default=None)
            for path, digest in wheels.items()
            if digest in locked.digests
        }
        found = [(place, path) for path, place in places.items() if place is not None]
        return min(found)[1] if found else None


def read_lock(path: Path) -> list[Locked]:
    lines = path.read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    found = []
    for line in lines:
        if line.strip() and not line.lstrip().startswith("#"):
            pinned, *digests = line.split("--hash=sha256:")
            found.append(Locked(Requirement(pinned.strip()), frozenset(digest.strip() for digest in digests)))
    return found


def collect_wheels(lock: Iterable[Locked], target: Target, folder: Path) -> list[Path]:
    """The wheels that this kind of machine installs; missing ones are downloaded, never built.

    Raises:
        SystemExit: the index has no wheel of a locked version for it.
    """
    needed = [locked for locked in lock if target.needs(locked)]
    wheels = _digest_wheels(folder)
    if missing := [locked for locked in needed if not target.find_wheel(locked, wheels)]:
        _download(missing, target, folder)
        wheels = _digest_wheels(folder)
    found = {locked.requirement.name: target.find_wheel(locked, wheels) for locked in needed}
    if absent := [name for name, path in found.items() if path is None]:
        sys.exit(f"no wheel for Python {target.python} on {target.machine}: {', '.join(absent)}")
    return [path for path in found.values() if path]


def _download(missing: Iterable[Locked], target: Target, folder: Path) -> None:
    """By pip, which checks the digests; it would evaluate markers for this machine, so none are left in what it reads."""
    print(f"downloading wheels for Python {target.python} on {target.machine} …", file=sys.stderr, flush=True)
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as lines:
        lines.writelines(f"{locked.line}\n" for locked in missing)
        lines.flush()
        options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
        options += ["--implementation", "cp", "--python-version", target.python, "--dest", str(folder.resolve())]
        for platform in target.platforms:
            options += ["--platform", platform]
        _run("pip", "download", *options, "-r", lines.name)


def _digest_wheels(folder: Path) -> dict[Path, str]:
    return {path: sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.whl")}


def build_own_wheel(folder: Path) -> Path:
    _run("hatchling", "build", "-t", "wheel", "-d", str(folder))
    (wheel,) = folder.glob("*.whl")
    return wheel


def _run(module: str, *words: str) -> None:
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, cwd=CHECKOUT, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{done.stderr[-2000:]}\n{module} {words[0]} failed; what it said stands above")


def pack(folder: Path, pythons: list[str]) -> Path:
    """The archive; wheels are compressed already, so it is not."""
    store = folder / "wheels"
    store.mkdir(parents=True, exist_ok=True)
    lock = read_lock(CHECKOUT / "requirements.lock")
    targets = [Target(python, machine) for python in pythons for machine in MACHINES]
    wheels = {path for target in targets for path in collect_wheels(lock, target, store)}
    with tempfile.TemporaryDirectory() as place:
        own = build_own_wheel(Path(place))
        name = "-".join(own.name.split("-")[:2]) + "-offline"
        contents = {
            **{
                path.relative_to(CHECKOUT).as_posix(): path.read_bytes()
                for pattern in _BESIDE
                for path in CHECKOUT.glob(pattern)
            },
            "install.sh": (CHECKOUT / "offline/install.sh").read_bytes(),
            "pythons": f"{' '.join(pythons)}\n".encode(),
            own.name: own.read_bytes(),
        }
        archive = folder / f"{name}.tar"
        with tarfile.open(archive, "w", format=tarfile.GNU_FORMAT) as tar:
            for member, content in _in_order(contents, wheels):
                entry = tarfile.TarInfo(f"{name}/{member}")  # owner 0, time 0
                entry.size, entry.mode = len(content), 0o755 if member.endswith(".sh") else 0o644
                tar.addfile(entry, io.BytesIO(content))
    return archive


def _in_order(contents: dict[str, bytes], wheels: set[Path]) -> Iterator[tuple[str, bytes]]:
    yield from sorted(contents.items())
    yield from ((f"wheels/{path.name}", path.read_bytes()) for path in sorted(wheels))


if __name__ == "__main__":
    packed = pack(Path(sys.argv[1]), sys.argv[2:])
    print(f"{packed}: {packed.stat().st_size / 1e6:.0f} MB, Python {', '.join(sys.argv[2:])}")
