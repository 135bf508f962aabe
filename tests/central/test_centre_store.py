"""The store: on SQLite and on PostgreSQL the same turns, the same promises."""

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import OperationalError

from central import forms
from central.audit.chain import append, broken_at
from central.audit.records import SYSTEM, AuditEntry
from central.database import Database, StoreError
from central.people.records import Person

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database(centre):
    return centre.database


def person(number):
    return Person(id_number=number, name="名", insured=True, phone=None, address=None)


def test_every_turn_of_many_threads_is_kept(database, at_once):
    def work(i):
        for j in range(10):
            with database.write() as session:
                session.add(person(f"X{i}-{j}"))

    assert at_once(12, work) == []
    with database.read() as session:
        numbers = set(session.scalars(select(Person.id_number)))
    assert {f"X{i}-{j}" for i in range(12) for j in range(10)} <= numbers


def test_a_turn_that_raises_takes_back_its_own_changes_alone(database, at_once):
    def work(i):
        with database.write() as session:
            session.add(person(f"X{i}"))
            session.flush()
            if i % 2:
                raise ValueError(i)

    assert len(at_once(10, work)) == 5
    with database.read() as session:
        kept = {n for n in session.scalars(select(Person.id_number)) if n.startswith("X")}
    assert kept == {"X0", "X2", "X4", "X6", "X8"}


def test_turns_see_each_other_in_order(database, clock, at_once):
    def work(i):
        for _ in range(5):
            with database.write() as session:
                append(session, clock(), SYSTEM, "test.done", str(i))

    assert at_once(8, work) == []
    with database.read() as session:
        entries = list(session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))
    assert len(entries) == 40
    assert broken_at(entries) is None


def test_an_altered_or_missing_entry_breaks_the_chain(database, clock):
    for i in range(4):
        with database.write() as session:
            append(session, clock(), SYSTEM, "test.done", str(i), count=i)
    with database.read() as session:
        entries = list(session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))
    assert broken_at(entries) is None
    assert broken_at([*entries[:1], *entries[2:]]) == 2
    entries[2].target = "another"
    assert broken_at(entries) == 3


def test_nothing_is_written_through_a_look(database):
    with (
        pytest.raises(Exception, match=r"(?i)read.?only|readonly"),
        database.read() as session,
    ):
        session.add(person("X"))
        session.flush()


def test_a_store_of_another_form_is_refused_with_the_cure(centre, database_url):
    with centre.database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(StoreError, match="python -m central migrate"):
        Database(centre.folder, url=database_url)


def test_the_tables_of_a_new_store_are_those_of_the_program(database):
    with database.writer.connect() as connection:
        assert forms.found(connection) == forms.head()
        assert inspect(connection).has_table("audit_entry")


def test_a_lost_commit_fails_every_turn_that_shared_it(database, monkeypatch):
    """The connection's transaction is ended behind the program's back, as a full disk does."""
    with pytest.raises(OperationalError), database.write() as session:
        session.add(person("X1"))
        session.flush()
        raw = session.connection().connection.dbapi_connection
        if database.is_postgresql:
            raw.pgconn.finish()
        else:
            raw.execute("ROLLBACK")
    with database.write() as session:
        session.add(person("X2"))
    with database.read() as session:
        kept = {n for n in session.scalars(select(Person.id_number)) if n.startswith("X")}
    assert kept == {"X2"}


def test_who_still_looks_when_it_closes_leaves_no_connection(database_url, tmp_path):
    closed = Database(tmp_path / "other", url=database_url)
    with closed.read() as session:
        raw = session.connection().connection.driver_connection
        closed.close()
    if closed.is_postgresql:
        assert raw.closed


def test_the_writers_turns_are_counted(database, at_once, store):
    def counted():
        return REGISTRY.get_sample_value("centre_writer_group_turns_sum")

    def work(i):
        with database.write() as session:
            session.add(person(f"X{i}"))

    before = counted()
    assert at_once(8, work) == []
    assert counted() - before == (8 if store == "sqlite" else 0)
