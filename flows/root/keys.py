"""Keys that sign: an Ed25519 pair, or a program of the office (a smart card, 国密 SM2).

They lie in a folder of the user, never in a root: whoever may write a root must not decide whom its readers trust.
The folder is BULLETIN_KEYS, else ~/.config/bulletin. It holds `<name>.key` (PKCS 8, under a passphrase, mode 0600), `<name>.pub`,
`trusted` (one public key a line) and, for another signer, `signing.toml`.

A public key is one word: `ed25519:` and its 32 bytes, or `command:` and the key as the other program wants it, in base64.
"""

import base64
import os
import shlex
import subprocess
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from flows.domain.names import refuse_example
from flows.domain.text import BadInput, Text
from flows.root.files import make_folder, put_file
from flows.root.settings import keys_folder

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519, COMMAND = "ed25519", "command"
_SETTINGS = "signing.toml"
_SECONDS = 120  # a card may ask for its number
AskPassphrase = Callable[[Path], str]


def make_key(name: str, passphrase: str) -> str:
    """Make a pair, and trust it; returns the public key. Of a pair that was cut short the rest is made.

    Raises:
        BadInput: there is one of that name, the passphrase is empty or not that of a pair that was cut short, or the folder lies
            within a root.
    """
    refuse_example(name)
    path = _place(name)
    if _is_whole(path):
        raise BadInput("{path}: there is a key of that name. Keys are never overwritten.", path=path)
    if not passphrase:
        raise BadInput("a key needs a passphrase. On a terminal it is asked for; else set BULLETIN_PASSPHRASE.")
    if not path.exists():
        _write_private(path, _generate(passphrase))
    public = _write_public(_open_private(path, passphrase).public_key().public_bytes_raw())
    _write_private(path.with_suffix(".pub"), f"{public}\n".encode())
    trust(public, name)
    return public


def owns_key(name: str, public: str) -> bool:
    """Whether that person signs on this computer: the private key lies here, or the public one of a key that the other program holds."""
    place = _place(name)
    return place.is_file() or (public.startswith(COMMAND) and place.with_suffix(".pub").is_file())


def _is_whole(path: Path) -> bool:
    """Whether there is a private key with its public half, which is trusted: what `make_key` leaves."""
    public = path.with_suffix(".pub")
    return path.exists() and public.is_file() and public.read_text(encoding="utf-8").strip() in read_trusted()


def read_public(text: str) -> str:
    """The public key that a file holds, or that the text is.

    A PEM file of another kind than Ed25519 is a key of the other program.

    Raises:
        BadInput: neither.
    """
    path = Path(text)
    given = path.read_bytes().strip() if len(text) < 1000 and path.is_file() else text.strip().encode()
    if given.startswith(b"-----BEGIN"):
        return _read_pem(given)
    word = given.split()[0].decode(errors="replace") if given else ""
    scheme, _, body = word.partition(":")
    try:
        content = base64.b64decode(body, validate=True)
    except ValueError:
        content = b""
    if (scheme == ED25519 and len(content) == 32) or (scheme == COMMAND and content):
        return word
    raise BadInput("{text} is neither a public key (ed25519:…) nor a file that holds one.", text=text)


def sign(public: str, name: str, content: bytes, ask: AskPassphrase) -> bytes:
    """The signature of the holder of a public key.

    Raises:
        BadInput: the private key is missing or another one, the passphrase is wrong, or the other program fails.
    """
    if public.startswith(COMMAND):
        return _sign_by_command(public, content)
    path = _place(name)
    if not path.is_file():
        raise BadInput(
            "{path}: the key of {name} is not here. Copy it there, or name its folder: export BULLETIN_KEYS=FOLDER",
            path=path,
            name=name,
        )
    private = _open_private(path, ask(path))
    if _write_public(private.public_key().public_bytes_raw()) != public:
        raise BadInput("{path} is another key than the one of {name} in signers.toml.", path=path, name=name)
    return private.sign(content)


def _generate(passphrase: str) -> bytes:
    """A private key, as it lies in its file."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )


def _open_private(path: Path, passphrase: str) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        private = serialization.load_pem_private_key(path.read_bytes(), passphrase.encode())
    except (ValueError, TypeError):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise BadInput("{path}: the passphrase is wrong, or this is not a private key.", path=path)
    return private


def is_signed(public: str, content: bytes, signature: bytes) -> bool:
    """Whether the holder of a public key has signed these bytes.

    Raises:
        BadInput: the key is of another program, and no verify_command is set.
    """
    if public.startswith(COMMAND):
        return _is_signed_by_command(public, content, signature)
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(_read_body(public)).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def trust(public: str, name: str) -> None:
    """Trust a public key from now on: whoever it belongs to may begin a record of signers."""
    if public not in read_trusted():
        path = keys_folder() / "trusted"
        known = path.read_text(encoding="utf-8") if path.is_file() else ""
        _write_private(path, f"{known}{public} {name}\n".encode())


def read_trusted() -> frozenset[str]:
    path = keys_folder() / "trusted"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return frozenset(line.split()[0] for line in lines if line.strip())


def read_command(name: str, *, is_required: bool = True) -> str:
    """A command of signing.toml; '' where it need not be set.

    Raises:
        BadInput: the file cannot be read, or the command is required and missing.
    """
    path = _settings()
    try:
        command = tomllib.loads(path.read_text(encoding="utf-8")).get(name, "") if path.is_file() else ""
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput("{path} cannot be read: {error}. Correct that line.", path=path, error=error) from None
    if not isinstance(command, str) or (is_required and not command):
        raise BadInput(
            "{path}: {name} is not set. It is the command of the program that holds the key, with {{key}}, {{text}} and "
            "{{signature}} for its files.",
            path=path,
            name=name,
        )
    return command


def run_command(command: str, **files: Path) -> None:
    """Run a command of signing.toml, without a shell; {name} stands for the file of that name.

    Raises:
        BadInput: it cannot be run, or fails.
    """
    words = [word.format(**{name: str(path) for name, path in files.items()}) for word in shlex.split(command)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BadInput("{command}: {error}. Correct {path}.", command=command, error=error, path=_settings()) from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise BadInput(
            "{command}: exit code {code} ({said}). Correct {path}.",
            command=command,
            code=done.returncode,
            said=said[-1] if said else Text("nothing said"),
            path=_settings(),
        )


def _sign_by_command(public: str, content: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        key, text, signature = (Path(folder, name) for name in ("key", "text", "signature"))
        key.write_bytes(_read_body(public))
        text.write_bytes(content)
        run_command(read_command("sign_command"), key=key, text=text, signature=signature)
        return signature.read_bytes()


def _is_signed_by_command(public: str, content: bytes, given: bytes) -> bool:
    command = read_command("verify_command")
    with tempfile.TemporaryDirectory() as folder:
        key, text, signature = (Path(folder, name) for name in ("key", "text", "signature"))
        key.write_bytes(_read_body(public))
        text.write_bytes(content)
        signature.write_bytes(given)
        try:
            run_command(command, key=key, text=text, signature=signature)
        except BadInput:
            return False
        return True


def _settings() -> Path:
    return keys_folder() / _SETTINGS


def _read_pem(content: bytes) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        public = load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm):  # such as SM2, or a certificate
        public = None
    if isinstance(public, Ed25519PublicKey):
        return _write_public(public.public_bytes_raw())
    return f"{COMMAND}:{base64.b64encode(content).decode()}"


def _write_public(content: bytes) -> str:
    return f"{ED25519}:{base64.b64encode(content).decode()}"


def _read_body(public: str) -> bytes:
    return base64.b64decode(public.partition(":")[2])


def _place(name: str) -> Path:
    """Where the private key of a person lies."""
    if not name.strip() or name.startswith(".") or set(name) & set('/\\:*?"<>|\n\t '):
        raise BadInput("“{name}” is not a name for a key. Use letters, digits, - and _.", name=name)
    folder = keys_folder().absolute()
    for place in (folder, *folder.parents):
        if (place / "bulletin.toml").is_file() or (place / "data" / "raw").is_dir():
            raise BadInput(
                "{folder} lies within the root {root}: keys lie outside. Name another folder: export BULLETIN_KEYS=FOLDER",
                folder=folder,
                root=place,
            )
    return folder / f"{name}.key"


def _write_private(path: Path, content: bytes) -> None:
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    put_file(draft, path)
