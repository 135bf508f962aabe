"""Where a kiosk's log stands, countersigned; another log than before is refused and told."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select

from central.__main__ import main
from central.audit.checkpoints import public_pem, signing_key
from central.audit.records import SYSTEM, Actor, AuditEntry, Kind
from central.clock import china_now
from central.fleet import service
from central.fleet.checkpoints import LogCheckpoint
from central.fleet.schemas import Reported
from central.retention import shredder
from central.trust import devices
from kiosk.identity import FILE, Identity
from kiosk.link import Centre, Rejected
from kiosk.log import Event
from kiosk.logs.checkpoints import KIND, Checkpoints, read
from kiosk.logs.keeper import Keeper, Signer
from kiosk.logs.opening import open_log
from kiosk.signed import sign
from tests.central.test_centre_trust import csr
from tests.logged import rows

KIOSK = Actor(Kind.KIOSK, "0017")
REFUSED = "urn:social-card:problem:log-checkpoint-refused"
HEADS = [f"{number:064x}" for number in range(3)]
TOLD = {"kiosk": "0017", "seq": 5, "head": HEADS[0], "at": "2026-11-29T10:00:00+08:00"}


@pytest.fixture
def identity(centre, tmp_path):
    """A kiosk that was enrolled with this centre."""
    key = ec.generate_private_key(ec.SECP256R1())
    with centre.database.write() as session:
        code = devices.invite(session, KIOSK, SYSTEM, centre.clock())
    given = devices.enrol(
        centre.database, centre.authority, code, csr(key), centre.clock(), confirm=False
    )
    pem = key.private_bytes(
        Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / FILE).write_bytes(pem + given.pem.encode())
    return Identity(tmp_path)


@pytest.fixture
def link(client):
    """The kiosk's own way to the centre."""
    link = Centre(str(client.base_url), 20.0)
    link.client().headers["X-Device"] = str(KIOSK)
    yield link
    link.close()


@pytest.fixture
def hand_in(link, identity):
    def hand_in(line, head=HEADS[0], kind=KIND, **other):
        return link.countersigned(
            line, sign(identity, kind, TOLD | {"seq": line, "head": head} | other)
        )

    return hand_in


def refused(asks, *args, **more):
    """The centre's no."""
    with pytest.raises(Rejected) as no:
        asks(*args, **more)
    return no.value


@pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
def test_a_log_that_grows_is_countersigned_and_measured(hand_in, centre, scrape):
    first = hand_in(10)
    assert hand_in(10) == first
    assert hand_in(20, HEADS[1]) != first
    assert "_log_checkpoint_at_seconds{kiosk=" not in scrape()  # of a silent one nothing is told
    at = centre.clock().timestamp()
    with centre.database.write() as session:
        service.report(session, "0017", Reported(), china_now())
    told = re.search(r'_log_checkpoint_at_seconds{kiosk="0017"} (\S+)', scrape())
    assert abs(float(told[1]) - at) < 1


@pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize(("seq", "head"), [(20, HEADS[2]), (10, HEADS[1]), (15, HEADS[0])])
def test_another_log_than_before_is_refused_and_told(hand_in, centre, seq, head):
    hand_in(10)
    newest = hand_in(20, HEADS[1])
    no = refused(hand_in, seq, head)
    assert no.type.endswith(":log-forked")
    assert (no.body["seq"], no.body["head"], no.body["countersigned"]) == (20, HEADS[1], newest)
    with centre.database.read() as session:
        found = session.scalar(select(AuditEntry).where(AuditEntry.action == "log.forked"))
    assert (found.actor, json.loads(found.details)) == (str(KIOSK), {"newest": 20, "seq": seq})
    assert hand_in(30)


@pytest.mark.parametrize(
    "other", [{"seq": 11}, {"kiosk": "0018"}, {"head": "x"}, {"at": "today"}, {"kind": "readiness"}]
)
def test_what_is_not_of_this_line_of_this_kiosk_is_refused(hand_in, other):
    kind = other.pop("kind", KIND)
    assert refused(hand_in, 10, kind=kind, **other).type == REFUSED


@pytest.mark.parametrize("token", ["x", "e30.e30.e30", "张三.张三.张三", "a.b"])
def test_rubbish_is_refused(link, token):
    assert refused(link.countersigned, 1, token).type == REFUSED


def test_an_altered_token_and_a_revoked_key_are_refused(link, identity, centre):
    token = sign(identity, KIND, TOLD)
    assert refused(link.countersigned, 5, token[:-4] + "AAAA").type == REFUSED
    with centre.database.write() as session:
        devices.revoke(session, KIOSK, SYSTEM, centre.clock())
    assert refused(link.countersigned, 5, token).type == REFUSED


class Kiosk:
    """A kiosk's log and its keeper, against this centre."""

    def __init__(self, folder, identity, link):
        self.data_dir = folder
        folder.mkdir(exist_ok=True)
        self.log, self.lines = open_log(folder, lambda: datetime.now(UTC))
        self.keeper = Keeper(
            self.lines, self.log, lambda: datetime.now(UTC), Signer("0017", identity, link)
        )

    def says(self, count):
        for number in range(count):
            self.log.write(Event.SETTLED, open=number, left=0)
        self.keeper.look()

    def end(self):
        self.lines.close()

    @property
    def last(self):
        return Checkpoints(self.lines.path).last


def test_a_kiosk_keeps_what_the_centre_countersigned(identity, link, tmp_path):
    kiosk = Kiosk(tmp_path / "kiosk", identity, link)
    kiosk.says(3)
    assert (kiosk.last.end, bool(kiosk.last.countersigned)) == (kiosk.lines.end, True)
    kiosk.says(10)
    assert kiosk.last.end.seq == 3  # an hour has not passed
    kiosk.says(1000)
    assert kiosk.last.end.seq == 1013
    kiosk.end()


def test_a_kiosk_whose_disk_was_exchanged_goes_on_after_what_the_centre_knows(
    identity, link, tmp_path
):
    old = Kiosk(tmp_path / "old", identity, link)
    old.says(30)
    old.end()
    new = Kiosk(tmp_path / "new", identity, link)
    new.says(5)
    assert [row["event"] for row in rows(new.data_dir)][5:] == ["log_refused", "log_mended"]
    mended = rows(new.data_dir)[-1]
    assert (mended["seq"], mended["count"]) == (31, 24)
    new.says(1000)
    assert (new.last.end.seq, bool(new.last.countersigned)) == (1031, True)
    new.end()


def test_the_command_says_what_the_centre_has_seen_as_the_kiosk_keeps_it(hand_in, centre, capsys):
    hand_in(1)
    word = hand_in(2, HEADS[1])
    assert main(["fleet", "log-checkpoints", "0017", "--data", str(centre.folder)]) == 0
    found = read(capsys.readouterr().out.encode())
    assert [(one.end.seq, one.end.head) for one in found.values()] == [(1, HEADS[0]), (2, HEADS[1])]
    assert (found[2].countersigned, found[2].signed.count(".")) == (word, 2)


def test_what_the_centre_knows_is_checked_with_the_key_of_its_audit(hand_in, centre):
    pem = public_pem(signing_key(centre.folder)).encode()
    head, body, signature = hand_in(7).split(".")
    key = serialization.load_pem_public_key(pem)
    key.verify(base64.urlsafe_b64decode(signature + "=="), f"{head}.{body}".encode())


@pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
def test_old_checkpoints_go_and_a_kiosk_s_last_stays(hand_in, centre, clock):
    hand_in(1)
    hand_in(2)
    clock.now += timedelta(days=401)
    hand_in(3)
    hand_in(4)
    with centre.database.write() as session:
        session.get_one(LogCheckpoint, ("0017", 3)).taken_at = "2020-01-01T00:00:00+08:00"
        session.add(LogCheckpoint(kiosk="0018", seq=1, head="", at="", taken_at="2020", signed="",
                                  countersigned=""))  # fmt: skip
    shredder.run_due(centre)
    with centre.database.read() as session:
        left = session.execute(select(LogCheckpoint.kiosk, LogCheckpoint.seq)).all()
    assert sorted(map(tuple, left)) == [("0017", 4), ("0018", 1)]
