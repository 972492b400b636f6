"""GB18030 becomes the same bytes, with the same errors at the same places, whether the C library or Python decodes it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine.duckdb.transcoder import Decoder

ROW = "510000-20220701-000001,行政许可,四川省示例厅,2022-07-01 10:00:00\n".encode("gb18030")


def decode(blocks: list[bytes]) -> bytes | int:
    """What the blocks become, or the place of the first wrong byte."""
    decoder, done, text = Decoder(), 0, b""
    for place, block in enumerate(blocks):
        pending = len(decoder.pending)
        try:
            text += decoder(block, is_last=place == len(blocks) - 1)
        except UnicodeDecodeError as error:
            return done - pending + error.start
        done += len(block)
    return text


def decode_plainly(text: bytes) -> bytes | int:
    try:
        return text.decode("gb18030").encode()
    except UnicodeDecodeError as error:
        return error.start


def test_the_c_library_is_asked_here() -> None:
    assert Decoder()._iconv is not None


def test_every_pair_of_bytes_is_what_python_says_it_is() -> None:
    for first, second in itertools.product(range(256), repeat=2):
        text = ROW + bytes([first, second]) + b"1234"
        assert decode([text]) == decode_plainly(text), bytes([first, second]).hex()


def test_characters_of_four_bytes_are_what_python_says_they_are() -> None:
    ranges = range(0x81, 0xFF), range(0x30, 0x3A), range(0x81, 0xFF), range(0x30, 0x3A)
    every = (bytes(four) for four in itertools.islice(itertools.product(*ranges), 0, None, 37))
    known = [four for four in every if isinstance(decode_plainly(four), bytes)]
    assert len(known) > 29_000
    for start in range(0, len(known), 900):
        text = ROW + b"".join(known[start : start + 900]) + ROW
        assert decode([text]) == decode_plainly(text)


@given(
    st.lists(
        st.sampled_from(
            [ROW, b"\x80", b"\xff", b"\xa6\xd9", b"\x84\x31\x82\x36", b"\x95\x32", "𠮷镕".encode("gb18030"), b"\xb0"]
        ),
        max_size=12,
    ),
    st.integers(1, 9),
)
def test_wherever_blocks_are_cut_bytes_and_errors_are_the_same(parts: list[bytes], size: int) -> None:
    text = b"".join(parts)
    blocks = [text[start : start + size] for start in range(0, len(text), size)] or [b""]
    assert decode(blocks) == decode_plainly(text)


@pytest.mark.parametrize("text", [ROW * 50_000, ("𠮷" * 3000).encode("gb18030"), ROW * 3 + b"\x80" + ROW])
def test_a_large_text_is_decoded_in_blocks(text: bytes) -> None:
    blocks = [text[start : start + (1 << 20)] for start in range(0, len(text), 1 << 20)]
    assert decode(blocks) == decode_plainly(text)
