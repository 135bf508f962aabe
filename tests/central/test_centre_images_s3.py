"""The image store behind the S3 protocol: a real server process, over HTTP."""

import hashlib
import os
import re
import subprocess
import sys
import threading

import boto3
import pytest

from central.database import StoreError
from central.images import service, uploads
from central.images.s3 import S3
from central.images.store import ObjectMissing
from deploy.pictures import jpeg

JPEG = jpeg(b"far away")
NAME = hashlib.sha256(JPEG).hexdigest()
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


def start():
    """A server on a free port, and its address once it serves."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | CREDENTIALS,
    )
    for line in process.stderr:
        if found := re.search(r"http://127\.0\.0\.1:[1-9]\d*", line):
            threading.Thread(target=drain, args=(process.stderr,)).start()
            return process, found[0]
    raise AssertionError("moto's server does not start")


def drain(lines):
    """It says a line a request; a full pipe would stop it."""
    with lines:
        for _ in lines:
            pass


def stop(process):
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="module")
def endpoint():
    process, url = start()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        boto3.client("s3", endpoint_url=url, region_name="us-east-1").create_bucket(Bucket="images")
        yield url
    stop(process)


@pytest.fixture
def settings(endpoint, settings, monkeypatch, request):
    """Every test has a prefix of its own; the centre is opened after this."""
    prefix = hashlib.sha256(request.node.name.encode()).hexdigest()[:12]
    monkeypatch.setenv("IMAGE_STORE", f"s3://images/{prefix}?endpoint={endpoint}")
    return settings


def put(client, data=JPEG):
    name = hashlib.sha256(data).hexdigest()
    return client.put(f"/v1/images/{name}", content=data, headers={"Content-Type": "image/jpeg"})


def test_a_picture_goes_there_sealed_and_comes_back(client, centre):
    assert [put(client).status_code for _ in range(2)] == [201, 200]
    assert service.read(centre, NAME) == JPEG
    ((name, _),) = centre.vault.objects.names()
    assert b"far away" not in centre.vault.objects.get(name)
    assert not (centre.folder / "images").exists()


def test_an_upload_in_pieces(client, centre):
    uploads.begin(centre, NAME, "image/jpeg", len(JPEG))
    uploads.append(centre, NAME, 0, JPEG[:50])
    assert uploads.append(centre, NAME, 50, JPEG[50:]).complete
    assert service.read(centre, NAME) == JPEG
    assert len(list(centre.vault.objects.names())) == 2


def test_what_is_deleted_is_gone_and_may_be_deleted_again(centre):
    objects = centre.vault.objects
    objects.put("a" * 32, b"sealed")
    for _ in range(2):
        objects.delete("a" * 32)
    with pytest.raises(ObjectMissing):
        objects.get("a" * 32)
    assert list(objects.names()) == []


def test_more_objects_than_a_page_of_a_list(centre):
    names = {f"{i:032x}" for i in range(25)}
    centre.vault.objects.page = 10
    for name in names:
        centre.vault.objects.put(name, b"")
    assert {name for name, _ in centre.vault.objects.names()} == names


def test_many_kiosks_at_once(client, centre, at_once):
    answers = []
    assert at_once(6, lambda _: answers.append(put(client).status_code)) == []
    assert sorted(answers) == [200] * 5 + [201]
    assert service.read(centre, NAME) == JPEG


def test_a_store_that_is_gone_is_busy_and_nothing_is_half_kept(client, centre, problem):
    process, url = start()
    object.__setattr__(centre.vault, "objects", S3(f"s3://images?endpoint={url}"))
    answer = put(client)  # it has no such bucket
    assert (problem(answer), answer.json()["retryable"]) == ("busy", True)
    stop(process)
    assert problem(put(client)) == "busy"
    with centre.database.read() as session:
        assert service.unknown(session, {NAME}) == {NAME}


@pytest.mark.parametrize(
    "url", ["s3:///prefix", "http://bucket", "s3://bucket?key=secret", "s3://me:secret@bucket"]
)
def test_a_wrong_url_is_refused_and_not_repeated(url):
    with pytest.raises(StoreError) as refused:
        S3(url)
    assert "secret" not in str(refused.value)
