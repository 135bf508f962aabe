"""A kiosk that hands a list in, as a process that can be killed.

Reads orders, one a line; each is done by a fork. Says `alive <pid>`, `told <what, as JSON>` and
`dead <signal>`.
"""

import json
import threading

from deploy.card_lists import TODAY
from kiosk.batch import chunks, handover
from kiosk.batch.card_list import look_at
from kiosk.batch.handover import Handover, Means, Signed, settle
from kiosk.batch.journal import BatchJournal
from kiosk.batch.preflight import Terms
from kiosk.batch.source import lists_of
from kiosk.link import Centre
from regulation.card_list.judge import Ground
from regulation.rules import Service
from regulation.switches import Switches
from tests import forked
from tests.forked import say
from tests.kiosk.batch.folder import Folder
from tests.kiosk.batch.office import CLERK, NOW, UNIT


def hand_in(url, medium, data, most):
    """Settle what is open, then check and hand in the list that lies on the medium."""
    chunks.MOST_ROWS = handover.MOST_ROWS = most
    centre, journal = Centre(url, 10), BatchJournal(data)
    left = settle(centre, journal, NOW)
    source = Folder(medium)
    never = threading.Event()
    terms = Terms(Ground(Service.NEW_BATCH, Switches(), TODAY), folder=data)
    found = look_at(source, lists_of(source.entries())[0], terms, lambda _: None, never)
    order = chunks.Order("new_batch", "0017", UNIT, *CLERK)
    means = Means(centre, journal, lambda: NOW, patience_s=0.2)
    ours = Handover(means, found, order)
    ours.check(lambda _: None, never)
    handed = ours.submit(Signed("window"), lambda _: None, never)
    told = {
        "settled": left,
        "wrong": found.wrong,
        "taken": [each.batch_no for each in handed.taken],
        "before": handed.before,
        "open": handed.open,
        "left": handed.left,
    }
    say("told", json.dumps(told))


if __name__ == "__main__":
    forked.serve(hand_in)
