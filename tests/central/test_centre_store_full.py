"""A disk that is full: SQLite takes a whole transaction back, the turns that shared it too."""

import threading

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from central.people.records import Person


def person(number, name="名"):
    return Person(id_number=number, name=name, insured=True, phone=None, address=None)


def fills_the_disk(session):
    """Writes more pages than the store may have."""
    session.connection().exec_driver_sql("PRAGMA max_page_count = 1")
    for i in range(1000):
        session.add(person(f"F{i}", "名" * 500))
        session.flush()


def test_no_turn_of_a_group_is_told_it_is_kept_when_the_disk_was_full(centre):
    database, inside, full, told = centre.database, threading.Event(), threading.Event(), {}

    def first():
        with database.write() as session:
            session.add(person("X1"))
            session.flush()
            inside.set()
            full.wait()

    def second():
        with database.write() as session:
            fills_the_disk(session)

    def run(name, work):
        try:
            work()
        except OperationalError as error:
            told[name] = error

    threads = [threading.Thread(target=run, args=(work.__name__, work)) for work in (first, second)]
    threads[0].start()
    inside.wait()
    threads[1].start()
    while not database._group._waiting:
        pass  # until the second waits for its turn, the first one would commit for itself
    full.set()
    for thread in threads:
        thread.join()
    assert set(told) == {"first", "second"}
    with database.write() as session:
        session.connection().exec_driver_sql("PRAGMA max_page_count = 1000000")
        session.add(person("X2"))
    with database.read() as session:
        kept = {n for n in session.scalars(select(Person.id_number)) if n[0] in "XF"}
    assert kept == {"X2"}
