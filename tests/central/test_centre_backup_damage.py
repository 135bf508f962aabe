"""A backup that is cut off, altered, or not one at all; and pictures that vanish meanwhile."""

import hashlib
import io
import tarfile

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from central.backup import tables
from central.backup.archive import BackupError, Writer
from central.backup.restoring import restore
from central.backup.taking import back_up
from central.images import service
from central.images.records import Image, Piece
from central.retention import shredder
from deploy.pictures import jpeg

KEY = X25519PrivateKey.generate()
PRIVATE = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
PUBLIC = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
DATA = jpeg(b"a picture")
NAME = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def backup(centre, clock, tmp_path):
    """Takes a backup; gives its file."""
    service.store(centre, NAME, "image/jpeg", DATA)

    def backup(name="backup", to=None):
        out = tmp_path / name
        back_up(centre.database, centre.folder, out, clock(), with_secrets=True, to=to)
        return out

    return backup


def refused(source, tmp_path, key=None):
    with pytest.raises(BackupError) as error:
        restore(source, tmp_path / "new", key=key)
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob(".new*"))
    return str(error.value)


@pytest.mark.parametrize("sealed", [False, True])
def test_cut_off_anywhere(backup, tmp_path, sealed):
    whole = backup(to=PUBLIC if sealed else None).read_bytes()
    cut = tmp_path / "cut"
    for end in (0, 1, 33, 100, 511, 512, 5000, len(whole) // 2, len(whole) - 33, len(whole) - 1):
        cut.write_bytes(whole[:end])
        assert "cut off or altered" in refused(cut, tmp_path, PRIVATE)
    cut.write_bytes(whole + b"\0")
    assert "cut off or altered" in refused(cut, tmp_path, PRIVATE)


@pytest.mark.parametrize("sealed", [False, True])
def test_one_bit_altered_anywhere(backup, tmp_path, sealed):
    whole = bytearray(backup(to=PUBLIC if sealed else None).read_bytes())
    altered = tmp_path / "altered"
    start = 40 if sealed else 0  # before that it says what it is
    for at in [*range(start, len(whole), len(whole) // 40), len(whole) - 1]:
        whole[at] ^= 1
        altered.write_bytes(whole)
        assert "cut off or altered" in refused(altered, tmp_path, PRIVATE)
        whole[at] ^= 1
    altered.write_bytes(whole)
    restore(altered, tmp_path / "new", key=PRIVATE)


def test_another_key_and_no_key(backup, tmp_path):
    out = backup(to=PUBLIC)
    other = X25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    assert "the identity it was sealed to" in refused(out, tmp_path, other)
    assert "no X25519 private key" in refused(out, tmp_path, PUBLIC)
    with pytest.raises(BackupError, match="no X25519 public key"):
        backup("second", to=PRIVATE)
    assert not (tmp_path / "second").exists()


@pytest.mark.parametrize(
    "name",
    ["../out", "secrets/../../out", "/etc/passwd", "secrets/.hidden", "other", "images/xx/y"],
)
def test_names_that_lead_elsewhere(tmp_path, name):
    out = tmp_path / "evil"
    with out.open("wb") as file, Writer(file) as writer:
        writer.add(name, 1, io.BytesIO(b"x"))
        writer.close(store="sqlite", with_secrets=True, secrets=[])
    assert "cut off or altered" in refused(out, tmp_path)
    assert not (tmp_path / "out").exists()


def test_links_are_no_members(tmp_path):
    out, data = tmp_path / "evil", io.BytesIO()
    with tarfile.open(mode="w", fileobj=data) as tar:
        link = tarfile.TarInfo("secrets/secret")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    out.write_bytes(data.getvalue() + hashlib.sha256(data.getvalue()).digest())
    assert "cut off or altered" in refused(out, tmp_path)


def test_a_picture_shredded_while_the_backup_is_made(backup, centre, clock, tmp_path, monkeypatch):
    taken, snapshots = tables.snapshot, []

    def snapshot(*arguments):
        wanted = taken(*arguments)
        if not snapshots:
            clock.now = clock.now.replace(year=2036)
            shredder.run_due(centre)
        snapshots.append(wanted)
        return wanted

    monkeypatch.setattr(tables, "snapshot", snapshot)
    restore(backup(), tmp_path / "new")
    assert [len(wanted) for wanted in snapshots] == [1, 0]


def test_a_picture_the_store_has_lost_is_told(backup, centre):
    with centre.database.read() as session:
        image = session.get_one(Image, NAME)
        (piece,) = session.query(Piece).filter_by(content=image.content)
    centre.vault.objects.delete(piece.object)
    with pytest.raises(BackupError, match="1 objects of images are not in the image store"):
        backup()


def test_a_crash_leaves_nothing_half(backup, centre, tmp_path, monkeypatch):
    def crash(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Writer, "close", crash)
    before = set(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        backup()
    assert set(tmp_path.iterdir()) == before


def test_the_file_is_a_tar_that_others_can_list(backup):
    with tarfile.open(backup()) as tar:
        names = tar.getnames()
    assert names[-1] == "manifest.json"
    assert {"tables.sqlite3", "secrets/secret", "secrets/image_key"} < set(names)
