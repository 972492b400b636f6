"""The shortest history that still fails, by leaving out steps: first many at once, then fewer, then single ones."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def shorten(steps: Sequence[T], fails: Callable[[list[T]], bool]) -> list[T]:
    """Steps of which none can be left out: without any single one of them, `fails` is false. `steps` themselves fail."""
    left, size = list(steps), max(1, len(steps) // 2)
    while left:
        place, length = 0, len(left)
        while place < len(left):
            shorter = left[:place] + left[place + size :]
            if fails(shorter):
                left = shorter
            else:
                place += size
        if size == 1 and len(left) == length:
            break
        size = max(1, size // 2)
    return left
