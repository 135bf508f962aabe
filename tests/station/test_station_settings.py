"""The settings, the journal and the lamp: what is refused, and what is said."""

import sqlite3
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from station.board import SENTENCES, Board, Lamp
from station.journal import Card, Journal, JournalError, Reason, State
from station.orders import Orders
from station.settings import SettingsError, read_settings
from station.status import served

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_the_defaults():
    settings = read_settings()
    assert (settings.station_id, settings.social_card_driver) == ("W301-1", "pcsc")
    assert (settings.central_url, settings.station_port) == ("http://127.0.0.1:8010", 8021)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[station]\nid = 'a b'", "station.id"),
        ("[station]\nid = 7", "station.id"),
        ("[station]\nport = 70000", "station.port"),
        ("[station]\nport = true", "station.port"),
        ("[station]\ninsert_s = 1", "station.insert_s"),
        ("[station]\nnone = 1", "station.none: there is no such key"),
        ("[stations]\n", "the sections are"),
        ("station = 1", "the sections are"),
        ("[central]\nurl = 'ftp://x'", "central.url"),
        ("[central]\nurl = 'http://x:99999'", "central.url"),
        ("[central]\ncertificate = '/none'", "central.certificate"),
        ("[social_card]\ndriver = 'none'", "social_card.driver"),
        ("[social_card]\ndriver = 'crt591'", "social_card.port"),
        ("[social_card]\nport = 'com1'", "social_card.port"),
        ("[social_card", "station.toml"),
    ],
)
def test_settings_that_cannot_be_used(tmp_path, text, says):
    path = tmp_path / "station.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=says):
        read_settings(path)


def test_a_certificate_is_for_https(tmp_path):
    pem = tmp_path / "c.pem"
    pem.touch()
    path = tmp_path / "station.toml"
    path.write_text(f'[central]\ncertificate = "{pem}"\n')
    with pytest.raises(SettingsError, match="https only"):
        read_settings(path)


@pytest.fixture
def journal(tmp_path):
    made = Journal(tmp_path / "data")
    yield made
    made.close()


CARD = Card("50" * 16, "3B", "ab" * 32)


def test_a_write_goes_its_way_and_no_other(journal):
    write_id = str(uuid4())
    write = journal.plan(write_id, NOW)
    assert (write.state, write.card) == (State.PLANNED, Card())
    assert len({write.start_key, write.confirm_key, write.reverse_key}) == 3
    with pytest.raises(JournalError):
        journal.written(write_id)
    journal.writing(write_id, CARD)
    with pytest.raises(JournalError):
        journal.writing(write_id, CARD)
    journal.written(write_id)
    assert [each.state for each in journal.open()] == [State.WRITTEN]
    journal.acknowledge(write_id, State.CONFIRMED)
    assert journal.open() == []
    with pytest.raises(JournalError):
        journal.reverse(write_id, Reason.OPERATOR)
    assert journal.write(write_id).card == CARD


def test_what_was_reversed_is_never_written(journal):
    write_id = str(uuid4())
    journal.plan(write_id, NOW)
    journal.reverse(write_id, Reason.NO_CARD)
    for forward in (lambda: journal.writing(write_id, CARD), lambda: journal.written(write_id)):
        with pytest.raises(JournalError):
            forward()
    assert [(each.state, each.reason) for each in journal.open()] == [("reversed", "no_card")]


def test_it_is_durable_and_one_stations(journal, tmp_path):
    mode = journal._db.execute("PRAGMA journal_mode").fetchone()[0]
    synchronous = journal._db.execute("PRAGMA synchronous").fetchone()[0]
    assert (mode, synchronous) == ("wal", 2)
    with pytest.raises(JournalError, match="is a station running"):
        Journal(tmp_path / "data")


def test_a_journal_that_is_none(tmp_path):
    (tmp_path / "journal.db").write_bytes(b"not a database" * 100)
    with pytest.raises(JournalError):
        Journal(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(JournalError):
        Journal(tmp_path / "file")


def test_nothing_of_a_person_is_in_it(centre, station, slot, blank):
    slot.offered = blank()
    write_id = centre.offer()
    station.step()
    station.journal.close()
    with sqlite3.connect(station.folder / "journal.db") as store:
        dump = "\n".join(store.iterdump())
    store.close()
    assert write_id in dump
    for text in ("买买提", "11010519491231002X", "B00000017"):
        assert text not in dump
    station.journal = Journal(station.folder)


@pytest.fixture
def board():
    return Board(lambda: NOW)


@pytest.fixture
def orders():
    return Orders()


@pytest.fixture
def lamp(board, orders):
    with served(0, board, orders) as url, httpx.Client(base_url=url, trust_env=False) as client:
        yield client


def test_the_lamp_says_what_is_done_and_since_when(lamp, board):
    board.show(Lamp.INSERT, "an-id")
    assert lamp.get("/status").json() == {
        "state": "insert",
        "detail": "请放入一张空白卡。",
        "write_id": "an-id",
        "since": NOW.isoformat(),
    }
    assert SENTENCES.keys() == set(Lamp)


@pytest.mark.parametrize("state", list(Lamp))
def test_eject_is_heard_unless_a_card_is_being_written(lamp, board, orders, state):
    board.show(state)
    kept = state in (Lamp.WRITING, Lamp.SETTLING, Lamp.ENDED)
    assert lamp.post("/eject").status_code == (409 if kept else 202)
    assert orders.ejected() == (not kept)
    assert not orders.ejected()


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil"}, {"Host": "evil:80"}, {"Host": "127.0.0.1.evil:80"}]
)
def test_a_page_in_a_browser_is_not_heard(lamp, orders, headers):
    assert lamp.post("/eject", headers=headers).status_code == 403
    assert lamp.get("/status", headers=headers).status_code == 403
    assert not orders.ejected()


def test_there_is_nothing_else(lamp):
    assert lamp.get("/").status_code == 404
    assert lamp.post("/status").status_code == 404


def test_told_to_end_it_stays_told(orders):
    orders.end()
    assert orders.ejected()
    assert orders.cancel.is_set()
