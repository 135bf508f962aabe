"""Every view the kiosk can show: the crawler's states, with pictures and long texts in them."""

import io
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from types import MappingProxyType

import segno
from PIL import Image, ImageDraw

from hardware.pin_pad.screen_pad import Keypad
from kiosk.crawl import ENGLISH, ground, read_catalogue
from kiosk.services.answers import Drawn, Eligible, PaperRead, Picture
from kiosk.services.batch_answers import Scan
from kiosk.services.card_answers import CardWord, PinEntry, PinPhase
from kiosk.services.closed import MAINTENANCE, By, Closed
from kiosk.services.enrolling import NOT_ENROLLED
from kiosk.services.needs import Need, finishable
from kiosk.visit import Facts
from screens.scene import Scene
from screens.view import View
from screens.views import view
from tests.crawled import crawled

LONG_NAME = "阿依古丽·买买提·吐尔逊"
ADDRESS = "重庆市渝北区龙溪街道示例大道 128 号示例新城 12 栋 3 单元 17-2"


PIN_STEPS = ("card", "old_pin", "new_pin", "pin_write")
KEYPAD = Keypad((3, 7, 1, 9, 0, 5, 2, 8, 4, 6))


@cache
def portrait() -> bytes:
    """A JPEG of the size the camera makes for a card: 358 x 441."""
    picture = Image.new("RGB", (358, 441), "#FFFFFF")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((109, 80, 249, 250), fill="#C89B7B")
    pen.ellipse((40, 270, 318, 600), fill="#39547A")
    return _bytes(picture, "JPEG")


@cache
def page() -> bytes:
    """A JPEG of a paper's page."""
    picture = Image.new("RGB", (1280, 720), "#E9E2D0")
    pen = ImageDraw.Draw(picture)
    for line in range(8):
        pen.rectangle((120, 90 + 70 * line, 1100, 110 + 70 * line), fill="#55504A")
    return _bytes(picture, "JPEG")


@cache
def slip() -> bytes:
    """A PNG as tall as a voucher is, with a code to photograph."""
    picture = Image.new("RGB", (576, 1250), "#FFFFFF")
    code = io.BytesIO()
    segno.make("v1|voucher|specimen", error="m").save(code, kind="png", scale=12)
    picture.paste(Image.open(code).convert("RGB"), (120, 820))
    pen = ImageDraw.Draw(picture)
    for line in range(12):
        pen.rectangle((24, 120 + 52 * line, 400 + 10 * line, 146 + 52 * line), fill="#000000")
    return _bytes(picture, "PNG")


@cache
def code() -> bytes:
    """A PNG of a code to photograph, as a phone is shown it."""
    drawn = io.BytesIO()
    segno.make("https://centre.example/upload/specimen", error="m").save(
        drawn, kind="png", scale=12
    )
    return drawn.getvalue()


def views() -> Iterator[View]:
    """Each different view of the crawler's states in both languages.

    The first of each step and dialog in both sizes, the others in large type, which is tighter.
    """
    english = read_catalogue(ENGLISH)
    plain = replace(ground(english).scene, left_s=25.0)
    scenes = [
        replace(plain, visit=replace(v, facts=_shown(v.facts))) for v in crawled().visits.values()
    ]
    scenes = [*_at_home(plain), *(scene for one in scenes for scene in _moods(one))]
    met: set[tuple[str, str]] = set()
    for scene in _different(scenes):
        shown = view(scene)
        place = (shown.step, shown.dialog.code if shown.dialog else "")
        both = (True,) if place in met else (False, True)
        met.add(place)
        for language in ("zh_CN", "en"):
            for large in both:
                tr = scene.tr if language == "zh_CN" else lambda text: english.get(text) or text
                yield view(replace(scene, tr=tr, language=language, large=large))


def _different(scenes: list[Scene]) -> Iterator[Scene]:
    """One scene for each look: what stands on the page, and the failure over it."""
    seen: set[object] = set()
    dialogs: set[object] = set()
    for scene in scenes:
        shown = view(scene)
        rows = tuple((row.label, row.value, row.picture, bool(row.change)) for row in shown.rows)
        choices = tuple((choice.title, choice.subtitle) for choice in shown.choices)
        words = (shown.step, shown.title, shown.lead, shown.notice, shown.countdown)
        entry = shown.entry and (shown.entry.kind, shown.entry.length)
        buttons = tuple(each and each.text for each in (shown.primary, shown.secondary))
        over = shown.dialog and (
            shown.dialog.title,
            shown.dialog.text,
            tuple(button.text for button in shown.dialog.buttons),
        )
        looks = over or (*words, rows, choices, entry, buttons, shown.picture)
        if looks not in (dialogs if over else seen):
            (dialogs if over else seen).add(looks)
            yield scene


def _at_home(scene: Scene) -> Iterator[Scene]:
    yield scene
    yield replace(scene, recovering=True)
    yield replace(scene, proving=True)
    yield replace(scene, helping=True)
    yield replace(scene, unclaimed=True)
    yield replace(scene, closed=Closed(MAINTENANCE))
    yield replace(scene, closed=NOT_ENROLLED, keepers=(By.NOT_ENROLLED,))
    yield replace(scene, troubles=frozenset({"F30"}))
    for need in (Need.CENTRE, Need.ID_READER, Need.SOCIAL_CARD):
        lost = frozenset({need})
        yield replace(scene, lost=lost, rules=finishable(scene.rules, lost))
    for progress in ("unread", "wrong_paper", "reader_broken"):
        yield replace(scene, progress=progress)


def _moods(scene: Scene) -> Iterator[Scene]:
    """The moment itself, and what its work says while it runs."""
    yield scene
    shown = view(scene)
    if shown.screen == "camera":
        yield replace(scene, progress="3")
    if shown.step == "attendant" and not shown.dialog:
        yield replace(scene, keepers=("attendant", "operator", "hours"))
    if shown.step == "enrolled" and not shown.dialog:
        yield replace(scene, progress="9T0C-4E1A-77QX-M2PB")
    if shown.step == "agent":
        yield replace(scene, progress="take_first")
    if shown.step in PIN_STEPS:
        yield from (replace(scene, progress=word) for word in CardWord)
        entries = (PinEntry(phase, dots, 5) for phase in PinPhase for dots in (0, 6))
        yield from (replace(scene, progress=each.word, keypad=KEYPAD) for each in entries)
        yield replace(scene, progress=PinEntry(PinPhase.OLD, 3).word)  # a pad of steel


def _shown(facts: Facts) -> Facts:
    """The facts with pictures that can be decoded, and names as long as they come."""
    return MappingProxyType({name: _richer(name, fact) for name, fact in facts.items()})


def _richer(name: str, fact: object) -> object:
    match fact:
        case Picture():
            return replace(fact, jpeg=page() if name == "page" else portrait())
        case Drawn():
            return Drawn(slip())
        case Scan():
            return Scan(code())
        case PaperRead() if name == "applicant":
            return replace(fact, name=LONG_NAME, address=ADDRESS)
        case Eligible():
            return replace(fact, name=LONG_NAME, address=ADDRESS)
        case _:
            return fact


def _bytes(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()
