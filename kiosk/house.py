"""One kiosk, wired: devices, their threads, the centre, the journal and the desk. No Kivy here."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

from hardware.device import Media
from hardware.pin_pad.screen_pad import Keypad, ScreenPad
from hardware.worker import Worker
from kiosk import VERSION, enrol, identity
from kiosk.attendant.jobs import attendant_hands, attendant_jobs
from kiosk.attendant.presence import Presence
from kiosk.attendant.supplies import PrinterSupplies
from kiosk.batch_jobs import batch_work
from kiosk.batch_media import Media as ListMedia
from kiosk.batch_work import BatchWork
from kiosk.beside import Beside
from kiosk.card_keys import CentralKeys
from kiosk.card_slot import Slot
from kiosk.card_work import CardWork
from kiosk.clocks import COMPARE_S, Clocks
from kiosk.closing import Closing
from kiosk.custody import Custody, bin_of
from kiosk.desk import Desk, Job, Waits
from kiosk.devices import Devices
from kiosk.guardian import Guardian, door
from kiosk.journal import Journal
from kiosk.link import Centre
from kiosk.log import Event as LogEvent
from kiosk.logs.keeper import Keeper, signer_of
from kiosk.logs.opening import open_log
from kiosk.overview import Look
from kiosk.pace import Pace
from kiosk.pictures import Photographer
from kiosk.pin_cases import PinCases
from kiosk.pin_jobs import PinHands
from kiosk.pin_vault import Vault
from kiosk.pin_work import PinWork
from kiosk.pin_writing import PinWriting
from kiosk.printing import Press, Printing
from kiosk.readiness.handing_in import HandingIn
from kiosk.readiness.proof import WORKER
from kiosk.readiness.readiness import Readiness
from kiosk.reading import Reader
from kiosk.services.answers import PaperRead
from kiosk.services.attendant import OF_ATTENDANTS, attending
from kiosk.services.card_answers import CardRead
from kiosk.services.catalogue import catalogue
from kiosk.services.menu import BLOCKED, MENU
from kiosk.settings import RUNGS, Settings
from kiosk.signals import Signals
from kiosk.slips import Slips
from kiosk.submission import Handing
from kiosk.visit import (
    TAKE_BACK,
    Begin,
    Event,
    Patience,
    Refusal,
    Service,
    Visit,
)
from kiosk.work import Hands, jobs
from kiosk.working import Working
from regulation.rules import Rules

WORKERS = (*Devices.NAMES, "link", "look", "housekeeping", WORKER)
LOOK_AT_PRINTER_S = 20.0
LOOK_S = 2.0
"""So long whoever laid a paper down waits for the centre's word."""

SETTLE_AGAIN_S = 15.0
KEPT_S = 30.0
LARGE_TYPE_PATIENCE = 2.0
"""Whoever asks for large type gets twice the time."""

PRINTING = "printing"
"""A file that is there while a slip is printed, and stays when the kiosk is killed meanwhile."""

Post = Callable[[Callable[[], None]], None]


class House:
    """Everything of one kiosk but its screen.

    `post` brings a call to the main thread, `painted` is called there when something changed,
    `large` says whether large type is on, `reason` gives the sentence of a refusal, `called` is
    called there when somebody pressed the call button, `anew` when an attendant wants the program
    to begin anew.
    """

    def __init__(  # noqa: PLR0913 - the wires of the house
        self,
        settings: Settings,
        rules: Rules,
        post: Post,
        *,
        painted: Callable[[], None],
        large: Callable[[], bool],
        reason: Callable[[Refusal], str],
        called: Callable[[], None],
        anew: Callable[[], None],
        pace: Pace,
    ) -> None:
        folder = settings.data_dir
        self.settings, self.rules, self._post, self._painted = settings, rules, post, painted
        self.journal = Journal(folder)
        self.pace, (self.log, self._lines) = pace, open_log(folder, pace.now)
        self.services = catalogue(rules)
        self.closing = Closing(folder, self.log, painted)
        self.troubles: frozenset[str] = frozenset()
        self.recovering, self.unclaimed = True, False
        self.workers = {name: Worker(name) for name in WORKERS}
        self.beside = Beside(self.workers, post, self.log)
        self.devices = self._attached()
        self.cameras = self.devices.cameras
        self._clock, self._large, self._called, self._anew = pace.clock, large, called, anew
        self._settled = self._compared = pace.clock()
        self._looked = self._settled - LOOK_AT_PRINTER_S
        self.watched, self._paper_low = "", False
        self._wire(reason)

    def start(self, visit: Visit | None = None) -> None:
        """Settle what was open when the kiosk stopped, then serve, a visit that was kept first.

        After half a minute nobody knows who stands there now: the papers are given back instead.
        """
        if attending(visit):
            visit = Visit(TAKE_BACK)  # whoever entered before the restart enters anew
        self._kept, self._kept_at = visit, self._clock()
        enrol.close_without(self.settings, self.closing)
        self.log.write(LogEvent.STARTED, version=VERSION, config=self.settings.kiosk_id)
        self.keeper.start()

        def settled(_left: object) -> None:
            self.beside.do("printer", self._print_unbegun, self._recovered)

        self.beside.do("link", self.handing.settle, settled)
        self.beside.do("link", self.clocks.compare)
        self.beside.do("media", self.batch.settle)
        if self.devices.social_card is not None:
            self.beside.do("social_card", self.devices.social_card.reset, self._found_card)

    def close(self) -> None:
        """End every thread and close every device."""
        self.desk.close()
        for worker in self.workers.values():
            worker.end()
        for worker in self.workers.values():  # before the devices: they start and stop the cameras
            worker.stop()
        self.devices.close()
        self.batch.close()
        self.card_centre.close()
        self.look_centre.close()
        self.centre.close()
        self.log.write(LogEvent.STOPPED)
        self.keeper.close()
        self._lines.close()
        self.journal.close()

    def tick(self) -> None:
        """To be called a few times a second on the main thread."""
        self.desk.tick()
        self.custody.look(self.desk.visit)
        self.presence.look(self.desk.visit)
        self.readiness.tick()
        now = self._clock()
        if self.recovering:
            return
        if self.desk.visit is None and not self.readiness.proving:
            self.working.look(now)
        if self.desk.visit is None and now - self._looked > LOOK_AT_PRINTER_S:
            self._looked = now
            self.beside.once("printer", self.press.look, self._know_printer)
        if now - self._settled > SETTLE_AGAIN_S:
            self._settled = now
            self.beside.once("link", self.handing.settle)
            if now - self._compared > COMPARE_S or self.centre.reach.missed:
                self._compared = now
                self.beside.do("link", self.clocks.compare)
            if self.desk.visit is None:
                self.beside.once("media", self.batch.settle)

    def watch(self, name: str) -> None:
        """Run the camera a page shows, and no other ("" for none)."""
        if name == self.watched:
            return
        before, self.watched = self.watched, name
        for camera, on in ((before, False), (name, True)):
            if camera:
                self.workers[camera].submit(
                    lambda _cancel, camera=camera, on=on: self.photographer.watch(camera, on=on),
                    lambda answer: self.beside.told("watch", answer),
                )

    def _attached(self) -> Devices:
        return Devices(
            self.settings,
            printer_s=self.pace.printer_s,
            printer_interrupted=self._printing.exists(),
            sound_lost=lambda fault: self.log.lost_or_back("sound", fault),
        )

    def _linked(self) -> Centre:
        return Centre(
            self.settings.central_url,
            self.settings.central_timeout_s,
            identity.of(self.settings),
            lambda why: self.log.write(LogEvent.CENTRE_FAILED, request="renewal", problem=why),
        )

    def _link(self) -> None:
        """The ways to the centre, one for each thread that asks it."""
        self.centre = self._linked()
        self.clocks = Clocks(self.centre, self.pace.now, self.log)
        self.card_centre, self.vault = self.centre.beside(), Vault()
        self.look_centre = self.centre.beside(LOOK_S)
        signer = signer_of(self.settings, self.centre)
        errand = HandingIn(self.settings, self.centre, self.log)
        self.keeper = Keeper(self._lines, self.log, self.pace.now, signer, errand)

    def _wire(self, reason: Callable[[Refusal], str]) -> None:
        settings, pace, devices = self.settings, self.pace, self.devices
        self._link()
        slips = Slips(self.rules, settings.kiosk_id, settings.site, reason, settings.hotlines)
        printer, log = devices.printer, self.log
        mark, fed = self._printing, self._counted(pace)
        self.press = Press(printer, printer.dots, slips, self.journal, pace.now, log, mark, fed)
        self.reader = Reader(devices.id_reader, self.log, self._tapped, pace.paper_s)
        self.photographer = Photographer(self.cameras, self.log, pace)
        kiosk_id, journal = settings.kiosk_id, self.journal
        self.handing = Handing(self.centre, journal, self.rules, kiosk_id, pace, log)
        self.pins = self._pins()
        self.batch = self._batch()
        self.cards = self.pins.cards if self.pins else None
        self.look = Look(self.look_centre, self.journal, self.rules, pace.now, log)
        self._serve(
            Hands(
                self.reader,
                self.press,
                self.handing,
                self.photographer,
                self.look,
                self.cards,
                self.pins,
                devices.media,
                self.batch,
            )
        )

    def _serve(self, hands: Hands) -> None:
        """The desk, and those who go by what stands there."""
        devices, pace = self.devices, self.pace
        self.desk = Desk(
            jobs={**jobs(hands), **self._attendants()},
            workers=self.workers,
            post=self._post,
            clock=self._clock,
            waits=self._waits,
            painted=self._painted,
            log=self.log,
            over=lambda: self.guardian.over(),  # noqa: PLW0108 - there is none yet
            known=self.clocks.known,
            admits=self._admits,
        )
        self.custody = Custody(
            self.journal,
            pace.now,
            lambda work: self.beside.do("housekeeping", work),
            bin_of(devices.social_card, self.cards, self.settings.social_card_card_left),
        )
        self.signals = Signals(
            devices.auxiliaries,
            devices.sound,
            self.workers["auxiliaries"],
            self.log,
            called=lambda: self._post(self._called),
            door=lambda opened: self._post(partial(door, self.desk, opened=opened)),
        )
        self.guardian, self.working = self._guardian(), Working(self, self._painted)
        self.readiness = Readiness(self, identity.of(self.settings), self._painted)

    def _admits(self, service: Service | None) -> bool:
        """Out of service, or while it proves itself, nobody but an attendant begins anything."""
        attendants = service is not None and service.name in OF_ATTENDANTS
        return attendants or not (self.closing.why or self.readiness.proving)

    def _counted(self, pace: Pace) -> Callable[[float, int], None]:
        """Who counts what is printed."""
        self.printer_supplies = PrinterSupplies(self.settings.data_dir, lambda: pace.now().date())
        return self.printer_supplies.fed

    def _attendants(self) -> Mapping[str, tuple[Job, ...]]:
        """The work of attendant mode."""
        self.presence = Presence(self.log, self._attendant_left)
        return attendant_jobs(attendant_hands(self, self._post, self._anew))

    def _attendant_left(self) -> None:
        """What changed while an attendant was there is looked at before anybody is served."""
        self._looked = self._clock() - LOOK_AT_PRINTER_S
        self.readiness.hurry()
        if self.signals.door_open:
            door(self.desk, opened=True)

    def _batch(self) -> BatchWork:
        """The work with a unit's list, with a way to the centre of its own."""
        centre, kiosk_id = self.centre.beside(), self.settings.kiosk_id
        media = ListMedia(centre, self.devices.media, kiosk_id, self.log)
        return batch_work(self.settings, self.rules, media, self.pace)

    def _pins(self) -> PinHands | None:
        """The work with social cards and their PINs, with a way to the centre of its own."""
        device, kiosk_id = self.devices.social_card, self.settings.kiosk_id
        if device is None:
            return None
        keys = CentralKeys(self.card_centre, kiosk_id)
        slot = Slot(device, self.devices.card_profile, self.log)
        now, log = self.pace.now, self.log
        cases = PinCases(self.card_centre, self.journal, self.rules, kiosk_id, now, log)
        writing = PinWriting(slot, self.vault, keys, cases)
        return PinHands(
            CardWork(slot, keys, self._put_in, writing.leave),
            PinWork(slot, self.devices.pin_pad, self.vault),
            writing,
        )

    @property
    def keypad(self) -> Keypad | None:
        """The keys of the PIN that is asked for on the screen now."""
        pad = self.devices.pin_pad
        return pad.keypad if isinstance(pad, ScreenPad) else None

    def _put_in(self, card: CardRead) -> Event:
        return self._tapped(card.paper, blocked=card.blocked)

    def _guardian(self) -> Guardian:
        """Who sees that nothing of a visit is left."""
        wipes = {
            "social_card": self.vault.wipe,
            "media": self.batch.forget,
            "housekeeping": self.journal.forget,
        }
        hush = partial(self.signals.speak, "", self.settings.language)
        return Guardian(self.beside, WORKERS, self._post, hush, wipes)

    @property
    def _printing(self) -> Path:
        return self.settings.data_dir / PRINTING

    def _waits(self) -> Waits:
        """The seconds of the settings; large type has twice as many."""
        factor = LARGE_TYPE_PATIENCE if self._large() else 1.0
        table = self.settings.patience
        seconds = {patience: table[patience] * factor for patience in Patience}
        take_back, alarm, call, custody = (table[rung] for rung in RUNGS)
        return Waits(seconds, table["warn"] * factor, (take_back, alarm, call, custody))

    def _tapped(self, paper: PaperRead, *, blocked: bool = False) -> Event:
        """What a paper put on a reader at home begins; `blocked`: a card whose PIN has no tries."""
        facts = {"today": self.pace.now().date(), "tapped": paper, BLOCKED.name: blocked}
        return Begin(self.services[MENU], MappingProxyType(facts))

    def _found_card(self, media: object) -> None:
        """Where a card went that was in the slot at start; what went wrong is written already."""
        if isinstance(media, Media):
            self.log.write(LogEvent.DEVICE_STATE, device="social_card", state=media)

    def _print_unbegun(self) -> bool:
        self.press.print_unbegun()
        return self.press.unclaimed()

    def _recovered(self, unclaimed: object) -> None:
        self.recovering = False
        self.unclaimed = unclaimed is True
        late = self._clock() - self._kept_at > KEPT_S
        kept = Visit(TAKE_BACK) if self._kept and late else self._kept
        visit, self._kept = self.desk.visit or kept, None
        if visit is None:
            self.readiness.started()
        self.desk.start(visit)
        self._painted()

    def _know_printer(self, answer: object) -> None:
        able, unclaimed, low = answer if isinstance(answer, Printing) else Printing()
        if low and not self._paper_low:  # for the attendant alone (F29): it prints all the same
            self.log.write(LogEvent.DEVICE_STATE, device="printer", state="paper_low")
        self._paper_low = low
        troubles = self.troubles - {"F30"} if able else self.troubles | {"F30"}
        if (troubles, unclaimed) != (self.troubles, self.unclaimed):
            self.troubles, self.unclaimed = troubles, unclaimed
            self.log.write(
                LogEvent.DEVICE_STATE, device="printer", state="trouble" if troubles else "ok"
            )
            self._painted()
