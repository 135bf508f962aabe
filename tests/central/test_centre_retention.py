"""What is removed by its rule, what stays, and the receipts."""

import hashlib
import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from central.applications.records import Application, ApplicationImage
from central.audit.chain import broken_at
from central.audit.records import SYSTEM, Actor, AuditEntry, Kind
from central.idempotency import KeptAnswer
from central.images import service, uploads
from central.images.records import Content, DoomedObject, Image
from central.notices.kinds import NoticeKind
from central.notices.outbox import deliver_due, queue
from central.notices.records import Notice
from central.problems import Kind as Problem
from central.problems import ProblemError
from central.retention import shredder
from central.retention.records import ShredReceipt, export
from deploy.pictures import jpeg

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

BOTH = jpeg(b"in both cases")
CLERK = Actor(Kind.USER, "chen")


def name(data):
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def picture(centre):
    """Keeps a picture; gives its hash."""

    def picture(data):
        service.store(centre, name(data), "image/jpeg", data)
        return name(data)

    return picture


@pytest.fixture
def case(centre, clock, picture):
    """A case in a state, with a picture of its own and one it shares."""

    def case(seq, state="DONE", data=None):
        at = clock().isoformat()
        voucher_no = f"CQ-0017-20261123-{seq:04}-K"
        own = [picture(data or jpeg(str(seq).encode())), picture(BOTH)]
        with centre.database.write() as session:
            session.add(
                Application(
                    voucher_no=voucher_no,
                    key=f"key {seq}",
                    service="new_individual",
                    channel="kiosk",
                    applicant_kind="self",
                    state=state,
                    state_at=at,
                    version=1,
                    kiosk_id="0017",
                    day="2026-11-23",
                    seq=seq,
                    number=f"number {seq}",
                    agent_number=f"agent's number {seq}",
                    applicant={
                        "paper": "resident_id",
                        "number": f"number {seq}",
                        "name": "名",
                        "sex": "1",
                    },
                    agent={"paper": "resident_id", "number": f"agent's number {seq}", "name": "代"},
                    phone="13912345678",
                    address="地址",
                    bank="重庆银行",
                    signature="screen",
                    marks=[],
                    card_number="A1",
                    wishes={"reason": "lost"},
                    taken_at=at,
                    submitted_at=at,
                    due_at=at,
                    window="3",
                    images=[
                        ApplicationImage(position=i, kind="scene", sha256=sha256)
                        for i, sha256 in enumerate(own)
                    ],
                )
            )
            queue(
                session,
                clock(),
                NoticeKind.CARD_READY,
                "x",
                phone="13912345678",
                voucher_no=voucher_no,
                window="3",
            )
        return voucher_no

    return case


def rows(centre, table):
    with centre.database.read() as session:
        return list(session.scalars(select(table)))


def later(clock, days):
    clock.now += timedelta(days=days)


def removed(receipts):
    return {
        (receipt.rule, row["kind"]): row["count"] for receipt in receipts for row in receipt.removed
    }


def test_nothing_is_removed_before_its_time(centre, case, clock):
    case(1)
    uploads.begin(centre, "0" * 64, "application/zip", 5)
    assert shredder.run_due(centre) == []
    assert not any(shredder.count_due(centre).values())
    later(clock, 1)
    assert shredder.run_due(centre) == []


def test_an_upload_nobody_goes_on_with(centre, clock):
    body = b"PK\3\4 and more"
    uploads.begin(centre, name(body), "application/zip", len(body))
    later(clock, 1)
    uploads.append(centre, name(body), 0, body[:4])
    clock.now += timedelta(days=1)
    assert shredder.run_due(centre) == []
    clock.now += timedelta(seconds=1)
    assert shredder.count_due(centre)["unfinished_uploads"] == 1
    assert removed(shredder.run_due(centre)) == {("unfinished_uploads", "upload"): 1}
    assert list(centre.vault.objects.names()) == []


def test_answers_are_kept_thirty_days(centre, clock):
    with centre.database.write() as session:
        for i in range(450):
            session.add(
                KeptAnswer(
                    key=str(i),
                    fingerprint="",
                    status=201,
                    body="{}",
                    answered_at=clock().isoformat(),
                )
            )
    later(clock, 30)
    assert shredder.run_due(centre) == []
    later(clock, 1)
    receipts = shredder.run_due(centre)
    assert [receipt.removed[0]["count"] for receipt in receipts] == [200, 200, 50]
    assert rows(centre, KeptAnswer) == []


def test_a_picture_of_two_cases_stays_until_both_are_gone(centre, case, clock, picture):
    first = case(1)
    later(clock, 100)
    case(2)
    unused = picture(jpeg(b"nobody's"))
    later(clock, 997)
    assert removed(shredder.run_due(centre)) == {
        ("unused_images", "image"): 1,
        ("case_images", "case_images"): 1,
        ("case_images", "image"): 1,
    }
    held = {row.sha256 for row in rows(centre, Image)}
    assert unused not in held
    assert held == {name(BOTH), name(jpeg(b"2"))}
    assert len(list(centre.vault.objects.names())) == 2
    later(clock, 100)
    shredder.run_due(centre)
    assert rows(centre, Image) == rows(centre, Content) == []
    assert list(centre.vault.objects.names()) == []
    with centre.database.read() as session:
        assert session.get(Application, first).number == "number 1"


def test_what_is_not_over_stays(centre, case, clock):
    voucher_no = case(1, state="REVIEW")
    later(clock, 5000)
    shredder.run_due(centre)
    with centre.database.read() as session:
        row = session.get(Application, voucher_no)
        assert (row.number, len(row.images)) == ("number 1", 2)
    with pytest.raises(ProblemError, match="CASE_STATE_FORBIDS"):
        shredder.shred_case(centre, voucher_no, CLERK)


def test_of_an_old_case_the_business_stays_and_the_person_goes(centre, client, case, clock):
    voucher_no = case(1)
    later(clock, 1828)
    shredder.run_due(centre)
    with centre.database.read() as session:
        row = session.get(Application, voucher_no)
    assert row.applicant == {"paper": "resident_id", "number": "", "name": "", "sex": None}
    assert (row.number, row.agent_number, row.phone, row.address) == ("", None, None, None)
    assert (row.card_number, row.wishes, row.images) == (None, {}, [])
    assert (row.service, row.state, row.version) == ("new_individual", "DONE", 2)


def test_a_person_who_asks_is_removed_at_once(centre, case):
    voucher_no, other = case(1), case(2)
    receipt = shredder.shred_case(centre, voucher_no, CLERK)
    assert (receipt.rule, receipt.actor) == ("on_request", "user:chen")
    assert {row["kind"]: row["count"] for row in receipt.removed} == {
        "case": 1, "case_images": 1, "image": 1, "notice": 1,
    }  # fmt: skip
    with centre.database.read() as session:
        assert session.get(Application, voucher_no).number == ""
        assert session.get(Application, other).number == "number 2"
    assert [row.voucher_no for row in rows(centre, Notice)] == [other]
    with pytest.raises(ProblemError, match="VOUCHER_UNKNOWN"):
        shredder.shred_case(centre, "CQ-0017-20261123-9999-K", CLERK)


def test_delivered_notices_go_after_half_a_year(centre, case, clock):
    case(1)
    case(2)
    assert deliver_due(centre) == 2
    later(clock, 183)
    assert shredder.count_due(centre)["notices"] == 0
    later(clock, 1)
    shredder.run_due(centre)
    assert rows(centre, Notice) == []


def test_a_receipt_can_be_checked_and_is_chained_into_the_audit(centre, case, clock):
    voucher_no = case(1)
    later(clock, 1097)
    shredder.run_due(centre)
    receipts = {row.rule: row for row in rows(centre, ShredReceipt)}
    receipt = receipts["case_images"]
    proof = {row["kind"]: row["digest"] for row in receipt.removed}
    assert proof["case_images"] == name(voucher_no.encode())
    assert proof["image"] == name("\n".join(sorted([name(jpeg(b"1")), name(BOTH)])).encode())
    record = [receipt.id, receipt.at, receipt.actor, receipt.rule, receipt.removed]
    canonical = json.dumps(record, sort_keys=True, separators=(",", ":"))
    assert receipt.digest == name(canonical.encode())
    entries = rows(centre, AuditEntry)
    assert broken_at(entries) is None
    linked = {entry.target: json.loads(entry.details) for entry in entries}
    assert linked[receipt.id]["digest"] == receipt.digest
    assert json.loads(json.dumps(export(receipt)))["actor"] == str(SYSTEM)


def test_objects_the_store_did_not_delete_are_deleted_the_next_time(
    centre, case, clock, monkeypatch
):
    case(1)
    later(clock, 1097)
    with monkeypatch.context() as patch:
        patch.setattr(centre.vault.objects, "delete", _busy)
        with pytest.raises(ProblemError, match="BUSY"):
            shredder.run_due(centre)
    assert len(rows(centre, DoomedObject)) == 2
    assert rows(centre, Image) == []
    assert shredder.run_due(centre) == []
    assert rows(centre, DoomedObject) == []
    assert list(centre.vault.objects.names()) == []


def _busy(_name):
    raise ProblemError(Problem.BUSY)


def test_objects_a_crash_left_are_found(centre, clock, picture):
    picture(BOTH)
    centre.vault.put(centre.vault.new_content(), 0, b"left")
    assert shredder.delete_orphans(centre) == 0  # younger than a day
    later(clock, 3650)
    assert shredder.delete_orphans(centre) == 1
    assert service.read(centre, name(BOTH)) == BOTH
