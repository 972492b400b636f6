"""Who may see the pages: whoever has the secret, or a session that was opened with it in this browser.

A browser shows a cookie of 127.0.0.1 to every port there, also to one where another user of this machine listens. So a session
is of the user of this machine whose browser opened it: nobody else gets in with the cookie.
"""

import base64
import binascii
import hmac
import socket
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

COOKIE = "bulletin"
SIGN_IN = "/sign-in"
SESSION_SECONDS, TICKET_SECONDS = 12 * 3600, 600
Address = tuple[str, int]


class Sessions:
    """Of one server: everything is made from its secret and checked by it; a changed secret ends all sessions."""

    def __init__(self, secret: str) -> None:
        """`secret`: `name:password`, as the API asks for it."""
        self._secret, self._used = secret, dict[str, float]()

    def is_secret(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._secret.encode())

    def is_let_in(
        self, headers: Mapping[str, str], cookie: str, client: Address | None, server: Address | None
    ) -> bool:
        """Whether a request brings the secret, as programs do, or the cookie of a session."""
        kind, _, said = headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            try:
                return self.is_secret(base64.b64decode(said, validate=True).decode())
            except (binascii.Error, UnicodeDecodeError):
                return False
        return _is_signed(self._secret, f"session of {find_user(client, server)}", cookie)

    def open(self, client: Address | None, server: Address | None) -> str:
        """The cookie of a new session."""
        return _sign(self._secret, f"session of {find_user(client, server)}", SESSION_SECONDS)

    def use_ticket(self, ticket: str) -> bool:
        """Whether a ticket of `write_address` is good; it is so once."""
        now = time.time()
        self._used = {used: until for used, until in self._used.items() if until > now}
        if ticket in self._used or not _is_signed(self._secret, "ticket", ticket):
            return False
        self._used[ticket] = now + TICKET_SECONDS
        return True


def write_address(page: str, secret: str) -> str:
    """An address that opens a session once, within ten minutes, in the browser that it is opened in."""
    return f"{page}{SIGN_IN}?ticket={quote(_sign(secret, 'ticket', TICKET_SECONDS))}"


def find_user(client: Address | None, server: Address | None) -> str:
    """The number of the user of this machine at the other end of a connection; empty for another machine, or none."""
    try:
        own, other = (_spell(*address) for address in (client, server) if address)
    except (OSError, ValueError):  # no numbers, or one end is not known
        return ""
    for table in ("tcp", "tcp6"):
        try:
            lines = Path("/proc/net", table).read_text("ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[1] == own and fields[2] == other:
                return fields[7]
    return ""


def _spell(host: str, port: int) -> str:
    """As the kernel lists it: words of four bytes, the lowest first."""
    packed = socket.inet_pton(socket.AF_INET6 if ":" in host else socket.AF_INET, host)
    words = (packed[start : start + 4][::-1] for start in range(0, len(packed), 4))
    return f"{b''.join(words).hex()}:{port:04x}".upper()


def _sign(secret: str, what: str, seconds: int) -> str:
    until = str(int(time.time()) + seconds)
    return f"{until}.{_digest(secret, what, until)}"


def _is_signed(secret: str, what: str, given: str) -> bool:
    until, _, digest = given.partition(".")
    is_ours = hmac.compare_digest(digest.encode(), _digest(secret, what, until).encode())
    return is_ours and until.isdecimal() and int(until) > time.time()


def _digest(secret: str, what: str, until: str) -> str:
    return hmac.new(secret.encode(), f"{what} until {until}".encode(), sha256).hexdigest()
