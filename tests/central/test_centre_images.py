"""Pictures: whole, named by their hash, once, sealed."""

import hashlib

import pytest
from sqlalchemy import select

from central.database import StoreError
from central.guard import MAX_BODY
from central.images import service
from central.images.opening import open_vault_of
from central.images.plain import seal_plain
from central.images.records import Content, DoomedObject, Image, Piece
from central.images.vault import open_vault
from central.problems import ProblemError
from deploy.pictures import jpeg, png

JPEG = jpeg(b"picture")
CANARY = b"a canary that flies nowhere"


def name(data):
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def put(client):
    def put(data, kind="image/jpeg", at=None):
        return client.put(
            f"/v1/images/{at or name(data)}", content=data, headers={"Content-Type": kind}
        )

    return put


@pytest.mark.parametrize(("data", "kind"), [(JPEG, "image/jpeg"), (png(), "image/png")])
@pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
def test_a_picture_is_kept_once(put, centre, data, kind):
    assert [put(data, kind).status_code for _ in range(3)] == [201, 200, 200]
    assert service.read(centre, name(data)) == data
    assert len(list(centre.vault.objects.names())) == 1


def test_what_is_kept_cannot_be_read_without_the_key(put, centre):
    assert put(jpeg(CANARY)).status_code == 201
    for path in centre.folder.rglob("*"):
        assert not path.is_file() or CANARY not in path.read_bytes()


def test_the_data_folder_is_not_where_the_key_must_be(put, centre, tmp_path, monkeypatch):
    assert put(JPEG).status_code == 201
    (tmp_path / "key").write_bytes(bytes(32))
    monkeypatch.setenv("IMAGE_KEY_FILE", str(tmp_path / "key"))
    object.__setattr__(centre, "vault", open_vault(centre.folder))
    with pytest.raises(ProblemError, match="IMAGE_UNREADABLE"):
        service.read(centre, name(JPEG))


def test_a_lost_or_wrong_key_is_told_when_the_store_is_opened(put, centre):
    assert open_vault_of(centre.database, centre.folder)
    assert put(JPEG).status_code == 201
    assert open_vault_of(centre.database, centre.folder)
    key = centre.folder / "image_key"
    for wrong in (bytes(32), bytes(5), None):
        key.unlink(missing_ok=True)
        if wrong is not None:
            key.write_bytes(wrong)
        with pytest.raises(StoreError, match=r"image key .*back"):
            open_vault_of(centre.database, centre.folder)
    assert not key.exists()


def test_altered_exchanged_and_missing_bytes_are_noticed(put, centre):
    first, second = jpeg(b"1"), jpeg(b"2")
    for data in (first, second):
        put(data)
    with centre.database.read() as session:
        one, other = (
            session.scalars(
                select(Piece)
                .join(Image, Image.content == Piece.content)
                .where(Image.sha256 == name(data))
            ).one()
            for data in (first, second)
        )
    objects = centre.vault.objects
    whole = objects.get(one.object)
    for bad in (objects.get(other.object), whole[:-1], whole[:4], b"\0" + whole[1:], None):
        objects.delete(one.object)
        if bad is not None:
            objects.put(one.object, bad)
        with pytest.raises(ProblemError, match="IMAGE_UNREADABLE"):
            service.read(centre, name(first))
    objects.put(one.object, whole)
    assert service.read(centre, name(first)) == first


@pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
def test_many_kiosks_with_the_same_picture_at_once(put, centre, at_once):
    answers = []
    assert at_once(8, lambda _: answers.append(put(JPEG).status_code)) == []
    assert sorted(answers) == [200] * 7 + [201]
    assert service.read(centre, name(JPEG)) == JPEG
    with centre.database.read() as session:
        counted = {row.object for row in session.scalars(select(Piece))}
        doomed = {row.object for row in session.scalars(select(DoomedObject))}
        assert len(list(session.scalars(select(Content)))) == len(counted) == 1
    assert {known for known, _ in centre.vault.objects.names()} == counted | doomed


def test_plain_pictures_of_an_older_store_are_read_and_then_sealed(centre):
    folder = centre.folder / "images" / name(JPEG)[:2]
    folder.mkdir(parents=True)
    (folder / name(JPEG)).write_bytes(JPEG)
    with centre.database.write() as session:
        for sha256 in (name(JPEG), "0" * 64):  # of the second the file is lost
            session.add(
                Image(sha256=sha256, media_type="image/jpeg", size=len(JPEG), stored_at="2026")
            )
    assert service.read(centre, name(JPEG)) == JPEG
    for sealed in (1, 0):
        assert seal_plain(centre.database, centre.folder, centre.vault) == sealed
        assert service.read(centre, name(JPEG)) == JPEG
    assert not (folder / name(JPEG)).exists()
    with pytest.raises(ProblemError, match="IMAGE_UNREADABLE"):
        service.read(centre, "0" * 64)


def test_there_is_no_way_to_fetch_a_picture(put, client):
    assert put(JPEG).status_code == 201
    assert client.get(f"/v1/images/{name(JPEG)}").status_code == 405


BREAKS_OFF = [JPEG[:cut] for cut in (2, 3, 12, 60, len(JPEG) - 2, len(JPEG) - 1)]
BOMB = png()[:16] + b"\0\0\xff\xff" * 2 + png()[24:]


@pytest.mark.parametrize(
    "data", [*BREAKS_OFF, JPEG + b"\0", JPEG.replace(b"\xff\xc0", b"\xff\xc9")]
)
def test_what_only_begins_like_a_jpeg(put, problem, data):
    assert problem(put(data)) == "image-not-a-picture"


@pytest.mark.parametrize("data", [png()[:-1], png()[:-12], png() + b"\0", png()[:40], BOMB])
def test_what_only_begins_like_a_png(put, problem, data):
    assert problem(put(data, "image/png")) == "image-not-a-picture"


def test_a_picture_that_would_unfold_to_gigabytes(put, problem):
    at = JPEG.index(b"\xff\xc0") + 5
    for size, expected in (
        (b"\xff\xff\xff\xff", 422),
        (b"\0\0\0\1", 422),
        (b"\x17\x70\x17\x70", 201),
    ):
        assert put(JPEG[:at] + size + JPEG[at + 4 :]).status_code == expected


@pytest.mark.parametrize(
    ("data", "kind", "at", "status", "expected"),
    [
        (JPEG, "image/jpeg", "0" * 64, 422, "image-damaged"),
        (JPEG, "image/png", None, 422, "image-not-a-picture"),
        (b"", "image/jpeg", None, 422, "image-not-a-picture"),
        (b"GIF89a", "image/gif", None, 415, "media-type-not-taken"),
        (b"PK\3\4", "application/zip", None, 415, "media-type-not-taken"),
        (JPEG, "", None, 415, "media-type-not-taken"),
        (JPEG, "image/jpeg", name(JPEG).upper(), 422, "invalid"),
        (JPEG, "image/jpeg", "..%2Fsecret", 404, "not-found"),
        (JPEG + bytes(MAX_BODY), "image/jpeg", None, 413, "too-large"),
    ],
)
def test_anything_else_is_refused(put, centre, problem, data, kind, at, status, expected):
    answer = put(data, kind, at)
    assert (answer.status_code, problem(answer)) == (status, expected)
    assert not (centre.folder / "images").exists()


def test_the_largest_picture_is_taken(put):
    comment, rest = bytes(65_533), MAX_BODY - len(jpeg())
    data = b"\xff\xd8" + (b"\xff\xfe\xff\xff" + comment) * (rest // 65_537) + jpeg()[2:]
    data = (
        b"\xff\xd8\xff\xfe"
        + (MAX_BODY - len(data) - 2).to_bytes(2)
        + bytes(MAX_BODY - len(data) - 4)
        + data[2:]
    )
    assert len(data) == MAX_BODY
    assert put(data).status_code == 201
