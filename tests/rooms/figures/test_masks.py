"""What may be shown of a case number, wherever an example is shown."""

import pytest

from flows.engine.opening import open_engine


@pytest.mark.parametrize(
    ("case_no", "shown"),
    [
        ("", ""),
        ("3", "3"),
        ("12345678", "12345678"),
        ("123456789", "123456…89"),
        ("510000202207010042", "510000…42"),
    ],
)
def test_a_case_number_of_more_than_eight_characters_shows_its_first_six_and_last_two(case_no: str, shown: str) -> None:
    with open_engine(has_schema=True) as engine:
        assert engine.ask(f"select mask_case_no('{case_no}') as shown").dicts() == [{"shown": shown}]
