"""Time-stamps after RFC 3161: a third party says when the signatures under a publication were there.

proof/timestamp.tsq is the request, over the SHA-256 of proof/signatures.json, and proof/timestamp.tsr the answer. Both are DER.
"""

import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from flows.domain.text import BadInput
from flows.root.files import write_files
from flows.root.keys import read_command, run_command
from flows.root.signatures import FILE as SIGNATURES
from flows.root.signatures import PROOF

REQUEST, ANSWER = "timestamp.tsq", "timestamp.tsr"
_SHA256 = bytes.fromhex("300d06096086480165030402010500")  # its AlgorithmIdentifier
_GRANTED = (0, 1)  # granted, granted with modifications


def write_request(folder: Path) -> bytes:
    """A TimeStampReq of a published folder that asks for the certificate, too."""
    imprint = _write_der(0x30, _SHA256 + _write_der(0x04, _digest(folder)))
    return _write_der(0x30, b"\x02\x01\x01" + imprint + b"\x01\x01\xff")


def read_answer(folder: Path, answer: bytes) -> datetime:
    """The time that an answer states for the signatures of a published folder, in UTC.

    Raises:
        BadInput: it is refused, about something else, or no answer; or the command that proves its signature fails.
    """
    place = answer.find(_digest(folder))
    status = re.match(rb"\x30(?:[\x00-\x7f]|\x81.|\x82..|\x83...)\x30.\x02\x01(.)", answer, re.DOTALL)
    stated = re.search(rb"\x18.(\d{14})(?:\.\d+)?Z", answer[place:], re.DOTALL) if place >= 0 else None
    if not status or status[1][0] not in _GRANTED or not stated:
        raise BadInput(
            "this is no time-stamp of the signatures in {folder}. Ask for one with {request}.",
            folder=folder,
            request=REQUEST,
        )
    return datetime.strptime(stated[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def keep_answer(folder: Path, answer: bytes) -> datetime:
    """Put an answer beside the signatures; returns its time. Raises: as `read_answer`."""
    at = read_answer(folder, answer)
    write_files(folder / PROOF, {REQUEST: write_request(folder), ANSWER: answer})
    prove_answer(folder)
    for name in (REQUEST, ANSWER):
        (folder / PROOF / name).chmod(0o444)
    return at


def prove_answer(folder: Path) -> datetime | None:
    """The time of the time-stamp of a published folder; None without one.

    Raises:
        BadInput: as `read_answer`; or timestamp_verify_command, if it is set, says that its signature does not fit.
    """
    request, answer = (folder / PROOF / name for name in (REQUEST, ANSWER))
    if not answer.is_file():
        return None
    at = read_answer(folder, answer.read_bytes())
    if command := read_command("timestamp_verify_command", is_required=False):
        run_command(command, request=request, answer=answer)
    return at


def _digest(folder: Path) -> bytes:
    return sha256((folder / PROOF / SIGNATURES).read_bytes()).digest()


def _write_der(tag: int, content: bytes) -> bytes:
    return bytes([tag, len(content)]) + content  # all lengths here are below 128
