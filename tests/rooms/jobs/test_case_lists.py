"""Lists of cases: the program and the proof that lies beside a publication find one root."""

from hashlib import sha256

import pytest

from flows.jobs.proof import prove
from flows.jobs.proof.verify import find_root


@pytest.mark.parametrize("count", [0, 1, 4096, 4097, 3 * 4096 + 5])
@pytest.mark.parametrize("piece", [16, 10_000 * 16, 65_536])
def test_a_root_does_not_depend_on_the_pieces_that_digests_come_in(count: int, piece: int) -> None:
    digests = b"".join(sha256(bytes([i % 256, i // 256])).digest()[:16] for i in range(count))
    pieces = (digests[i : i + piece] for i in range(0, len(digests), piece))
    assert prove(pieces) == [count, find_root(digests)]
