"""A kiosk's mind as a process that can be killed: from the sealing of an application to its slip.

Reads orders, one a line; each is done by a fork, which is a process of its own with everything
imported already. Says `alive <pid>`, `sealed`, `done` or `dead <signal>`, a line each.
"""

import os
import pickle
import queue
import signal
import sys
from pathlib import Path

from deploy.pictures import jpeg
from hardware.printer.conversation import Conversation
from kiosk.app import Kiosk
from kiosk.crawl.answers import ADULT
from kiosk.services.answers import AddressSays, Agreed, Eligible, Picture, Ready, Strokes
from kiosk.visit import Begin
from regulation.rules import Applicant, load_rules
from tests.faults.citizen import NOW, Time

FACTS = {
    "today": NOW.date(),
    "who": Applicant.SELF,
    "notice": Agreed(),
    "applicant": ADULT,
    "person_check": Agreed(),
    "eligibility": Eligible(ADULT.name),
    "phone": "13800138000",
    "address": AddressSays.RIGHT,
    "bank": "重庆银行",
    "portrait_ready": Ready(),
    "portrait": Picture(jpeg(b"portrait")),
    "portrait_keep": Agreed(),
    "review": Agreed(),
    "signature": Strokes((((0.1, 0.5), (0.9, 0.5)),)),
    "scene_photo": Picture(jpeg(b"scene")),
}
"""A visit that stands before its binding steps."""


def say(*words):
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def ring(owner, name, before=None, after=None, turn=1):
    """Have something done just before or just after the `turn`-th call of a method."""
    real, calls = getattr(owner, name), []

    def rings(*args, **more):
        calls.append(name)
        if before and len(calls) == turn:
            before()
        result = real(*args, **more)
        if after and len(calls) == turn:
            after()
        return result

    setattr(owner, name, rings)


def live(settings, rules, point):
    """Serve one citizen from the sealing on; `point` (when, part, method, turn) is the end."""
    posted = queue.SimpleQueue()
    kiosk = Kiosk(settings, rules, posted.put, lambda: None, Time().pace())
    house = kiosk.house
    ring(house.journal, "open", after=lambda: say("sealed"))
    if point:
        when, part, method, turn = point
        owners = {
            "journal": house.journal,
            "centre": house.centre,
            "printer": house.press.printer,
            "talk": Conversation,
        }
        ring(owners[part], method, turn=turn, **{when: die})
    house.start()
    while house.recovering:
        posted.get()()
    house.desk.say(Begin(house.services["new_individual"], FACTS))
    while kiosk.view().step != "done":
        posted.get()()
    say("done")
    signal.pause()


def main():
    rules = load_rules(Path("config/rules.toml"))
    for line in sys.stdin:
        settings, point = pickle.loads(bytes.fromhex(line))
        if pid := os.fork():
            say("alive", pid)
            say("dead", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        else:
            live(settings, rules, point)


if __name__ == "__main__":
    main()
