"""A door that anybody may knock at: it keeps what it hears, so that a test sees what would have left the machine."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


def _hear(visitor: socket.socket) -> bytes:
    """What he says; with the body that he announces, which may come later than the rest."""
    heard = visitor.recv(100_000)
    length = re.search(rb"\r\ncontent-length: *([0-9]+)\r\n", heard, re.IGNORECASE)
    while length and len(heard.partition(b"\r\n\r\n")[2]) < int(length[1]) and (more := visitor.recv(100_000)):
        heard += more
    return heard


@contextmanager
def listening(answer: bytes = b"") -> Iterator[tuple[str, list[bytes]]]:
    """The address, and what has been said there; every visitor gets the same answer."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def listen() -> None:
            while True:
                try:
                    visitor, _ = door.accept()
                except OSError:
                    return
                with visitor:
                    heard.append(_hear(visitor))
                    visitor.sendall(answer)

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}", heard
        door.shutdown(socket.SHUT_RDWR)
