"""Pictures: whole, named by their hash, once."""

import hashlib

import pytest

from central.guard import MAX_BODY

JPEG = b"\xff\xd8\xff\xe0 picture"


def name(data):
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def put(client):
    def put(data, kind="image/jpeg", at=None):
        return client.put(
            f"/v1/images/{at or name(data)}", content=data, headers={"Content-Type": kind}
        )

    return put


@pytest.mark.parametrize(
    ("data", "kind"), [(JPEG, "image/jpeg"), (b"\x89PNG\r\n\x1a\n x", "image/png")]
)
def test_a_picture_is_kept_once(put, centre, data, kind):
    assert [put(data, kind).status_code for _ in range(3)] == [201, 200, 200]
    file = centre.folder / "images" / name(data)[:2] / name(data)
    assert file.read_bytes() == data
    assert [path.name for path in file.parent.iterdir()] == [name(data)]


def test_a_file_that_a_crash_left_without_its_row_is_taken(put, centre):
    folder = centre.folder / "images" / name(JPEG)[:2]
    folder.mkdir(parents=True)
    (folder / name(JPEG)).write_bytes(JPEG)
    assert put(JPEG).status_code == 201


@pytest.mark.parametrize(
    ("data", "kind", "at", "status", "expected"),
    [
        (JPEG, "image/jpeg", "0" * 64, 422, "image-damaged"),
        (JPEG, "image/png", None, 422, "image-not-a-picture"),
        (b"", "image/jpeg", None, 422, "image-not-a-picture"),
        (b"GIF89a", "image/gif", None, 415, "media-type-not-taken"),
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
    data = JPEG + bytes(MAX_BODY - len(JPEG))
    assert put(data).status_code == 201


def test_a_body_without_length_is_counted(client, problem):
    def chunks():
        for _ in range(5):
            yield bytes(MAX_BODY // 4)

    answer = client.put(
        f"/v1/images/{'0' * 64}", content=chunks(), headers={"Content-Type": "image/jpeg"}
    )
    assert (answer.status_code, problem(answer)) == (413, "too-large")
