"""The database goes away in the middle of a transaction, and comes back."""

import uuid
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from central.applications.records import Application
from central.centre import open_centre
from central.people.seed import seed
from deploy.postgres import Postgres
from regulation.rules import load_rules
from regulation.terms import load_calendar

PEOPLE = Path(__file__).with_name("people.toml")
KEY = str(uuid.UUID(int=7))


@pytest.fixture(scope="module")
def server():
    with Postgres() as server:
        yield server


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One for the module, as the server is: its image key is that of the store."""
    return tmp_path_factory.mktemp("gone")


@pytest.fixture
def centre(folder, clock, rules_text, settings, server):
    rules, calendar = load_rules(rules_text), load_calendar(Path("config/workdays.toml"))
    with open_centre(folder, rules, calendar, settings, clock, server.url) as centre:
        with centre.database.write() as session:
            session.execute(text("TRUNCATE application, person, kept_answer, image CASCADE"))
        seed(centre.database, PEOPLE, clock().date())
        yield centre


def applications(centre):
    with centre.database.read() as session:
        return session.scalar(select(func.count()).select_from(Application))


def breaks(centre, monkeypatch, breaking):
    """The next turn does its work, and then its server is lost before the commit."""
    write = centre.database.write

    class Breaking:
        def __init__(self):
            self.turn = write()

        def __enter__(self):
            return self.turn.__enter__()

        def __exit__(self, *error):
            monkeypatch.undo()
            breaking()
            return self.turn.__exit__(*error)

    monkeypatch.setattr(type(centre.database), "write", lambda _self: Breaking())


def test_a_server_lost_before_the_commit_is_told_and_nothing_is_kept(
    centre, submit, server, problem, monkeypatch
):
    breaks(centre, monkeypatch, server.stop)
    lost = submit(KEY)
    assert (problem(lost), lost.json()["retryable"]) == ("busy", True)
    meanwhile = submit(KEY)
    assert problem(meanwhile) == "busy"
    server.start()
    assert applications(centre) == 0
    assert submit(KEY).status_code == 201
    assert applications(centre) == 1


def test_a_connection_cut_by_the_server_is_told_and_the_same_key_settles_it(
    centre, submit, server, problem, monkeypatch
):
    def cut():
        others = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        )
        with centre.database.read() as session:
            session.execute(text(others))

    breaks(centre, monkeypatch, cut)
    assert problem(submit(KEY)) == "busy"
    assert submit(KEY).status_code == 201
    assert applications(centre) == 1
