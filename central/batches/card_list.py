"""A 制卡明细表 or 补换卡明细表 as a file: .csv (UTF-8 or GB 18030) or .xlsx, into rows.

The columns are those of `config/batch_columns.toml`. A file is read whole or refused whole, with
the place and the cure, never with what stands there (failure F41).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from central.batches.maker import Result
from central.batches.schemas import MOST_ROWS, Row
from central.batches.xlsx import UnreadableError, read_sheet
from central.problems import Kind, ProblemError
from regulation.tables import RulesError, read_table, refuse_unknown, table, text, texts

FILE = Path(__file__).parents[2] / "config" / "batch_columns.toml"
_ZIP = b"PK\x03\x04"
_LONGEST = 200
_YES_NO = frozenset({"minor", "new_portrait"})
_RESULT_HEAD = {
    "序号": "line",
    "结果": "outcome",
    "卡号": "card_number",
    "卡识别码": "identifier",
    "原因": "reason",
}
_OUTCOMES = {"成功": "made", "失败": "failed"}


@dataclass(frozen=True, slots=True)
class Columns:
    """Field by column name, the columns a list must have and may have, values by field."""

    fields: Mapping[str, str]
    required: frozenset[str]
    ignored: frozenset[str]
    values: Mapping[str, Mapping[str, str]]


@cache
def load_columns(source: str | Path = FILE) -> Columns:
    """The columns of a TOML text (a string) or of a file (a Path).

    A bad table raises `RulesError`, which names the key and the cure.
    """
    raw = read_table(source)
    refuse_unknown(raw, frozenset({"required", "ignored", "columns", "values"}), "batch columns")
    columns, values = table(raw, "columns"), table(raw, "values")
    known = frozenset(Row.model_fields) - {"pictures"}
    refuse_unknown(columns, known, "[columns]")
    refuse_unknown(values, frozenset({"paper", "sex", "reason", "yes_no"}), "[values]")
    fields = {name: field for field in columns for name in texts(columns, field, "[columns]")}
    required = frozenset(texts(raw, "required", "batch columns"))
    if missing := required - set(columns):
        raise RulesError(f"required: {', '.join(sorted(missing))} is no key of [columns]; add it")
    maps = {
        kind: {
            word: text(table(values, kind), word, f"[values.{kind}]")
            for word in table(values, kind)
        }
        for kind in values
    }
    ignored = frozenset(texts(raw, "ignored", "batch columns"))
    return Columns(fields, required, ignored, maps)


def read_list(data: bytes, columns: Columns | None = None) -> list[Row]:
    """The rows of a list. Raises `BATCH_FILE_UNREADABLE`."""
    columns = columns or load_columns()
    head, *lines = _cells(data)
    fields = [_field(name, columns) for name in head]
    if missing := columns.required - set(fields):
        names = "、".join(n for n, f in columns.fields.items() if f in missing)
        raise _unreadable(f"缺少列：{names}（同一列的别名任选一个）")
    if len(set(fields) - {""}) != len([each for each in fields if each]):
        raise _unreadable("有重复的列，请删去一列")
    return [_row(i, line, fields, columns) for i, line in enumerate(lines, 1)]


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


def _row(i: int, line: list[str], fields: list[str], columns: Columns) -> Row:
    if len(line) > len(fields) and any(each.strip() for each in line[len(fields) :]):
        raise _unreadable(f"第{i}行比表头长，请核对")
    told: dict[str, Any] = {}
    for field, cell in zip(fields, line, strict=False):
        value = cell.strip()
        if len(value) > _LONGEST:
            raise _unreadable(f"第{i}行有一格超过{_LONGEST}个字，请缩短")
        if field in _YES_NO:
            told[field] = _yes_no(i, value, columns)
        elif field:
            told[field] = columns.values.get(field, {}).get(value, value)
    return Row(**told)


def _yes_no(i: int, value: str, columns: Columns) -> bool | None:
    said = columns.values.get("yes_no", {}).get(value)
    if value and said not in {"yes", "no"}:
        raise _unreadable(f"第{i}行的“是否”栏只能填“是”或“否”")
    return None if said is None else said == "yes"


def _field(name: str, columns: Columns) -> str:
    """The field of a column; "" for one that is not read."""
    bare = name.strip().rstrip("*")
    if bare in columns.ignored:
        return ""
    if bare not in columns.fields:
        raise _unreadable("有模板以外的列，请按模板的列名填写")
    return columns.fields[bare]


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
