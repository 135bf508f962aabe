"""A kiosk's mind as a process that can be killed while it does an errand.

Reads orders, one a line: an errand (`serve`: from the sealing of an application to its slip;
`configure`: until a configuration is committed or has failed), the settings, and the point of its
end. Each is done by a fork, which is a process of its own with everything imported already. Says
`alive <pid>`, `sealed`, `done` or `dead <signal>`, a line each.
"""

import os
import queue
import signal
from contextlib import suppress
from pathlib import Path

from deploy.pictures import jpeg
from hardware.printer.conversation import Conversation
from kiosk import app
from kiosk.app import Kiosk
from kiosk.crawl.answers import ADULT
from kiosk.services.answers import AddressSays, Agreed, Eligible, Picture, Ready, Strokes
from kiosk.visit import Begin
from regulation.rules import Applicant, load_rules
from tests import forked
from tests.faults.citizen import NOW, Time
from tests.faults.fleet import PROBATION_S, quick
from tests.forked import say

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


def serve(settings, rules, point):
    """Serve one citizen from the sealing on; `point` (when, part, method, turn) is the end."""
    posted = queue.SimpleQueue()
    kiosk = Kiosk(settings, rules, posted.put, lambda: None, Time().pace())
    house = kiosk.house
    ring(house.journal, "open", after=lambda: say("sealed"))
    end_at(
        point,
        journal=house.journal,
        centre=house.centre,
        printer=house.press.printer,
        talk=Conversation,
    )
    house.start()
    while house.recovering:
        posted.get()()
    house.desk.say(Begin(house.services["new_individual"], FACTS))
    while kiosk.view().step != "done":
        posted.get()()
    say("done")
    signal.pause()


def configure(settings, rules, point):
    """Take one configuration in, to the end of its probation; `point` is the end."""
    posted, time = queue.SimpleQueue(), Time()
    kiosk = Kiosk(settings, rules, posted.put, lambda: None, quick(time.pace()))
    store, trial = kiosk.afar.store, kiosk.afar.trial
    end_at(point, store=store, kiosk=app)
    before = store.state.committed
    kiosk.afar.start()
    kiosk.house.start()
    while store.state.committed == before and not store.state.bad:
        with suppress(queue.Empty):
            posted.get(timeout=0.02)()
        kiosk.tick()
        proof = trial._proof
        if proof and proof.drawn and trial.kiosk.heard() > proof.heard:
            time.passed_s = proof.since + PROBATION_S + 1
    say("done")
    signal.pause()


def end_at(point, **owners):
    """Be killed at a point: before or after the `turn`-th call of an owner's method."""
    if point:
        when, part, method, turn = point
        ring(owners[part], method, turn=turn, **{when: die})


ERRANDS = {"serve": serve, "configure": configure}


def main():
    rules = load_rules(Path("config/rules.toml"))

    def does(errand, settings, point):
        ERRANDS[errand](settings, rules, point)

    forked.serve(does)


if __name__ == "__main__":
    main()
