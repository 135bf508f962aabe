"""An attendant helps within a citizen's visit: what they see of it, and how it goes on.

What they see is its state: the names of the service and the step, what failed, what is done. No
fact of the person is in it, so none can be shown (docs/attendant.md, 帮我).
"""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.services.answers import Held, Printed, Sealed, Submitted
from kiosk.services.attendant import HELPING
from kiosk.services.attendant_answers import DevicesSeen
from kiosk.services.batch_answers import Before, NotKnown, Taken
from kiosk.services.failures import retries
from kiosk.visit import Fact, Facts, Overlay, Service, Step, Visit, standing


@dataclass(frozen=True, slots=True)
class Helped:
    """The state of a visit: names of the tables and yes or no, never what somebody said.

    `minutes` since it began; `failed` the code of what failed last ("" for nothing) and `device`
    whose fault it was; `held`: handed in, and nobody knows yet what came of it; `may_end`: nothing
    is under way that has to end first.
    """

    service: str
    step: str
    minutes: int
    failed: str = ""
    device: str = ""
    sealed: bool = False
    submitted: bool = False
    held: bool = False
    printed: bool = False
    may_end: bool = True


HELPED = Fact("helped", Helped)


class Outcome(StrEnum):
    """How the visit goes on when the attendant leaves."""

    BACK = "back"
    RETRY = "retry"
    END = "end"


class Look(StrEnum):
    """What is looked at before: the devices, or whether the visit shall really end."""

    DEVICES = "devices"
    END = "end"


LOOK = Fact("helping", Look)


def state_of(visit: Visit, minutes: int, failed: Overlay | None) -> Helped:
    """The state of a visit, without its data."""
    step, facts = standing(visit), visit.facts
    return Helped(
        visit.service.name,
        step.name if step else "",
        minutes,
        failed.code if failed else "",
        failed.device if failed else "",
        sealed=isinstance(facts.get("seal"), Sealed),
        submitted=_among(facts, Submitted, Taken, Before),
        held=_among(facts, Held, NotKnown),
        printed=isinstance(facts.get("voucher"), Printed),
        may_end=step is None or not step.holds,
    )


def _among(facts: Facts, *answers: type) -> bool:
    """Whether a step was answered so: one for a person and one for a unit have different names."""
    return any(isinstance(fact, answers) for fact in facts.values())


def _devices(facts: Facts) -> bool:
    return LOOK.of(facts) is Look.DEVICES


def _ends(facts: Facts) -> bool:
    return LOOK.of(facts) is Look.END


HELPING_SERVICE = Service(
    HELPING,
    (
        Step(LOOK.name, (Outcome, Look)),
        Step("devices_seen", (DevicesSeen,), work="look_at_devices", auto=True, when=_devices),
        Step("help_devices", (), when=_devices),
        Step("help_end", (Outcome,), when=_ends),
    ),
    refused=(),
    retries=retries,
)
"""It is over with an `Outcome`, or as every visit, which gives the citizen's back."""
