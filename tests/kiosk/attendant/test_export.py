"""Logs on a stick: sealed for the operator, with two persons, whatever the stick is like."""

import errno
import json
import os
import threading
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.attendant import export as module
from kiosk.attendant import sealed
from kiosk.attendant.export import Export
from kiosk.attendant.sealed import HEADER, SealError, seal, unseal
from kiosk.crawl.answers import NOW
from kiosk.desk import Ask
from kiosk.log import Event
from kiosk.logs.opening import open_log
from kiosk.services.answers import Agreed
from kiosk.services.attendant import MODE_SERVICE
from kiosk.services.attendant_answers import Attendant, Exported, Role, Wanted
from kiosk.visit import Failed, Said, Visit
from tests.logged import rows

ONE, OTHER = (Attendant(who, Role.ATTENDANT) for who in ("1001", "2002"))


@pytest.fixture(scope="module")
def key():
    return X25519PrivateKey.generate()


@pytest.fixture
def log(tmp_path):
    made, folder = open_log(tmp_path, lambda: NOW)
    made.write(Event.STARTED, version="0.1.0", config="0017")
    made.write(Event.VISIT_MOVED, heard="Begin", was="home", now="menu", code="")
    made.write(Event.WORK_FAILED, work="x", error="E", where="y:1")
    yield made
    folder.close()


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "sticks" / "one"
    folder.mkdir(parents=True)
    (folder / "autorun.inf").write_bytes(b"rubbish")
    return folder


@pytest.fixture
def export(tmp_path, key, log):
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (tmp_path / "operator.pem").write_bytes(pem)
    (tmp_path / "sticks").mkdir(exist_ok=True)
    return Export(
        tmp_path, "0017", str(tmp_path / "sticks"), str(tmp_path / "operator.pem"), lambda: NOW, log
    )


def asked(wanted=Wanted.ALL, second=OTHER):
    facts = {"who_attends": ONE, "second_pin": second, "export_what": wanted}
    return Ask(Visit(MODE_SERVICE, MappingProxyType(facts)), threading.Event(), lambda _word: None)


def exported(stick, key):
    (file,) = stick.glob("*.sealed")
    return [json.loads(line)["event"] for line in unseal(file.read_bytes(), key).splitlines()]


def test_all_of_it(export, stick, key):
    assert export.export(asked()) == Said(Exported("kiosk-0017-20261123T104200.log.sealed", 3))
    assert exported(stick, key) == ["started", "visit_moved", "work_failed"]


def test_errors_only(export, stick, key):
    assert export.export(asked(Wanted.ERRORS)).answer.lines == 2
    assert exported(stick, key) == ["started", "work_failed"]


@pytest.mark.parametrize("second", [None, ONE])
def test_one_person_alone_exports_nothing(export, stick, second):
    assert export.export(asked(second=second)) is None
    assert not list(stick.glob("*.sealed"))


def test_a_file_of_that_name_is_not_written_over(export, stick):
    (stick / "kiosk-0017-20261123T104200.log.sealed").symlink_to("/etc/passwd")
    answer = export.export(asked())
    assert (answer.code, answer.device) == ("attendant_stick", "media")


def test_a_full_stick_is_told_and_no_half_file_stays(export, stick, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(module.os, "fsync", full)
    assert isinstance(export.export(asked()), Failed)
    assert not list(stick.glob("*.sealed"))


def test_a_stick_full_of_rubbish_is_not_read_and_what_is_on_it_stays(export, stick, key, tmp_path):
    """Names that are no text, a pipe, a loop, a program, a bomb, and a link with our file's name."""
    target = tmp_path / "not_the_kiosk_s"
    target.write_bytes(b"whole")
    (stick / f"kiosk-0017-{NOW:%Y%m%dT%H%M%S}.log.sealed").symlink_to(target)
    os.mkfifo(stick / "pipe")
    (stick / "loop").symlink_to(stick)
    (stick / "..." / ("." * 200)).mkdir(parents=True)
    Path(os.fsdecode(bytes(stick) + b"/\xff\xfe\n.xlsx")).write_bytes(os.urandom(4096))
    for number in range(500):
        (stick / f"{number}.log.sealed").write_bytes(HEADER)
    before = sorted(stick.iterdir())
    assert isinstance(export.export(asked()), Failed)
    assert sorted(stick.iterdir()) == before
    assert target.read_bytes() == b"whole"
    (stick / f"kiosk-0017-{NOW:%Y%m%dT%H%M%S}.log.sealed").unlink()
    assert isinstance(export.export(asked()), Said)
    assert unseal((stick / f"kiosk-0017-{NOW:%Y%m%dT%H%M%S}.log.sealed").read_bytes(), key)


def test_an_empty_folder_or_a_link_is_no_stick(export, tmp_path):
    (tmp_path / "sticks" / "empty").mkdir()
    (tmp_path / "sticks" / "link").symlink_to("/etc")
    ask = asked()
    ask.cancel.set()
    assert export.export(ask) is None


def test_before_two_people_type_their_pins_it_is_looked_whether_it_can_be(export, tmp_path):
    assert export.ready(asked()) == Said(Agreed())
    for root in ("", str(tmp_path / "nowhere"), str(tmp_path / "operator.pem")):
        answer = replace(export, root=root).ready(asked())
        assert answer == Failed("attendant_unset", "media", "export_root")
    (tmp_path / "operator.pem").write_text("no key")
    assert export.ready(asked()) == Failed("attendant_unset", "media", "operator_key")


def test_a_folder_that_cannot_be_read_hides_no_stick(export, stick, monkeypatch):
    """A stick that was pulled out leaves a mount that answers EIO."""
    broken = stick.parent / "a_mount_that_is_gone"
    broken.mkdir()
    real = Path.iterdir

    def gone(path):
        if path == broken:
            raise OSError(errno.EIO, "gone")
        return real(path)

    monkeypatch.setattr(Path, "iterdir", gone)
    ask = asked()
    ask.cancel.set()  # nobody puts another stick in
    assert isinstance(export.export(ask), Said)
    assert list(stick.glob("*.sealed"))


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        (Event.CONFIGURATION_REFUSED, {"revision": 7, "step": "valid", "reason": "x"}),
        (Event.CONFIGURATION_AGED, {"state": "stale"}),
        (Event.NOT_PROVEN, {"proof": "print", "device": "printer", "detail": "paper_out"}),
    ],
)
def test_what_is_wrong_with_the_configuration_or_a_proof_is_an_error(
    export, log, stick, key, event, fields
):
    log.write(event, **fields)
    assert isinstance(export.export(asked(Wanted.ERRORS)), Said)
    assert exported(stick, key)[-1] == event


def test_without_the_operators_key_nothing_is_written(export, stick, tmp_path):
    (tmp_path / "operator.pem").write_text("no key")
    assert export.export(asked()).code == "attendant_unset"
    assert not list(stick.glob("*.sealed"))


def test_another_key_opens_nothing(key):
    with pytest.raises(SealError, match="another key"):
        unseal(seal(b"log", key.public_key()), X25519PrivateKey.generate())


@pytest.mark.parametrize("at", [0, len(HEADER), len(HEADER) + 31, -1])
def test_a_bit_that_was_changed_is_found(key, at):
    data = bytearray(seal(b"log", key.public_key()))
    data[at] ^= 1
    with pytest.raises(SealError):
        unseal(bytes(data), key)


@pytest.mark.parametrize("cut", [0, 5, len(HEADER) + 10, len(HEADER) + 40])
def test_a_file_that_was_cut_is_found(key, cut):
    with pytest.raises(SealError):
        unseal(seal(b"log", key.public_key())[:cut], key)


def test_the_operators_command_opens_it(key, tmp_path, capsysbinary):
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / "private.pem").write_bytes(private)
    (tmp_path / "log").write_bytes(seal(b"a line\n", key.public_key()))
    command = ["--key", str(tmp_path / "private.pem"), str(tmp_path / "log")]
    assert sealed.main(command) == 0
    assert capsysbinary.readouterr().out == b"a line\n"
    (tmp_path / "log").write_bytes(b"nothing")
    assert sealed.main(command) == 2


def test_nothing_of_the_log_can_be_read_on_the_stick(export, stick):
    export.export(asked())
    (file,) = stick.glob("*.sealed")
    assert b"work_failed" not in file.read_bytes()


def test_the_two_are_written_down(export, stick, tmp_path):
    export.export(asked())
    row = rows(tmp_path)[-1]
    assert (row["event"], row["id"], row["second"]) == ("attendant_did", "1001", "2002")


def test_a_line_that_rotted_is_exported(export, stick, key, tmp_path):
    (day,) = (tmp_path / "log").glob("*.jsonl")
    with day.open("a") as out:
        out.write('{"event": "visit_mo\n')
    assert export.export(asked(Wanted.ERRORS)).answer.lines == 3
