"""The crawl, walked once for all tests of a process; their files go to one (tests/conftest.py)."""

from functools import cache

from kiosk.crawl import ground
from kiosk.crawl.answers import beginnings
from kiosk.crawl.walk import Walk, walk

SCENE = ground({}).scene
RULES, SERVICES = SCENE.rules, SCENE.services


@cache
def crawled() -> Walk:
    """Every state a person can come to, in the kiosk of the default settings and rules."""
    return walk(SCENE, beginnings(RULES))
