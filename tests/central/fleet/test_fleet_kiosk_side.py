"""The kiosk's own code against this centre: the two sides of the contract meet."""

import threading
from datetime import UTC, datetime

import pytest

from kiosk.configuration.document import parse
from kiosk.configuration.line import Line
from kiosk.configuration.verified import Verifier
from kiosk.link import Centre
from kiosk.settings import load

OWN = load(None)
KIOSK = OWN.kiosk_id


@pytest.fixture
def line(client):
    centre = Centre(str(client.base_url), 20.0)
    centre.client().headers["X-Device"] = f"kiosk:{KIOSK}"
    yield Line(centre)
    centre.close()


@pytest.fixture
def verifier(signed, line, tmp_path):
    root = signed.folder / "fleet" / "1.root.json"
    return Verifier(root, tmp_path / "metadata", KIOSK, line, lambda: datetime.now(UTC))


def test_it_hears_proves_reads_and_reports(desire, line, verifier, centre, report):
    timer = threading.Timer(0.7, desire, ([KIOSK],), {"settings": {"service.window": "5"}})
    timer.start()
    assert line.desired(0, 20.0) == 1
    timer.join()
    proven = verifier.document()
    assert proven.revision == 1
    assert parse(proven.data, OWN).settings.window == "5"
    assert line.report({"state": "committed", "revision": 1, "serving": 1}) == (60.0, 20.0, False)
    assert line.desired(1) is None


def test_nothing_desired_is_nothing_proven(line, verifier):
    assert line.desired(0) is None
    assert verifier.document() is None
