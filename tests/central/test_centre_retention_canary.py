"""After the shredder nothing of a person is in any file of the store; and which rules are refused."""

import hashlib
import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from central.__main__ import main
from central.applications.records import Application
from central.applications.states import CaseState
from central.audit.records import Actor, Kind
from central.database import URL, StoreError
from central.images import service
from central.notices.kinds import NoticeKind
from central.notices.outbox import queue
from central.notices.records import Notice
from central.retention import shredder
from central.retention.rules import FILE, RULES, configured_days, load_days
from deploy.pictures import jpeg

CANARY = "canary-that-flies-nowhere"
NUMBER, PHONE, STREET = "CANARY770011", "19900007777", "canary street 7"
PICTURE = jpeg(CANARY.encode())
SECRETS = [text.encode() for text in (CANARY, NUMBER, PHONE, STREET, "金丝雀不飞")]


def found(folder):
    """The canaries that stand in any file of the folder."""
    whole = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return {secret for secret in SECRETS if any(secret in data for data in whole)}


@pytest.fixture
def canary(centre, clock, submit):
    """A case among thirty others, whose data were changed and deleted and moved about."""
    assert submit().status_code == 201
    at = clock().isoformat()
    for i in range(30):
        with centre.database.write() as session:
            session.add(_case(i, "other", "A" * (10 * i), at))
    with centre.database.write() as session:
        session.add(_case(99, CANARY, NUMBER, at))
    for _ in range(2):
        with centre.database.write() as session:
            case = session.get_one(Application, "CQ-0017-20261123-0099-K")
            case.agent = {"paper": "resident_id", "number": NUMBER, "name": "金丝雀不飞"}
            case.address = STREET + " " * (case.version * 900)
            case.version += 1
            queue(session, clock(), NoticeKind.LOSS_REPORTED, "x", phone=PHONE)
            queue(
                session,
                clock(),
                NoticeKind.APPLICATION_SENT_BACK,
                "x",
                phone=PHONE,
                voucher_no=case.voucher_no,
                reason=CANARY,
            )
    service.store(centre, hashlib.sha256(PICTURE).hexdigest(), "image/jpeg", PICTURE)
    return "CQ-0017-20261123-0099-K"


def _case(i, who, number, at):
    party = {"paper": "resident_id", "number": number, "name": who}
    return Application(
        voucher_no=f"CQ-0017-20261123-{i:04}-K",
        key=str(uuid.uuid4()),
        service="new_individual",
        channel="kiosk",
        applicant_kind="self",
        state=CaseState.DONE.value,
        state_at=at,
        version=1,
        kiosk_id="0017",
        day="2026-11-22",
        seq=i,
        number=number,
        agent_number=None,
        applicant=party,
        agent=party,
        phone=PHONE if who == CANARY else None,
        address="x",
        bank="",
        signature="window",
        marks=[],
        card_number=None,
        taken_at=at,
        submitted_at=at,
        due_at=at,
        window="3",
        images=[],
    )


def test_the_canary_is_in_no_file_of_the_store(centre, canary, clock):
    assert found(centre.folder) >= {secret for secret in SECRETS if secret.isascii()}
    with centre.database.write() as session:  # the notice that is not of the case was delivered
        for row in session.query(Notice).filter_by(voucher_no=None):
            row.recipient = None
    shredder.shred_case(centre, canary, Actor(Kind.USER, "chen"))
    assert found(centre.folder) == set()


def test_the_canary_goes_by_the_rules_too(centre, canary, clock):
    clock.now += timedelta(days=1828)
    with centre.database.write() as session:
        session.query(Notice).update({"recipient": None})
    shredder.run_due(centre)
    assert found(centre.folder) == set()


@pytest.fixture
def run(centre, monkeypatch, capsys):
    """The command in this process, on the centre's folder: exit code, JSON, sentence."""
    monkeypatch.setenv(URL, "")

    def run(*arguments):
        code = main(["shred", "--data", str(centre.folder), *arguments])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run


def test_a_mistyped_folder_is_told_and_not_made_a_centre(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(URL, "")
    nowhere = tmp_path / "nowhere"
    assert main(["shred", "--data", str(nowhere), "--dry-run"]) == 2
    assert f"there is no centre in {nowhere}" in capsys.readouterr().err
    assert not nowhere.exists()


def test_the_command(canary, run):
    code, told, _ = run("--dry-run")
    assert (code, told["due"].keys()) == (0, {rule.name for rule in RULES})
    code, told, _ = run("--voucher", canary, "--by", "chen")
    assert (code, told["receipts"][0]["actor"]) == (0, "user:chen")
    assert run("--orphans")[1]["orphans"] == 0
    assert run("--voucher", canary)[::2] == (
        2,
        "who removes a case's data signs for it: give --by LOGIN\n",
    )
    assert run("--voucher", "CQ-0017-20261123-9998-K", "--by", "chen")[0] == 1


def test_rules_can_be_changed_by_a_file(run, tmp_path, monkeypatch):
    file = tmp_path / "retention.toml"
    file.write_text("key_uses = 365\n")
    assert run("--retention", str(file), "--dry-run")[0] == 0
    monkeypatch.setenv(FILE, str(file))
    assert configured_days()["key_uses"] == 365
    file.write_text("key_uses = 100\n")
    code, _, sentence = run("--dry-run")
    assert (code, "at least 183 days (网络安全法" in sentence) == (2, True)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_rule_goes_below_the_law(rule):
    assert rule.days >= rule.least
    assert load_days(f"{rule.name} = {rule.least}")[rule.name] == rule.least
    with pytest.raises(StoreError, match=f"{rule.name}: at least {rule.least} days"):
        load_days(f"{rule.name} = {rule.least - 1}")


@pytest.mark.parametrize(
    "text", ["no_such = 5", "key_uses = true", "key_uses = '9'", "=", "key_uses = 99999"]
)
def test_a_wrong_file_is_refused(text):
    with pytest.raises(StoreError, match="retention file"):
        load_days(text)


def test_the_file_that_is_shipped_has_the_defaults():
    text = Path("config/retention.toml").read_text("utf-8")
    assert load_days(text) == {rule.name: rule.days for rule in RULES}
    assert all(rule.name in text for rule in RULES)
