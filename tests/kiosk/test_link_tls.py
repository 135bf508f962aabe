"""Over real TLS: a centre whose certificate is of other days tells of the kiosk's clock (F47)."""

import io
import json
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from deploy import certificates
from kiosk.clocks import Clocks
from kiosk.identity import Identity
from kiosk.link import Centre, OutOfDate, Unreachable
from kiosk.log import Log
from tests.kiosk.test_link import Server

YEARS = timedelta(days=4000)
NEVER = timedelta()


def made(folder, apart, monkeypatch):
    """A certificate of so much later than today."""
    folder.mkdir(exist_ok=True)
    then = SimpleNamespace(now=lambda zone: datetime.now(zone) + apart)
    with monkeypatch.context() as patch:
        patch.setattr(certificates, "datetime", then)
        return certificates.own(folder)


@contextmanager
def centre_with(files, trusted):
    """A centre that shows this certificate, and the link of a kiosk that trusts that one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    with Server() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.reply = (200, "application/json", _now())
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        identity = Identity(trusted.certificate.parent / "none", str(trusted.certificate))
        link = Centre(f"https://127.0.0.1:{server.server_address[1]}", 5.0, identity)
        yield link
        link.close()
        server.shutdown()
        thread.join()


def _now():
    return json.dumps({"time": datetime.now(UTC).isoformat()}).encode()


@pytest.fixture
def clocks():
    """The clocks of a kiosk, its centre to be put in; its log is `rows`."""
    out = io.StringIO()
    nobody, now = cast("Centre", None), lambda: datetime.now(UTC)
    clocks = Clocks(nobody, now, Log(out, now))
    return clocks, lambda: [json.loads(row)["state"] for row in out.getvalue().splitlines()]


@pytest.mark.parametrize("apart", [-YEARS, YEARS], ids=["has ended", "begins later"])
def test_a_certificate_of_other_days_is_a_clock_that_is_off_until_the_centre_answers(
    tmp_path, monkeypatch, clocks, apart
):
    (clocks, states), other = clocks, made(tmp_path / "other", apart, monkeypatch)
    with centre_with(other, other) as clocks.centre:
        with pytest.raises(OutOfDate):
            clocks.centre.time()
        clocks.compare()
        clocks.compare()
        assert clocks.centre.reach.away
    assert clocks.off
    today = made(tmp_path / "today", NEVER, monkeypatch)
    with centre_with(today, today) as clocks.centre:
        clocks.compare()
    assert not clocks.off
    assert states() == ["off_or_certificate", "ok"]


def test_a_certificate_of_somebody_else_tells_nothing_of_the_clock(tmp_path, monkeypatch, clocks):
    (clocks, states), ours = clocks, made(tmp_path / "ours", NEVER, monkeypatch)
    theirs = made(tmp_path / "theirs", NEVER, monkeypatch)
    with centre_with(theirs, ours) as clocks.centre:
        with pytest.raises(Unreachable) as caught:
            clocks.centre.time()
        clocks.compare()
    assert type(caught.value) is Unreachable
    assert (clocks.off, states()) == (False, [])
