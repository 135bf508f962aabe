"""A scripted citizen: what a person does at each step, as data, and one who does it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.acts import (
    LOOKING_S,
    Act,
    Enter,
    Insert,
    Place,
    Plug,
    Pose,
    Remove,
    Sign,
    TakeCard,
    Tap,
    Type,
    Unplug,
)
from deploy.card_lists import STICK
from deploy.eyes import Seen
from deploy.stage import Stage
from screens.words import STEPS

PERSON = "zhang_san"
"""Of config/people.toml: an adult who may have a new card."""


@dataclass(frozen=True, slots=True)
class At:
    """What is done when a step is shown, with nothing lying over it."""

    step: str
    acts: tuple[Act, ...] = ()
    timeout_s: float = 30.0


Script = tuple[At, ...]
"""A visit, from home to home."""

SIGNS = (At("signature", (Sign(), Tap("primary"))),)

TAKES_CARD = (
    At("give_card", (TakeCard(),)),
    At("result", (Tap("finish"),)),
    At("home"),
)
"""How a visit with the card ends: it is taken back before the result is shown."""

TAKES_ALL = (
    At("give_paper", (Remove(),)),
    At("done", (Tap("finish"),)),
    At("home"),
)
"""How every visit ends: the paper is taken back before the result is shown."""


def new_pin(pin: str) -> Script:
    """A new PIN, twice."""
    again = STEPS["new_pin_again"].title
    return At("new_pin", (Enter(pin),)), At("new_pin", (Enter(pin, again),))


@dataclass(frozen=True, slots=True)
class Agent:
    """Who acts for the applicant, an adult or a minor: `who` as the question names them."""

    person: str
    who: str = "agent_adult"

    @property
    def for_minor(self) -> bool:
        """Whether the applicant is a minor."""
        return self.who == "agent_minor"


def begins(service: str, agent: Agent | None = None) -> Script:
    """A service chosen, and for whom it is."""
    return At("home", (Tap(service),)), At("who", (Tap(agent.who if agent else "self"),))


def shows(person: str, agent: Agent | None = None) -> Script:
    """The applicant's ID card, then the agent's in its place."""
    own = (At("applicant", (Place(person),)),)
    return (*own, At("agent", (Remove(), Place(agent.person)))) if agent else own


def new_card(
    person: str = PERSON, phone: str = "13800138000", *, agent: Agent | None = None
) -> Script:
    """A new card, with the resident ID card: from home to home. A minor's goes without a photo."""
    photo = (
        At("portrait_ready", (Pose(), Tap("take_picture"))),
        At("portrait_keep", (Tap("primary"),)),
    )
    return (
        *begins("new_individual", agent),
        At("notice", (Tap("primary"),)),
        *shows(person, agent),
        At("person_check", (Tap("primary"),)),
        At("phone", (Type(phone), Tap("primary"))),
        At("address", (Tap("primary"),)),
        At("bank", (Tap("bank_0"),)),
        *((At("portrait_choice", (Tap("none"),)),) if agent and agent.for_minor else photo),
        At("review", (Tap("primary"),)),
        *SIGNS,
        *TAKES_ALL,
    )


NEW_CARD_SELF = new_card()


def loss_report(person: str = "has_card", *, agent: Agent | None = None) -> Script:
    """A card reported lost: for oneself four touches and a signature, from home to home."""
    return (
        *begins("loss_report", agent),
        *shows(person, agent),
        At("confirm", (Tap("primary"),)),
        *SIGNS,
        *TAKES_ALL,
    )


def loss_release(person: str = "card_lost", *, agent: Agent | None = None) -> Script:
    """A card found again."""
    return (
        *begins("loss_cancel", agent),
        *shows(person, agent),
        At("confirm", (Tap("primary"),)),
        *SIGNS,
        *TAKES_ALL,
    )


def replacement(
    person: str = "has_card", phone: str = "13800138000", *, agent: Agent | None = None
) -> Script:
    """A broken card replaced, the photo kept."""
    chosen, who = begins("replace_individual", agent)
    return (
        chosen,
        At("why", (Tap("damaged"),)),
        who,
        At("notice", (Tap("primary"),)),
        *shows(person, agent),
        At("person_check", (Tap("primary"),)),
        At("portrait_choice", (Tap("keep"),)),
        At("phone", (Type(phone), Tap("primary"))),
        At("review", (Tap("primary"),)),
        *SIGNS,
        *TAKES_ALL,
    )


def pin_change(person: str = "holder", old: str = "482915", new: str = "270836") -> Script:
    """One's own PIN changed, with the card in the slot."""
    return (
        *begins("pin_change"),
        At("card", (Insert(person),)),
        At("person_check", (Tap("primary"),)),
        At("old_pin", (Enter(old),)),
        *new_pin(new),
        *TAKES_CARD,
    )


def pin_reset(
    person: str = "pin_blocked", new: str = "270836", *, agent: Agent | None = None
) -> Script:
    """A PIN reset, with the holder's card in the slot; an agent's paper lies on the reader."""
    return (
        *begins("pin_reset", agent),
        At("card", (Insert(person),)),
        *((At("agent", (Place(agent.person),)),) if agent else ()),
        At("person_check", (Tap("primary"),)),
        *SIGNS,
        *new_pin(new),
        *((At("give_paper", (Remove(),)),) if agent else ()),
        *TAKES_CARD,
    )


def new_batch(clerk: str = "agent") -> Script:
    """A unit's list handed in from the stick of `deploy.card_lists.town`."""
    return (
        At("home", (Tap("new_batch"),)),
        At("notice", (Tap("primary"),)),
        At("applicant", (Place(clerk),)),
        At("person_check", (Tap("primary"),)),
        At("list_source", (Tap("stick"),)),
        At("stick", (Plug(Path(STICK)),)),
        At("batch_review", (Tap("primary"),)),
        *SIGNS,
        At("give_stick", (Unplug(),)),
        *TAKES_ALL,
    )


SCRIPTS: dict[str, Callable[[], Script]] = {
    "new_individual": new_card,
    "new_batch": new_batch,
    "replace_individual": replacement,
    "pin_change": pin_change,
    "pin_reset": pin_reset,
    "loss_report": loss_report,
    "loss_cancel": loss_release,
}
"""A visit of each service, by the service's name."""


def perform(
    stage: Stage, script: Sequence[At], seen: Callable[[At, Seen], None] = lambda _at, _seen: None
) -> None:
    """Do what the script says; `seen` is called at each step before the last thing done there.

    Raises UnseenError when a step or a widget does not come.
    """
    for at in script:
        shown = stage.eyes.wait(
            lambda now, step=at.step: now.step == step and not now.dialog, at.timeout_s
        )
        *before, last = at.acts or (None,)
        time.sleep(LOOKING_S)
        for act in before:
            act.do(stage)
        if before:
            time.sleep(LOOKING_S)
        seen(at, shown)
        if last:
            last.do(stage)
