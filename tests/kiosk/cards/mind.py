"""A kiosk that writes a PIN as a process that can be killed.

Reads orders, one a line; each is done by a fork. Says `alive <pid>`, `done` or `dead <signal>`.
"""

import io
import threading
from datetime import datetime
from pathlib import Path

from hardware.secret import Secret
from hardware.social_card.conversation import Conversation
from hardware.social_card.driver import PcscSlot
from hardware.social_card.profile import read_profile
from kiosk.card_keys import CentralKeys
from kiosk.card_slot import Slot
from kiosk.desk import Ask
from kiosk.journal import Journal
from kiosk.link import Centre
from kiosk.log import Log
from kiosk.pin_cases import PinCases
from kiosk.pin_vault import Vault
from kiosk.pin_writing import PinWriting
from kiosk.visit import Failed
from regulation.rules import load_rules
from tests import forked
from tests.faults.mind import die, ring
from tests.forked import say
from tests.kiosk.cards.people import KIOSK, NEW, OLD, visit

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")


def write(order, rules, profile):
    """Write a PIN that was typed; `point` (when, part, method, turn) is the end."""
    service, url, folder, point = order
    when, part, method, turn = point
    link, journal, vault = Centre(url, timeout_s=10), Journal(folder), Vault()
    keys, log = CentralKeys(link, KIOSK), Log(io.StringIO(), lambda: NOW)
    owners = {"journal": journal, "centre": link, "card": Conversation}
    ring(owners[part], method, turn=turn, **{when: die})
    vault.keep_old(Secret(bytearray(OLD.encode())))
    vault.keep_new(Secret(bytearray(NEW.encode())))
    cases = PinCases(link, journal, rules, KIOSK, lambda: NOW, log)
    writing = PinWriting(Slot(PcscSlot(), profile, log), vault, keys, cases)
    ask = Ask(visit(service), threading.Event(), lambda _word: None)
    works = {"pin_change": writing.change, "pin_reset": writing.reset}
    while isinstance(works[service](ask), Failed):  # a busy machine may be slow at the reader
        pass
    say("done")


def main():
    rules = load_rules(Path("config/rules.toml"))
    profile = read_profile(Path("config/profiles/social_card.toml"), "reference")
    forked.serve(lambda *order: write(order, rules, profile))


if __name__ == "__main__":
    main()
