"""更正说明: what readers are told when a published figure has changed."""

from flows.domain.figures import RevisedFigure, Revision
from flows.report.docx import write_notice
from flows.report.tables import CAUSES
from flows.report.templates import fill, for_markdown, in_words

_MEASURES = {"accepted": "受理", "completed": "办结"}


def render_notice(revision: Revision) -> dict[str, bytes]:
    """File name → content: the notice as text, Markdown and document."""
    title, paragraphs = _title(revision), list_paragraphs(revision)
    text = "\n".join([title, *paragraphs]) + "\n"
    markdown = "\n\n".join(
        [
            f"# {title}",
            *map(for_markdown, paragraphs),
            fill("revision.md.j2", revision=revision, causes=CAUSES, measures=_MEASURES),
        ]
    )
    return {
        "更正说明.txt": text.encode(),
        "更正说明.md": markdown.encode(),
        "更正说明.docx": write_notice(title, paragraphs),
    }


def list_paragraphs(revision: Revision) -> list[str]:
    """What was printed, what is right, and why, one sentence for each figure that changed."""
    window = revision.week.year_to_date
    opening = (
        f"《政务服务工作》{window.end.year}年第{revision.issue}期（总第{revision.serial}期）所载"
        f"{in_words(window.start)}至{in_words(window.end)}{revision.scope}政务服务事项受理办理情况，"
        f"截至{in_words(revision.on)}有以下变化，现予更正："
    )
    changed = [
        figure for figure in revision.figures if figure.measure in _MEASURES and figure.today != figure.published
    ]
    sentences = [_say(figure) for figure in changed]
    closing = "其余数字不变。" if len(changed) < len(revision.figures) * 2 // 3 else ""
    return [opening, *sentences, *([closing] if closing else [])]


def describe_causes(figure: RevisedFigure) -> str:
    return "，".join(f"{CAUSES[cause]}{cases:+}件" for cause, cases in figure.causes)


def _say(figure: RevisedFigure) -> str:
    difference = figure.today - figure.published
    direction = "增加" if difference > 0 else "减少"
    return (
        f"{figure.label}事项{_MEASURES[figure.measure]}{figure.published}件，更正为{figure.today}件，"
        f"{direction}{abs(difference)}件（{describe_causes(figure)}）。"
    )


def _title(revision: Revision) -> str:
    return f"关于{revision.week.end.year}年第{revision.issue}期（总第{revision.serial}期）统计数字的更正说明"
