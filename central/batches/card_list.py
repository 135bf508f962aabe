"""A 制卡明细表 or 补换卡明细表 as a file: .csv (UTF-8 or GB 18030) or .xlsx, into rows.

The columns are those of `config/batch_columns.toml`, read as `regulation.card_list` reads them. A
file is read whole or refused whole, with the place and the cure, never with what stands there
(failure F41).
"""

import csv
from collections.abc import Sequence

from central.batches.maker import Result
from central.batches.schemas import MOST_ROWS, Row
from central.batches.xlsx import UnreadableError, read_sheet
from central.problems import Kind, ProblemError
from regulation.card_list.columns import Columns, Head, NoHead, head_of, load_columns, row_of
from regulation.card_list.faults import RowFault

_ZIP = b"PK\x03\x04"
_RESULT_HEAD = {
    "序号": "line",
    "结果": "outcome",
    "卡号": "card_number",
    "卡识别码": "identifier",
    "原因": "reason",
}
_OUTCOMES = {"成功": "made", "失败": "failed"}
_TEXTS = tuple(name for name in Row.model_fields if name != "pictures")


def read_list(data: bytes, columns: Columns | None = None) -> list[Row]:
    """The rows of a list. Raises `BATCH_FILE_UNREADABLE`."""
    columns = columns or load_columns()
    first, *lines = _cells(data)
    head = head_of(first, columns)
    if isinstance(head, NoHead):
        raise _unreadable(head.zh)
    return [_row(i, line, head, columns) for i, line in enumerate(lines, 1)]


def read_results(data: bytes) -> list[Result]:
    """The maker's results: 序号, 结果 (成功 or 失败), 卡号, 卡识别码, 原因."""
    head, *lines = _cells(data)
    if set(head) != set(_RESULT_HEAD) or len(head) != len(_RESULT_HEAD):
        raise _unreadable(f"制卡结果须有且只有这些列：{'、'.join(_RESULT_HEAD)}")
    results: list[Result] = []
    for i, line in enumerate(lines, 1):
        told = {_RESULT_HEAD[name]: value.strip() for name, value in zip(head, line, strict=False)}
        number = told.get("line", "")
        if not (number.isascii() and number.isdecimal() and len(number) <= len(str(MOST_ROWS))):
            raise _unreadable(f"第{i}行的序号不是数字")
        results.append(
            Result(
                line=int(number),
                outcome=_OUTCOMES.get(told.get("outcome", ""), "?"),
                card_number=told.get("card_number", "").upper(),
                identifier=told.get("identifier", "").upper(),
                reason=told.get("reason", ""),
            )
        )
    return results


def _row(i: int, line: Sequence[str], head: Head, columns: Columns) -> Row:
    row, found = row_of(line, head, columns)
    if found:
        field, what = found[0]
        raise _unreadable(f"第{i}行：{RowFault(i, field, what).message}")
    texts = {name: getattr(row, name) for name in _TEXTS}
    return Row(**texts)


def _cells(data: bytes) -> list[list[str]]:
    """The head and the rows; empty rows at the end are none, one in between is refused."""
    rows = _spreadsheet(data) if data.startswith(_ZIP) else _csv(data)
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if len(rows) < 2:  # noqa: PLR2004 - a head and a row
        raise _unreadable("文件里没有人员，请按模板填写")
    for i, row in enumerate(rows[1:], 1):
        if not any(cell.strip() for cell in row):
            raise _unreadable(f"第{i}行是空行，请删去")
    if len(rows) - 1 > MOST_ROWS:
        raise _unreadable(f"最多{MOST_ROWS}人，请分成几个批次")
    return rows


def _spreadsheet(data: bytes) -> list[list[str]]:
    try:
        return read_sheet(data, most_rows=2 * MOST_ROWS)
    except UnreadableError:
        raise _unreadable("表格打不开，请用模板另存为 .xlsx 或 .csv") from None


def _csv(data: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            told = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in told:
            break
        try:
            return list(csv.reader(told.splitlines(keepends=True), strict=True))
        except csv.Error:
            break
    raise _unreadable("文件无法读取，请用模板另存为 .csv 或 .xlsx")


def _unreadable(cure: str) -> ProblemError:
    return ProblemError(Kind.BATCH_FILE_UNREADABLE, reason_zh=cure)
