"""What is said to people is said in their language."""

from flows.domain.text import Text, speaking


def test_progress_is_said_in_the_language_of_the_user() -> None:
    with speaking("zh"):
        assert str(Text("checking")) == "检查"
    with speaking("en"):
        assert str(Text("checking")) == "checking"
