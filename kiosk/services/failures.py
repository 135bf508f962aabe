"""What can go wrong, and the ways out: one row a failure, after the branches F01 to F50.

The sentences are in `screens.words`, under the same codes. `retries` is how often the person may
try again before the visit ends in a referral; `primary` and `secondary` are the buttons.
"""

from enum import StrEnum
from typing import NamedTuple


class Way(StrEnum):
    """A way out of a failure; `screens.view` says which event and which words each one is."""

    AGAIN = "again"
    WAIT = "wait"
    OTHER_PAPER = "other_paper"
    SWAP = "swap"
    SELF = "self"
    HOME = "home"
    BACK = "back"
    WINDOW = "window"
    SLIP = "slip"
    SCAN = "scan"
    SIGN_AT_WINDOW = "sign_at_window"
    HELD = "held"
    ON_SCREEN = "on_screen"
    STILL_HERE = "still_here"
    FINISH = "finish"
    CANCEL = "cancel"
    GO_ON = "go_on"
    FORGOTTEN = "forgotten"
    RETYPE_CODE = "retype_code"
    READ_AGAIN = "read_again"
    TEMPLATE = "template"
    TO_ROWS = "to_rows"
    RESTART = "restart"
    NONE = ""


class Failure(NamedTuple):
    """A row of the table."""

    retries: int
    primary: Way
    secondary: Way


FAILURES: dict[str, Failure] = {
    "F01": Failure(0, Way.OTHER_PAPER, Way.AGAIN),
    "F02": Failure(3, Way.AGAIN, Way.WINDOW),
    "F03": Failure(0, Way.SLIP, Way.HOME),
    "F04": Failure(3, Way.AGAIN, Way.WINDOW),
    "F05": Failure(0, Way.SLIP, Way.HOME),
    "F06": Failure(2, Way.AGAIN, Way.SELF),
    "F07": Failure(2, Way.AGAIN, Way.HOME),
    "F08": Failure(3, Way.AGAIN, Way.SLIP),
    "F09": Failure(3, Way.SWAP, Way.WINDOW),
    "F10": Failure(0, Way.SCAN, Way.WINDOW),
    "F11": Failure(2, Way.AGAIN, Way.SCAN),
    "F12": Failure(0, Way.SLIP, Way.HOME),
    "F13": Failure(0, Way.SLIP, Way.HOME),
    "F14": Failure(0, Way.SLIP, Way.HOME),
    "F15": Failure(0, Way.SLIP, Way.HOME),
    "F16": Failure(0, Way.SLIP, Way.HOME),
    "F17": Failure(0, Way.SLIP, Way.HOME),
    "F18": Failure(0, Way.SLIP, Way.HOME),
    "F19": Failure(0, Way.SLIP, Way.HOME),
    "F20": Failure(0, Way.SLIP, Way.HOME),
    "F21": Failure(15, Way.AGAIN, Way.FORGOTTEN),
    "F22": Failure(0, Way.SLIP, Way.HOME),
    "F23": Failure(5, Way.AGAIN, Way.HOME),
    "F24": Failure(3, Way.AGAIN, Way.HOME),
    "F25": Failure(2, Way.GO_ON, Way.WINDOW),
    "F26": Failure(0, Way.WAIT, Way.WINDOW),
    "F27": Failure(2, Way.AGAIN, Way.WINDOW),
    "F28": Failure(0, Way.SLIP, Way.HOME),
    "card_not_ours": Failure(2, Way.AGAIN, Way.HOME),
    "card_bank_only": Failure(2, Way.AGAIN, Way.HOME),
    "card_not_genuine": Failure(0, Way.SLIP, Way.HOME),
    "other_holder": Failure(1, Way.AGAIN, Way.HOME),
    "card_needed": Failure(0, Way.SLIP, Way.HOME),
    "card_reader": Failure(0, Way.AGAIN, Way.WINDOW),
    "pin_pad": Failure(0, Way.AGAIN, Way.WINDOW),
    "pin_last_try": Failure(0, Way.SLIP, Way.HOME),
    "pin_forgotten": Failure(0, Way.SLIP, Way.HOME),
    "pin_kept": Failure(1, Way.AGAIN, Way.WINDOW),
    "pin_lost": Failure(0, Way.SLIP, Way.HOME),
    "reset_offline": Failure(0, Way.AGAIN, Way.WINDOW),
    "code_wrong": Failure(0, Way.RETYPE_CODE, Way.WINDOW),
    "F31": Failure(2, Way.ON_SCREEN, Way.AGAIN),
    "query_not_printed": Failure(0, Way.ON_SCREEN, Way.AGAIN),
    "F32": Failure(0, Way.WAIT, Way.HELD),
    "F33": Failure(0, Way.WAIT, Way.HELD),
    "F34": Failure(0, Way.SLIP, Way.HOME),
    "F35": Failure(0, Way.AGAIN, Way.WINDOW),
    "F36": Failure(0, Way.STILL_HERE, Way.FINISH),
    "reminded": Failure(0, Way.NONE, Way.NONE),
    "F37": Failure(0, Way.NONE, Way.NONE),
    "called": Failure(0, Way.NONE, Way.NONE),
    "F38": Failure(0, Way.NONE, Way.NONE),
    "F39": Failure(3, Way.AGAIN, Way.SIGN_AT_WINDOW),
    "F40": Failure(0, Way.SLIP, Way.HOME),
    "F41": Failure(2, Way.READ_AGAIN, Way.TEMPLATE),
    "F42": Failure(0, Way.SLIP, Way.HOME),
    "F43": Failure(0, Way.SLIP, Way.HOME),
    "F44": Failure(0, Way.SLIP, Way.HOME),
    "list_not_printed": Failure(0, Way.AGAIN, Way.TO_ROWS),
    "paper_lacking": Failure(0, Way.SLIP, Way.HOME),
    "loss_released": Failure(0, Way.SLIP, Way.HOME),
    "not_lost": Failure(0, Way.SLIP, Way.HOME),
    "report_loss_first": Failure(0, Way.SLIP, Way.HOME),
    "loss_needs_id": Failure(0, Way.SLIP, Way.HOME),
    "card_locked": Failure(0, Way.SLIP, Way.HOME),
    "card_unknown": Failure(0, Way.SLIP, Way.HOME),
    "no_card": Failure(0, Way.SLIP, Way.HOME),
    "not_this_way": Failure(0, Way.SLIP, Way.HOME),
    "F47": Failure(0, Way.SLIP, Way.HOME),
    "F49": Failure(0, Way.SLIP, Way.HOME),
    "F50": Failure(0, Way.CANCEL, Way.NONE),
    "address_at_window": Failure(0, Way.SLIP, Way.HOME),
    "application_open": Failure(0, Way.SLIP, Way.HOME),
    "phone_format": Failure(5, Way.AGAIN, Way.HOME),
    "page_camera": Failure(0, Way.AGAIN, Way.WINDOW),
    "slip_not_printed": Failure(0, Way.AGAIN, Way.HOME),
    "screen_failed": Failure(0, Way.RESTART, Way.NONE),
    "attendant_wrong": Failure(99, Way.AGAIN, Way.HOME),
    "attendant_locked": Failure(99, Way.AGAIN, Way.HOME),
    "attendant_same": Failure(99, Way.AGAIN, Way.HOME),
    "attendant_failed": Failure(0, Way.AGAIN, Way.BACK),
    "attendant_unset": Failure(0, Way.BACK, Way.NONE),
    "attendant_stick": Failure(0, Way.AGAIN, Way.HOME),
    "enrol_refused": Failure(0, Way.RETYPE_CODE, Way.HOME),
    "enrol_other": Failure(0, Way.RETYPE_CODE, Way.HOME),
    "enrol_often": Failure(0, Way.AGAIN, Way.HOME),
    "enrol_offline": Failure(0, Way.AGAIN, Way.HOME),
}


def retries(code: str) -> int:
    """How often a failure may be tried again before it ends the service."""
    return FAILURES[code].retries
