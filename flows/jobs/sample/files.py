"""The files of the sample: columns, encoding, time format and damaged rows of each department."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Protocol

from flows.jobs.sample.cases import Case, Group
from flows.report.workbook import open_workbook

_PLAIN_TIME = "%Y-%m-%d %H:%M:%S"
_PERSONAL = ("申请人姓名", "证件号码", "联系电话", "联系地址", "经办人")


@dataclass(frozen=True)
class Form:
    """How one department writes one table: its columns, encoding, time format, and whether it is a workbook."""

    name: str
    columns: dict[str, str]
    encoding: str = "utf-8-sig"
    time_format: str = _PLAIN_TIME
    line_end: str = "\r\n"
    is_workbook: bool = False


class Writer(Protocol):
    def write(self, cells: Sequence[Any]) -> None: ...

    def close(self) -> None: ...


class Table:
    """One file of one delivery, in the form of its department."""

    def __init__(self, folder: Path, form: Form, cut_off: date, *, is_small: bool) -> None:
        self._form, self._cut_off = form, cut_off
        self._is_workbook = form.is_workbook and is_small
        suffix = "xlsx" if self._is_workbook else "csv"
        path = folder / f"{form.name}_{cut_off:%Y%m%d}.{suffix}"
        header = list(form.columns.values())
        self._writer: Writer = (
            Workbook(path, header, form.name, f"统计区间：2022-01-01 至 {cut_off}")
            if self._is_workbook
            else Text(path, form, header)
        )

    def write_case(self, case: Case, *, is_completed: bool) -> None:
        completed_at = case.completed_at if is_completed else None
        values = {
            "case_no": case.number,
            "item_type": case.type_name,
            "item_code": case.item.code.replace("-510000", f"-{case.area[:6]}", 1),
            "item_name": case.item.name,
            "department": case.item.department,
            "area_code": case.area,
            "applied_at": self._say(case.accepted_at - timedelta(minutes=20)),
            "accepted_at": self._say(case.accepted_at),
            "due_at": self._say(case.accepted_at + timedelta(days=20)),
            "completed_at": self._say(completed_at),
            "result": case.result if completed_at else "",
            "version_at": self._say(completed_at or case.accepted_at),
            "channel": "网上" if int(case.number[-1]) % 3 else "窗口",
            "case_kind": "承诺件" if int(case.number[-1]) % 4 else "即办件",
        }
        self._write(values)

    def write_unreadable(self, file_no: int) -> None:
        """Write damaged rows: two kinds of damaged cells, and in text files also rows of the wrong length."""
        moment = datetime.combine(min(self._cut_off - timedelta(days=2), date(2022, 7, 6)), time(10, 0))
        good = {
            "item_type": "行政许可",
            "area_code": "510000",
            "accepted_at": self._say(moment),
            "version_at": self._say(moment),
        }
        damages = (
            {"case_no": "4.15748E+18"},
            {"case_no": ""},
            {"accepted_at": "2022-13-45 10:00"},
            {"area_code": "省本级？？", "item_code": ""},
        )
        numbers = [f"510000-20220706-9{file_no:02d}{i:03d}" for i in range(4)]
        for number, kind in zip(numbers, (file_no, file_no + 1), strict=False):
            self._write({"case_no": number, **good, **damages[kind % len(damages)]})
        if not self._is_workbook:
            width = len(self._form.columns)
            self._writer.write([numbers[2]] + [""] * (width - 3))
            self._writer.write([numbers[3]] + ["多"] * (width + 2))

    def close(self) -> None:
        self._writer.close()

    def _write(self, values: dict[str, Any]) -> None:
        serial = int(values["case_no"][-6:]) if values["case_no"][-6:].isdigit() else 0
        invented = dict(zip(_PERSONAL, _invent_person(serial), strict=True))
        self._writer.write([values.get(name, invented.get(name, "")) for name in self._form.columns])

    def _say(self, moment: datetime | None) -> Any:
        if moment is None:
            return ""
        if self._is_workbook:
            return moment
        if self._form.time_format == _PLAIN_TIME:
            return str(moment)  # the same text, several times faster: millions of rows
        written = moment.strftime(self._form.time_format)
        return written.replace("/0", "/") if "/" in written else written


def _invent_person(number: int) -> tuple[str, ...]:
    """An invented person: ID number of no region and date, telephone number of no network, street of no town."""
    name = "赵钱孙李"[number % 4] + "示例"
    return (name, f"0000001900{number % 10**8:08d}", f"000{number % 10**8:08d}", f"示例路{number % 999}号", "样本员")


class Text:
    """Delimited text."""

    def __init__(self, path: Path, form: Form, header: Sequence[str]) -> None:
        self._file = path.open("w", encoding=form.encoding, newline="")
        self._rows = csv.writer(self._file, lineterminator=form.line_end)
        self.write(header)

    def write(self, cells: Sequence[Any]) -> None:
        self._rows.writerow(cells)

    def close(self) -> None:
        self._file.close()


class Workbook:
    """A workbook with a merged title and a period row above its header."""

    def __init__(self, path: Path, header: Sequence[str], title: str, period: str) -> None:
        self._book = open_workbook(path)
        self._book.set_properties({"created": datetime(2022, 7, 22)})  # the same bytes each time
        self._sheet = self._book.add_worksheet("办件明细")
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._sheet.merge_range(0, 0, 0, len(header) - 1, title)
        self._sheet.write_string(1, 0, period)
        self._next = 2
        self.write(header)

    def write(self, cells: Sequence[Any]) -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, datetime):
                self._sheet.write_datetime(self._next, column, cell, self._time)
            elif cell:
                self._sheet.write_string(self._next, column, cell)
        self._next += 1

    def close(self) -> None:
        self._book.close()


_LICENCE_COLUMNS = {
    "case_no": "办件编号", "申请人姓名": "申请人姓名", "证件号码": "证件号码", "联系电话": "联系电话", "item_type": "事项类型",
    "item_code": "实施编码", "item_name": "事项名称", "department": "实施主体", "area_code": "行政区划", "case_kind": "办件类型",
    "applied_at": "申请时间", "accepted_at": "受理时间", "due_at": "承诺办结时间", "completed_at": "办结时间", "result": "办结结果",
    "version_at": "更新时间",
}  # fmt: skip


_PUBLIC_COLUMNS = {
    "item_code": "事项编码", "case_no": "受理编号", "department": "受理部门", "area_code": "区划代码", "申请人姓名": "申请人",
    "联系电话": "手机号码", "联系地址": "联系地址", "accepted_at": "受理日期", "completed_at": "办结日期", "result": "办理结果",
    "version_at": "同步时间",
}  # fmt: skip


_TYPED_PUBLIC_COLUMNS = {"case_no": "受理编号", "item_type": "服务事项类型", **_PUBLIC_COLUMNS}


_OTHER_COLUMNS = {
    "case_no": "申办流水号", "item_type": "职权类型", "item_code": "实施编码", "item_name": "实施清单名称",
    "department": "办件所属部门", "area_code": "辖区编码", "申请人姓名": "法定代表人", "联系地址": "联系地址", "经办人": "经办人",
    "applied_at": "收件时间", "accepted_at": "受理时间", "completed_at": "办结时间", "result": "办结结果", "version_at": "更新时间",
    "channel": "申请方式",
}  # fmt: skip


FORMS = {
    Group.LICENCE: (
        Form("行政许可办件明细", _LICENCE_COLUMNS, encoding="gb18030"),
        Form("行政许可办件明细", _LICENCE_COLUMNS, is_workbook=True),
        Form("行政许可办件明细", _LICENCE_COLUMNS, time_format="%Y/%m/%d %H:%M"),
    ),
    Group.PUBLIC_SERVICE: (
        Form("公共服务办件明细", _PUBLIC_COLUMNS, encoding="utf-8", line_end="\n", is_workbook=True),
        Form("公共服务办件明细", _TYPED_PUBLIC_COLUMNS, encoding="gb18030", time_format="%Y/%m/%d %H:%M"),
        Form("公共服务办件明细", _TYPED_PUBLIC_COLUMNS),
    ),
    Group.OTHER_POWER: (
        Form("其他权力办件明细", _OTHER_COLUMNS),
        Form("其他权力办件明细", _OTHER_COLUMNS, encoding="gb18030", time_format="%Y%m%d%H%M%S", line_end="\n"),
        Form("其他权力办件明细", _OTHER_COLUMNS, is_workbook=True),
    ),
}
