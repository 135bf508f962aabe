"""Random visits: answers of every type, right and wrong, in any order, for every service."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from kiosk.crawl.answers import (
    ADULT,
    CHILD,
    DRAWN,
    EXPIRED,
    GROWN_UP,
    IMPOSSIBLE,
    JPEG,
    NOW,
    SUBMITTED,
    TYPED,
    WORK,
    beginnings,
)
from kiosk.crawl.batches import UNIT
from kiosk.crawl.cards import IN_USE, LOST_CARD
from kiosk.crawl.walk import offered
from kiosk.services import answers as a
from kiosk.services import batch_answers as b
from kiosk.services.catalogue import catalogue
from kiosk.services.failures import FAILURES
from kiosk.services.wishes import PORTRAIT_STEPS
from kiosk.settings import load
from kiosk.visit import (
    Back,
    Broke,
    Change,
    Event,
    Failed,
    Help,
    Idle,
    Leave,
    Opened,
    Refusal,
    Resume,
    Said,
    Shut,
    Taken,
    Visit,
    advance,
    standing,
)
from regulation.papers import Paper
from regulation.reasons import Reason
from regulation.rules import Applicant, load_rules
from screens.scene import Scene
from screens.views import view

RULES = load_rules(Path("config/rules.toml"))
BEGINNINGS = tuple(beginnings(RULES))
SETTINGS = load(None)
SCENE = Scene(
    visit=None,
    now=NOW,
    site=SETTINGS.site,
    window=SETTINGS.window,
    banks=SETTINGS.banks,
    rules=RULES,
    services=catalogue(RULES),
    tr=lambda text: text,
)

VALUES = (
    *Applicant,
    *Paper,
    *(ADULT, GROWN_UP, CHILD, EXPIRED, IMPOSSIBLE),
    *(text for texts in TYPED.values() for text in texts),
    *SETTINGS.banks[:1],
    *a.AddressSays,
    *a.PhotoWish,
    *(
        a.Unread(),
        a.WrongPaper(),
        a.Agreed(),
        a.OtherPaper(),
        a.NotMe(),
        a.NoPhone(),
        a.KnownPhone(),
        a.NoPicture(),
    ),
    *(a.Ready(), a.Ready("document_camera"), a.Picture(JPEG), a.BadPicture("too_dark")),
    *(a.Strokes(drawn) for drawn in DRAWN),
    *(IN_USE, LOST_CARD, *Reason),
    *(*b.ListSource, UNIT, b.ListFile(0, "list.csv"), b.PhoneDone(), b.Picked(1), b.Remove()),
    *(b.GoodOnes(), b.WantErrors(), *(b.Mend(field) for field in ("number", "name", "paper"))),
    *(a.SignAtWindow(), a.Eligible("张三"), SUBMITTED, a.Held(), a.Sealed("key")),
    *(a.Drawn(JPEG), a.Printed(), a.OnScreen(), a.WantSlip(), a.Done(), Taken(), Shut()),
)
"""One value at least of every type that some step takes."""

JUNK = st.one_of(
    st.none(), st.integers(), st.text(max_size=20), st.binary(max_size=4), st.dates(), st.just([])
)
CHANGES = (
    Change(drop=("phone",)),
    Change(drop=PORTRAIT_STEPS),
    Change(drop=PORTRAIT_STEPS, put={"portrait_ready": a.Ready("document_camera")}),
    Change(drop=("agent", "eligibility"), put={"who": Applicant.SELF}),
    Change(drop=("no such step",), put={"no such step": 1}),
)
EVENTS = st.one_of(
    st.sampled_from((Back(), Leave(), Idle(), Resume(), Help(), Broke(), Opened())),
    st.sampled_from(VALUES).map(Said),
    JUNK.map(Said),
    st.sampled_from(CHANGES).map(Said),
    st.sampled_from(tuple(FAILURES)).map(Failed),
    st.sampled_from(tuple(FAILURES)).map(lambda code: Said(Refusal(code))),
    st.sampled_from(BEGINNINGS),
)


def likely(visit: Visit) -> tuple[Event, ...]:
    """What this step would usually hear, good and bad: else no random walk gets far."""
    step = standing(visit)
    if step is None or visit.overlay:
        return (Resume(),)
    if step.work:
        return WORK[step.work]
    if step.name in TYPED:
        return tuple(Said(text) for text in TYPED[step.name])
    values = tuple(Said(value) for value in VALUES if type(value) in step.answers)
    return values or tuple(offered(view(replace(SCENE, visit=visit)))) or (Leave(),)


def walks(draw: st.DrawFn, length: int) -> Iterator[tuple[Visit | None, Event, Visit | None]]:
    """The moves of a random walk: before, the event, after."""
    visit: Visit | None = None
    for _ in range(length):
        if visit is None:
            event: Event = draw(st.sampled_from(BEGINNINGS))
        elif draw(st.integers(0, 9)) < 8:
            event = draw(st.sampled_from(likely(visit)))
        else:
            event = draw(EVENTS)
        after = advance(visit, event)
        yield visit, event, after
        visit = after


@st.composite
def moves(draw, most=60):
    """A random walk as a list of its moves."""
    return list(walks(draw, draw(st.integers(1, most))))
