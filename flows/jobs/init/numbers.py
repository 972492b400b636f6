"""What tells one case from another where its number alone does not."""

from collections.abc import Iterable, Sequence

from flows.jobs.init.headers import WITHIN, has_word
from flows.sources.columns import Column

APART = 0.98  # of the rows: so many differ in the number and what stands beside it


def tell_apart(
    number: Column, opened: Column | None, others: Iterable[Column], *, least: float = APART
) -> tuple[tuple[str, ...], Column | None]:
    """What a case is known by where its number comes again: with a department, an area, a year, or with the day of opening.

    `least` is the share of the rows that have to differ then; of a number that nearly does by itself, all.
    """

    def are_different(others: Sequence[object]) -> bool:
        share = 1 if number.is_nearly_key else least
        return number.is_full and _count_pairs(number.values, others) >= share * len(number.values)

    for other in others:
        if other.is_kind and other.is_full and has_word(other, WITHIN) and are_different(other.values):
            return ("case_no", "key_part"), other
    if opened and not number.is_nearly_key and are_different(opened.times):
        return ("case_no", "day"), opened
    return (), None


def _count_pairs(numbers: Sequence[str], others: Sequence[object]) -> int:
    return len(set(zip(numbers, others, strict=True)))


def agree(number: Column, opened: Column) -> bool:
    """Whether the rows of one number tell one time, as the units sent to a call do."""
    pairs = _count_pairs(number.values, opened.values)
    return len(opened.counts) > 1 and pairs - len(number.counts) <= (1 - APART) * len(number.values)
