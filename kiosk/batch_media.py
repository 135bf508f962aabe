"""Where a unit's list comes from: a stick in the port, or what a phone has sent to the centre.

Everything runs on the worker of the media, one piece of work at a time.
"""

import io
import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import segno

from hardware.fault import Cure, DeviceFault
from hardware.media.contents import Content, File, Files, Limits, Reason, Refused
from hardware.media.driver import Stick, StickSlot
from hardware.media.kinds import judge
from kiosk.batch.source import Cancelled, Entry, FileFault, NotTaken, Source, lists_of
from kiosk.batch.stick import StickSource
from kiosk.desk import Ask
from kiosk.link import Centre, Rejected, Unknown, Unreachable
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services.batch_answers import ListFile, Lists, NoList, Scan
from kiosk.visit import Change, Event, Failed, Said

LOOK_S = 1.0
"""How often a phone's files are looked for, and the port for a stick."""

PIECE = 1 << 20
CODE_PX = 10
"""Of a module of a code for the screen: sharp at any size it is shown in."""

TEMPLATE = "/templates/card-list.xlsx"
"""Where the centre has the empty list for phones (docs/centre/batches.md)."""

PULLED, BROKEN = "pulled", "port_broken"
"""Beside the words of `FileFault`: why there is no list any more."""

PHONE_OVER = Change(drop=("phone_code", "phone_files", "phone_lists"))


class Turn(threading.Event):
    """The cancel event of whatever piece of work goes on: a source is read by several."""

    def __init__(self) -> None:
        super().__init__()
        self.of = threading.Event()

    def is_set(self) -> bool:
        """Whether nobody waits for the present work."""
        return self.of.is_set()


@dataclass(frozen=True, slots=True)
class PhoneSlot:
    """Reads the files of a phone's upload as `StickSlot` reads those of a stick."""

    centre: Centre
    upload_id: str
    limits: Limits = field(default_factory=Limits)

    def files(self, _stick: None, cancel: threading.Event) -> Files | Refused:
        """Give the files that have come whole."""
        if cancel.is_set():
            return Refused(Reason.CANCELLED)
        told = self._asked(self.centre.phone_upload, self.upload_id)
        whole = [each for each in told["files"] if each["received"] == each["size"]]
        return Files(tuple(File(str(each["n"]), each["name"], each["size"]) for each in whole))

    def read(self, _stick: None, file: File, cancel: threading.Event) -> Content | Refused:
        """Give a file whole, fetched piece by piece."""
        if file.size > self.limits.single_bytes:
            return Refused(Reason.TOO_LARGE)
        data = bytearray()
        while len(data) < file.size:
            if cancel.is_set():
                return Refused(Reason.CANCELLED)
            first = len(data)
            last = min(first + PIECE, file.size) - 1
            data += self._asked(self.centre.phone_file, self.upload_id, int(file.path), first, last)
        return judge(bytes(data), self.limits)

    @staticmethod
    def _asked(ask: Any, *words: object) -> Any:
        try:
            return ask(*words)
        except Rejected:
            raise NotTaken(FileFault.GONE) from None


@dataclass(slots=True, eq=False)
class Media:
    """The files of this visit, wherever they come from. `slot` is None where there is no port."""

    centre: Centre
    slot: StickSlot | None
    kiosk_id: str
    log: Log
    turn: Turn = field(default_factory=Turn)
    source: Source | None = field(default=None, repr=False)
    found: tuple[Entry, ...] = field(default=(), repr=False)
    _upload: str = field(default="", repr=False)

    def stick(self, ask: Ask) -> Event | None:
        """Wait for a stick; gives those of its files that may be the list."""
        if self.slot is None:
            return Said(NoList(BROKEN))
        self.turn.of = ask.cancel
        try:
            while not isinstance(stick := self.slot.accept(ask.cancel, LOOK_S), Stick):
                if ask.cancel.is_set():
                    return None
            ask.progress("reading")
            return self._listed(StickSource(self.slot, stick, self.turn))
        except DeviceFault as fault:
            return Said(self.lost(fault))

    def phone_code(self, _ask: Ask) -> Event:
        """Open an upload; gives its address as a code."""
        try:
            self.forget()
            told = self.centre.open_phone_upload(self.kiosk_id)
        except (Unreachable, Unknown, Rejected) as error:
            return self.failed("phone-uploads", error)
        self._upload = str(told["id"])
        return Said(Scan(code_png(str(told["url"]))))

    def phone_watch(self, ask: Ask) -> Event | None:
        """Tell how many files have come, of how many, until the person says that all have.

        One that is over is opened anew, under another code.
        """
        while not ask.cancel.is_set():
            try:
                files = self.centre.phone_upload(self._upload)["files"]
            except Rejected as no:
                gone = no.status == HTTPStatus.NOT_FOUND
                return Said(PHONE_OVER) if gone else self.failed("phone-uploads", no)
            except (Unreachable, Unknown) as error:
                return self.failed("phone-uploads", error)
            whole = sum(each["received"] == each["size"] for each in files)
            ask.progress(f"{whole} {len(files)}")
            ask.cancel.wait(LOOK_S)
        return None

    def phone_lists(self, ask: Ask) -> Event | None:
        """Those of the phone's files that may be the list."""
        self.turn.of = ask.cancel
        return self._listed(StickSource(PhoneSlot(self.centre, self._upload), None, self.turn))

    def template_code(self, _ask: Ask) -> Event:
        """The address of the empty list, as phones reach the centre."""
        try:
            told = self.centre.open_phone_upload(self.kiosk_id)
            self.centre.end_phone_upload(str(told["id"]))
        except (Unreachable, Unknown, Rejected) as error:
            return self.failed("phone-uploads", error)
        base = urlsplit(str(told["url"]))
        return Said(Scan(code_png(f"{base.scheme}://{base.netloc}{TEMPLATE}")))

    def entry(self, place: int, cancel: threading.Event) -> tuple[Source, Entry]:
        """The files, and the one that is the list. Raises `NotTaken` for one that is gone."""
        self.turn.of = cancel
        if self.source is None or place >= len(self.found):
            raise NotTaken(FileFault.GONE)
        return self.source, self.found[place]

    def forget(self) -> None:
        """Nobody wants these files any more; what a phone sent is removed at the centre."""
        upload, self._upload, self.source, self.found = self._upload, "", None, ()
        if upload:
            try:
                self.centre.end_phone_upload(upload)
            except (Unreachable, Unknown, Rejected) as error:  # it ends by itself soon
                self.failed("phone-uploads", error)

    def lost(self, fault: DeviceFault) -> NoList:
        """Write that the port failed; what the person is told."""
        self.log.device_fault(fault)
        return NoList(PULLED if fault.cure is Cure.REPLUG else BROKEN)

    def failed(self, request: str, error: Exception) -> Failed:
        """Write that the centre could not be asked."""
        return centre_failed(self.log, request, error)

    def _listed(self, source: Source) -> Event | None:
        try:
            self.found = lists_of(source.entries())
        except NotTaken as no:
            return Said(no_list(no))
        except Cancelled:
            return None
        except (Unreachable, Unknown) as error:
            return self.failed("phone-uploads", error)
        self.source = source
        files = (ListFile(place, each.name) for place, each in enumerate(self.found))
        return Said(Lists(tuple(files)))


def no_list(no: NotTaken) -> NoList:
    """Why a file is not taken: its word, or the sentence where that names columns."""
    return NoList(no.zh if no.fault is FileFault.HEAD else no.fault.value)


def centre_failed(log: Log, request: str, error: Exception) -> Failed:
    """Write that the centre could not be asked; what the person is told."""
    problem = error.type if isinstance(error, Rejected) else type(error).__name__
    log.write(LogEvent.CENTRE_FAILED, request=request, problem=problem)
    return Failed("F35", "central", type(error).__name__.lower())


def code_png(address: str) -> bytes:
    """An address as a QR code, with its quiet zone (ISO/IEC 18004)."""
    out = io.BytesIO()
    segno.make_qr(address, error="m").save(out, kind="png", scale=CODE_PX, border=4)
    return out.getvalue()
