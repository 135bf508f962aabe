"""A configuration all the way: two persons at the real centre, its signature, and the kiosk."""

import json

import pytest

from central.audit.records import Actor, Kind
from central.fleet import contents, keys, records, service
from tests.faults.fleet import OTHER_TITLE, PROBATION_S, TITLE

ANNA, BERT = Actor(Kind.USER, "anna"), Actor(Kind.USER, "bert")
CONTENT = {"texts": {TITLE: {"zh": OTHER_TITLE}}, "settings": {"service.banks": ["重庆银行"]}}


@pytest.fixture
def root(centre, tmp_path, time):
    """The root of the centre's own keys."""
    return keys.make(centre.folder, [tmp_path / f"stick-{n}" for n in (1, 2, 3)], time.now())


@pytest.fixture
def citizen(open_kiosk, root, wire):
    person = open_kiosk(central_fleet_root=str(root), central_probation_s=PROBATION_S)
    person.kiosk.afar.start()
    person.wait("home")
    yield person
    person.kiosk.afar.close()


def give(centre, **content):
    """Anna writes it, Bert approves it."""
    with centre.database.write() as session:
        made = contents.propose(session, json.dumps(content), "", ANNA, centre.clock())
        service.give_approved(session, centre, ["0017"], made.id, BERT)


def known(centre):
    """State and revision, as the centre's operators see them."""
    with centre.database.read() as session:
        row = session.get(records.Report, "0017")
        return (row.state, row.revision) if row else None


def until(citizen, truth):
    def there():
        citizen.kiosk.tick()
        return truth()

    citizen.until(there)


def test_from_two_persons_to_the_glass_and_back(citizen, centre):
    give(centre, **CONTENT)
    until(citizen, lambda: citizen.view.title == OTHER_TITLE)
    assert citizen.kiosk.settings.banks == ("重庆银行",)
    until(citizen, lambda: known(centre) == ("probation", 1))
    citizen.silence(PROBATION_S + 1)
    until(citizen, lambda: known(centre) == ("committed", 1))
    give(centre)  # rolled back: a new revision that names nothing
    until(citizen, lambda: citizen.view.title == TITLE)
    until(citizen, lambda: known(centre) == ("probation", 2))
    citizen.served("zhang_san")
