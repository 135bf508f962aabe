"""What a kiosk can prove of its document, against TUF's own client; on both stores."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import make_transient
from tuf.api.metadata import Metadata

from central.database import StoreError
from central.fleet import keys, records

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)


def test_a_kiosk_proves_its_own_document(desire, verified):
    assert verified() is None or pytest.fail("nothing was desired yet")
    desire(["0017"], mode="out_of_service", message={"zh": "设备检修", "en": "Maintenance"})
    revision, document = verified()
    assert (revision, document["revision"], document["kiosk"]) == (1, 1, "0017")
    assert document == {
        "schema": 1,
        "kiosk": "0017",
        "revision": 1,
        "mode": "out_of_service",
        "message": {"zh": "设备检修", "en": "Maintenance"},
        "settings": {},
        "rules": None,
        "texts": {},
    }
    desire(["0017"], settings={"limits.idle_s": 60})
    assert verified()[1]["settings"] == {"limits.idle_s": 60}


def test_nobody_reads_another_kiosk_s(desire, kiosk, problem):
    desire(["0017", "0018"], settings={"notices.text": "a"})
    kiosk("GET", "metadata/timestamp.json")
    assert kiosk("GET", "targets/kiosk/0017.json").status_code == 200
    assert problem(kiosk("GET", "targets/kiosk/0018.json")) == "kiosk-is-another"


def test_who_is_no_kiosk_gets_nothing(signed, client, problem):
    path = "/v1/kiosks/self/metadata/timestamp.json"
    assert problem(client.get(path)) == "device-unknown"
    answer = client.get(path, headers={"X-Device": "station:W301-1"})
    assert problem(answer) == "device-forbidden"


@pytest.mark.parametrize("name", ["2.root.json", "0.root.json", "secret", "..%2Fseal", "seal.json"])
def test_other_names_lead_nowhere(signed, kiosk, name):
    assert kiosk("GET", f"metadata/{name}").status_code in {404, 422}


def test_before_there_are_keys_nothing_is_desired_and_nothing_served(centre, kiosk, problem):
    assert kiosk("GET", "desired").json() == {"revision": 0}
    assert problem(kiosk("GET", "metadata/timestamp.json")) == "not-found"


TABLES = (records.FleetKiosk, records.Document, records.Report, records.Repository)


def versions(kiosk):
    """Of timestamp and targets, as served now."""
    stamp = Metadata.from_bytes(kiosk("GET", "metadata/timestamp.json").content)
    targets = Metadata.from_bytes(kiosk("GET", "metadata/targets.json").content)
    return stamp.signed.version, targets.signed.version


def test_what_is_online_is_signed_again_before_it_expires(desire, kiosk, clock, verified):
    desire(["0017"], settings={"a.b": 1})
    stamp, targets = versions(kiosk)
    clock.now += timedelta(hours=11)
    assert versions(kiosk) == (stamp, targets)
    clock.now += timedelta(hours=2)
    assert versions(kiosk) == (stamp + 13 * 3600, targets)
    clock.now += timedelta(days=3)
    assert versions(kiosk) == (stamp + 85 * 3600, targets + 85 * 3600)
    assert verified()[0] == 1
    stamp = Metadata.from_bytes(kiosk("GET", "metadata/timestamp.json").content)
    assert not stamp.signed.is_expired(clock.now + timedelta(hours=12))


def test_kiosks_believe_a_centre_that_was_restored_from_before(
    desire, verified, report, centre, clock
):
    desire(["0017"], settings={"a.b": 1})
    assert verified()[0] == 1
    with centre.database.read() as session:
        backup = [row for table in TABLES for row in session.query(table)]
        session.expunge_all()
    for revision in (2, 3, 4):
        desire(["0017"], settings={"a.b": revision})
        assert verified()[0] == revision
    report(state="committed", revision=4, serving=4)
    clock.now += timedelta(minutes=1)
    with centre.database.write() as session:
        for table in TABLES:
            session.query(table).delete()
        session.flush()
        for row in backup:
            make_transient(row)
        session.add_all(backup)
    report(state="failed", revision=1, serving=4, step="verified", reason="older")
    desire(["0017"], settings={"a.b": 5})
    assert verified()[1]["settings"] == {"a.b": 5}
    assert verified()[0] == 5


def test_versions_fit_the_store_for_as_long_as_it_is_in_use(desire, kiosk, clock):
    """Whole numbers of PostgreSQL end at 2^31."""
    clock.now = clock.now.replace(year=2088)
    desire(["0017"], settings={"a.b": 1})
    assert 2**30 < max(versions(kiosk)) < 2**31


def test_the_files_fit_each_other_while_a_newer_revision_comes(desire, kiosk):
    desire(["0017"], settings={"a.b": 1})
    kiosk("GET", "metadata/timestamp.json")
    desire(["0017"], settings={"a.b": 2})
    assert kiosk("GET", "targets/kiosk/0017.json").json()["revision"] == 1
    kiosk("GET", "metadata/timestamp.json")
    assert kiosk("GET", "targets/kiosk/0017.json").json()["revision"] == 2


@pytest.mark.parametrize(
    "altered",
    [
        """UPDATE fleet_content SET body = '{"mode":"out_of_service","message":{"zh":"x"}}'""",
        "UPDATE fleet_content SET approved_by = 'user:carl'",
        "UPDATE fleet_content SET seal = NULL",
    ],
)
def test_what_was_written_into_the_store_behind_our_back_is_not_signed(
    desire, kiosk, centre, altered, caplog
):
    desire(["0017"], settings={"a.b": 1})
    with centre.database.write() as session:
        session.execute(text(altered))
    assert kiosk("GET", "metadata/timestamp.json").status_code == 500
    assert "StoreError" in caplog.text
    assert kiosk("GET", "metadata/targets.json").status_code == 404


@pytest.mark.parametrize("new", [(), ("targets", "online"), ("root-2",), ("root-1", "targets")])
def test_a_kiosk_follows_the_next_root(signed, desire, verified, sticks, clock, new):
    desire(["0017"], settings={"a.b": 1})
    assert verified()[0] == 1
    clock.now += timedelta(minutes=1)
    keys.rotate(signed.folder, sticks, frozenset(new), clock.now)
    assert verified()[0] == 1
    desire(["0017"], settings={"a.b": 2})
    assert verified()[0] == 2
    keys.rotate(signed.folder, sticks, frozenset(), clock.now)
    assert verified()[1]["settings"] == {"a.b": 2}


def test_one_stick_signs_no_root(signed, sticks, clock):
    with pytest.raises(StoreError, match="two must sign"):
        keys.rotate(signed.folder, sticks[:1], frozenset(), clock.now)
    with pytest.raises(StoreError, match="root-3"):
        keys.rotate(signed.folder, sticks[:2], frozenset({"root-3"}), clock.now)
    assert keys.newest_root(signed.folder) == 1
    with pytest.raises(StoreError, match="rotate"):
        keys.make(signed.folder, sticks, clock.now)


def test_root_keys_are_not_at_the_centre_and_nobody_else_reads_the_others(signed, sticks):
    held = {path.read_bytes() for path in keys.folder_of(signed.folder).glob("*.key")}
    offline = {path.read_bytes() for stick in sticks for path in stick.glob("*.key")}
    assert (len(held), len(offline), held & offline) == (2, 3, set())
    for path in (*keys.folder_of(signed.folder).glob("*.key"), *sticks[0].glob("*.key")):
        assert path.stat().st_mode & 0o077 == 0
