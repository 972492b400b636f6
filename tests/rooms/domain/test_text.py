"""What is said to people is said in their language."""

from flows.domain.text import Text


def test_progress_is_said_in_the_language_of_the_user() -> None:
    assert Text("检查", "checking").within("zh") == "检查"
    assert Text("检查", "checking").within("en") == "checking"
