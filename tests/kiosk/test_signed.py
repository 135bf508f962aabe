"""What the kiosk signs: checked by the authority's certificate alone, and altered by nobody."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from central.audit.records import Actor, Kind
from central.trust.authority import open_authority
from kiosk.identity import FILE, Identity
from kiosk.signed import SignatureError, opened, sign

NOW = datetime(2026, 11, 29, tzinfo=UTC)
TOLD = {"seq": 7, "head": "ab" * 32}


def enrolled(folder, number="0017"):
    """A kiosk's identity, given by a CA of the folder."""
    authority = open_authority(folder, None, None)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = authority.issue(key.public_key(), Actor(Kind.KIOSK, number), NOW)
    pem = key.private_bytes(
        Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / FILE).write_bytes(pem + certificate.public_bytes(Encoding.PEM))
    return Identity(folder), authority.pem.encode()


def test_the_authority_alone_tells_who_signed_what(tmp_path):
    identity, authority = enrolled(tmp_path)
    signed = opened(sign(identity, "test", TOLD), authority, NOW)
    assert (signed.kind, signed.told, signed.kiosk) == ("test", TOLD, "kiosk:0017")


def test_a_kiosk_that_was_not_enrolled_signs_nothing(tmp_path):
    with pytest.raises(FileNotFoundError):
        sign(Identity(tmp_path), "test", TOLD)


@pytest.mark.parametrize("part", range(3))
def test_whatever_is_altered_breaks_it(tmp_path, part):
    identity, _ = enrolled(tmp_path)
    parts = sign(identity, "test", TOLD).split(".")
    middle = len(parts[part]) // 2
    other = "A" if parts[part][middle] != "A" else "B"
    parts[part] = parts[part][:middle] + other + parts[part][middle + 1 :]
    with pytest.raises(SignatureError):
        opened(".".join(parts))


@pytest.mark.parametrize("text", ["", "a.b.c", "....", "e30.e30.e30", "张三.三.三", "e30.e30."])
def test_rubbish_is_not_signed(text):
    with pytest.raises(SignatureError):
        opened(text)


def test_another_authority_and_another_time_are_told(tmp_path):
    identity, authority = enrolled(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    _, foreign = enrolled(other)
    token = sign(identity, "test", TOLD)
    with pytest.raises(SignatureError, match="authority"):
        opened(token, foreign)
    with pytest.raises(SignatureError, match="valid"):
        opened(token, authority, NOW + timedelta(days=31))
