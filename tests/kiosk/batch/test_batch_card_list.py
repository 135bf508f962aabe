"""A list is mended row by row, and only what depends on it is judged again (F42)."""

import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from deploy.card_lists import GUARDIAN, HEAD, csv_of, number_of, people, pictures, xlsx_of
from kiosk.batch.preflight import Terms
from kiosk.batch.source import Cancelled
from kiosk.batch.spool import Spool
from regulation.card_list.rows import Row
from regulation.switches import Switches

ROWS = list(people(8, minors=0))
FILES = pictures(ROWS)
NUMBER = HEAD.index("证件号码")


@pytest.fixture
def filled(medium):
    def filled(rows, files=FILES):
        medium.put("a.csv", csv_of([HEAD, *rows]))
        medium.put_all(files)
        return medium

    return filled


def changed(row, **told):
    row = list(row)
    for name, value in told.items():
        row[HEAD.index(name)] = value
    return row


def test_a_field_is_mended(filled, look, faults):
    filled([changed(ROWS[0], 手机="1"), *ROWS[1:]])
    found = look()
    assert faults(found) == {(1, "phone", "phone")}
    line = found.corrected(1, "phone", "１３９ 0013 9000")
    assert (line.row.phone, line.faults) == ("13900139000", ())
    assert (found.wrong, found.good) == (0, 8)


def test_a_wrong_correction_is_named(filled, look, faults):
    filled(ROWS)
    found = look()
    assert {each.what.value for each in found.corrected(2, "minor", "也许").faults} == {"yes-no"}
    assert {each.what.value for each in found.corrected(2, "phone", "1").faults} == {
        "yes-no",
        "phone",
    }
    found.corrected(2, "minor", "否")
    found.corrected(2, "phone", "13800138000")
    assert faults(found) == set()


def test_what_cannot_be_mended_is_refused(filled, look):
    filled(ROWS)
    found = look()
    with pytest.raises(ValueError, match="pictures"):
        found.corrected(1, "pictures", "x")
    for act in (lambda: found.corrected(99, "phone", "1"), lambda: found.removed(99)):
        with pytest.raises(KeyError):
            act()


def test_a_number_mended_finds_its_pictures_and_reads_no_others(filled, look, faults):
    wrong = ROWS[2][NUMBER][:17] + ("0" if ROWS[2][NUMBER][17] != "0" else "1")
    filled([*ROWS[:2], changed(ROWS[2], 证件号码=wrong), *ROWS[3:]])
    found = look()
    assert faults(found) == {(3, "number", "check-character")}
    found.source.read_files.clear()
    line = found.corrected(3, "number", ROWS[2][NUMBER])
    assert line.faults == ()
    mine = {name for name in FILES if name.startswith(ROWS[2][NUMBER])}
    assert set(found.source.read_files) == mine


def test_a_phone_mended_reads_no_picture(filled, look):
    filled([changed(ROWS[0], 手机="1"), *ROWS[1:]])
    found = look()
    found.source.read_files.clear()
    found.corrected(1, "phone", "13800138000")
    assert found.source.read_files == []


def test_a_bad_picture_stays_bad_whatever_else_is_mended(filled, look, faults):
    name = f"{ROWS[0][NUMBER]}.jpg"
    filled([changed(ROWS[0], 手机="1"), *ROWS[1:]], FILES | {name: b"no picture"})
    found = look()
    found.corrected(1, "phone", "13800138000")
    assert faults(found) == {(1, "portrait", "picture-unreadable")}


def test_a_number_twice_is_told_of_the_later_row_and_mended_by_either(filled, look, faults):
    twice = changed(ROWS[0], 姓名="李四")
    filled([*ROWS[:4], twice, twice])
    found = look()
    assert {(each.row, each.other) for each in found.faults()} == {(5, 1), (6, 1)}
    assert all("第1行" in each.message for each in found.faults())
    found.removed(1)
    assert {(each.row, each.other) for each in found.faults()} == {(6, 5)}
    found.corrected(6, "number", ROWS[6][NUMBER])
    assert not {code for _, _, code in faults(found) if code == "twice"}


def test_one_portrait_for_two_people(filled, look, faults):
    first, second = (f"{row[NUMBER]}.jpg" for row in ROWS[:2])
    filled(ROWS, FILES | {second: FILES[first]})
    found = look()
    assert faults(found) == {(2, "portrait", "picture-repeated")}
    assert next(found.faults()).other == 1
    found.removed(1)
    assert faults(found) == set()


def test_one_file_named_for_two_people(filled, look, faults):
    named = changed(ROWS[1], 照片文件名=f"{ROWS[0][NUMBER]}.jpg")
    filled([ROWS[0], named])
    assert faults(look()) == {(2, "portrait", "picture-repeated")}


def test_both_sides_are_not_the_same_picture(filled, look, faults):
    front, back = (f"{ROWS[0][NUMBER]}_{side}.jpg" for side in "AB")
    filled(ROWS, FILES | {back: FILES[front]})
    assert faults(look()) in (
        {(1, "id_front", "picture-repeated")},
        {(1, "id_back", "picture-repeated")},
    )


def test_two_files_of_one_name(filled, look, faults):
    name = f"{ROWS[0][NUMBER]}.jpg"
    filled(ROWS, FILES | {f"另一份/{name}": FILES[name]})
    assert faults(look()) == {(1, "portrait", "picture-two-files")}


def test_names_of_pictures_as_people_give_them(medium, look, faults):
    medium.put("a.csv", csv_of([HEAD, changed(ROWS[1], 照片文件名="近照.JPG"), ROWS[0]]))
    own = ROWS[0][NUMBER]
    for name, data in FILES.items():
        if not name.startswith(own):
            medium.put("近照.jpg" if name == f"{ROWS[1][NUMBER]}.jpg" else name, data)
    medium.put(f"{own}_{ROWS[0][1]}.jpeg", FILES[f"{own}.jpg"])
    medium.put(f"正面/{own.lower()}_a.JPG", FILES[f"{own}_A.jpg"])
    medium.put(f"反面/{own}_B.jpg", FILES[f"{own}_B.jpg"])
    assert faults(look()) == set()


def test_a_minors_portrait_is_theirs_to_choose_and_judged_when_it_comes_1_2_1(medium, look, faults):
    child = next(row for row in people(50, seed=3, minors=1))
    files = pictures([child])
    medium.put("a.csv", csv_of([HEAD, child]))
    medium.put_all(files)
    assert faults(look()) == set()
    medium.put(f"{child[NUMBER]}.jpg", b"no picture")
    assert faults(look()) == {(1, "portrait", "picture-unreadable")}


def test_on_the_eighteenth_birthday_either_set_serves_1_2_1(medium, look, faults):
    number = number_of(date(2008, 11, 28), 1)
    told = {"证件号码": number, "出生日期": "20081128", "性别": "男", "是否未成年": ""}
    row = changed(ROWS[0], **told, 监护人姓名=GUARDIAN[0], 监护人证件号=GUARDIAN[1])
    for paper in ("身份证", "户口簿"):
        row = changed(row, 证件类型=paper)
        for old in medium.root.iterdir():
            old.unlink()
        medium.put("a.csv", csv_of([HEAD, row]))
        medium.put_all(pictures([row]))
        assert faults(look()) == set()


def test_pages_are_turned(medium, look, terms):
    rows = [
        changed(row, 手机="1") if i % 3 == 0 else row for i, row in enumerate(people(50, minors=0))
    ]
    medium.put("a.csv", csv_of([HEAD, *rows]))
    no_pictures = replace(terms, ground=replace(terms.ground, pictures=False))
    found = look(terms=no_pictures)
    seen, after = [], 0
    while page := found.page(after, 5):
        seen += [each.line for each in page]
        after = page[-1].line
    assert seen == list(range(1, 51, 3))
    assert [each.line for each in found.page(10, 3, wrong_only=False)] == [11, 12, 13]
    assert found.line(1).row.phone == "1"


def test_a_row_shows_nothing_of_a_person_when_it_is_printed(medium, look):
    medium.put("a.csv", csv_of([HEAD, *ROWS]))
    found = look()
    said = repr(found.page(wrong_only=False)) + repr(found.line(1)) + repr(list(found.faults()))
    for row in ROWS:
        assert row[1] not in said
        assert row[NUMBER] not in said


def test_nothing_of_a_list_is_in_any_file_of_the_kiosk(medium, look, terms):
    medium.put("a.xlsx", xlsx_of([HEAD, *people(20_000)]))
    canary = "9900011"
    no_pictures = replace(terms, ground=replace(terms.ground, pictures=False))
    found = look(terms=no_pictures)
    assert found.rows == 20_000
    assert list(terms.folder.iterdir()) == []  # its name is gone
    held = [path for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    ours = [path for path in held if str(path.readlink()).startswith(str(terms.folder))]
    assert ours
    for path in ours:
        data = path.read_bytes()
        assert len(data) > 1 << 20
        assert canary.encode() not in data


def test_a_store_keeps_rare_text_whole():
    spool = Spool()
    row = Row(name="㼆𬀩·买买提", number="x", remark='"\\\u2028')
    with spool.together():
        spool.add([(1, row)])
        spool.added()
    assert spool.row(1) == row
    spool.close()


MEASURE = """
import sys, threading
from pathlib import Path
from dataclasses import replace
from datetime import date
from pathlib import Path
from deploy.card_lists import TODAY
from kiosk.batch.card_list import look_at
from kiosk.batch.preflight import Terms
from kiosk.batch.source import Entry
from regulation.card_list.judge import Ground
from regulation.rules import Service
from regulation.switches import Switches

class One:
    def entries(self):
        path = Path(sys.argv[1])
        return (Entry(path.name, path.stat().st_size),)
    def read(self, entry):
        return Path(sys.argv[1]).read_bytes()

one = One()
terms = Terms(Ground(Service.NEW_BATCH, Switches(), TODAY, pictures=False))
found = look_at(one, one.entries()[0], terms, lambda _: None, threading.Event())
held = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
print(found.rows, found.wrong, held)  # getrusage would tell of the process that started this one
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_rows(tmp_path):
    """Of the kiosk; the process that reads a workbook is another, and gone afterwards."""
    peaks = {}
    for count in (1000, 30_000):
        (tmp_path / "a.csv").write_bytes(csv_of([HEAD, *people(count)]))
        told = subprocess.run(
            [sys.executable, "-c", MEASURE, str(tmp_path / "a.csv")],
            capture_output=True, check=True, timeout=120, text=True,
        ).stdout.split()  # fmt: skip
        assert told[:2] == [str(count), "0"]
        peaks[count] = int(told[2])
    size = (tmp_path / "a.csv").stat().st_size // 1024
    assert peaks[30_000] - peaks[1000] < 2 * size + 12_000  # the file itself, and the store's pages


def test_switches_count(medium, look, terms, ground, faults):
    medium.put("a.csv", csv_of([HEAD, changed(ROWS[0], 证件有效期止="20261120")]))
    medium.put_all(FILES)
    assert faults(look()) == {(1, "valid_to", "expired")}
    lenient = replace(ground, switches=Switches(accept_expired_days=30))
    assert faults(look(terms=Terms(lenient, folder=terms.folder))) == set()


def test_the_bar_counts_rows_then_pictures(filled, look, monkeypatch):
    monkeypatch.setattr("kiosk.batch.progress.EVERY_S", 0)
    filled(ROWS)
    told = []
    look(tell=told.append)
    assert [each.stage.value for each in told] == sorted(
        (each.stage.value for each in told), key=["rows", "pictures"].index
    )
    assert (told[-1].done, told[-1].total) == (len(FILES), len(FILES))


def test_cancelled_while_pictures_are_looked_at(filled, look, terms, monkeypatch):
    monkeypatch.setattr("kiosk.batch.progress.EVERY_S", 0)
    filled(ROWS)
    cancel = threading.Event()

    def tell(progress):
        if progress.stage.value == "pictures" and progress.done == 5:
            cancel.set()

    with pytest.raises(Cancelled):
        look(tell=tell, cancel=cancel)
    assert list(terms.folder.iterdir()) == []
