"""E-mail and group messages about how a run ended."""

from flows.domain.runs import Run
from flows.domain.text import CommandLine
from flows.report.templates import fill

_ENDINGS = {"passed": "完成", "warned": "完成，有警告", "refused": "检查未通过", "failed": "失败"}


_KINDS = {
    "BadInput": "有文件无法读取，或不在应有的位置",
    "StaleWarehouse": "数据仓库不可用，须重建",
    "Locked": "另有运行一直没有结束",
    "NothingToDo": "没有可统计的数据",
    "WrongUsage": "参数有误",
    "CheckFailed": "关键检查未通过",
    "KeyboardInterrupt": "被中断",
}


def write_message(run: Run, root: str, scope: str) -> tuple[str, str]:
    """Subject and text, in Chinese: what ran, how it ended, where to look. Rules and counts, never data."""
    ending = _ENDINGS[run.verdict]
    if run.failed_weeks and run.verdict in ("passed", "warned"):
        ending = f"完成，但有 {len(run.failed_weeks)} 周未出"
    kind = _KINDS.get(run.error, "程序出错") if run.error else ""
    subject = f"政务服务办件统计（{scope}）：{ending}"
    return subject, fill("message.txt.j2", run=run, root=root, ending=ending, kind=kind, status=CommandLine("status"))
