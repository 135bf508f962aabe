"""Which work of a step is done by whom, on which device's thread: a row a piece of work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from hardware.media.driver import StickSlot
from kiosk.batch_jobs import batch_jobs
from kiosk.batch_work import BatchWork
from kiosk.card_work import CardWork
from kiosk.custody import card_taken, swapped, until_taken
from kiosk.desk import Ask, Desk, Job
from kiosk.overview import Look
from kiosk.pictures import Photographer
from kiosk.pin_jobs import PinHands, pin_jobs
from kiosk.printing import Press
from kiosk.reading import Reader
from kiosk.submission import Handing
from kiosk.visit import Event, Said, Taken


@dataclass(frozen=True, slots=True)
class Hands:
    """Those who do the work of steps, each on the threads of its devices.

    `cards` is None where there is no slot for social cards, `sticks` where there is no port.
    """

    reader: Reader
    press: Press
    handing: Handing
    photographer: Photographer
    look: Look
    cards: CardWork | None
    pins: PinHands | None
    sticks: StickSlot | None
    batch: BatchWork


def jobs(hands: Hands) -> Mapping[str, tuple[Job, ...]]:
    """The work of every step by its name; of several jobs the first that answers is heard."""
    reader, press = hands.reader, hands.press
    handing, photos = hands.handing, hands.photographer
    return (
        _papers(reader, hands.cards)
        | pin_jobs(hands.pins, handing)
        | batch_jobs(hands.batch, press)
        | {
            "stick_taken": (Job("media", _stick_taken(hands)),),
            "take_page": (Job("document_camera", photos.page),),
            "take_portrait": (Job("camera", photos.portrait),),
            "take_scene": (Job("camera", photos.scene),),
            "overview": (Job("look", hands.look.overview),),
            "eligibility": (Job("link", handing.eligibility),),
            "seal": (Job("link", handing.seal),),
            "submit": (Job("link", handing.submit, broken="F33"),),
            "draw_voucher": (Job("printer", press.draw_voucher, broken="F33"),),
            "print_voucher": (Job("printer", press.print_voucher, broken="F31"),),
            "draw_again": (Job("printer", press.draw_again, broken="F33"),),
            "print_again": (Job("printer", press.print_again, broken="F31"),),
            "print_referral": (Job("printer", press.print_referral, broken="slip_not_printed"),),
        }
    )


def _papers(reader: Reader, cards: CardWork | None) -> dict[str, tuple[Job, ...]]:
    """Whatever paper is shown, on whichever reader."""
    by_id_card = {
        Desk.AT_HOME: Job("id_reader", reader.tapped),
        "read_applicant": Job("id_reader", reader.applicant),
        "read_agent": Job("id_reader", reader.agent),
        "papers_taken": Job("id_reader", reader.taken),
        "papers_swapped": Job("id_reader", partial(swapped, taken=reader.taken, slot=False)),
    }
    if cards is None:
        nothing = {"card_taken": (Job("id_reader", _nothing_there),)}
        return nothing | {name: (job,) for name, job in by_id_card.items()}
    card_back = partial(card_taken, cards=cards)
    by_social_card = {
        Desk.AT_HOME: Job("social_card", cards.tapped),
        "read_applicant": Job("social_card", cards.paper),
        "read_agent": Job("social_card", cards.paper),
        "card_taken": Job("social_card", card_back),
        "papers_swapped": Job("social_card", partial(swapped, taken=card_back, slot=True)),
    }
    names = (*by_id_card, "card_taken")
    rows = (by_id_card, by_social_card)
    return {name: tuple(row[name] for row in rows if name in row) for name in names}


def _stick_taken(hands: Hands) -> Callable[[Ask], Event | None]:
    sticks = hands.sticks
    if sticks is None:
        return _nothing_there
    return partial(until_taken, present=sticks.present, log=hands.reader.log)


def _nothing_there(_ask: Ask) -> Event:
    return Said(Taken())
