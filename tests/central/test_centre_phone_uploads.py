"""A clerk's phone sends files to a kiosk: one phone, a quarter of an hour, sealed, then gone."""

import logging
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, text

from central.images.records import Content, DoomedObject, Piece
from central.phone_uploads import service
from central.phone_uploads.records import PhoneFile, PhoneUpload
from deploy.pictures import jpeg

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

KIOSK = {"X-Device": "kiosk:0017"}
LIST = "姓名,证件号码\n张三,11010519491231002X\n".encode()
NAME = "11010519491231002X.jpg"
PIECE = {"Content-Type": "application/octet-stream"}


@pytest.fixture
def begin(client):
    """Opens an upload at a kiosk: its path for the kiosk, and the page's for the phone."""

    def begin(kiosk="0017"):
        headers = {"X-Device": f"kiosk:{kiosk}"}
        answer = client.post("/v1/phone-uploads", json={"kiosk_id": kiosk}, headers=headers)
        assert answer.status_code == 201, answer.text
        told = answer.json()
        return f"/v1/phone-uploads/{told['id']}", httpx.URL(told["url"]).path

    return begin


@pytest.fixture
def phone(client):
    """Somebody's phone, with cookies of its own."""
    with httpx.Client(base_url=client.base_url, timeout=20) as phone:
        yield phone


@pytest.fixture
def other_phone(client):
    with httpx.Client(base_url=client.base_url, timeout=20) as phone:
        yield phone


def announce(phone, page, name, size):
    return phone.post(f"{page}/files", json={"name": name, "size": size})


def patch(phone, page, n, offset, data):
    headers = PIECE | {"Upload-Offset": str(offset)}
    return phone.patch(f"{page}/files/{n}", content=data, headers=headers)


def send(phone, page, name, data, piece=1000):
    n = announce(phone, page, name, len(data)).json()["n"]
    for offset in range(0, len(data), piece):
        answer = patch(phone, page, n, offset, data[offset : offset + piece])
        assert answer.status_code == 204, answer.text
    return n


def test_what_a_phone_sends_the_kiosk_fetches(begin, phone, client):
    kiosk, page = begin()
    assert client.get(kiosk, headers=KIOSK).json()["state"] == "waiting"
    picture = jpeg(b"x" * 5000)
    announce(phone, page, "list.csv", len(LIST))
    assert client.get(kiosk, headers=KIOSK).json()["state"] == "receiving"
    patch(phone, page, 1, 0, LIST)
    assert send(phone, page, NAME, picture) == 2
    told = client.get(kiosk, headers=KIOSK).json()
    assert told["state"] == "ready"
    assert told["files"] == [
        {"n": 1, "name": "list.csv", "size": len(LIST), "received": len(LIST)},
        {"n": 2, "name": NAME, "size": len(picture), "received": len(picture)},
    ]
    assert client.get(f"{kiosk}/files/1", headers=KIOSK).content == LIST
    whole = client.get(f"{kiosk}/files/2", headers=KIOSK)
    assert (whole.content, whole.headers["cache-control"]) == (picture, "no-store")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-99", 0, 99), ("bytes=950-2050", 950, 2050), ("bytes=4000-", 4000, None)],
)
def test_it_is_fetched_by_ranges(begin, phone, client, asked, first, last):
    kiosk, page = begin()
    picture = jpeg(bytes(range(256)) * 20)
    n = send(phone, page, "a.jpg", picture)
    answer = client.get(f"{kiosk}/files/{n}", headers=KIOSK | {"Range": asked})
    last = len(picture) - 1 if last is None else last
    assert (answer.status_code, answer.content) == (206, picture[first : last + 1])
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(picture)}"


@pytest.mark.parametrize("asked", ["bytes=99999-", "bytes=5-1", "bytes=-5", "lines=0-1"])
def test_a_range_that_is_not_there(begin, phone, client, problem, asked):
    kiosk, page = begin()
    n = send(phone, page, "list.csv", LIST)
    answer = client.get(f"{kiosk}/files/{n}", headers=KIOSK | {"Range": asked})
    assert (answer.status_code, problem(answer)) == (416, "range-impossible")


def test_it_goes_on_where_it_broke_off(begin, phone, client, problem):
    kiosk, page = begin()
    n = announce(phone, page, "list.csv", len(LIST)).json()["n"]
    patch(phone, page, n, 0, LIST[:10])
    again = patch(phone, page, n, 0, LIST[:10])
    assert (problem(again), again.headers["upload-offset"]) == ("upload-offset", "10")
    early = client.get(f"{kiosk}/files/{n}", headers=KIOSK)
    assert problem(early) == "upload-offset"
    assert patch(phone, page, n, 10, LIST[10:]).headers["upload-offset"] == str(len(LIST))
    assert problem(patch(phone, page, n, len(LIST), b"more")) == "invalid"


def test_the_first_phone_has_it_for_itself(begin, phone, other_phone, problem):
    _, page = begin()
    assert other_phone.get(page).status_code == 200  # who only looks takes nothing away
    n = send(phone, page, "list.csv", LIST)
    refused = announce(other_phone, page, "list.csv", 5)
    assert (refused.status_code, problem(refused)) == (403, "phone-upload-taken")
    assert "另一部手机" in refused.json()["reason_zh"]
    assert problem(patch(other_phone, page, n, 0, b"x")) == "phone-upload-taken"
    assert announce(phone, page, "a.jpg", 5).status_code == 201


def test_a_token_is_not_guessed(begin, phone, problem):
    _, page = begin()
    wrong = page[:-1] + ("A" if page[-1] != "A" else "B")
    told = phone.get(wrong)
    assert (told.status_code, "二维码已失效" in told.text) == (404, True)
    assert problem(announce(phone, wrong, "list.csv", 5)) == "phone-upload-over"
    assert len(page) == len("/upload/") + 43


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.exe", b"MZ"),
        ("a.jpg", b"GIF89a"),
        ("a.xlsx", b"not a zip"),
        ("a.zip", LIST),
        ("a.png", jpeg(b"x")),
        ("a.csv", b"a\0b"),
        ("../a.csv", LIST),
        (".csv", LIST),
        ("a\u202e.csv", LIST),
    ],
)
def test_what_is_no_list_and_no_picture_is_not_taken(begin, phone, client, problem, name, data):
    kiosk, page = begin()
    answer = announce(phone, page, name, len(data))
    if answer.status_code == 201:
        answer = patch(phone, page, 1, 0, data)
    assert (answer.status_code, problem(answer)) == (415, "phone-file-not-taken")
    assert answer.json()["citizen_message_key"] == "F41"
    assert client.get(kiosk, headers=KIOSK).json()["files"] == []


def test_no_more_than_200_mb_and_500_files(begin, phone, problem):
    _, page = begin()
    assert announce(phone, page, "a.zip", service.MOST_BYTES).status_code == 201
    full = announce(phone, page, "b.zip", 1)
    assert (full.status_code, problem(full)) == (413, "phone-upload-full")
    assert problem(announce(phone, page, "b.zip", service.MOST_BYTES + 1)) == "invalid"


def test_after_a_quarter_of_an_hour_it_is_gone(begin, phone, client, clock, centre, problem):
    kiosk, page = begin()
    n = send(phone, page, NAME, jpeg(b"x"))
    clock.now += timedelta(minutes=15)
    for answer in (
        client.get(kiosk, headers=KIOSK),
        client.get(f"{kiosk}/files/{n}", headers=KIOSK),
        announce(phone, page, "a.jpg", 5),
    ):
        assert (answer.status_code, problem(answer)) == (404, "phone-upload-over")
    assert phone.get(page).status_code == 404
    assert service.run_due(centre) == 1
    assert_nothing_is_left(centre)
    assert service.run_due(centre) == 0


def assert_nothing_is_left(centre):
    with centre.database.read() as session:
        for table in (PhoneUpload, PhoneFile, Piece, Content, DoomedObject):
            assert session.scalars(select(table)).all() == [], table
    assert list(centre.vault.objects.names()) == []


def test_at_the_end_of_the_visit_it_is_gone(begin, phone, client, centre):
    kiosk, page = begin()
    send(phone, page, NAME, jpeg(b"x"))
    for _ in range(2):
        assert client.delete(kiosk, headers=KIOSK).status_code == 204
    assert_nothing_is_left(centre)


def test_a_kiosk_has_one_at_a_time_and_its_own_alone(begin, phone, client, problem):
    first, page = begin()
    send(phone, page, "list.csv", LIST)
    other, _ = begin("0018")
    second, _ = begin()
    assert problem(client.get(first, headers=KIOSK)) == "phone-upload-over"
    assert phone.get(page).status_code == 404
    assert client.get(second, headers=KIOSK).status_code == 200
    for path in (other, f"{other}/files/1"):
        assert problem(client.get(path, headers=KIOSK)) == "kiosk-is-another"
    assert problem(client.delete(other, headers=KIOSK)) == "kiosk-is-another"
    app = {"X-Device": "app:x"}
    answer = client.post("/v1/phone-uploads", json={"kiosk_id": "0017"}, headers=app)
    assert problem(answer) == "device-forbidden"


def test_files_and_names_lie_sealed_and_the_log_has_neither(begin, phone, client, centre, caplog):
    with caplog.at_level(logging.INFO):
        kiosk, page = begin()
        send(phone, page, NAME, jpeg(b"a face"))
        client.get(kiosk, headers=KIOSK)
    token = page.rpartition("/")[2]
    ours = "".join(record.getMessage() for record in caplog.records if record.name == "central")
    assert "POST /upload/{token}/files 201" in ours
    for secret in (token, NAME, "11010519491231002X"):
        assert secret not in ours
    with centre.database.read() as session:
        rows = session.execute(text("SELECT * FROM phone_upload, phone_file")).all()
    for secret in (token, NAME, "11010519491231002X"):
        assert secret not in str(rows)
    for name, _ in centre.vault.objects.names():
        assert b"a face" not in centre.vault.objects.get(name)


def test_the_page_loads_nothing_from_elsewhere(begin, phone):
    _, page = begin()
    answer = phone.get(page)
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "选择文件" in answer.text
    assert "http" not in answer.text.replace('charset="utf-8"', "")
    for name in ("page.js", "page.css"):
        assert phone.get(f"/upload/static/{name}").status_code == 200
    assert phone.get("/upload/static/records.py").status_code == 404


def test_the_claim_is_for_this_upload_alone(begin, phone):
    _, page = begin()
    told = announce(phone, page, "list.csv", 5).headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=strict", f"Path={page}", "Max-Age=900"):
        assert part in told


def test_the_template_is_there_for_anybody(phone):
    answer = phone.get("/templates/card-list.xlsx")
    assert (answer.status_code, answer.content[:4]) == (200, b"PK\x03\x04")
    assert "attachment" in answer.headers["content-disposition"]
