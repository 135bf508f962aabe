"""Lists on a medium, looked at by the real engine; nothing is imitated but the people."""

import threading
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from deploy.card_lists import TODAY
from kiosk.batch.card_list import look_at
from kiosk.batch.preflight import Terms
from kiosk.batch.source import lists_of
from regulation.card_list.judge import Ground
from regulation.rules import Service
from regulation.switches import Switches
from tests.kiosk.batch.folder import Folder

BANKS = frozenset({"重庆农村商业银行", "重庆银行", "中国工商银行", "中国银行"})
NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)


@pytest.fixture
def ground():
    return Ground(Service.NEW_BATCH, Switches(), TODAY, banks=BANKS)


@pytest.fixture
def terms(ground, tmp_path):
    folder = tmp_path / "store"
    folder.mkdir()
    return Terms(ground, folder=folder)


@pytest.fixture
def medium(tmp_path):
    """Where a unit's files lie: `put(name, data)`; `source` reads them."""
    root = tmp_path / "medium"
    root.mkdir()

    def put(name, data):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def put_all(files):
        for name, data in files.items():
            put(name, data)

    return SimpleNamespace(root=root, put=put, put_all=put_all, source=lambda: Folder(root))


@pytest.fixture
def look(medium, terms):
    """Looks at the list of the medium; each is forgotten at the end."""
    open_lists = []

    def look(source=None, tell=lambda _progress: None, cancel=None, terms=terms):
        source = source or medium.source()
        entry = lists_of(source.entries())[0]
        found = look_at(source, entry, terms, tell, cancel or threading.Event())
        open_lists.append(found)
        return found

    yield look
    for each in open_lists:
        each.close()


@pytest.fixture
def faults():
    """What is wrong with a list: (row, field, code)."""
    return lambda found: {(each.row, each.field, each.what.value) for each in found.faults()}
