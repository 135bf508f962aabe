"""Which tests `make test` runs, and how they are given to its processes: files, long ones first."""

import gc
import re
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

LONG = {"journey", "slow"}
BOTH_STORES = ("test_centre_store", "test_centre_killed", "test_centre_migrations", "test_fleet_")
"""Files whose tests on PostgreSQL are never left out: where the stores differ."""

BUSY = 3
"""Processes for what needs a core; more windows at once would make each other late."""
WAITING = tuple(
    f"tests/{folder}/"
    for folder in ("hardware", "wire", "cards", "station", "fuzz", "central", "faults")
)
"""Tests of devices and of the centre: they mostly wait for deadlines and disks."""

CRAWL = re.compile(r"^from tests(\.screens)? import .*moments|^from tests\.crawled ", re.MULTILINE)
"""What a file imports that needs the crawl: one process walks it for all of them."""


def pytest_collection_modifyitems(items):
    """Mark the other store's tests for `make test-thorough`; long files go first.

    So at the end no process runs one alone for minutes.
    """
    for item in items:
        if _thorough(item):
            item.add_marker(pytest.mark.thorough)
    long = {item.path for item in items if LONG & {mark.name for mark in item.iter_markers()}}
    items.sort(key=lambda item: (_group(item.location[0]) != "crawl", item.path not in long))


@pytest.fixture(scope="module", autouse=True)
def what_stands():
    """What is there before a file is no garbage: a kiosk collects after each visit, among its own."""
    gc.collect()
    gc.freeze()


class Files(LoadScopeScheduling):
    """A file goes to one process whole, and so do all that need the crawl.

    The first processes take what needs a core of its own, a window above all; the others what
    mostly waits; at the end everybody helps.
    """

    def _split_scope(self, nodeid):
        return _group(nodeid.split("::", 1)[0])

    def _assign_work_unit(self, node):
        busy = self.nodes.index(node) < BUSY
        mine = next((each for each in self.workqueue if each.startswith(WAITING) != busy), None)
        if mine:
            self.workqueue.move_to_end(mine, last=False)
        super()._assign_work_unit(node)


def pytest_xdist_make_scheduler(config, log):
    return Files(config, log)


@cache
def _group(file):
    return "crawl" if CRAWL.search(Path(file).read_text("utf-8")) else file


def _thorough(item):
    params = item.callspec.params if hasattr(item, "callspec") else {}
    other = any(isinstance(value, str) and value == "postgresql" for value in params.values())
    return other and not item.path.name.startswith(BOTH_STORES)
