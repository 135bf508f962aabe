"""Which tests `make test` runs, and in which order their files are given to its processes."""

import pytest

LONG = {"journey", "slow"}
BOTH_STORES = ("test_centre_store", "test_centre_killed", "test_centre_migrations", "test_fleet_")
"""Files whose tests on PostgreSQL are never left out: where the stores differ."""


def pytest_collection_modifyitems(items):
    """Mark the other store's tests for `make test-thorough`. Files with a long test go first.

    So at the end no process runs one alone for minutes.
    """
    for item in items:
        if _thorough(item):
            item.add_marker(pytest.mark.thorough)
    long = {item.path for item in items if LONG & {mark.name for mark in item.iter_markers()}}
    items.sort(key=lambda item: item.path not in long)


def _thorough(item):
    params = item.callspec.params if hasattr(item, "callspec") else {}
    other = any(isinstance(value, str) and value == "postgresql" for value in params.values())
    return other and not item.path.name.startswith(BOTH_STORES)
