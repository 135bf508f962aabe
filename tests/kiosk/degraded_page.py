"""The page docs/degraded.md: for each thing that is broken, what can still be finished.

Whether a visit can end is found by walking it with what a broken device still lets be heard; what
the home screen offers is held against that by test_degraded.py. Writes the page:
`python -m tests.kiosk.degraded_page > docs/degraded.md`.
"""

import sys
from collections import deque
from functools import cache
from typing import NamedTuple

from kiosk.crawl.answers import NOW, WORK
from kiosk.crawl.walk import Key, events, key
from kiosk.services.answers import NoPicture, PaperRead
from kiosk.services.card_answers import CardRead
from kiosk.services.catalogue import HERE, begin
from kiosk.services.needs import READ_BY, Need
from kiosk.visit import NOT_IN_THE_WAY, Event, Failed, Said, Visit, advance, standing
from regulation.rules import Service
from tests.crawled import RULES, SCENE, SERVICES

BY_SLOT = frozenset({Need.SOCIAL_CARD, Need.CENTRE})
TYPED = frozenset({Need.SOCIAL_CARD, Need.PIN_PAD})
USES: dict[str, frozenset[Need]] = {
    **dict.fromkeys(("read_card", "reset_ready"), BY_SLOT),
    **dict.fromkeys(("change_pin", "reset_pin"), BY_SLOT | {Need.DISK}),
    **dict.fromkeys(("old_pin", "new_pin"), TYPED),
    "card_paper": frozenset({Need.SOCIAL_CARD}),
    "stick_lists": frozenset({Need.MEDIA}),
    "take_page": frozenset({Need.DOCUMENT_CAMERA}),
    **dict.fromkeys(("take_portrait", "take_scene"), frozenset({Need.CAMERA})),
    **dict.fromkeys(
        ("print_voucher", "print_again", "print_referral", "print_errors", "print_batch"),
        frozenset({Need.PRINTER}),
    ),
    **dict.fromkeys(
        (
            *("overview", "eligibility", "submit", "send_code", "submit_pin", "batch_units"),
            *("template_code", "phone_code", "phone_watch", "phone_lists"),
            "check_batch",
        ),
        frozenset({Need.CENTRE}),
    ),
    **dict.fromkeys(("upload_batch", "submit_batch"), frozenset({Need.CENTRE, Need.DISK})),
    **dict.fromkeys(("seal", "seal_pin", "preflight"), frozenset({Need.DISK})),
}
"""What of a kiosk a piece of work needs; of reading papers, the answer tells by which reader."""
NOTHING = frozenset(
    {
        *("at_home", "read_applicant", "read_agent"),
        *("papers_taken", "papers_swapped", "card_taken", "stick_taken"),
        "mend_row",
        *("draw_voucher", "draw_again", "draw_errors", "draw_batch"),
    }
)
"""Work that is done without, or by whatever is there."""

NAMES = {
    Need.ID_READER: "ID reader",
    Need.PRINTER: "printer",
    Need.CAMERA: "camera",
    Need.DOCUMENT_CAMERA: "document camera",
    Need.SOCIAL_CARD: "card slot",
    Need.PIN_PAD: "PIN pad",
    Need.MEDIA: "stick's port",
    Need.CENTRE: "centre",
    Need.DISK: "disk",
}


class Move(NamedTuple):
    """From one state to another: by what a piece of work found, or ("") by a person."""

    work: str
    event: Event
    there: Key


@cache
def graph(name: Service) -> tuple[dict[Key, list[Move]], set[Key]]:
    """Every move within a service, from its beginning on, and the states in which it is done."""
    first = begin(SERVICES, RULES, name, NOW.date())
    queue = deque([Visit(first.service, first.facts)])
    moves: dict[Key, list[Move]] = {}
    done: set[Key] = set()
    while queue:
        visit = queue.popleft()
        step, here = standing(visit), key(visit)
        if here in moves or step is None or visit.service.name != name:
            continue
        moves[here] = []
        if step.over and step not in visit.service.refused:
            done.add(here)
        quiet = visit.overlay is None or visit.overlay in NOT_IN_THE_WAY
        found = WORK[step.work] if step.work and quiet else ()
        for event in events(SCENE, visit):
            after = advance(visit, event)
            if after is not None and after is not visit:
                work = step.work or "" if event in found else ""
                moves[here].append(Move(work, event, key(after)))
                queue.append(after)
    return moves, done


def ends(name: Service, lost: frozenset[Need]) -> bool:
    """Whether a visit of this service can come to its result while this is lost."""
    moves, done = graph(name)
    stack, seen = [next(iter(moves))], set[Key]()
    while stack:
        here = stack.pop()
        if here in done:
            return True
        if here not in seen:
            seen.add(here)
            stack += [move.there for move in moves.get(here, ()) if _heard(move, lost)]
    return False


def _heard(move: Move, lost: frozenset[Need]) -> bool:
    """Whether this can still be heard: a person always, and that something failed."""
    if not move.work or isinstance(move.event, Failed):
        return True
    answer = move.event.answer if isinstance(move.event, Said) else None
    match answer:
        case PaperRead():
            return READ_BY[answer.paper] not in lost
        case CardRead():
            return not BY_SLOT & lost
        case NoPicture():
            return True
        case _:
            return not USES.get(move.work, frozenset()) & lost


def page() -> str:
    """The table, as Markdown."""
    rows = [
        f"| {NAMES[need]} | "
        + " | ".join("yes" if ends(name, frozenset({need})) else "**window**" for name in HERE)
        + " |"
        for need in Need
    ]
    return "\n".join(
        [
            "# Degraded, not dead\n",
            "What can still be finished at a kiosk of which one thing does not work, for whom the",
            "regulation lets do it there with a paper that can still be read. Found by the tests",
            "(`python -m tests.kiosk.degraded_page`), which hold the home screen against it. A",
            "service that is left to the window says so on its tile, and ends in a slip with where",
            "and what to bring (F49); whoever is being served is served as they began.\n",
            f"| broken | {' | '.join(f'`{name}`' for name in HERE)} |",
            f"| --- {'| --- ' * len(HERE)}|",
            *rows,
            "",
            "Without the printer the slip is on the screen; without a camera the other one takes",
            "the picture, or the window does; without a stick a list comes by phone. Without the ID",
            "reader a social card in its slot serves where the regulation takes one, and so does a",
            "paper that is photographed; a resident ID card goes to the window. The rows are",
            "`kiosk/services/needs.py`; who finds out, and when it is looked at again,",
            "`kiosk/working.py`: devices every 20 seconds while nobody is served, cameras after a",
            "fault, the disk when something could not be kept, the centre by its answers (an error,",
            "5xx, is none), and everything by the proofs (readiness.md).\n",
            "What is not told apart: which part of the centre a service needs. A centre that answers",
            "while its HSM does not leaves `pin_change` and `pin_reset` open, and they end at the",
            "card (F35); one whose store takes no writes is asked for its time with success, and a",
            "visit ends where it is handed in (F33: its case waits in the journal).",
            "",
        ]
    )


if __name__ == "__main__":
    sys.stdout.write(page())
