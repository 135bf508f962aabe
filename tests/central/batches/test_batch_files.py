"""Lists and results as files: read whole or refused whole, with the cure (failure F41)."""

import io
import zipfile

import pytest

from central.batches import maker
from central.batches.card_list import read_list, read_results
from central.batches.maker import Result
from central.batches.xlsx import MOST_BYTES
from central.problems import Kind, ProblemError
from regulation.card_list.columns import load_columns
from regulation.card_list.faults import Fault
from regulation.tables import RulesError

HEAD = ["序号", "姓名*", "证件类型", "证件号码", "民族", "证件有效期止", "手机", "联系地址"]
HEAD += ["制卡银行", "性别", "是否未成年"]
LINE = ["1", "张三", "身份证", "11010519491231002X", "汉", "长期", "13800138000", "路1号"]
LINE += ["重庆银行", "女", "否"]


def csv_of(*rows, encoding="utf-8-sig"):
    return "\r\n".join(",".join(row) for row in rows).encode(encoding)


def sheet(rows):
    """A sheet's XML with shared texts and numbers."""
    shared, lines = [], []
    for i, row in enumerate(rows, 1):
        cells = []
        for j, text in enumerate(row):
            place = f"{chr(65 + j)}{i}"
            if text.isdecimal():
                cells.append(f'<c r="{place}"><v>{text}</v></c>')
            elif text:
                cells.append(f'<c r="{place}" t="s"><v>{len(shared)}</v></c>')
                shared.append(f"<si><r><t>{text}</t></r><rPh><t>注音</t></rPh></si>")
        lines.append(f'<row r="{i}">{"".join(cells)}</row>')
    return "".join(lines), "".join(shared)


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def xlsx_of(*rows, **parts):
    lines, shared = sheet(rows)
    files = {
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{LINKS}"><sheets>'
        '<sheet name="名单" sheetId="1" r:id="rId7"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        '<Relationship Id="rId7" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/sharedStrings.xml": f"<sst {MAIN}>{shared}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData>{lines}</sheetData></worksheet>",
        **parts,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            package.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        csv_of(HEAD, LINE),
        csv_of(HEAD, LINE, encoding="utf-8"),
        csv_of(HEAD, LINE, encoding="gb18030"),
        csv_of(HEAD, LINE, ["", ""]),
        xlsx_of(HEAD, LINE),
    ],
    ids=["utf-8 with mark", "utf-8", "gb18030", "empty last row", "xlsx"],
)
def test_a_list_is_read(data):
    (row,) = read_list(data)
    assert (row.name, row.paper, row.number) == ("张三", "resident_id", "11010519491231002X")
    assert (row.sex, row.minor, row.phone) == ("2", False, "13800138000")


def test_a_sheet_with_holes_keeps_its_columns():
    hole = [*LINE[:4], "", *LINE[5:]]
    (row,) = read_list(xlsx_of(HEAD, hole))
    assert (row.ethnicity, row.valid_to) == ("", "长期")


def test_a_rare_name_comes_through():
    name = "𬀩㼆"
    (row,) = read_list(csv_of(HEAD, ["1", name, *LINE[2:]], encoding="gb18030"))
    assert row.name == name


SHEET = "xl/worksheets/sheet1.xml"
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
BAD = {
    "nothing": b"",
    "no text": b"\xff\xfe\x00\x01\x80",
    "a NUL": csv_of(HEAD, [*LINE[:-1], "\0"]),
    "an open quote": csv_of(HEAD) + b'\r\n"1,2',
    "a head alone": csv_of(HEAD),
    "an unknown column": csv_of([*HEAD, "密码"], [*LINE, "1"]),
    "a missing column": csv_of(HEAD[:3], LINE[:3]),
    "a column twice": csv_of([*HEAD, "手机"], [*LINE, "1"]),
    "a longer row": csv_of(HEAD, [*LINE, "1"]),
    "an empty row": csv_of(HEAD, [""] * len(HEAD), LINE),
    "a long cell": csv_of(HEAD, [*LINE[:7], "路" * 201, *LINE[8:]]),
    "neither yes nor no": csv_of(HEAD, [*LINE[:-1], "也许"]),
    "too many": csv_of(HEAD, *([LINE] * 2001)),
    "no zip": b"PK\x03\x04 and no more",
    "a zip of something else": xlsx_of(HEAD, LINE, **{"xl/workbook.xml": "<x/>"}),
    "broken XML": xlsx_of(HEAD, LINE, **{SHEET: "<worksheet>"}),
    "an entity": xlsx_of(HEAD, LINE, **{SHEET: BOMB + "<x>&b;</x>"}),
    "a hidden document type": xlsx_of(HEAD, LINE, **{SHEET: BOMB.encode("utf-16")}),
    "a huge part": xlsx_of(HEAD, LINE, **{SHEET: " " * (MOST_BYTES + 1)}),
    "a text that is not there": xlsx_of(HEAD, LINE, **{"xl/sharedStrings.xml": f"<sst {MAIN}/>"}),
    "a far column": xlsx_of(
        HEAD,
        LINE,
        **{SHEET: f'<x {MAIN}><row><c r="ZZZ1"><v>1</v></c></row></x>'},
    ),
    "columns that go back": xlsx_of(
        HEAD,
        LINE,
        **{SHEET: f'<x {MAIN}><row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row></x>'},
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_list_is_refused_with_a_cure(what):
    with pytest.raises(ProblemError) as error:
        read_list(BAD[what])
    assert error.value.kind is Kind.BATCH_FILE_UNREADABLE
    assert error.value.problem.reason_zh
    assert "张三" not in str(error.value.body())


def test_a_damaged_archive_is_refused():
    data = bytearray(xlsx_of(HEAD, LINE))
    middle = data.index(b"xl/workbook.xml") + 40
    data[middle : middle + 20] = bytes(20)
    with pytest.raises(ProblemError) as error:
        read_list(bytes(data))
    assert error.value.kind is Kind.BATCH_FILE_UNREADABLE


RESULTS = ["序号", "结果", "卡号", "卡识别码", "原因"]


def test_results_are_read():
    data = csv_of(RESULTS, ["1", "成功", "a00000001", "ab" * 16, ""], ["2", "失败", "", "", "E7"])
    made, failed = read_results(data)
    assert (made.line, made.outcome, made.card_number) == (1, "made", "A00000001")
    assert (failed.line, failed.outcome, failed.reason) == (2, "failed", "E7")


@pytest.mark.parametrize("row", [["x", "成功", "", "", ""], ["", "失败", "", "", ""]])
def test_results_without_a_line_are_refused(row):
    with pytest.raises(ProblemError):
        read_results(csv_of(RESULTS, row))
    with pytest.raises(ProblemError):
        read_results(csv_of(RESULTS[:4], row[:4]))


def test_another_template_is_a_table():
    text = 'required = ["name"]\nignored = []\n[columns]\nname = ["职工姓名"]\n[values]\n'
    (row,) = read_list(csv_of(["职工姓名"], ["张三"]), load_columns(text))
    assert row.name == "张三"
    with pytest.raises(RulesError, match="required"):
        load_columns(text.replace('required = ["name"]', 'required = ["phone"]'))
    with pytest.raises(RulesError, match="columns"):
        load_columns(text.replace("name = [", "nme = ["))


@pytest.mark.parametrize(
    ("result", "fault"),
    [
        (Result(1, maker.MADE), ("identifier", Fault.MISSING)),
        (Result(1, maker.MADE, identifier="00"), ("identifier", Fault.CHARACTERS)),
        (Result(1, maker.FAILED), ("reason", Fault.MISSING)),
        (Result(1, maker.FAILED, reason="照片不清"), ("reason", Fault.CHARACTERS)),
    ],
)
def test_what_a_result_lacks_is_told_apart_from_what_it_cannot_hold(result, fault):
    assert list(maker.faults_of(result)) == [fault]
