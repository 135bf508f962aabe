"""A visit as data, and one pure function that moves it.

A visit is a service (a list of steps), the facts found so far and what lies over the screen. Where
it stands is derived: the first step that applies and has no fact. So a visit cannot disagree with
its own data, and resuming one is loading its facts. Nothing here reads a clock, draws a picture or
touches a device: `kiosk.desk` does, and tells the visit what happened as events.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

T = TypeVar("T")

Facts = Mapping[str, object]
"""What a visit knows, by the name of the step that found it."""

NO_FACTS: Facts = MappingProxyType({})


class Patience(StrEnum):
    """How long a step waits for a person; the seconds are in the settings (`[patience]`)."""

    READING = "reading"  # put a paper on the reader, read a notice, choose
    TYPING = "typing"
    PHOTO = "photo"
    RESULT = "result"
    TAKE_BACK = "take_back"


@dataclass(frozen=True, slots=True)
class Again:
    """An answer that cannot be taken, but may be tried again: the failure's code, e.g. F06."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A fact that ends the service: what stands in the way, and what the person may be told.

    `code` is a row of `kiosk.services.failures`; `clause` the regulation's; `detail` fills the
    sentence of the code (a date, a voucher number, a reason): never a name or an ID number.
    `answer` is what was said that is refused, where that is the reason: it was said all the same.
    """

    code: str
    clause: str = ""
    detail: str = ""
    answer: object = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that goes back on earlier ones: facts to drop, and facts to put in their place."""

    drop: tuple[str, ...] = ()
    put: Facts = field(default_factory=lambda: NO_FACTS)


Check = Callable[[Facts, object], Again | Refusal | None]


def _applies(_facts: Facts) -> bool:
    return True


def accepts(_facts: Facts, _answer: object) -> None:
    """The check of a step that takes every answer of its types."""


@dataclass(frozen=True, slots=True)
class Step:
    """One question to a person or one piece of work.

    `answers` are the types a step takes, anything else is not heard; `work` names what is done on
    entry ("" waits for the person alone); `auto` steps pass without the person and are not come
    back to; `when` leaves out what does not apply; `check` looks at an answer; `binding`: the
    centre may have it, so no back and no cancel; `fresh`: a new answer drops all later facts;
    `over`: the service is done, and whoever stands here may leave, or go on with another one.
    """

    name: str
    answers: tuple[type, ...]
    work: str = ""
    auto: bool = False
    when: Callable[[Facts], bool] = _applies
    check: Check = accepts
    binding: bool = False
    fresh: bool = False
    over: bool = False
    patience: Patience = Patience.READING

    @property
    def holds(self) -> bool:
        """Whether nobody may leave here: what is under way has to end first."""
        return self.binding and not self.over


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the kiosk: its steps, those after a refusal, and how often a try may fail.

    `retries(code)` is how many times a failure may be tried again before it becomes a refusal.
    """

    name: str
    steps: tuple[Step, ...] = field(repr=False)
    refused: tuple[Step, ...] = field(repr=False)
    retries: Callable[[str], int] = field(repr=False)
    reads_papers: bool = True


@dataclass(frozen=True, slots=True)
class Overlay:
    """What lies over the step: a failure's code and, for a device, its name and the fault's word.

    F36 "are you still there", `LADDER` something left behind, F50 help, screen_failed a page that
    broke, any other: a problem.
    """

    code: str
    device: str = ""
    detail: str = ""


MORE_TIME = Overlay("F36")
HELP = Overlay("F50")
REMINDED = Overlay("reminded")
LEFT = Overlay("F37")
CALLED = Overlay("called")
KEPT = Overlay("F38")
LADDER = (None, REMINDED, LEFT, CALLED, KEPT)
"""How a thing left behind is asked back, rung by rung (docs/guardian.md)."""
ALARMS = (LEFT, CALLED, KEPT)
SCREEN_FAILED = Overlay("screen_failed")
NOT_IN_THE_WAY = (MORE_TIME, HELP, REMINDED, *ALARMS)
"""What may lie over a step while its work goes on; anything else stops it until `Resume`."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a person is. `tries` counts failed attempts since the last fact."""

    service: Service
    facts: Facts = field(default_factory=lambda: NO_FACTS, repr=False)
    overlay: Overlay | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Begin:
    """A service was chosen, perhaps with facts already known (a paper put on the reader)."""

    service: Service
    facts: Facts = field(default_factory=lambda: NO_FACTS, repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """The person or the step's work answered."""

    answer: object = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failed:
    """A device or the centre failed: the failure's code, the device and the fault's word."""

    code: str
    device: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Back:
    """One question back."""


@dataclass(frozen=True, slots=True)
class Leave:
    """The person goes home."""


@dataclass(frozen=True, slots=True)
class Idle:
    """Nobody did anything for as long as the step waits."""


@dataclass(frozen=True, slots=True)
class Resume:
    """What lay over the step is dealt with: go on."""


@dataclass(frozen=True, slots=True)
class Help:
    """The person asks for a human."""


@dataclass(frozen=True, slots=True)
class Broke:
    """A page raised: nobody knows what the person saw, so the visit begins anew."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody opened the kiosk (F46): whoever stands there is forgotten, and nobody served."""


Event = Begin | Said | Failed | Back | Leave | Idle | Resume | Help | Broke | Opened


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    """A typed name of a fact."""

    name: str
    kind: type[T]

    def of(self, facts: Facts) -> T | None:
        """The fact, or None when it is not known or is of another kind (a refusal, say)."""
        value = facts.get(self.name)
        return value if isinstance(value, self.kind) else None


LIES = "lies"
"""Progress of the work that waits for a thing to be taken: it is there."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What lay in a device is no longer there."""


@dataclass(frozen=True, slots=True)
class Shut:
    """The kiosk is shut again."""


def _taken(name: str, work: str) -> Step:
    return Step(name, (Taken,), work=work, binding=True, patience=Patience.TAKE_BACK)


TAKE_BACK = Service(
    "take_back",
    (
        _taken("take_paper", "papers_taken"),
        _taken("take_card", "card_taken"),
        _taken("take_stick", "stick_taken"),
    ),
    refused=(),
    retries=lambda _code: 0,
    reads_papers=False,
)
"""What follows every visit: of whoever was there nothing is known but what still lies there."""

_SHUT = Step("paused", (Shut,), work="shut", binding=True)
PAUSED = Service("paused", (_SHUT,), refused=(), retries=lambda _code: 0)
"""The kiosk is open (F46): it waits to be shut, and then asks back what was left."""

OF_NOBODY = (TAKE_BACK, PAUSED)
"""The services that know of no person."""


def refusal(facts: Facts) -> Refusal | None:
    """What stands in the way of this service, if anything."""
    return next((fact for fact in facts.values() if isinstance(fact, Refusal)), None)


def steps(visit: Visit) -> tuple[Step, ...]:
    """The steps that apply to this visit as far as is known."""
    return tuple(step for step in _rows(visit) if step.when(visit.facts))


def standing(visit: Visit) -> Step | None:
    """The step a visit stands at: the first that applies and has no fact. None: it is through."""
    open_ones = (step for step in _rows(visit) if step.name not in visit.facts)
    return next((step for step in open_ones if step.when(visit.facts)), None)


def _rows(visit: Visit) -> tuple[Step, ...]:
    return visit.service.refused if refusal(visit.facts) else visit.service.steps


def advance(visit: Visit | None, event: Event) -> Visit | None:  # noqa: C901, PLR0911 - a case an event
    """The visit after an event; None when it is over, and forgotten.

    Total: an event that means nothing here gives back the same visit.
    """
    if isinstance(event, Broke):
        return visit if _paused(visit) else Visit(TAKE_BACK, overlay=SCREEN_FAILED)
    if isinstance(event, Opened):
        return visit if _paused(visit) else Visit(PAUSED)
    if visit is None:
        return Visit(event.service, event.facts) if isinstance(event, Begin) else None
    step = standing(visit)
    if step is None:
        return _left(visit)
    match event:
        case Said(answer):
            return _said(visit, step, answer)
        case Failed(code, device, detail):
            return replace(visit, overlay=Overlay(code, device, detail))
        case Resume():
            return replace(visit, overlay=None) if visit.overlay else visit
        case Help():
            return replace(visit, overlay=_helped(visit))
        case Idle():
            return _idle(visit)
        case Leave():
            return visit if step.holds else _left(visit)
        case Begin(service, facts):
            return visit if step.holds else Visit(service, facts)
        case Back():
            return visit if step.binding else _back(visit, step)


def _said(visit: Visit, step: Step, answer: object) -> Visit | None:
    if isinstance(answer, Change):
        return visit if step.binding else _through(_changed(visit, answer))
    if type(answer) not in (*step.answers, Refusal):  # exactly: a StrEnum is not a typed text
        return visit
    finding = step.check(visit.facts, answer)
    if isinstance(finding, Again):
        if visit.tries < visit.service.retries(finding.code):
            return replace(
                visit, overlay=Overlay(finding.code, detail=finding.detail), tries=visit.tries + 1
            )
        finding = Refusal(finding.code, detail=finding.detail)
    told = answer if finding is None else replace(finding, answer=answer)
    return _through(_with(visit, step, told))


def _with(visit: Visit, step: Step, answer: object) -> Visit:
    facts = dict(visit.facts)
    if step.fresh:
        rows = [row.name for row in visit.service.steps]
        for name in rows[rows.index(step.name) :]:
            facts.pop(name, None)
    facts[step.name] = answer
    return Visit(visit.service, MappingProxyType(facts))


def _changed(visit: Visit, change: Change) -> Visit:
    known = {step.name for step in visit.service.steps}
    facts = {name: fact for name, fact in visit.facts.items() if name not in change.drop}
    facts.update({name: fact for name, fact in change.put.items() if name in known})
    return Visit(visit.service, MappingProxyType(facts))


def _back(visit: Visit, step: Step) -> Visit | None:
    """One question back; what was read or worked out since that question is forgotten with it."""
    if visit.overlay in (MORE_TIME, HELP):
        return replace(visit, overlay=None)
    drop: list[str] = []
    for row in steps(visit):
        if row.name == step.name:
            break
        drop = [*drop, row.name] if row.work else [row.name]
    asked = bool(drop) and any(not row.work for row in steps(visit) if row.name in drop)
    return _changed(visit, Change(drop=tuple(drop))) if asked else _left(visit)


def _idle(visit: Visit) -> Visit | None:
    if visit.service is PAUSED:
        return visit if visit.overlay is None else replace(visit, overlay=None)
    if visit.service is TAKE_BACK:
        return replace(visit, overlay=_next_rung(visit.overlay))
    return _left(visit) if visit.overlay == MORE_TIME else replace(visit, overlay=MORE_TIME)


def _next_rung(overlay: Overlay | None) -> Overlay | None:
    """Silence climbs the ladder; what else lies over the step goes first."""
    if overlay not in LADDER:
        return None
    return LADDER[min(LADDER.index(overlay) + 1, len(LADDER) - 1)]


def _helped(visit: Visit) -> Overlay:
    """Help is the attendant: who asks for it while the alarm goes on ends no alarm."""
    return max(visit.overlay, CALLED, key=LADDER.index) if visit.overlay in ALARMS else HELP


def _paused(visit: Visit | None) -> bool:
    return visit is not None and visit.service is PAUSED


def _through(visit: Visit) -> Visit | None:
    return _left(visit) if standing(visit) is None else visit


def _left(visit: Visit) -> Visit | None:
    """Over: nothing is known any more, and nothing may stay on the reader."""
    return Visit(TAKE_BACK) if visit.service.reads_papers else None
