"""Checkpoints of the audit: what was altered, or cut off at its end, is found. On both stores."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from central.__main__ import main
from central.audit import checkpoints
from central.audit.chain import append
from central.audit.records import SYSTEM

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def acts(centre):
    def acts(count):
        with centre.database.write() as session:
            for number in range(count):
                append(session, centre.clock(), SYSTEM, "case.accepted", f"V{number}")

    return acts


@pytest.fixture
def sign(centre):
    return lambda: checkpoints.checkpoint(centre.database, centre.folder, centre.clock())


@pytest.fixture
def witness(centre):
    return centre.folder / "checkpoints.jsonl"


@pytest.fixture
def verdict(centre, witness):
    def verdict(lines=None):
        lines = witness.read_text().splitlines() if lines is None else lines
        public = checkpoints.signing_key(centre.folder).public_key()
        return checkpoints.verify(centre.database, lines, public)

    return verdict


@pytest.fixture
def spoil(centre):
    def spoil(sql):
        with centre.database.write() as session:
            session.execute(text(sql))

    return spoil


def test_five_minutes_or_256_rows(acts, sign, clock):
    assert sign() is None
    acts(1)
    assert sign().seq == 1
    assert sign() is None
    acts(255)
    assert sign() is None
    acts(1)
    assert sign().seq == 257
    acts(1)
    clock.now += timedelta(minutes=5)
    assert sign().seq == 258


def test_a_whole_audit(acts, sign, verdict, witness):
    acts(3)
    sign()
    acts(2)
    assert verdict() == checkpoints.Verdict(5, 2, "")
    line = json.loads(witness.read_text())
    assert line.keys() == {"seq", "at", "hash", "signature"}


def test_an_altered_row(acts, sign, verdict, spoil):
    acts(5)
    sign()
    spoil("UPDATE audit_entry SET target = 'V9' WHERE seq = 3")
    assert verdict().wrong == "row 3 does not fit the one before"


def test_a_chain_made_anew_is_not_the_one_that_was_signed(
    acts, sign, verdict, spoil, centre, clock
):
    acts(5)
    sign()
    spoil("DELETE FROM audit_entry WHERE seq > 3")
    with centre.database.write() as session:
        for _ in range(4):
            append(session, clock.now, SYSTEM, "case.refused", "V3")
    assert verdict().wrong == "row 5 is not the one that was signed"


def test_an_end_cut_off_with_its_checkpoint_is_told_by_the_witness(
    acts, sign, verdict, spoil, clock
):
    acts(3)
    sign()
    acts(2)
    clock.now += timedelta(minutes=5)
    sign()
    spoil("DELETE FROM audit_entry WHERE seq > 3")
    spoil("DELETE FROM audit_checkpoint WHERE seq > 3")
    assert verdict().wrong == "the chain ends at row 3, and row 5 was signed: its end was cut off"
    assert verdict([]).wrong == ""  # without the witness nobody would know


def test_a_checkpoint_somebody_else_signed(acts, sign, verdict, spoil):
    acts(1)
    sign()
    spoil("UPDATE audit_checkpoint SET signature = '00'")
    assert verdict().wrong == "the checkpoint of row 1 is not signed by us"


def test_the_witness_catches_up_after_a_crash(acts, sign, verdict, witness, clock):
    acts(1)
    sign()
    whole = witness.read_text()
    witness.write_text(whole + whole[:20])
    acts(1)
    clock.now += timedelta(minutes=5)
    sign()
    assert [
        json.loads(line)["seq"] for line in witness.read_text().splitlines() if line[-1] == "}"
    ] == [1, 2]
    assert verdict().wrong == ""


def test_the_command(acts, sign, centre, spoil, capsys, monkeypatch, database_url, tmp_path):
    monkeypatch.setenv("DATABASE_URL", database_url)
    acts(3)
    sign()
    data = ["--data", str(centre.folder)]
    assert main(["audit", "public-key", *data]) == 0
    (tmp_path / "public.pem").write_text(capsys.readouterr().out)
    elsewhere = ["--public-key", str(tmp_path / "public.pem")]
    assert main(["audit", "verify", *data, *elsewhere]) == 0
    assert json.loads(capsys.readouterr().out) == {"rows": 3, "checkpoints": 2, "whole": True}
    nowhere = str(tmp_path / "checkpoints.jsonl")
    assert main(["audit", "verify", *data, "--witness", nowhere]) == 2
    assert nowhere in capsys.readouterr().err
    spoil("DELETE FROM audit_entry WHERE seq = 3")
    assert main(["audit", "verify", *data]) == 1
    assert "its end was cut off" in capsys.readouterr().err
