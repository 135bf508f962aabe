"""The centre as a process: its command line, and what a kill -9 leaves."""

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from central.__main__ import main
from central.server import listen
from deploy.pictures import jpeg

HERE = Path(__file__).parent
KEY = "01890a5d-ac96-774b-bcce-b302099a8057"
PORTRAIT = jpeg(b"a portrait")


@contextmanager
def serving(folder, *program, more=()):
    """The program serving the folder on a free port; ended by SIGTERM unless it died."""
    command = [
        *(program or ("-m", "central")),
        "serve",
        "--port",
        "0",
        "--data",
        str(folder),
        *more,
    ]
    with subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    ) as process:
        try:
            with httpx.Client(base_url=json.loads(process.stdout.readline())["url"]) as client:
                yield process, client
        finally:
            if process.poll() is None:
                process.terminate()


def post(client, order):
    """An application of 张三 with its portrait: right on whatever day the test is run."""
    name = hashlib.sha256(PORTRAIT).hexdigest()
    sent = client.put(
        f"/v1/images/{name}", content=PORTRAIT, headers={"Content-Type": "image/jpeg"}
    )
    assert sent.is_success
    body = order(signature="window", images=[{"kind": "portrait", "sha256": name}])
    return client.post("/v1/applications", json=body, headers={"Idempotency-Key": KEY}, timeout=20)


@pytest.fixture
def run(capsys):
    """Runs a command of the centre in this process: exit code, JSON printed, sentence for people."""

    def run(*arguments):
        umask = os.umask(0o077)
        try:
            code = main([str(argument) for argument in arguments])
        finally:
            os.umask(umask)
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run


def test_the_commands_work_while_it_serves_and_it_ends_in_order(tmp_path, order, run):
    folder = tmp_path / "data"
    with serving(folder, more=("--window", "7")) as (process, client):
        assert client.get("/v1/health").json()["status"] == "ok"
        assert run("seed", HERE / "people.toml", "--data", folder) == (0, {"people": 9}, "")
        voucher_no = post(client, order).json()["voucher_no"]
        code, shown, _ = run("show", voucher_no, "--data", folder)
        assert code == 0
        assert (shown["applicant"]["name"], shown["window"]) == ("张三", "7")
        assert run("list", "--data", folder)[1] == [shown]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    made = {path.name for path in folder.iterdir()}
    assert made - {"audit_key.pem", "checkpoints.jsonl"} == {
        "serving.lock",
        "centre.sqlite3",
        "image_key",
        "images",
        "secret",
        "voucher_key.pem",
    }
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder, *folder.iterdir()))


@pytest.mark.parametrize(("moment", "arrived"), [("before_commit", False), ("after_commit", True)])
def test_killed_before_the_answer_the_key_settles_it(
    tmp_path, seeded, restart, order, moment, arrived
):
    folder = shutil.copytree(seeded, tmp_path / "data")
    with serving(folder, str(HERE / "dies_at_commit.py"), moment) as (process, client):
        with pytest.raises(httpx.RemoteProtocolError):
            post(client, order)
        assert process.wait(timeout=20) == -signal.SIGKILL
    with restart(folder) as client:
        asked = client.get(f"/v1/requests/{KEY}")
        again = post(client, order)
        assert asked.status_code == (200 if arrived else 404)
        assert again.status_code == 201
        assert again.headers.get("Idempotency-Replayed") == ("true" if arrived else None)
        if arrived:
            assert asked.json()["body"] == again.json()
        found = client.post("/v1/vouchers/resolve", json={"qr": again.json()["qr"]}).json()
        assert found["voucher_no"] == again.json()["voucher_no"]
        assert again.json()["voucher_no"].split("-")[3] == "0001"


def test_an_unknown_voucher_is_told_in_a_sentence(seeded, run):
    code, shown, sentence = run("show", "CQ-0017-20261123-0001-0", "--data", seeded)
    assert (code, shown) == (1, None)
    assert sentence == "there is no application CQ-0017-20261123-0001-0\n"


@pytest.mark.parametrize("command", [("list",), ("show", "X")])
def test_a_folder_without_a_centre_is_not_made_one(tmp_path, run, command):
    code, _, sentence = run(*command, "--data", tmp_path / "none")
    assert code == 2
    assert "`python -m central migrate`" in sentence
    assert not (tmp_path / "none").exists()


def test_a_bad_file_of_people_is_refused_in_a_sentence(tmp_path, run):
    file = tmp_path / "bad.toml"
    file.write_text("[[person]]\nname = 1\n")
    code, _, sentence = run("seed", file, "--data", tmp_path / "data")
    assert code == 2
    assert f"{file}:2: person[1].name: " in sentence


def test_a_taken_port_is_refused_in_a_sentence(seeded, tmp_path, run):
    folder = shutil.copytree(seeded, tmp_path / "data")
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        code, _, sentence = run("serve", "--port", port, "--data", folder)
    assert code == 2
    assert "in use" in sentence


def test_answers_do_not_wait_for_nagle():
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP  # what asyncio asks before TCP_NODELAY


def test_bad_rules_are_refused_in_a_sentence(tmp_path, run):
    bad = tmp_path / "rules.toml"
    bad.write_text("[meta")
    code, _, sentence = run("serve", "--port", 0, "--data", tmp_path / "d", "--rules", bad)
    assert code == 2
    assert sentence.startswith(str(bad))
    assert not (tmp_path / "d").exists()


def test_the_contract_is_printed(run):
    committed = json.loads(Path("central/openapi.json").read_text(encoding="utf-8"))
    assert run("openapi")[:2] == (0, committed)


def test_a_folder_is_served_by_one_process(tmp_path, seeded):
    folder = shutil.copytree(seeded, tmp_path / "data")
    with serving(folder):
        command = [sys.executable, "-m", "central", "serve", "--port", "0", "--data", str(folder)]
        second = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 2
    assert "another process serves this folder" in second.stderr
