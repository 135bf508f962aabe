"""A certificate: what it says, who signed it, and that nobody alters it or puts anybody into it."""

import json
import re
from dataclasses import fields

import pytest

from kiosk.readiness.certificate import KIND, Certificate, of, program, read, verified, written
from kiosk.readiness.command import main
from kiosk.readiness.proof import Result
from kiosk.signed import SignatureError, sign
from tests.kiosk.readiness.conftest import AT
from tests.kiosk.test_signed import enrolled


def test_it_says_what_was_proven_of_which_program_and_the_authority_tells_whose_it_is(
    signed, certificate, identity
):
    found = verified(signed, identity[1])
    assert (found.kind, found.kiosk) == (KIND, "kiosk:0017")
    assert of(found.told) == read(signed) == certificate
    told = dict(found.told)
    assert (told.pop("schema"), told.pop("at"), told.pop("ready")) == (1, AT.isoformat(), False)
    assert re.fullmatch("[0-9a-f]{64}", told["program"])
    assert [len(each) for each in told["signed_by"]] == [64]
    assert told["proofs"][1] == {
        "proof": "read_back",
        "device": "document_camera",
        "degree": "failed",
        "ms": 6031,
        "reason": "not_read_back",
    }


def altered(data, change):
    file = json.loads(data)
    change(file)
    return json.dumps(file).encode()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda file: file["certificate"].update(ready=True), "not what was signed"),
        (lambda file: file["certificate"]["proofs"][1].update(degree="proven"), "not what was"),
        (lambda file: file.update(jws=file["jws"][:-8] + "AAAAAAAA"), "does not fit"),
        (lambda file: file.update(jws=""), "not signed"),
        (lambda file: file.pop("jws"), "no readiness certificate"),
        (lambda file: file["certificate"].update(at="2036-11-30T06:00:07+08:00"), "not valid then"),
    ],
)
def test_what_is_altered_is_refused(signed, identity, change, why):
    with pytest.raises(SignatureError, match=why):
        verified(altered(signed, change), identity[1])


def test_what_is_cut_is_refused(signed):
    with pytest.raises(SignatureError):
        verified(signed[: len(signed) // 2])


def test_another_authority_s_and_another_kiosk_s_and_another_thing_are_refused(
    certificate, signed, identity, tmp_path
):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    _other, authority = enrolled(tmp_path / "a")
    with pytest.raises(SignatureError, match="not of this authority"):
        verified(signed, authority)
    neighbour, _authority = enrolled(tmp_path / "b", "0018")
    with pytest.raises(SignatureError, match="another kiosk"):
        verified(written(certificate, neighbour))
    told = json.loads(signed)["certificate"]
    jws = sign(identity[0], "kiosk-log-checkpoint", told)
    with pytest.raises(SignatureError, match="something else"):
        verified(json.dumps({"certificate": told, "jws": jws}).encode())


def test_a_kiosk_that_is_not_enrolled_says_so(certificate, tmp_path):
    data = written(certificate, None)
    assert read(data) == certificate
    with pytest.raises(SignatureError, match="not signed"):
        verified(data)


def test_no_field_can_hold_a_person():
    """Only kinds that are made here: codes, numbers, times; nothing of a visit is a field."""
    assert [each.name for each in fields(Certificate)] == [
        *("kiosk", "version", "program", "revision", "at", "why", "proofs")
    ]
    assert [each.name for each in fields(Result)] == ["proof", "device", "degree", "ms", "reason"]


def test_the_program_s_digest_is_of_its_files():
    assert program() == program()
    assert re.fullmatch("[0-9a-f]{64}", program())


def test_the_command_says_whether_it_is_whole_by_whom_and_when(signed, identity, tmp_path, capsys):
    file, authority = tmp_path / "000001-20261129.json", tmp_path / "ca.pem"
    file.write_bytes(signed)
    authority.write_bytes(identity[1])
    assert main(["verify", str(file), "--ca", str(authority)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "whole": True,
        "kiosk": "kiosk:0017",
        "at": AT.isoformat(),
        "authority": "checked",
        "failed": {"read_back": "not_read_back"},
    }
    file.write_bytes(signed.replace(b'"ready": false', b'"ready": true'))
    assert main(["verify", str(file)]) == 1
    assert "not what was signed" in capsys.readouterr().err
    assert main(["verify", str(tmp_path / "none.json")]) == 1
