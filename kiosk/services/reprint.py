"""The right to the slip of the last 24 hours: place the same ID, get the voucher again."""

from dataclasses import dataclass

from kiosk.services.answers import Done, Drawn, OnScreen, Printed, WantSlip
from kiosk.services.failures import retries
from kiosk.services.handing import given_back
from kiosk.visit import Fact, Patience, Service, Step


@dataclass(frozen=True, slots=True)
class Claim:
    """A voucher that can be printed again: the journal's key of its application."""

    key: str
    voucher_no: str


CLAIM = Fact("claim", Claim)

REPRINT = Service(
    "reprint",
    (
        Step("reprint", (WantSlip,)),
        Step("slip", (Drawn,), work="draw_again", auto=True, binding=True),
        Step("reprint_slip", (Printed, OnScreen), work="print_again", auto=True, binding=True),
        *given_back(),
        Step("reprint_done", (Done,), binding=True, patience=Patience.RESULT),
    ),
    refused=(),
    retries=retries,
)
