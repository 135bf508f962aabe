"""Uploads that go on where they broke off, by whoever sends the same bytes."""

import hashlib
import os
from itertools import pairwise

import pytest
from sqlalchemy import select

from central.images import service, uploads
from central.images.records import Content, DoomedObject, Image, Piece, Upload
from central.problems import Kind, ProblemError
from deploy.pictures import jpeg

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

ARCHIVE = b"PK\x03\x04" + os.urandom(300_000)
PIECE = 64 * 1024


def name(data):
    return hashlib.sha256(data).hexdigest()


def announced(data, kind="application/zip"):
    return {"sha256": name(data), "size": len(data), "media_type": kind}


@pytest.fixture
def begin(client):
    def begin(data=ARCHIVE, kind="application/zip", **changes):
        return client.post("/v1/uploads", json=announced(data, kind) | changes)

    return begin


@pytest.fixture
def push(client):
    def push(offset, piece, data=ARCHIVE, kind="application/partial-upload"):
        headers = {"Upload-Offset": str(offset), "Content-Type": kind}
        return client.patch(f"/v1/uploads/{name(data)}", content=piece, headers=headers)

    return push


@pytest.fixture
def stand(client):
    def stand(data=ARCHIVE):
        answer = client.head(f"/v1/uploads/{name(data)}")
        if answer.status_code == 404:
            return None
        assert answer.headers["Cache-Control"] == "no-store"
        return int(answer.headers["Upload-Offset"]), answer.headers["Upload-Complete"]

    return stand


def rows(centre, table):
    with centre.database.read() as session:
        return list(session.scalars(select(table)))


def test_an_archive_in_pieces(begin, push, stand, centre):
    assert stand() is None
    first = begin()
    assert (first.status_code, first.headers["Location"]) == (201, f"/v1/uploads/{name(ARCHIVE)}")
    assert first.headers["Upload-Limit"] == (
        "max-size=209715200, max-append-size=2097152, max-age=86400"
    )
    for start in range(0, len(ARCHIVE), PIECE):
        assert stand() == (start, "?0")
        answer = push(start, ARCHIVE[start : start + PIECE])
        assert answer.status_code == 204
    assert answer.headers["Upload-Complete"] == "?1"
    assert stand() == (len(ARCHIVE), "?1")
    assert service.read(centre, name(ARCHIVE)) == ARCHIVE
    assert (begin().status_code, begin().json()["complete"]) == (200, True)
    assert rows(centre, Upload) == []


def test_a_repeated_and_a_reordered_piece_are_told_where_it_stands(begin, push, problem, stand):
    begin()
    push(0, ARCHIVE[:PIECE])
    for offset in (0, 2 * PIECE):
        answer = push(offset, ARCHIVE[offset : offset + PIECE])
        assert problem(answer) == "upload-offset"
        assert answer.headers["Upload-Offset"] == str(PIECE)
    push(PIECE, ARCHIVE[PIECE:])
    assert stand() == (len(ARCHIVE), "?1")
    late = push(0, ARCHIVE[:PIECE])
    assert (late.status_code, late.headers["Upload-Complete"]) == (409, "?1")


def test_a_body_with_another_hash_begins_anew(begin, push, problem, stand, centre):
    begin()
    wrong = ARCHIVE[:-1] + bytes([ARCHIVE[-1] ^ 1])
    assert problem(push(0, wrong)) == "image-damaged"
    assert stand() == (0, "?0")
    assert rows(centre, Image) == []
    assert len(rows(centre, DoomedObject)) == len(list(centre.vault.objects.names())) == 1
    assert push(0, ARCHIVE).status_code == 204
    assert service.read(centre, name(ARCHIVE)) == ARCHIVE


def test_a_picture_may_come_this_way_but_must_be_one(begin, push, problem, stand):
    picture, text = jpeg(b"slowly"), b"\xff\xd8\xff not a picture"
    begin(picture, "image/jpeg")
    push(0, picture[:50], picture)
    assert push(50, picture[50:], picture).headers["Upload-Complete"] == "?1"
    begin(text, "image/jpeg")
    assert problem(push(0, text, text)) == "image-not-a-picture"
    assert stand(text) == (0, "?0")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"size": 0}, "invalid"),
        ({"size": True}, "invalid"),
        ({"size": 200 * 1024 * 1024 + 1}, "invalid"),
        ({"media_type": "image/jpeg", "size": 2 * 1024 * 1024 + 1}, "invalid"),
        ({"media_type": "text/html"}, "media-type-not-taken"),
        ({"sha256": "0"}, "invalid"),
        ({"more": 1}, "invalid"),
    ],
)
def test_what_cannot_be_announced(begin, problem, changes, expected):
    assert problem(begin(**changes)) == expected


def test_what_cannot_be_pushed(begin, push, problem, client):
    assert problem(push(0, b"x")) == "upload-unknown"
    begin()
    assert problem(push(0, ARCHIVE + b"more")) == "invalid"
    assert problem(push(0, b"x", kind="application/octet-stream")) == "media-type-not-taken"
    assert problem(push(-1, b"x")) == "invalid"
    assert problem(client.patch(f"/v1/uploads/{name(ARCHIVE)}", content=b"x")) == "invalid"
    assert push(0, b"").headers["Upload-Offset"] == "0"
    assert problem(push(0, bytes(2 * 1024 * 1024 + 1))) == "too-large"


def test_another_size_under_the_same_hash(begin, problem):
    begin()
    assert problem(begin(size=5)) == "upload-differs"


@pytest.fixture
def crashed(centre, monkeypatch):
    """Push a whole body to a centre that ends before it makes an image of it."""

    class CrashError(Exception):
        pass

    def crash(*_):
        raise CrashError

    def crashed(data):
        with monkeypatch.context() as patch:
            patch.setattr(uploads, "finish", crash)
            with pytest.raises(CrashError):
                uploads.append(centre, name(ARCHIVE), 0, data)

    return crashed


def test_what_others_sent_wrong_is_nothing_to_who_announces_it(begin, crashed):
    begin()
    crashed(ARCHIVE[:-1] + b"x")
    again = begin()
    assert (again.status_code, again.json()["offset"]) == (200, 0)


def test_a_crash_after_the_last_piece_is_made_good(begin, push, stand, centre, crashed):
    begin()
    crashed(ARCHIVE)
    assert stand() == (len(ARCHIVE), "?0")
    assert push(len(ARCHIVE), b"").headers["Upload-Complete"] == "?1"
    assert service.read(centre, name(ARCHIVE)) == ARCHIVE


def test_many_kiosks_push_the_same_body_at_once(centre, at_once):
    """Each asks where it stands and pushes from there, until it is whole."""
    cuts = [*range(0, len(ARCHIVE), PIECE), len(ARCHIVE)]
    ends = dict(pairwise(cuts))

    def kiosk(_):
        there = uploads.begin(centre, name(ARCHIVE), "application/zip", len(ARCHIVE))
        while not there.complete:
            end = ends.get(there.offset, len(ARCHIVE))
            try:
                there = uploads.append(
                    centre, name(ARCHIVE), there.offset, ARCHIVE[there.offset : end]
                )
            except ProblemError as refused:
                if refused.kind is not Kind.UPLOAD_OFFSET:
                    raise
                there = uploads.progress(centre, name(ARCHIVE))

    assert at_once(8, kiosk) == []
    assert service.read(centre, name(ARCHIVE)) == ARCHIVE
    assert rows(centre, Upload) == []
    assert len(rows(centre, Content)) == len(rows(centre, Image)) == 1
    known = {row.object for row in rows(centre, Piece)}
    assert known.isdisjoint(row.object for row in rows(centre, DoomedObject))


def test_one_that_sends_wrong_bytes_among_those_that_send_right_ones(centre, at_once):
    wrong = bytes([*ARCHIVE[:-1], ARCHIVE[-1] ^ 1])

    def kiosk(i):
        data = wrong if i == 0 else ARCHIVE
        there = uploads.begin(centre, name(ARCHIVE), "application/zip", len(ARCHIVE))
        while not there.complete:
            try:
                there = uploads.append(centre, name(ARCHIVE), there.offset, data[there.offset :])
            except ProblemError as refused:
                if refused.kind not in {Kind.UPLOAD_OFFSET, Kind.IMAGE_DAMAGED}:
                    raise
                if i == 0:
                    return
                there = uploads.progress(centre, name(ARCHIVE))

    assert at_once(4, kiosk) == []
    assert service.read(centre, name(ARCHIVE)) == ARCHIVE
