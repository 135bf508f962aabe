"""A repository that signs, a server that lies on order, and a kiosk's line to it."""

import json

import pytest

from kiosk.configuration.line import Line
from kiosk.configuration.verified import Verifier
from kiosk.link import Centre
from tests.kiosk.configuration.repository import NOW, Repository, Server

DOCUMENT = {"schema": 1, "kiosk": "0017", "revision": 13, "mode": "in_service"}
DATA = json.dumps(DOCUMENT).encode()


@pytest.fixture
def repository():
    return Repository()


@pytest.fixture
def server(repository):
    server = Server(repository)
    yield server
    server.close()


@pytest.fixture
def line(server):
    centre = Centre(server.url, 5.0)
    yield Line(centre)
    centre.close()


class Clock:
    """The kiosk's clock, which may be wrong."""

    def __init__(self):
        self.time = NOW

    def now(self):
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def verifier(repository, line, clock, tmp_path):
    root = tmp_path / "root.json"
    root.write_bytes(repository.first_root)
    return lambda: Verifier(root, tmp_path / "metadata", "0017", line, clock.now)
