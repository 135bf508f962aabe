"""A kiosk without a window, and a citizen before it who sees views and presses buttons."""

import io
import queue
import time
from datetime import datetime, timedelta

import zxingcpp
from PIL import Image

from kiosk.app import Kiosk
from kiosk.pace import Pace
from kiosk.working import LOOK_S
from screens.failure_words import FAILURES, told
from screens.home import NO_NETWORK, PAUSED
from screens.refusals import BY_TABLE

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
PRESSES = {
    "address": "primary",
    "bank": "bank_0",
    "portrait_ready": "take_picture",
    **dict.fromkeys(("notice", "person_check", "confirm", "portrait_keep", "review"), "primary"),
}
"""What most people press."""

WITHIN_S = 15.0
"""How long a test waits for what must come; far longer than it takes."""


class Time:
    """A clock that stands until a test moves it: nobody is hurried by a slow machine."""

    def __init__(self):
        self.passed_s = 0.0

    def clock(self):
        return self.passed_s

    def now(self):
        return NOW + timedelta(seconds=self.passed_s)

    def pace(self, **seconds):
        """Short for what a test would wait for, ample for what a busy machine needs."""
        return Pace(**{"clock": self.clock, "now": self.now, "beat_s": 0.0, **seconds})


class Citizen:
    """Sees what the kiosk shows, presses, types, and waits for what comes."""

    def __init__(self, settings, rules, pace, time_, bench):
        self._posted, self._time, self.bench = queue.SimpleQueue(), time_, bench
        self.obliging = True
        self.kiosk = Kiosk(settings, rules, self._posted.put, self._paint, pace)
        self.kiosk.house.start()

    def close(self):
        """End the kiosk as SIGTERM would; once."""
        if not self.kiosk.house.desk.closed:
            self.kiosk.house.close()

    @property
    def view(self):
        return self.kiosk.view()

    def buttons(self):
        """What can be pressed now, by name; under a dialog the dialog's alone."""
        view = self.view
        if view.dialog:
            return {button.name: button for button in view.dialog.buttons}
        rows = [row.change for row in view.rows]
        given = [view.primary, view.secondary, *view.foot, *view.choices, *rows]
        return {button.name: button for button in given if button}

    def press(self, *names):
        """Press one button after the other, each when it is there."""
        for name in names:
            self._until(lambda name=name: name in self.buttons(), f"button {name}")
            self.kiosk.say(self.buttons()[name].say)

    def type(self, text):
        """Type on the page's own keys, and confirm."""
        entry = self.view.entry
        assert entry.least <= len(text) <= entry.length
        self.kiosk.say(entry.say(text))

    def sign(self, *strokes):
        """Sign on the pad, and confirm."""
        self.kiosk.say(self.view.pad.say(strokes or (((0.1, 0.5), (0.5, 0.2), (0.9, 0.5)),)))

    def silence(self, seconds):
        """Let time pass without a word."""
        self._time.passed_s += seconds
        self.kiosk.tick()
        self._paint()

    def wait(self, step=None, dialog=None, within=WITHIN_S):
        """Wait until this step is shown, or this dialog lies over whatever is shown."""

        def there():
            shown = self.view.dialog.code if self.view.dialog else None
            return shown == dialog and step in (None, self.view.step)

        self._until(there, f"step {step}, dialog {dialog}", within)
        return self.view

    def until(self, truth, within=WITHIN_S):
        """Wait until `truth()` holds, whatever is shown."""
        self._until(truth, "what was waited for", within)

    # ---- the usual ways

    def place(self, person):
        """Put somebody's ID card on the reader, instead of what lies there."""
        self.bench.do("id_reader", "place", person=person)

    def take(self):
        """Take away what lies on the reader."""
        self.bench.do("id_reader", "remove")

    def fault(self, device, fault="none"):
        """Break a device in the language of wire faults, or mend it."""
        self.bench.go_wrong(device, fault)

    def printer(self, **changes):
        """Change the printer: its paper, its cover, its cutter."""
        self.bench.do("printer", "state", **changes)

    def begin(self, person, to="applicant", who="self", service="new_individual"):
        """Choose a service at home, put an ID card down when asked, and go on to a step."""
        self.choose(service)
        self.wait("who")
        self.to("applicant", who)
        self.place(person)
        return self.view if to == "applicant" else self.to(to, who)

    def choose(self, service):
        """Press a service at home, once it is offered."""
        self.offered(service)
        self.press(service)

    def offered(self, service):
        """Wait until home offers it: what had failed is looked at between two citizens."""

        def there():
            if self._offers(service):
                return True
            self.silence(LOOK_S + 1 if self.view.step == "home" else 0)
            return self._offers(service)

        self._until(there, f"{service} offered at home")

    def _offers(self, service):
        tile = next((each for each in self.view.choices if each.name == service), None)
        return self.view.step == "home" and tile and tile.subtitle not in (NO_NETWORK, PAUSED)

    def tap(self, person, *choices):
        """Put an ID card down at home, and choose of what is offered."""
        self.wait("home")
        self.place(person)
        self.wait("menu")
        self.press(*choices)

    def to(self, step, who="self"):
        """Go on to a step as most people do; gives its view."""
        while (here := self.view.step) != step:
            assert self.view.dialog is None, self._lacks(f"the step after {here}")
            if here == "phone":
                self.type("13800138000")
            elif here == "signature":
                self.sign()
            elif here in PRESSES or here == "who":
                self.press(PRESSES.get(here, who))
            else:
                self._until(lambda here=here: self.view.step != here or self.view.dialog, here)
        return self.view

    def sees(self, code, *buttons, detail="", step=None):
        """Wait for a failure over the page: its sentence, its cure, its buttons by name."""
        dialog = self.wait(step, dialog=code).dialog
        words = FAILURES[code]
        assert dialog.title == words.text.format(detail=detail)
        assert dialog.text.startswith(words.cure.partition("{n}")[0])
        assert [button.name for button in dialog.buttons] == list(buttons)
        return dialog

    def refused(self, code, detail=""):
        """Wait for the page that says why not here, take its slip, and go home."""
        view, slips = self.wait("refusal"), self.bench.slip_count()
        assert view.title == FAILURES[code].text.format(detail=told(detail))
        if code not in BY_TABLE:
            assert view.rows[0].value == FAILURES[code].elsewhere.format(detail=detail)
        assert view.rows[-2].value.startswith("办理规程 ")
        self.press("print_referral")
        self.wait("refusal_done")
        assert self.bench.slip_count() == slips + 1
        self.go_home()
        return view

    def voucher(self):
        """The voucher's number, as the last page says it."""
        view = self.wait("done")
        assert view.good
        return view.lead.rpartition(" ")[2]

    def go_home(self):
        """End the visit, take the papers along."""
        name = {"done": "finish", "refusal_done": "finish", "reprint_done": "finish"}
        self.take()
        if not self.view.step.startswith("take_"):
            self.press(name.get(self.view.step, "home"))
        self.wait("home")

    def served(self, person=None):
        """A whole visit to a voucher on paper: a loss reported, or this person's new card.

        Gives the voucher's number. Without a portrait it takes half the time.
        """
        slips = self.bench.slip_count()
        if person:
            self.begin(person, to="done")
        else:
            self.begin("next_with_card", to="done", service="loss_report")
        number = self.voucher()
        assert self.bench.slip_count() == slips + 1
        assert number in self.code()
        self.go_home()
        return number

    def code(self):
        """What the code on the last slip says."""
        return read(self.bench.slip_png("last"))

    def _until(self, there, what, within=WITHIN_S):
        end = time.monotonic() + within
        while not there():
            self._takes_what_is_given_back()
            left = end - time.monotonic()
            try:
                self._posted.get(timeout=min(max(left, 0.01), 0.1))()
            except queue.Empty:
                if left <= 0:
                    raise AssertionError(self._lacks(what)) from None

    def _lacks(self, what):
        view, faults = self.view, self.kiosk.house.log.faults()
        shown = view.dialog.code if view.dialog else ""
        return f"{what} did not come; {view.step} {shown} is shown; faults: {faults}"

    def _takes_what_is_given_back(self):
        """Most people take their paper when they are asked for it, before the result is shown."""
        if self.obliging and self.view.step == "give_paper":
            self.take()

    def _paint(self):
        self.kiosk.watch(self.view.preview)


def read(png):
    """What the code on a slip says; "" without one."""
    picture = Image.open(io.BytesIO(png))
    return " ".join(found.text for found in zxingcpp.read_barcodes(picture))
