"""The offline installation: packed here, installed and used where there is neither network, pip's settings nor this folder."""

import subprocess
import sys
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest
from a_root import write_raw
from analysts import CASES
from drawing import draw
from packaging.utils import canonicalize_name, parse_wheel_filename
from without_network import pass_service_tests

from flows.root.project import CHECKOUT

THIS_PYTHON = "{}.{}".format(*sys.version_info[:2])
PYTHONS = sorted({"3.11", THIS_PYTHON})
SENTENCE = "2022年1月1日至2022年7月22日，省本级行政许可事项受理465件，办结461件"


@pytest.fixture(scope="module")
def archive() -> Path:
    """By the command of the README; wheels that lie in dist/ are not fetched again."""
    subprocess.run(["make", "bundle", f"PYTHONS={' '.join(PYTHONS)}"], cwd=CHECKOUT, check=True, capture_output=True)
    (packed,) = (CHECKOUT / "dist").glob("bulletin-*-offline.tar")
    return packed


@pytest.fixture(scope="module")
def unpacked(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stick")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    (inside,) = folder.iterdir()
    return inside


def run_bare(home: Path, *command: str | Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """In a new login on a machine without a network."""
    bare = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **variables}
    return subprocess.run(
        ["unshare", "--net", *command], cwd=home, env=bare, check=False, capture_output=True, text=True, timeout=600
    )


@pytest.fixture(scope="module")
def installed(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed with the interpreter of these tests."""
    home = tmp_path_factory.mktemp("home")
    done = run_bare(home, "sh", unpacked / "install.sh", home / "program", PYTHON=sys.executable)
    assert done.returncode == 0, done.stderr
    assert f"{home}/program/bin/bulletin init --root ~/bulletin" in done.stdout
    return home / "program/bin/bulletin"


@pytest.mark.programs
@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_each_machine_finds_a_wheel_of_the_lock_for_all_it_installs(machine: str, unpacked: Path) -> None:
    """By pip's own account of an installation for that machine, which it cannot run here."""
    for python in PYTHONS:
        platforms = [f"--platform=manylinux_2_{minor}_{machine}" for minor in range(28, 16, -1)]
        resolved = run_bare(
            unpacked, sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--no-index", "--no-deps",
            "--target", unpacked / "nowhere", "--only-binary=:all:", "--implementation=cp", f"--python-version={python}",
            *platforms, f"--platform=manylinux2014_{machine}", "--require-hashes", "--find-links", unpacked / "wheels",
            "-r", unpacked / "requirements.lock", PIP_CONFIG_FILE="/dev/null",
        )  # fmt: skip
        assert resolved.returncode == 0, resolved.stderr
        (would,) = [line for line in resolved.stdout.splitlines() if line.startswith("Would install")]
        assert len(would.split()) > 120


@pytest.mark.programs
def test_nothing_is_packed_that_the_lock_does_not_name(unpacked: Path) -> None:
    lock = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
    assert (unpacked / "requirements.lock").read_text(encoding="utf-8") == lock
    for path in (unpacked / "wheels").iterdir():
        name, version, _, _ = parse_wheel_filename(path.name)
        assert f"{canonicalize_name(name)}=={version}" in lock, path.name
        assert f"sha256:{sha256(path.read_bytes()).hexdigest()}" in lock, path.name


@pytest.mark.programs
def test_packed_again_it_is_the_same_to_the_byte(archive: Path) -> None:
    before = sha256(archive.read_bytes()).hexdigest()
    subprocess.run(["make", "bundle", f"PYTHONS={' '.join(PYTHONS)}"], cwd=CHECKOUT, check=True, capture_output=True)
    assert sha256(archive.read_bytes()).hexdigest() == before


@pytest.mark.programs
def test_installed_without_a_network_it_gives_the_same_paragraph_and_figures(installed: Path, tmp_path: Path) -> None:
    asked = run_bare(tmp_path, installed, "status", "--lang", "en")
    assert (asked.returncode, "--root DIR, or BULLETIN_ROOT. To make one: bulletin init" in asked.stderr) == (2, True)
    for words in (
        ["init"],
        ["sample"],
        ["weekly", "--week-ending", "2022-07-22"],
        ["explain", "行政许可", "办结"],
        ["status"],
    ):
        done = run_bare(tmp_path, installed, *words, "--root", "office")
        assert done.returncode == 0, done.stderr
    here = Path(sys.executable).with_name("bulletin")
    for words in (["init"], ["sample"], ["weekly", "--week-ending", "2022-07-22"]):
        subprocess.run([here, *words, "--root", tmp_path / "here"], check=True, capture_output=True)
    for path in (tmp_path / "here/reports/2022-07-22").iterdir():
        assert (tmp_path / "office/reports/2022-07-22" / path.name).read_bytes() == path.read_bytes(), path.name
    assert SENTENCE in (tmp_path / "office/reports/2022-07-22/statistics.txt").read_text(encoding="utf-8")


@pytest.mark.programs
def test_what_is_signed_here_is_proved_there_byte_for_byte(installed: Path, tmp_path: Path) -> None:
    """The installed program knows that it is the same one."""
    here = Path(sys.executable).with_name("bulletin")
    signing = [
        "publish",
        "--week-ending",
        "2022-07-22",
        "--by",
        "甲某",
        "--checked-by",
        "乙某",
        "--unsigned",
        "--issue",
        "1",
        "--serial",
        "1",
    ]
    write_raw(tmp_path / "office", {"2022-07-22/办件.csv": draw(CASES)})  # samples are never published
    for words in (["weekly", "--week-ending", "2022-07-22"], signing):
        subprocess.run([here, *words, "--root", tmp_path / "office"], check=True, capture_output=True)
    proved = run_bare(tmp_path, installed, "verify", "--week-ending", "2022-07-22", "--lang", "en", "--root", "office")
    assert (proved.returncode, "are equal byte for byte" in proved.stdout) == (0, True), proved.stdout + proved.stderr


@pytest.mark.programs
def test_its_service_runs_without_a_network_and_writes_nothing_among_the_files_of_the_program(installed: Path) -> None:
    """Which may belong to another user. What Python compiles is apart: where it cannot be kept, it is not."""

    def list_files() -> set[Path]:
        return {
            path for path in installed.parents[1].rglob("*") if path.suffix != ".pyc" and path.name != "__pycache__"
        }

    before = list_files()
    pass_service_tests(installed)
    assert list_files() == before


@pytest.mark.programs
def test_what_does_not_fit_is_refused_in_a_sentence(unpacked: Path, tmp_path: Path) -> None:
    other = tmp_path / "python3"
    other.write_text("#!/bin/sh\necho CPython 3.9 x86_64 glibc\n")
    other.chmod(0o755)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").touch()
    for words, variables, code, told in (
        ([], {}, 2, "usage: sh install.sh DIR"),
        ([tmp_path / "mine"], {}, 3, "mine exists and is no earlier installation"),
        ([tmp_path / "new"], {"PYTHON": "/nowhere/python"}, 3, "There is no Python (/nowhere/python)"),
        ([tmp_path / "new"], {"PYTHON": str(other)}, 3, f"{other} is CPython 3.9 x86_64 glibc"),
    ):
        refused = run_bare(tmp_path, "sh", unpacked / "install.sh", *words, **variables)
        assert (refused.returncode, told in refused.stderr) == (code, True), refused.stderr
        assert not (tmp_path / "new").exists()
