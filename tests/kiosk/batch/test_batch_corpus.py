"""Seeded faults are each named by their row, and clean lists raise no alarm (F42; 规程 1.2.1(1))."""

import threading

import cv2
import pytest

from deploy.card_lists import HEAD, csv_of, endings, people, picture, pictures, xlsx_of
from kiosk.batch.source import Cancelled, Entry
from tests.kiosk.batch.corpus import CORPUS, PAGE, jpeg, spoil

COUNT = 140


@pytest.fixture(scope="module")
def clean():
    """Rows and pictures without a fault."""
    rows = list(people(COUNT, minors=0.3))
    return rows, pictures(rows)


def spoilt(clean):
    """The same with every fault of the corpus, each in a row of its own; and where each is."""
    rows, files = list(clean[0]), dict(clean[1])
    left = {True: [], False: []}
    for at, row in enumerate(rows):
        left[row[2] == "户口簿"].append(at)
    where = {}
    for name, fault in CORPUS.items():
        at = left[fault.minor].pop(0)
        number = rows[at][3]
        rows[at] = spoil(rows[at], fault)
        for ending, data in fault.pictures.items():
            if data is None:
                del files[f"{number}{ending}.jpg"]
            else:
                files[f"{number}{ending}.jpg"] = data
        where[name] = at + 1
    return rows, files, where


def test_the_corpus_has_forty_and_more():
    assert len(CORPUS) >= 40


def test_every_fault_is_named_by_its_row_and_nothing_else_is(clean, medium, look, faults):
    rows, files, where = spoilt(clean)
    medium.put("制卡明细表.xlsx", xlsx_of([HEAD, *rows]))
    medium.put_all(files)
    found = look()
    expected = {
        (where[name], field, code) for name, fault in CORPUS.items() for field, code in fault.found
    }
    assert faults(found) == expected
    assert (found.rows, found.wrong) == (COUNT, len(CORPUS))


def test_a_sentence_names_the_cure_and_never_what_stands_there(clean, medium, look):
    rows, files, _ = spoilt(clean)
    medium.put("制卡明细表.xlsx", xlsx_of([HEAD, *rows]))
    medium.put_all(files)
    said = [each.message for each in look().faults()]
    values = {cell for row in rows for cell in row if isinstance(cell, str) and len(cell) > 2}
    values -= {"身份证", "居民身份证", "户口簿"}
    assert not [text for text in said if any(value in text for value in values)]
    assert all("{" not in text for text in said)


@pytest.mark.slow
@pytest.mark.thorough
def test_ten_thousand_clean_rows_raise_no_alarm(medium, look, faults):
    rows = list(people(10_000))
    medium.put("制卡明细表.xlsx", xlsx_of([HEAD, *rows]))
    scan = jpeg(cv2.resize(PAGE, (500, 317)))  # small: there are 29,000 to decode
    for row in rows:
        for shows, ending in endings(row):
            data = picture("portrait", 0) if shows == "portrait" else scan
            medium.put(f"{row[3]}{ending}.jpg", stamped(data, row[3] + ending))
    found = look()
    assert faults(found) == set()
    assert (found.rows, found.good) == (10_000, 10_000)


def stamped(data, text):
    """The same picture under another hash."""
    comment = text.encode()
    return data[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + data[2:]


def test_the_same_in_every_form_of_file(clean, medium, look, faults):
    rows, files, where = spoilt(clean)
    medium.put_all(files)
    texts = [[str(cell) for cell in row] for row in rows]
    told = []
    for name, data in (
        ("a.csv", csv_of([HEAD, *texts])),
        ("a.csv", csv_of([HEAD, *texts], "utf-8")),
        ("a.csv", csv_of([HEAD, *texts], "gb18030")),
        ("a.csv", csv_of([HEAD, *texts], "utf-16")),
    ):
        medium.put(name, data)
        told.append(faults(look()))
    assert all(each == told[0] for each in told)
    kept_as_number = where["a number kept as a number"]
    assert (kept_as_number, "number", "check-character") in told[0]  # a text loses no digits


def test_a_list_that_is_cancelled_leaves_nothing(clean, medium, look, terms):
    medium.put("a.xlsx", xlsx_of([HEAD, *clean[0]]))
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        look(cancel=cancel)
    assert list(terms.folder.iterdir()) == []


def test_an_entry_tells_its_name_alone():
    assert Entry("a/b/c.jpg", 3).name == "c.jpg"
