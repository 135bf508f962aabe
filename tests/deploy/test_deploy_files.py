"""What is under deploy/ for the centre: systemd's unit, nginx's site, the compose file.

nginx is run, with the centre behind it. The unit is read by systemd's own programs. The compose
file is only read: there is no container engine where these tests run.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from central.audit.records import Actor, Kind
from central.operation import options
from central.trust.authority import open_authority
from deploy.certificates import own
from kiosk.identity import Identity, _csr, _new_key

UNIT = Path("deploy/systemd/centre.service")
SITE = Path("deploy/nginx/centre.conf")
COMPOSE = Path("deploy/compose.yaml")
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
ENV = os.environ | {"PYTHONPATH": str(Path.cwd())}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def central(*arguments):
    """A command of the centre; its output."""
    command = [sys.executable, "-m", "central", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=ENV, check=True)
    return done.stdout


@contextmanager
def centre(folder, port):
    """The centre as the site expects it: on loopback, believing its proxy."""
    command = [sys.executable, "-m", "central", "serve", "--data", str(folder)]
    with subprocess.Popen(
        [*command, "--port", str(port), "--trust", "proxy"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=ENV,
    ) as process:
        assert process.stdout.readline()
        try:
            yield
        finally:
            process.terminate()


def site(folder, port, upstream):
    """The committed site at other places, in a whole configuration."""
    text = SITE.read_text("utf-8").replace("/etc/centre/", f"{folder}/")
    text = text.replace("listen 443 ", f"listen 127.0.0.1:{port} ")
    text = text.replace("127.0.0.1:8010", f"127.0.0.1:{upstream}")
    whole = folder / "nginx.conf"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"  {kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    whole.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;\n"
        + ("user root;\n" if os.getuid() == 0 else "")
        + f"events {{ worker_connections 256; }}\nhttp {{\n  access_log off;\n{paths}{text}}}\n"
    )
    return whole


@pytest.fixture(scope="module")
def behind_nginx(tmp_path_factory):
    """The centre behind nginx: the URL, the centre's folder, and nginx's own certificate."""
    folder, data = tmp_path_factory.mktemp("nginx"), tmp_path_factory.mktemp("centre") / "data"
    files = own(folder)
    files.certificate.rename(folder / "tls.pem")
    files.key.rename(folder / "tls.key")
    (folder / "device_ca.pem").write_text(central("device-ca", "--data", str(data)))
    port, upstream = free_port(), free_port()
    whole = site(folder, port, upstream)
    subprocess.run([NGINX, "-t", "-q", "-c", str(whole)], check=True, timeout=30)
    with centre(data, upstream), subprocess.Popen([NGINX, "-c", str(whole)]) as process:
        url = f"https://127.0.0.1:{port}"
        try:
            _until_it_answers(url, folder / "tls.pem")
            yield url, data, folder / "tls.pem"
        finally:
            process.terminate()


def _until_it_answers(url, ca):
    context = Identity(ca.parent / "nobody", str(ca)).context()
    with httpx.Client(
        verify=context, timeout=10, transport=httpx.HTTPTransport(verify=context, retries=5)
    ) as http:
        assert http.get(f"{url}/v1/health").status_code == 200


@pytest.fixture
def enrolled(behind_nginx, tmp_path):
    """A kiosk's identity, got through nginx."""

    def enrolled(number):
        url, data, ca = behind_nginx
        told = json.loads(central("enrol", "kiosk", number, "--data", str(data)))
        identity = Identity(tmp_path / number, str(ca))
        assert identity.enrol(url, told["code"]) == ""
        return identity

    return enrolled


def ask(url, context, **headers):
    with httpx.Client(verify=context, timeout=20) as http:
        body = {"csr": _csr(_new_key())}
        answer = http.post(f"{url}/v1/certificates", json=body, headers=headers)
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def test_a_kiosk_is_known_through_nginx_and_revoked_at_once(behind_nginx, enrolled):
    url, data, _ca = behind_nginx
    kiosk = enrolled("0017")
    assert ask(url, kiosk.context()) == (409, "renewal-too-early")
    central("revoke", "kiosk", "0017", "--data", str(data))
    assert ask(url, kiosk.context()) == (401, "certificate-revoked")


def test_a_header_of_the_client_is_dropped_by_nginx(behind_nginx, enrolled, tmp_path):
    url, _data, ca = behind_nginx
    enrolled("0018")
    pem = (tmp_path / "0018" / "identity.pem").read_text()
    shown = "%0A".join(pem[pem.index("-----BEGIN CERT") :].replace(" ", "%20").splitlines())
    nobody = Identity(tmp_path / "nobody", str(ca)).context()
    for header in ("X-SSL-Client-Cert", "X_SSL_Client_Cert"):
        assert ask(url, nobody, **{header: shown}) == (401, "device-unknown")
    assert ask(url, nobody, **{"X-Device": "kiosk:0018"}) == (401, "device-unknown")


def test_an_old_certificate_gets_the_centres_sentence(behind_nginx, tmp_path):
    url, data, ca = behind_nginx
    key = ec.generate_private_key(ec.SECP256R1())
    authority = open_authority(data, None, None)
    old = authority.issue(
        key.public_key(), Actor(Kind.KIOSK, "0019"), datetime.now(UTC) - timedelta(days=60)
    )
    folder = tmp_path / "old"
    folder.mkdir()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "identity.pem").write_bytes(pem + old.public_bytes(Encoding.PEM))
    assert ask(url, Identity(folder, str(ca)).context()) == (401, "device-unknown")


def test_nginx_bounds_a_body(behind_nginx, tmp_path):
    url, _data, ca = behind_nginx
    with httpx.Client(verify=Identity(tmp_path, str(ca)).context(), timeout=20) as http:
        answer = http.put(f"{url}/v1/images/{'0' * 64}", content=bytes(3 * 1024 * 1024))
    assert answer.status_code == 413
    assert answer.headers["Strict-Transport-Security"]


def unit_here(tmp_path):
    """The unit with the paths of this tree: systemd looks whether the program is there."""
    text = UNIT.read_text("utf-8").replace("/opt/centre/.venv/bin/python", sys.executable)
    path = tmp_path / "centre.service"
    path.write_text(text.replace("/opt/centre", str(Path.cwd())))
    return path


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_takes_the_unit(tmp_path):
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit_here(tmp_path))],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "centre.service" in line]
    assert ours == []


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_the_unit_is_exposed_little(tmp_path):
    done = subprocess.run(
        [
            "systemd-analyze",
            "security",
            "--offline=yes",
            "--threshold=20",
            str(unit_here(tmp_path)),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-300:]


def test_the_units_command_is_one_the_centre_takes():
    (command,) = re.findall(
        r"^ExecStart=\S+ -m central (.*)$", UNIT.read_text("utf-8"), re.MULTILINE
    )
    told = subprocess.run(
        [sys.executable, "-m", "central", *command.split(), "--help"],
        capture_output=True,
        timeout=60,
        env=ENV,
        check=False,
    )
    assert told.returncode == 0


def test_the_settings_file_is_one_the_centre_takes():
    told = options.load(Path("deploy/central.toml"))
    assert (told.mode, told.trust.mode, told.server.host) == ("production", "proxy", "127.0.0.1")


def test_the_compose_file_fits_the_tree_and_holds_no_secret():
    whole = yaml.safe_load(COMPOSE.read_text("utf-8"))
    services = whole["services"]
    assert services.keys() == {"postgres", "centre", "nginx"}
    assert services["nginx"]["network_mode"] == "service:centre"
    dockerfile = Path("deploy", services["centre"]["build"]["context"], "deploy/Dockerfile")
    for source in re.findall(r"^COPY (\S+) ", dockerfile.read_text("utf-8"), re.MULTILINE):
        assert Path(source).exists(), source
    for service in services.values():
        for secret in service.get("secrets", ()):
            assert secret in whole["secrets"]
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            if not source.startswith("./secrets"):
                assert source in whole["volumes"] or Path("deploy", source).exists(), source
    for secret in whole["secrets"].values():
        assert secret["file"].startswith("./secrets/")
    assert "/secrets/" in Path("deploy/.gitignore").read_text("utf-8").splitlines()
    file = tomllib.loads(Path("deploy/central.toml").read_text("utf-8"))
    assert file["store"]["database_url_file"].removeprefix("/run/secrets/") in whole["secrets"]
