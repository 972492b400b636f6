"""更正说明: the notice of correction for readers, when a published figure has changed."""

from flows.domain.cases import PRINTED, say_causes
from flows.domain.figures import Notice, RevisedFigure, Revision
from flows.report.docx import write_notice
from flows.report.revision_policy import POLICY
from flows.report.templates import fill, for_markdown, in_words


def render_notice(revision: Revision, issuer: str) -> dict[str, bytes]:
    """File name → content: the notice as text, Markdown and document, which names its issuer, if there is one."""
    title, paragraphs = _title(revision), list_paragraphs(revision)
    text = "\n".join([title, *paragraphs]) + "\n"
    markdown = "\n\n".join(
        [
            f"# {title}",
            *map(for_markdown, paragraphs),
            fill("revision.md.j2", revision=revision, measures=PRINTED),
        ]
    )
    return {
        "更正说明.txt": text.encode(),
        "更正说明.md": markdown.encode(),
        "更正说明.docx": write_notice(title, paragraphs, issuer, revision.on),
    }


def list_paragraphs(revision: Revision) -> list[str]:
    """An opening, then one sentence for each changed figure: what was printed, what is right, and why."""
    window = revision.week.year_to_date
    opening = (
        f"《政务服务工作》{window.end.year}年第{revision.issue}期（总第{revision.serial}期）所载"
        f"{in_words(window.start)}至{in_words(window.end)}{revision.scope}政务服务事项受理办理情况，"
        f"截至{in_words(revision.on)}有以下变化，现予更正："
    )
    changed = [figure for figure in revision.printed if figure.is_changed]
    sentences = [_say(figure, revision.notice) for figure in changed]
    closing = "其余数字不变。" if len(changed) < len(revision.figures) * 2 // 3 else ""
    policy = f"更正依据：数据修订政策（{POLICY}）。" if revision.has_policy else ""
    return [opening, *sentences, *filter(None, (closing, policy))]


def describe_causes(figure: RevisedFigure) -> str:
    return say_causes(figure.causes, figure.measure).replace(" ", "")


def _say(figure: RevisedFigure, before: Notice | None) -> str:
    """What was printed, what an earlier notice said, what is right, and why."""
    printed = f"{figure.label}事项{figure.measure.zh}{figure.published}件"
    if before and figure.told != figure.published:
        printed += f"（{in_words(before.on)}已更正为{figure.told}件）"
    difference = figure.today - figure.published
    if not difference:
        return f"{printed}，现仍为{figure.today}件。"
    direction = "增加" if difference > 0 else "减少"
    return f"{printed}，更正为{figure.today}件，{direction}{abs(difference)}件：{describe_causes(figure)}。"


def _title(revision: Revision) -> str:
    return f"关于{revision.week.end.year}年第{revision.issue}期（总第{revision.serial}期）统计数字的更正说明"
