"""`serve` as a process: settings, what production refuses, metrics, logs, several workers."""

import json
import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from central.database import StoreError
from central.operation import options, production
from deploy.certificates import own


@contextmanager
def running(folder, *flags, env=None):
    """The program serving; its process, its URL and what it said, read when it is over."""
    command = [
        sys.executable,
        "-m",
        "central",
        "serve",
        "--port",
        "0",
        "--data",
        str(folder),
        *flags,
    ]
    log = folder.parent / "log"
    with (
        log.open("w") as err,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
            env=os.environ | {"PYTHONPATH": str(Path.cwd())} | (env or {}),
        ) as process,
    ):
        try:
            line = process.stdout.readline()
            assert line, log.read_text()
            yield process, json.loads(line)["url"]
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=20)


def refused(folder, *flags, env=None):
    """What the program says when it does not begin."""
    done = subprocess.run(
        [sys.executable, "-m", "central", "serve", "--port", "0", "--data", str(folder), *flags],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())} | (env or {}),
    )
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "central.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_file_and_flags_which_go_before_it(write):
    path = write(
        '[server]\nport = 1\nworkers = 3\n[centre]\nwindow = "7"\noutlets = {0017 = "W301"}\n'
    )
    told = options.load(path, {"server": {"port": 2}})
    assert (told.server.port, told.server.workers) == (2, 3)
    settings = told.settings()
    assert (settings.window, dict(settings.outlets)) == ("7", {"0017": "W301"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[server]\nprot = 1", "server.prot"),
        ('[server]\nport = "1"', "server.port"),
        ("[server]\nport = 70000", "server.port"),
        ("[server]\nworkers = 0", "server.workers"),
        ('[server]\ntls_key = "/k"', "tls_certificate"),
        ('[trust]\nmode = "maybe"', "trust.mode"),
        ('[trust]\nmode = "tls"', "tls_certificate and tls_key"),
        ("[centre]\nwindow = 3", "centre.window"),
        ('[centre]\nhsm = "magic"', "magic"),
        ("mode = 1", "mode"),
        ("[nothing]\na = 1", "nothing"),
        ("[", "not TOML"),
    ],
)
def test_a_wrong_file_is_told_by_key(write, text, told):
    path = write(text)
    with pytest.raises(StoreError) as error:
        options.load(path)
    assert str(path) in str(error.value)
    assert told in str(error.value)


def keys():
    """Every key of central.toml, as the documentation names it."""
    for name, field in options._FILE.model_fields.items():
        inner = getattr(field.annotation, "model_fields", None)
        if inner is None:
            yield name
        else:
            yield from (f"[{name}] {key}" for key in inner)


def test_every_key_is_documented_and_no_other():
    page = Path("docs/centre/operation.md").read_text("utf-8")
    told = [
        line.split("`")[1] for line in page.splitlines() if line.startswith(("| `[", "| `mode`"))
    ]
    assert told == list(keys())


def production_options(tmp_path, **changes):
    files = own(tmp_path)
    table = {
        "": {"mode": "production"},
        "server": {"tls_certificate": str(files.certificate), "tls_key": str(files.key)},
        "trust": {"mode": "tls"},
        "centre": {},
        **changes,
    }
    return options.load(None, table)


@pytest.fixture
def image_key(tmp_path, monkeypatch):
    path = tmp_path / "image.key"
    path.write_bytes(secrets.token_bytes(32))
    path.chmod(0o600)
    monkeypatch.setenv("IMAGE_KEY_FILE", str(path))
    return path


def test_production_begins_with_everything_right(tmp_path, image_key):
    assert production.refusals(production_options(tmp_path), tmp_path) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"trust": {"mode": "open"}}, "believes what anybody says"),
        ({"trust": {"mode": "proxy"}, "server": {"host": "0.0.0.0"}}, "plain HTTP"),
        ({"trust": {"mode": "tls", "limits": False}}, "limits"),
        ({"centre": {"hsm": "demo"}}, "demo keys"),
    ],
)
def test_production_refuses_what_is_for_trying(tmp_path, image_key, changes, told):
    (sentence,) = production.refusals(production_options(tmp_path, **changes), tmp_path)
    assert told in sentence


def test_production_refuses_secrets_everybody_may_read(tmp_path, image_key):
    (tmp_path / "secret").write_bytes(b"x")
    told = production_options(tmp_path)
    for path in (tmp_path / "secret", tmp_path / "server.key", image_key):
        path.chmod(0o644)
    sentences = production.refusals(told, tmp_path)
    assert [sentence.split()[0] for sentence in sentences] == [
        str(tmp_path / "secret"),
        str(tmp_path / "server.key"),
        str(image_key),
    ]
    assert all("chmod 600" in sentence for sentence in sentences)


def test_production_refuses_the_default_image_key(tmp_path, monkeypatch):
    monkeypatch.delenv("IMAGE_KEY_FILE", raising=False)
    monkeypatch.delenv("IMAGE_KEY", raising=False)
    (sentence,) = production.refusals(production_options(tmp_path), tmp_path)
    assert "IMAGE_KEY_FILE" in sentence


def test_development_refuses_nothing(tmp_path):
    assert production.refusals(options.load(None), tmp_path) == []


def test_every_refusal_is_told_at_once_and_nothing_is_made(tmp_path):
    folder = tmp_path / "data"
    told = refused(folder, "--mode", "production", "--hsm", "demo", env={"IMAGE_KEY_FILE": ""})
    assert len(told.splitlines()) == 3
    assert not folder.exists()


def test_a_signal_exchanges_the_certificate(tmp_path):
    files = own(tmp_path)
    flags = ("--tls-cert", str(files.certificate), "--tls-key", str(files.key))
    with running(tmp_path / "data", *flags) as (process, url):
        host = ("127.0.0.1", httpx.URL(url).port)
        own(tmp_path)
        process.send_signal(signal.SIGHUP)
        while ssl.get_server_certificate(host) != files.certificate.read_text():
            assert process.poll() is None
        process.terminate()
        assert process.wait(timeout=20) == 0


def test_several_workers_need_postgresql(tmp_path):
    assert "DATABASE_URL" in refused(tmp_path / "d", "--workers", "2", env={"DATABASE_URL": ""})


def test_a_certificate_that_is_none_is_refused(tmp_path):
    bad = tmp_path / "bad.pem"
    bad.write_text("x")
    told = refused(tmp_path / "d", "--tls-cert", str(bad), "--tls-key", str(bad))
    assert str(bad) in told


def test_metrics_are_on_loopback_and_the_log_is_json(tmp_path):
    port = free_port()
    flags = ("--metrics-port", str(port), "--log", "json")
    with running(tmp_path / "data", *flags) as (process, url):
        assert httpx.get(f"{url}/v1/health").status_code == 200
        assert httpx.get(f"{url}/metrics").status_code == 404
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            told = answer.read().decode()
        process.terminate()
        assert process.wait(timeout=20) == 0
    assert 'route="/v1/health",status="200"' in told
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    asked = [line for line in lines if line.get("route") == "/v1/health"]
    assert asked[0].keys() == {
        "time", "level", "logger", "message", "request_id", "method", "route", "status", "ms",
    }  # fmt: skip


@pytest.fixture
def on_postgresql(template):
    with template() as url:
        yield {"DATABASE_URL": url}


def children(pid):
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=True
    )
    return [int(each) for each in listed.stdout.split()]


def test_workers_share_a_socket_are_started_again_and_end_in_order(tmp_path, on_postgresql):
    port = free_port()
    flags = ("--workers", "2", "--metrics-port", str(port))
    with running(tmp_path / "data", *flags, env=on_postgresql) as (process, url):
        first = set(children(process.pid))
        assert len(first) == 2
        os.kill(min(first), signal.SIGKILL)
        while len(both := set(children(process.pid))) < 2 or both == first:
            assert process.poll() is None
        for _ in range(20):
            assert httpx.get(f"{url}/v1/health", timeout=20).status_code == 200
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            told = answer.read().decode()
        process.terminate()
        assert process.wait(timeout=30) == 0
    (line,) = [it for it in told.splitlines() if it.startswith("centre_requests_total{")]
    assert line.endswith(" 20.0")
    assert not any(Path(f"/proc/{pid}").exists() for pid in both)


def test_a_worker_that_cannot_begin_ends_the_whole(tmp_path, on_postgresql):
    bad = tmp_path / "rules.toml"
    bad.write_text("[meta")
    assert str(bad) in refused(
        tmp_path / "d", "--workers", "2", "--rules", str(bad), env=on_postgresql
    )
