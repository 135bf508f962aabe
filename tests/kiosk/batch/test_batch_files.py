"""Files that are no list, or a strange one: a clear word for the file or the row (F41)."""

import io
import os
import threading
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from deploy.card_lists import HEAD, csv_of, people, pictures, xlsx_of
from hardware.media.contents import Limits
from hardware.media.driver import StickSlot
from kiosk.batch.sheets import opened
from kiosk.batch.source import Entry, FileFault, NotTaken, lists_of
from kiosk.batch.stick import StickSource
from regulation.card_list.columns import load_columns
from tests.kiosk.batch.folder import Folder

ROWS = list(people(6, minors=0))
AT = {name: place for place, name in enumerate(HEAD)}
NEVER = threading.Event()


def book_of(*sheets, merged=()):
    """A workbook of (title, rows); `merged` ranges of the last sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    for cells in merged:
        book.worksheets[-1].merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def with_pictures(medium):
    medium.put_all(pictures(ROWS))
    return medium


@pytest.fixture
def refusal(medium, look):
    """Why a file is not taken."""

    def refusal(name, data):
        medium.put(name, data)
        with pytest.raises(NotTaken) as no:
            look()
        assert no.value.zh
        assert "{" not in no.value.zh
        return no.value

    return refusal


def long(count):
    return csv_of([HEAD, *people(count)])


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return out.getvalue()


def without(name):
    place = AT[name]
    return [[cell for i, cell in enumerate(row) if i != place] for row in (HEAD, *ROWS)]


FILES = {
    "nothing": ("a.csv", b"", FileFault.EMPTY),
    "nothing but space": ("a.csv", b" \r\n\r\n", FileFault.EMPTY),
    "an empty workbook": ("a.xlsx", book_of(("空", [])), FileFault.EMPTY),
    "a head alone": ("a.csv", csv_of([HEAD]), FileFault.EMPTY),
    "a head alone in a workbook": ("a.xlsx", xlsx_of([HEAD]), FileFault.EMPTY),
    "a head and empty rows": ("a.csv", csv_of([HEAD, [""] * 16, [" "] * 16]), FileFault.EMPTY),
    "rows without a head": ("a.csv", csv_of(ROWS), FileFault.NO_HEAD),
    "another list": ("a.xlsx", book_of(("表", [["商品", "价格"], ["苹果", 3]])), FileFault.NO_HEAD),
    "a column too few": ("a.csv", csv_of(without("手机")), FileFault.HEAD),
    "a column nobody knows": (
        "a.csv",
        csv_of([[*HEAD, "密码"], *([*row, "1"] for row in ROWS)]),
        FileFault.HEAD,
    ),
    "a column twice": ("a.csv", csv_of([[*HEAD, "手机号码"], *ROWS]), FileFault.HEAD),
    "no text": ("a.csv", bytes(range(256)) * 4, FileFault.DAMAGED),
    "a NUL": ("a.csv", csv_of([HEAD, *ROWS]) + b"\0", FileFault.DAMAGED),
    "an open quote": ("a.csv", csv_of([HEAD, *ROWS]) + b'"1,2', FileFault.DAMAGED),
    "a workbook that breaks off": ("a.xlsx", xlsx_of([HEAD, *ROWS])[:3000], FileFault.DAMAGED),
    "a zip that is no workbook": ("a.xlsx", zipped({"a.txt": "b"}), FileFault.DAMAGED),
    "an old workbook": ("a.xls", bytes.fromhex("D0CF11E0A1B11AE1") + bytes(512), FileFault.OLD_OFFICE),
}  # fmt: skip


@pytest.mark.parametrize("what", FILES)
def test_what_is_no_list_is_refused_with_the_cure(what, refusal, terms):
    name, data, fault = FILES[what]
    assert refusal(name, data).fault is fault
    assert list(terms.folder.iterdir()) == []


def test_a_medium_without_a_list(medium):
    medium.put("读我.txt", b"x")
    with pytest.raises(NotTaken) as no:
        lists_of(medium.source().entries())
    assert no.value.fault is FileFault.NO_LIST


def test_one_row_too_many_is_told_with_the_number(medium, look, terms):
    medium.put("a.csv", long(30))
    assert look(terms=replace(terms, most_rows=30)).rows == 30
    with pytest.raises(NotTaken) as no:
        look(terms=replace(terms, most_rows=29))
    assert (no.value.fault, "29" in no.value.zh) == (FileFault.TOO_MANY_ROWS, True)


def test_a_sheet_that_unfolds_beyond_bounds_kills_its_process_alone(refusal):
    """Not even the archive's own check is asked here: the process has a limit of memory."""
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    inner = xlsx_of([HEAD, *ROWS])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(inner)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                data = data.replace(b"</sheetData>", cell + b"</sheetData>")
            new.writestr(name, data)
    assert refusal("a.xlsx", out.getvalue()).fault is FileFault.TOO_LARGE


class TestStrange:
    """Lists that are written in good faith are read as they are meant."""

    def one(self, found):
        (line,) = [each for each in found.page(wrong_only=False) if each.line == 1]
        return line.row

    def test_full_width_digits_and_letters(self, with_pictures, look, faults):
        wide = {ord(c): ord(c) + 0xFEE0 for c in "0123456789X"}
        row = [*ROWS[0]]
        for name in ("证件号码", "出生日期", "手机"):
            row[AT[name]] = row[AT[name]].translate(wide)
        with_pictures.put("a.xlsx", xlsx_of([HEAD, row]))
        found = look()
        assert faults(found) == set()
        assert self.one(found).number == ROWS[0][AT["证件号码"]]

    def test_a_number_pasted_with_spaces_and_unseen_marks(self, with_pictures, look, faults):
        row = [*ROWS[0]]
        number = row[AT["证件号码"]]
        row[AT["证件号码"]] = f"\u202d {number[:6]} {number[6:14]}\u00a0{number[14:].lower()}\u202c"
        row[AT["手机"]] = "138 0013 8000"
        with_pictures.put("a.xlsx", xlsx_of([HEAD, row]))
        assert faults(look()) == set()

    @pytest.mark.parametrize(
        "day",
        ["2036-1-1", "2036/01/01", "2036.1.1", "2036年1月1日", 20360101, 20360101.0,
         date(2036, 1, 1), datetime(2036, 1, 1)],  # noqa: DTZ001 - a cell has no zone
        ids=str,
    )  # fmt: skip
    def test_days_as_text_number_and_day(self, day, with_pictures, look, faults):
        row = [*ROWS[0]]
        row[AT["证件有效期止"]] = day
        with_pictures.put("a.xlsx", xlsx_of([HEAD, row]))
        found = look()
        assert faults(found) == set()
        assert self.one(found).valid_to == "20360101"

    def test_a_phone_kept_as_a_number(self, with_pictures, look, faults):
        row = [*ROWS[0]]
        row[AT["手机"]] = 13800138000
        with_pictures.put("a.xlsx", xlsx_of([HEAD, row]))
        found = look()
        assert (faults(found), self.one(found).phone) == (set(), "13800138000")

    def test_a_day_that_is_a_spreadsheets_count_is_a_fault_of_the_row(
        self, with_pictures, look, faults
    ):
        row = [*ROWS[0]]
        row[AT["证件有效期止"]] = 49675
        with_pictures.put("a.xlsx", xlsx_of([HEAD, row]))
        assert faults(look()) == {(1, "valid_to", "date")}

    def test_a_formula_counts_by_the_value_kept_beside_it(self, with_pictures, look, faults):
        row = [*ROWS[0]]
        row[AT["联系地址"]] = '="重庆市"&"路1号"'  # nobody has worked it out: there is no value
        with_pictures.put("a.xlsx", xlsx_of([HEAD, row]))
        assert faults(look()) == {(1, "address", "missing")}

    def test_an_error_of_a_formula_in_a_csv(self, with_pictures, look, faults):
        row = [*ROWS[0]]
        row[AT["联系地址"]] = "#REF!"
        with_pictures.put("a.csv", csv_of([HEAD, row]))
        assert faults(look()) == {(1, "address", "cell-error")}

    def test_merged_cells_are_named_by_their_rows(self, with_pictures, look, faults):
        data = book_of(("表", [HEAD, *ROWS]), merged=["L3:L4"])
        with_pictures.put("a.xlsx", data)
        assert faults(look()) == {(2, "", "merged"), (3, "", "merged")}

    def test_a_merged_title_above_the_head_is_none(self, with_pictures, look, faults):
        data = book_of(("表", [["某单位制卡明细表"], HEAD, *ROWS]), merged=["A1:P1"])
        with_pictures.put("a.xlsx", data)
        found = look()
        assert (faults(found), found.rows) == (set(), len(ROWS))

    def test_the_list_may_be_on_another_sheet(self, with_pictures, look, faults):
        data = book_of(("说明", [["请看下一页"]]), ("名单", [HEAD, *ROWS]))
        with_pictures.put("a.xlsx", data)
        found = look()
        assert (faults(found), found.rows) == (set(), len(ROWS))

    def test_a_hidden_sheet_is_not_read(self, refusal):
        book = openpyxl.load_workbook(
            io.BytesIO(book_of(("说明", [["请看"]]), ("名单", [HEAD, *ROWS])))
        )
        book["名单"].sheet_state = "hidden"
        out = io.BytesIO()
        book.save(out)
        assert refusal("a.xlsx", out.getvalue()).fault is FileFault.NO_HEAD

    def test_an_empty_row_in_between_and_a_longer_row(self, with_pictures, look, faults):
        rows = [ROWS[0], [""] * 16, [*ROWS[1], "多出来的"], ROWS[2]]
        with_pictures.put("a.csv", csv_of([HEAD, *rows]))
        assert faults(look()) == {(2, "", "empty-row"), (3, "", "row-too-long")}

    @pytest.mark.parametrize("separator", [";", "\t"])
    def test_another_separator(self, separator, with_pictures, look, faults):
        text = csv_of([HEAD, *ROWS]).decode("utf-8-sig").replace(",", separator)
        with_pictures.put("a.csv", text.encode("gb18030"))
        assert faults(look()) == set()

    def test_a_name_outside_the_common_characters(self, with_pictures, look, faults):
        row = [*ROWS[0]]
        row[AT["姓名"]] = "㼆𬀩·买买提"
        for encoding in ("utf-8", "gb18030"):
            with_pictures.put("a.csv", csv_of([HEAD, row], encoding))
            found = look()
            assert (faults(found), self.one(found).name) == (set(), "㼆𬀩·买买提")


class TestStick:
    """The same through the driver of sticks, which looks into archives first."""

    @pytest.fixture
    def stick(self, tmp_path, medium):
        root = tmp_path / "sticks"
        root.mkdir()
        slot = StickSlot(root, Limits())

        def stick():
            target = root / "stick"
            if not target.exists():
                medium.root.rename(target)
            found = slot.accept(NEVER, 1.0)
            return StickSource(slot, found, NEVER), target

        yield stick
        slot.close()

    def test_a_list_with_its_pictures_in_an_archive(self, stick, medium, look, faults):
        medium.put("名单/制卡明细表.xlsx", xlsx_of([HEAD, *ROWS]))
        medium.put(
            "照片.zip", zipped({f"图/{name}": data for name, data in pictures(ROWS).items()})
        )
        source, _ = stick()
        assert faults(look(source)) == set()

    def test_a_list_that_is_a_bomb(self, stick, medium, look):
        medium.put(
            "a.xlsx", zipped({"[Content_Types].xml": "", "xl/workbook.xml": bytes(40 << 20)})
        )
        source, _ = stick()
        with pytest.raises(NotTaken) as no:
            look(source)
        assert no.value.fault is FileFault.BOMB

    def test_an_archive_that_leads_out_of_itself(self, stick, medium, look):
        medium.put("a.xlsx", xlsx_of([HEAD, *ROWS]))
        medium.put("照片.zip", zipped({"../../x.jpg": b"x"}))
        source, _ = stick()
        with pytest.raises(NotTaken) as no:
            look(source)
        assert no.value.fault is FileFault.NAME

    def test_a_portrait_of_eighty_megabytes_is_not_even_read(self, stick, medium, look, faults):
        medium.put("a.xlsx", xlsx_of([HEAD, *ROWS]))
        medium.put_all(pictures(ROWS))
        name = f"{ROWS[2][AT['证件号码']]}.jpg"
        with medium.put(name, b"").open("wb") as file:
            file.truncate(80 << 20)
        source, _ = stick()
        assert faults(look(source)) == {(3, "portrait", "picture-too-large")}

    def test_a_list_that_changes_after_it_was_seen(self, stick, medium, look):
        medium.put("a.csv", csv_of([HEAD, *ROWS]))
        source, target = stick()
        source.entries()
        (target / "a.csv").write_bytes(csv_of([HEAD, *ROWS, *people(3, seed=5)]))
        with pytest.raises(NotTaken) as no:
            look(source)
        assert no.value.fault is FileFault.CHANGED

    def test_a_picture_that_changes_while_they_are_read(self, stick, medium, look):
        medium.put("a.csv", csv_of([HEAD, *ROWS]))
        medium.put_all(pictures(ROWS))
        source, target = stick()
        source.entries()
        with (target / f"{ROWS[3][AT['证件号码']]}.jpg").open("ab") as file:
            file.write(b"more")
        with pytest.raises(NotTaken) as no:
            look(source)
        assert no.value.fault is FileFault.CHANGED


def test_the_process_ends_with_the_reading(medium):
    """Also where nobody wants all the rows."""
    data, before = xlsx_of([HEAD, *people(3000)]), children()
    with opened(data, load_columns()) as sheet:
        next(sheet.rows)
        assert children() - before
    assert children() == before


def children():
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_a_folder_that_lost_a_file_says_so(medium):
    with pytest.raises(NotTaken):
        Folder(medium.root).read(Entry("x", 1))
