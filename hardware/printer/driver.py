"""The receipt printer: a slip counts as printed only when the printer says so afterwards."""

import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from typing import Literal

from hardware.device import Capabilities, Media, State, Status, Supply
from hardware.fault import Cure, DeviceFault
from hardware.printer import link, raster, slip
from hardware.printer.conversation import Conversation, Garbage, Stuck, Unable
from hardware.printer.document import Document, Text
from hardware.printer.frames import BAND

DOTS_A_MM = 8
DOTS = {58: 384, 80: 576}
"""Printable dots of a line by width of the paper in mm (8 dots a mm)."""

CURES = {
    "paper_out": Cure.REFILL,
    "cover_open": Cure.ATTENDANT,
    "media_jammed": Cure.ATTENDANT,
    "cutter_error": Cure.ATTENDANT,
    "hardware_error": Cure.ATTENDANT,
    "device_not_ready": Cure.ATTENDANT,
    "offline": Cure.RETRY,
    "time_out": Cure.REPLUG,
    "no_device": Cure.REPLUG,
}
"""Every detail a printer's fault can have, and who can mend it."""

_STATES = {
    "": State.ONLINE,
    "offline": State.OFFLINE,
    "paper_out": State.OFFLINE,
    "cover_open": State.USER_ERROR,
}
"""By what keeps the printer from printing; anything else is an error of its hardware."""

_SUPPLIES = {"full": Supply.OK, "low": Supply.LOW, "out": Supply.EMPTY, "unknown": Supply.UNKNOWN}

VOID = (Text("以上凭证未打完 作废\nThe slip above is incomplete and void", bold=True),)
"""Ends a slip that broke off, so that it is neither used nor handed out with the next one."""

VOID_IF_ANY = (Text("以上如有未打完的凭证 即作废\nAny incomplete slip above is void", bold=True),)
"""The same where whoever printed before was killed, and nobody knows whether a slip broke off."""

_SLOWEST_DOTS_PER_S = 200  # 25 mm/s: a hot head, or a weak power supply
_USUAL_DOTS_PER_S = 800  # 100 mm/s
_USUAL_BYTES_PER_S = 50_000.0  # of a link that declares no speed
_FAST_BYTES_PER_S = 30_000  # a slip of 100 kB as a picture in 3 s
_TRIAL = 1000  # NULs by which a link is measured: between commands a printer ignores them
_SLOWEST_BYTES_PER_S, _FASTEST_BYTES_PER_S = 960, 1_000_000.0


class PrinterFault(DeviceFault):
    """The printer cannot print. `detail` is a key of `CURES`.

    `begun`: something of the slip may have come out. The slip does not count even so.
    """

    def __init__(self, detail: str, *, begun: bool) -> None:
        super().__init__("printer", CURES[detail], detail)
        self.begun = begun


class Printer:
    """An ESC/POS printer on "tcp://host:port", "usb:/dev/usb/lp0" or a serial path.

    The link is opened for each job and closed after it, so it cannot rot while nobody prints,
    and a printer that was away is found again by the next job. One thread at a time.

    `mode` "auto" prints a picture over a fast link, and over a slow one text, with the lines that
    hold characters outside GBK as pictures; a serial line is as fast as its baud rate, other
    links are measured. `patience_s` is how long the printer may be silent, `stroke_s` how long the
    cutter may still move when all is used up: only then is the last status asked.
    `interrupted`: whoever printed before may have been killed in the middle of a slip. Raises
    `MissingFont` when the Chinese font is not installed, and `ValueError` for a bad `port`,
    width or mode. Source: `docs/devices/printer.md`.
    """

    name = "printer"

    def __init__(  # noqa: PLR0913 - the printer's settings, the last three by name
        self,
        port: str,
        width_mm: int = 80,
        mode: Literal["auto", "raster", "text"] = "auto",
        baudrate: int = 115200,
        *,
        patience_s: float = 3.0,
        stroke_s: float = 0.3,
        interrupted: bool = False,
    ) -> None:
        _check(port, width_mm, mode)
        self.dots = DOTS[width_mm]
        self._port = port
        self._baudrate = baudrate
        self._patience_s = patience_s
        self._stroke_s = stroke_s
        self._setting: Literal["auto", "raster", "text"] = mode
        declares = not port.startswith((link.TCP, link.USB))
        self._declared = baudrate / 10 if declares else None  # bytes a second, 8N1
        self._measured: float | None = None
        self._interrupted = interrupted
        self._echoes: bool | None = None  # whether it answers GS r; not known yet
        self._begun = False  # a slip is being printed, or broke off
        self._stub = False  # a slip that broke off hangs out, not cut
        self._left_over = False  # the printer may still hold something of a job
        self.fed_mm = 0.0
        """Paper of the slips that were begun since the start: an attendant's rolls are counted."""
        self.cuts = 0
        """Cuts since the start that the printer did not say it failed at: a cutter wears out."""

    def capabilities(self) -> Capabilities:
        """Give what the driver makes of any ESC/POS printer; what it has shows its status."""
        features = {"cut", "qr", "raster", "status_near_end", "status_paper", "text"}
        return Capabilities("printer", "receipt", frozenset(features))

    @property
    def media(self) -> Media:
        """Whether a slip that broke off hangs out; no sensor tells it, only what was printed."""
        if self._stub or self._begun:
            return Media.PRESENT
        return Media.UNKNOWN if self._interrupted else Media.NOT_PRESENT

    def status(self) -> Status:
        """What the printer says of itself; `PrinterFault` if it says nothing or nonsense.

        `detail` is "" when it can print; little paper is no trouble but a supply.
        """
        with self._conversation() as talk:
            said = talk.status()
        trouble = said.trouble
        return Status(
            state=_STATES.get(trouble, State.HARDWARE_ERROR),
            media=Media.JAMMED if said.jammed else self.media,
            supplies={"paper": _SUPPLIES[said.paper]},
            detail=trouble,
            cure=CURES[trouble] if trouble else None,
        )

    def reset(self) -> Media:
        """Make it forget what it has not printed, and give whether a slip that broke off hangs out.

        Prints nothing: what hangs out is marked void and cut off before the next slip. Raises
        `PrinterFault`, also when the printer cannot print.
        """
        self._left_over = True
        with self._conversation() as talk:
            talk.check()
            self._prepare(talk)
            self._left_over = False
        return self.media

    def close(self) -> None:
        """Nothing: no link stays open between two jobs."""

    def print(self, document: Document) -> None:
        """Print a slip and cut it. Returns when it is out, whole, and the printer well behind it.

        Raises `PrinterFault`; what the printer had not printed by then is cancelled and is not
        printed later. `ValueError` if a QR code of the document does not fit on the paper.
        """
        slip.check(document, self.dots)
        with self._conversation() as talk:
            talk.check()
            self._left_over = True
            self._prepare(talk)
            mode = self._mode()
            if self._stub or self._interrupted:
                void = VOID if self._stub else VOID_IF_ANY
                self._put(talk, [*slip.parts(void, self.dots, mode), slip.TAIL])
                self.cuts += 1
                self._stub = self._interrupted = False
            self._begun = True
            self.fed_mm += slip.length(document, self.dots) / DOTS_A_MM
            self._put(talk, [*slip.parts(document, self.dots, mode), slip.TAIL])
            talk.watch(self._stroke_s)
            self.cuts += 1
            self._begun = self._left_over = False

    def _mode(self) -> slip.Mode:
        if self._setting != "auto":
            return self._setting
        return "raster" if self._bytes_per_s >= _FAST_BYTES_PER_S else "mixed"

    @property
    def _bytes_per_s(self) -> float:
        return self._declared or self._measured or _USUAL_BYTES_PER_S

    def _prepare(self, talk: Conversation) -> None:
        """Bring the printer to its beginning, after a killed sender even out of a picture.

        A picture that was cut off swallows what comes next, so it is filled up with NUL (white;
        between commands a printer ignores it). A printer that gives no echo, and never gave one,
        does not know GS r.
        """
        talk.send(slip.HEAD)
        if self._echoes is False:
            return
        try:
            talk.used_up(self._patience_s)
        except Stuck:
            if self._echoes is None and not self._interrupted:
                self._echoes = False
                return
            rest = bytes(BAND * self.dots // 8) + slip.HEAD
            try:
                self._put(talk, [slip.Part(rest, BAND)])
            except Stuck:
                if self._echoes:
                    raise
                self._echoes = False
                return
            self._stub = True
        self._echoes = True
        if self._declared is None and self._measured is None:
            self._measure(talk)

    def _measure(self, talk: Conversation) -> None:
        """Measure a link that declares no speed: a slow line may begin behind a fast one."""
        began = time.monotonic()
        talk.used_up(self._patience_s)
        there_and_back_s = time.monotonic() - began
        talk.send(bytes(_TRIAL))
        talk.used_up(self._patience_s + _TRIAL / _SLOWEST_BYTES_PER_S)
        took_s = time.monotonic() - began - 2 * there_and_back_s
        self._measured = talk.bytes_per_s = min(_TRIAL / max(took_s, 1e-9), _FASTEST_BYTES_PER_S)

    def _put(self, talk: Conversation, parts: Iterable[slip.Part]) -> None:
        """Print part by part: no more than one is ever waiting in the printer.

        A printer without GS r is watched for as long as it usually needs, and at the end for as
        long as the slowest would have needed.
        """
        began, slowest_s = time.monotonic(), 0.0
        for part in parts:
            talk.send(part.data)
            if self._echoes is False:
                wire_s = len(part.data) / self._bytes_per_s
                slowest_s += wire_s + part.dots / _SLOWEST_DOTS_PER_S
                talk.watch(wire_s + part.dots / _USUAL_DOTS_PER_S)
            else:
                talk.used_up(part.dots / _SLOWEST_DOTS_PER_S + self._patience_s)
        if self._echoes is False:
            talk.watch(began + slowest_s - time.monotonic())

    @contextmanager
    def _conversation(self) -> Generator[Conversation]:
        """An open link; on any fault the job is cancelled, at the latest by the next one."""
        self._stub |= self._begun
        self._begun = False
        try:
            line = link.connect(self._port, self._baudrate, self._patience_s)
        except OSError as error:
            self._measured = None  # another printer may come back
            detail = "device_not_ready" if error.errno in link.HELD else "no_device"
            raise PrinterFault(detail, begun=False) from error
        talk = Conversation(line, self._patience_s, self._bytes_per_s)
        try:
            talk.greet()
            if self._left_over:
                talk.cancel()
                self._left_over = False
            yield talk
        except (OSError, Stuck, Garbage, Unable) as error:
            self._left_over = self._left_over and not _cancelled(talk)
            raise PrinterFault(_detail(error), begun=self._begun) from error
        finally:
            _hang_up(line, forget=self._left_over)


def _check(port: str, width_mm: int, mode: str) -> None:
    """Raise ValueError for settings no printer can have, `MissingFont` without a font."""
    if width_mm not in DOTS:
        raise ValueError(f"width_mm must be one of {sorted(DOTS)}")
    if mode not in {"auto", "raster", "text"}:
        raise ValueError("mode must be auto, raster or text")
    link.check_port(port)
    raster.face(24)
    raster.face(24, bold=True)


def _detail(error: Exception) -> str:
    match error:
        case Unable():
            return error.status.trouble
        case TimeoutError() | Stuck():
            return "time_out"
        case Garbage():
            return "hardware_error"
        case _:
            return "no_device"


def _cancelled(talk: Conversation) -> bool:
    try:
        talk.cancel()
    except (OSError, Garbage):  # the fault that is being told already says why
        return False
    return True


def _hang_up(line: link.Link, *, forget: bool) -> None:
    # a line that went away cannot be closed properly, and the next job opens a new one
    with suppress(OSError):
        line.close(forget=forget)
