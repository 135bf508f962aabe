"""Backup while others write, destroy, restore: every voucher is byte for byte what it was."""

import hashlib
import json
import shutil
import subprocess
import threading
import uuid

import pytest
from sqlalchemy import create_engine, make_url, select, text

from central.__main__ import main
from central.applications.records import Application
from central.database import URL, Database
from central.fleet import keys, signing
from central.fleet.records import repository as signed_of
from central.images import service
from central.images.records import Image
from central.images.vault import open_vault
from deploy.pictures import jpeg
from regulation.vouchers import voucher_number

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def run(capfdbinary, monkeypatch):
    """A command of the centre in this process: exit code, bytes printed, sentence."""

    def run(*arguments, url=""):
        monkeypatch.setenv(URL, url)
        code = main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return code, out, err.decode()

    return run


@pytest.fixture
def empty_url(request, store):
    """The URL of an empty database; "" for SQLite."""
    if store == "sqlite":
        yield ""
        return
    server = make_url(request.getfixturevalue("postgres")).set(drivername="postgresql+psycopg")
    name = f"r{uuid.uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield server.set(database=name, drivername="postgresql").render_as_string(
            hide_password=False
        )
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def filled(centre, submit, clock):
    """A centre with cases and pictures."""
    assert submit().status_code == 201
    for i in range(5):
        data = jpeg(str(i).encode())
        service.store(centre, hashlib.sha256(data).hexdigest(), "image/jpeg", data)
    return centre


def write_on(centre, clock, stop, written):
    """Cases, one after another, until it is told to stop."""
    with centre.database.read() as session:
        first = session.scalars(select(Application)).first()
        kept = {c.name: getattr(first, c.name) for c in Application.__table__.columns}
    for seq in range(100, 125):
        if stop.is_set():
            return
        voucher_no = voucher_number("0018", clock().date(), seq)
        changes = {"voucher_no": voucher_no, "key": str(seq), "seq": seq, "kiosk_id": "0018",
                   "number": f"X{seq}", "state": "DONE"}  # fmt: skip
        with centre.database.write() as session:
            session.add(Application(**kept | changes))
        written.append(voucher_no)


def vouchers(folder, url):
    with Database(folder, create=False, url=url) as database, database.read() as session:
        return set(session.scalars(select(Application.voucher_no)))


def _sign(centre):
    """A kiosk has its metadata."""
    keys.make(centre.folder, [centre.folder / "stick"], centre.clock())
    with centre.database.write() as session:
        signing.renewed(session, keys.load(centre.folder), "0017", centre.clock())


def test_backup_destroy_restore(filled, clock, run, tmp_path, database_url, empty_url):
    out, stop, written = tmp_path / "backup", threading.Event(), []
    writer = threading.Thread(target=write_on, args=(filled, clock, stop, written))
    writer.start()
    while len(written) < 5 and writer.is_alive():
        pass
    before = list(written)
    _sign(filled)
    code, told, _ = run("backup", "--data", filled.folder, out, "--with-secrets", url=database_url)
    during = len(written)
    stop.set()
    writer.join()
    assert (code, json.loads(told)["images"], during > 5) == (0, 7, True)
    known = vouchers(filled.folder, database_url)
    shown = {no: run("show", no, "--data", filled.folder, url=database_url) for no in known}
    with filled.database.read() as session:
        pictures = {
            name: service.read(filled, name) for name in session.scalars(select(Image.sha256))
        }
    filled.database.close()
    shutil.rmtree(filled.folder)

    folder = tmp_path / "again"
    assert run("restore", out, "--data", folder, url=empty_url)[0] == 0
    restored = vouchers(folder, empty_url)
    assert {*before} < restored <= known
    for no in restored:
        assert run("show", no, "--data", folder, url=empty_url) == shown[no]
    with Database(folder, create=False, url=empty_url) as database:
        object.__setattr__(filled, "database", database)
        object.__setattr__(filled, "vault", open_vault(folder))
        assert {name: service.read(filled, name) for name in pictures} == pictures
        with database.read() as session:  # what kiosks saw is newer: it is signed anew
            assert signed_of(session, "0017")[0] is None
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_restore_needs_an_empty_place(filled, run, tmp_path, database_url, empty_url):
    out = tmp_path / "backup"
    arguments = ("backup", "--data", filled.folder, out, "--with-secrets")
    assert run(*arguments, url=database_url)[0] == 0
    code, _, sentence = run(*arguments, url=database_url)
    assert (code, "there already" in sentence) == (2, True)
    code, _, sentence = run("restore", out, "--data", filled.folder, url=empty_url)
    assert (code, "is not empty" in sentence) == (2, True)
    if database_url:
        code, _, sentence = run("restore", out, "--data", tmp_path / "new", url=database_url)
        assert (code, "the database has tables" in sentence) == (2, True)
    code, _, sentence = run(
        "restore", out, "--data", tmp_path / "new", url="" if database_url else "postgresql:///x"
    )
    assert (code, "DATABASE_URL" in sentence) == (2, True)
    assert not (tmp_path / "new").exists()


def test_sealed_and_without_secrets(filled, run, tmp_path, database_url, empty_url):
    out, key, public = (tmp_path / name for name in ("backup", "key.pem", "public.pem"))
    openssl = ["openssl", "genpkey", "-algorithm", "X25519", "-out", key]
    subprocess.run(openssl, check=True, timeout=20)
    subprocess.run(
        ["openssl", "pkey", "-in", key, "-pubout", "-out", public], check=True, timeout=20
    )
    code, told, _ = run(
        "backup", "--data", filled.folder, out, "--without-secrets", "--recipient", public,
        url=database_url,
    )  # fmt: skip
    assert (code, json.loads(told)["secrets"]) == (0, 0)
    assert b"CQ-0017" not in out.read_bytes()
    secret = (filled.folder / "secret").read_bytes()
    assert secret not in out.read_bytes()

    def restore(*more):
        return run("restore", out, "--data", tmp_path / "new", *more, url=empty_url)

    assert "give --identity" in restore()[2]
    assert "--secrets-from a folder with" in restore("--identity", key)[2]
    good = ("--identity", key, "--secrets-from", filled.folder)
    assert "not the one" in restore(*good, "--manifest", "0" * 64)[2]
    assert not (tmp_path / "new").exists()
    assert restore(*good, "--manifest", json.loads(told)["manifest"])[0] == 0
    assert (tmp_path / "new" / "secret").read_bytes() == secret
