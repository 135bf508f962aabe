"""Files of people: taken whole, refused whole."""

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from central.batches.records import Batch, BatchMember, Clerk, Unit, live_membership
from central.batches.states import BatchState
from central.cards.records import Card
from central.cards.states import CardState
from central.database import Database
from central.people.records import Person
from central.people.seed import seed
from central.people.seed_file import SeedError

TODAY = date(2026, 11, 23)
PEOPLE = Path(__file__).with_name("people.toml").read_text(encoding="utf-8")

PERSON = """[[person]]
id_number = "11010519491231002X"
name = "张三"
insured = true
phone = ""
"""
CARD = """[[person.card]]
number = "A00000001"
identifier = "500000D15600000500000001FFFFFFFF"
state = "ACTIVE"
"""
OTHER = PERSON.replace("11010519491231002X", "50010319490315001X").replace("张三", "李四")
UNIT = """[[unit]]
code = "U1"
name = "单位"
clerks = []
"""
BATCH = """[[batch]]
unit = "U1"
state = "DATA_GENERATED"
members = ["11010519491231002X"]
"""


@pytest.fixture
def database(tmp_path):
    with Database(tmp_path / "data") as it:
        yield it


@pytest.fixture
def load(tmp_path, database):
    def load(text, today=TODAY):
        file = tmp_path / "people.toml"
        file.write_text(text, encoding="utf-8")
        return seed(database, file, today)

    return load


def content(database):
    with database.read() as session:
        return [
            [
                {column.name: getattr(row, column.name) for column in table.__table__.columns}
                for row in session.scalars(select(table).order_by(*table.__table__.primary_key))
            ]
            for table in (Person, Card, Unit, Clerk, Batch, BatchMember)
        ]


def test_a_file_is_taken(load, database):
    assert load(PEOPLE) == 9
    with database.read() as session:
        person = session.get(Person, "11010519491231002X")
        assert (person.name, person.insured, person.phone) == ("张三", True, "13800138000")
        assert session.get(Person, "500103201011230033").phone is None
        assert session.get(Person, "830000199001010012") is None
        assert session.get(Card, "A00000009").state is CardState.CANCELLED
        batch, _ = live_membership(session, "820000199001010010")
        assert batch.state is BatchState.IN_PRODUCTION


def test_twice_is_once_even_on_another_day(load, database):
    load(PEOPLE)
    before = content(database)
    load(PEOPLE, date(2026, 12, 1))
    assert content(database) == before


def test_a_new_file_brings_people_up_to_date(load, database):
    load(PERSON + CARD + OTHER)
    load(PERSON.replace("true", "false") + OTHER + CARD)
    with database.read() as session:
        assert session.get(Person, "11010519491231002X").insured is False
        assert session.get(Card, "A00000001").id_number == "50010319490315001X"


def test_the_demo_people_are_taken(database):
    assert seed(database, Path("config/people.toml"), TODAY) > 0


REFUSED = {
    "not TOML": (PERSON + "name =\n", r"not TOML: .*line 6"),
    "an unknown key": (PERSON + 'age = "7"\n', r":6: person\[1\]\.age: .*unknown key"),
    "an unknown table": (PERSON + "[[persons]]\n", r"persons: .*unknown key"),
    "a missing key": (
        PERSON.replace("insured = true\n", ""),
        r":1: person\[1\]\.insured: .*add it",
    ),
    "a wrong type": (PERSON.replace("true", "1"), r":4: person\[1\]\.insured: .*true or false"),
    "a text for a list": (UNIT.replace("= []", '= ""'), r":4: unit\[1\]\.clerks: .*list"),
    "a number for a text": (PERSON.replace('""', "138"), r":5: person\[1\]\.phone: "),
    "a bad check digit": (PERSON.replace("002X", "0021"), r":2: person\[1\]\.id_number: .*correct"),
    "an impossible date": (
        PERSON.replace("1231", "1331"),
        r":2: person\[1\]\.id_number: .*correct",
    ),
    "no number at all": (
        PERSON.replace("11010519491231002X", "?"),
        r":2: person\[1\]\.id_number: ",
    ),
    "a bad name": (PERSON.replace("张三", "张3"), r":3: person\[1\]\.name: .*correct"),
    "a bad phone": (PERSON.replace('""', '"123"'), r":5: person\[1\]\.phone: .*correct"),
    "a bad state": (PERSON + CARD.replace("ACTIVE", "FINE"), r":9: .*card\[1\]\.state: .*SEALED"),
    "a bad identifier": (PERSON + CARD.replace("FFF", "FFG"), r":8: .*card\[1\]\.identifier: "),
    "a person twice": (PERSON + PERSON, r":7: person\[2\]\.id_number: .*second time"),
    "a card twice": (
        PERSON + CARD + OTHER + CARD,
        r":16: person\[2\]\.card\[1\]\.number: .*second",
    ),
    "a unit twice": (UNIT + UNIT, r":6: unit\[2\]\.code: .*second time"),
    "a member twice": (PERSON + UNIT + BATCH + BATCH, r":17: batch\[2\]\.members\[1\]: .*second"),
    "an unknown unit": (PERSON + BATCH, r":7: batch\[1\]\.unit: .*\[\[unit\]\]"),
    "an unknown member": (UNIT + BATCH, r":8: batch\[1\]\.members\[1\]: .*\[\[person\]\]"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_bad_file_is_refused_whole_with_file_line_and_cure(load, database, what):
    text, expected = REFUSED[what]
    with pytest.raises(SeedError, match=expected) as error:
        load(text)
    assert "people.toml" in str(error.value)
    for value in ("11010519491231002", "110105194913", "张", "李四"):
        assert value not in str(error.value)
    assert content(database) == [[], [], [], [], [], []]


def test_somebody_elses_card_is_refused(load, database):
    load(PERSON + CARD)
    before = content(database)
    with pytest.raises(
        SeedError, match=r"people.toml:7: person\[1\]\.card\[1\]\.number: .*somebody"
    ):
        load(OTHER + CARD)
    assert content(database) == before


def test_a_file_that_is_not_there(database, tmp_path):
    with pytest.raises(SeedError, match=r"none.toml: cannot be read"):
        seed(database, tmp_path / "none.toml", TODAY)


def test_every_fault_is_told_at_once(load):
    with pytest.raises(SeedError) as error:
        load(PERSON.replace("true", "1").replace("张三", ""))
    assert re.findall(r":(\d+): ", str(error.value)) == ["3", "4"]
