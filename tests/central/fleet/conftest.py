"""A fleet with keys, kiosks that speak for themselves, and a TUF client as kiosks have it."""

import json
import time
import urllib.request
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import Updater, UpdaterConfig
from tuf.ngclient.fetcher import FetcherInterface

from central.audit.records import Actor, Kind
from central.clock import CHINA
from central.fleet import contents, keys, service
from central.operation import metrics, serving

ANNA, BERT = Actor(Kind.USER, "anna"), Actor(Kind.USER, "bert")


@pytest.fixture
def clock(clock):
    """TUF clients look at the real time: here it is the real one, moved on by hand."""
    clock.now = datetime.now(CHINA).replace(microsecond=0)
    return clock


@pytest.fixture
def sticks(tmp_path):
    return [tmp_path / f"stick-{number}" for number in (1, 2, 3)]


@pytest.fixture
def signed(centre, sticks, clock):
    """The centre with its keys."""
    keys.make(centre.folder, sticks, clock.now)
    return centre


@pytest.fixture
def desire(signed):
    """Gives kiosks a content: `desire(["0017"], settings={…})`; their revisions."""

    def desire(kiosks, **content):
        with signed.database.write() as session:
            made = contents.propose(session, json.dumps(content), "", ANNA, signed.clock())
            return service.give_approved(session, signed, kiosks, made.id, BERT).revisions

    return desire


@pytest.fixture
def kiosk(client):
    """Speaks as a kiosk: `kiosk("GET", "desired")`."""

    def kiosk(method, path, number="0017", **more):
        headers = {"X-Device": f"kiosk:{number}"} | more.pop("headers", {})
        return client.request(method, f"/v1/kiosks/self/{path}", headers=headers, **more)

    return kiosk


@pytest.fixture
def report(kiosk):
    """A kiosk's report; `next_s` and `jitter_s`."""

    def report(number="0017", **told):
        answer = kiosk("PUT", "reported", number, json=told)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return report


@pytest.fixture
def scrape(centre):
    """The text of `/metrics`, asked of the store anew."""

    def scrape():
        gauges = metrics.StoreGauges(centre.database, serving._times)
        server = metrics.serve(0, gauges)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/metrics") as answer:
                return answer.read().decode()
        finally:
            metrics.close(server, gauges)

    return scrape


class Fetcher(FetcherInterface):
    """TUF's transport over the kiosk's own connection."""

    def __init__(self, kiosk, number):
        self._kiosk, self._number = kiosk, number

    def _fetch(self, url):
        path = urlsplit(url).path.removeprefix("/v1/kiosks/self/")
        answer = self._kiosk("GET", path, self._number)
        if answer.status_code != 200:
            raise DownloadHTTPError("refused", answer.status_code)
        yield answer.content


@pytest.fixture
def verified(kiosk, tmp_path):
    """What a kiosk has after TUF's whole proof: revision and document; None without a target."""

    def verified(number="0017"):
        folder = tmp_path / f"tuf-{number}"
        first = not folder.exists()
        (folder / "targets").mkdir(parents=True, exist_ok=True)
        root = kiosk("GET", "metadata/1.root.json", number).content if first else None
        updater = Updater(
            str(folder),
            "http://centre/v1/kiosks/self/metadata/",
            str(folder / "targets"),
            "http://centre/v1/kiosks/self/targets/",
            fetcher=Fetcher(kiosk, number),
            config=UpdaterConfig(prefix_targets_with_hash=False),
            bootstrap=root,
        )
        updater.refresh()
        found = updater.get_targetinfo(f"kiosk/{number}.json")
        if found is None:
            return None
        path = updater.download_target(found, str(folder / f"document-{time.monotonic_ns()}"))
        return found.custom["revision"], json.loads(Path(path).read_bytes())

    return verified
