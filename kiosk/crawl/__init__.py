"""Every state a person can come to, visited and checked: `python -m kiosk states`."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from kiosk.crawl.answers import NOW, beginnings
from kiosk.crawl.checks import Gap, Ground, gaps
from kiosk.crawl.pages import told, write
from kiosk.crawl.walk import walk
from kiosk.desk import Waits
from kiosk.services.catalogue import catalogue
from kiosk.settings import RUNGS, load
from kiosk.visit import Patience
from regulation.rules import load_rules
from screens.scene import Scene

ROOT = Path(__file__).parent.parent.parent
ENGLISH = ROOT / "assets" / "locale" / "en" / "LC_MESSAGES" / "messages.po"


def ground(english: Mapping[str, str]) -> Ground:
    """The kiosk of the default settings and rules, in the morning of `NOW`."""
    settings = load(None)
    rules = load_rules(ROOT / "config" / "rules.toml")
    scene = Scene(
        visit=None,
        now=NOW,
        site=settings.site,
        window=settings.window,
        banks=settings.banks,
        hotlines=settings.hotlines,
        rules=rules,
        services=catalogue(rules),
        tr=lambda text: text,
    )
    seconds = {patience: settings.patience[patience] for patience in Patience}
    take_back, alarm, call, custody = (settings.patience[rung] for rung in RUNGS)
    waits = Waits(seconds, settings.patience["warn"], (take_back, alarm, call, custody))
    return Ground(scene, waits, english)


def read_catalogue(path: Path) -> dict[str, str]:
    """The sentences of a catalogue, by the Chinese one; those marked fuzzy are left out."""
    from babel.messages.pofile import read_po  # noqa: PLC0415 - a tool, not part of the kiosk

    with path.open("rb") as file:
        entries = list(read_po(file))
    return {str(each.id): str(each.string) for each in entries if each.id and not each.fuzzy}


def pages(here: Ground) -> tuple[dict[str, str], list[Gap]]:
    """The pages of docs/states by file name, and the gaps."""
    found = walk(here.scene, beginnings(here.scene.rules))
    lacking = gaps(found, here)
    return write(found, lacking, here), lacking


def main(argv: list[str]) -> int:
    """`python -m kiosk states [--out docs/states]`; 1 when a state lacks something."""
    parser = argparse.ArgumentParser(prog="python -m kiosk states", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "states")
    out: Path = parser.parse_args(argv).out
    texts, lacking = pages(ground(read_catalogue(ENGLISH)))
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (out / name).write_text(text, "utf-8")
    for line in sorted({told(gap) for gap in lacking}):
        print(line)  # noqa: T201 - a command's output
    return 1 if lacking else 0
