"""Rates and averages as the bulletin prints them. One rule: rounded half up to one decimal (docs/method.md §6)."""

from decimal import ROUND_HALF_UP, Decimal

NONE = "–"  # nothing to divide by
LEVEL = "持平"
_TENTH = Decimal("0.1")
_WHOLE = Decimal(100)


class Rate(str):
    """A number as it is printed: the same digits in every form, and in a workbook still a number."""

    __slots__ = ()

    @property
    def number(self) -> float:
        if self == LEVEL:
            return 0.0
        return float(Decimal(self.rstrip("%")) / 100) if self.endswith("%") else float(self)

    @property
    def pattern(self) -> str:
        """How a spreadsheet prints it again."""
        digits = ("0.0" if "." in self else "0") + ("%" if self.endswith("%") else "")
        return f"+{digits};-{digits};+{digits}" if self[0] in "+-" else digits


def round_half_up(value: Decimal, places: Decimal = _TENTH) -> Decimal:
    return value.quantize(places, rounding=ROUND_HALF_UP)


def write_share(part: int, whole: int) -> str:
    """`part` of `whole` in per cent; 100 % only if all of it, 0 % only if none of it."""
    if whole <= 0:
        return NONE
    rate = round_half_up(Decimal(part) * 100 / Decimal(whole))
    if part < whole and rate >= _WHOLE:
        rate = _WHOLE - _TENTH
    if part > 0 and rate == 0:
        rate = _TENTH
    return Rate(f"{rate}%")


def write_change(now: int, before: int | None) -> str:
    """The change in per cent, such as +3.2%; 持平 where that is none; – if there was nothing before."""
    if not before:
        return NONE
    change = round_half_up(Decimal(now - before) * 100 / Decimal(before))
    return Rate(f"{change:+}%" if change else LEVEL)


def write_average(total: int, count: int) -> str:
    return Rate(round_half_up(Decimal(total) / Decimal(count))) if count else NONE


def write_median(value: float | None) -> str:
    return NONE if value is None else Rate(round_half_up(Decimal(str(value))))
