"""A scripted citizen: what a person does at each step, as data, and one who does it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deploy.acts import (
    LOOKING_S,
    Act,
    Enter,
    Insert,
    Place,
    Pose,
    Remove,
    Sign,
    TakeCard,
    Tap,
    Type,
)
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


def new_card_self(person: str = PERSON, phone: str = "13800138000") -> Script:
    """A new card for oneself, with the resident ID card: from home to home."""
    return (
        At("home", (Tap("new_individual"),)),
        At("who", (Tap("self"),)),
        At("notice", (Tap("primary"),)),
        At("applicant", (Place(person),)),
        At("person_check", (Tap("primary"),)),
        At("phone", (Type(phone), Tap("primary"))),
        At("address", (Tap("primary"),)),
        At("bank", (Tap("bank_0"),)),
        At("portrait_ready", (Pose(), Tap("take_picture"))),
        At("portrait_keep", (Tap("primary"),)),
        At("review", (Tap("primary"),)),
        *SIGNS,
        *TAKES_ALL,
    )


NEW_CARD_SELF = new_card_self()


def loss_report_self(person: str = "has_card") -> Script:
    """One's own card reported lost: four touches and a signature, from home to home."""
    return (
        At("home", (Tap("loss_report"),)),
        At("who", (Tap("self"),)),
        At("applicant", (Place(person),)),
        At("confirm", (Tap("primary"),)),
        *SIGNS,
        *TAKES_ALL,
    )


def loss_release_self(person: str = "card_lost") -> Script:
    """One's own card found again."""
    return (
        At("home", (Tap("loss_cancel"),)),
        At("who", (Tap("self"),)),
        At("applicant", (Place(person),)),
        At("confirm", (Tap("primary"),)),
        *SIGNS,
        *TAKES_ALL,
    )


def replacement_self(person: str = "has_card", phone: str = "13800138000") -> Script:
    """One's own broken card replaced, the photo kept."""
    return (
        At("home", (Tap("replace_individual"),)),
        At("why", (Tap("damaged"),)),
        At("who", (Tap("self"),)),
        At("notice", (Tap("primary"),)),
        At("applicant", (Place(person),)),
        At("person_check", (Tap("primary"),)),
        At("portrait_choice", (Tap("keep"),)),
        At("phone", (Type(phone), Tap("primary"))),
        At("review", (Tap("primary"),)),
        *SIGNS,
        *TAKES_ALL,
    )


def pin_change_self(person: str = "holder", old: str = "482915", new: str = "270836") -> Script:
    """One's own PIN changed, with the card in the slot."""
    return (
        At("home", (Tap("pin_change"),)),
        At("who", (Tap("self"),)),
        At("card", (Insert(person),)),
        At("person_check", (Tap("primary"),)),
        At("old_pin", (Enter(old),)),
        *new_pin(new),
        *TAKES_CARD,
    )


def pin_reset_self(person: str = "pin_blocked", new: str = "270836") -> Script:
    """One's own blocked PIN reset."""
    return (
        At("home", (Tap("pin_reset"),)),
        At("who", (Tap("self"),)),
        At("card", (Insert(person),)),
        At("person_check", (Tap("primary"),)),
        *SIGNS,
        *new_pin(new),
        *TAKES_CARD,
    )


SCRIPTS: dict[str, Callable[[], Script]] = {
    "new_individual": new_card_self,
    "replace_individual": replacement_self,
    "pin_change": pin_change_self,
    "pin_reset": pin_reset_self,
    "loss_report": loss_report_self,
    "loss_cancel": loss_release_self,
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
