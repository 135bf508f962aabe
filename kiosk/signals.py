"""Lamps and sounds that go with what the screen shows: tables, and the one who shows them.

A lamp says where to put or take something; a sound says look. Both only help: no visit waits for
them, and none ends because of them (规程 asks for neither; look.md, lessons.md 5.7).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from hardware.auxiliaries.driver import Alarm, Auxiliaries, Flash, Inputs, Light, Word
from hardware.fault import DeviceFault
from hardware.sound.driver import Chime, Sound
from hardware.worker import Worker
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services import people
from kiosk.visit import (
    ALARMS,
    CALLED,
    HELP,
    KEPT,
    LEFT,
    MORE_TIME,
    REMINDED,
    Overlay,
    Patience,
    Visit,
    standing,
)

WORK_LIGHTS: Mapping[str, Light] = {
    "read_applicant": Light.ID_READER,
    "read_agent": Light.ID_READER,
    "papers_taken": Light.ID_READER,
    "papers_swapped": Light.ID_READER,
    "card_taken": Light.CARD_READER,
    "take_page": Light.SCANNER,
    "take_portrait": Light.CAMERA,
    "take_scene": Light.CAMERA,
    "print_voucher": Light.RECEIPT_PRINTER,
    "print_again": Light.RECEIPT_PRINTER,
    "print_referral": Light.RECEIPT_PRINTER,
}
"""The lamp that is lit while this work goes on."""

SOUNDS: Mapping[Overlay, Alarm] = {
    LEFT: Alarm.WARNING,
    CALLED: Alarm.CRITICAL,
    KEPT: Alarm.ERROR,
    HELP: Alarm.EXCLAMATION,
}
"""How the buzzer sounds; until it is taken where the attendant is called (Alarm.CRITICAL)."""

CHIMES: Mapping[Overlay, Chime] = {
    **dict.fromkeys((MORE_TIME, REMINDED, *ALARMS), Chime.EXCLAMATION),
    HELP: Chime.KEYPRESS,
}
"""What is heard when this comes; any other problem sounds like one, a result like success."""

NEEDS_SOMEBODY = (HELP, CALLED, KEPT)


@dataclass(frozen=True, slots=True)
class Signal:
    """What is lit and what is heard at one moment."""

    lights: Mapping[Light, Flash] = field(default_factory=dict[Light, Flash])
    alarm: Alarm = Alarm.OFF
    chime: Chime | None = None


def signal(visit: Visit | None, *, helping: bool = False) -> Signal:
    """Give the signal of a moment; None is home.

    `helping`: somebody asked for help, whatever lies over the page since.
    """
    step = standing(visit) if visit else None
    if visit is None or step is None:
        lights = {Light.ID_READER: Flash.SLOW}
        if helping:
            return Signal(lights | {Light.HELP: Flash.SLOW}, SOUNDS[HELP], CHIMES[HELP])
        return Signal(lights)
    over, lights = visit.overlay, dict[Light, Flash]()
    in_slot = step.work == "papers_swapped" and people.in_slot(visit.facts)
    lamp = Light.CARD_READER if in_slot else WORK_LIGHTS.get(step.work)
    if lamp and (over in (None, MORE_TIME, HELP, REMINDED) or over in ALARMS):
        lights[lamp] = Flash.QUICK if over in ALARMS else Flash.MEDIUM
    result = step.patience is Patience.RESULT
    if result:
        lights[Light.RECEIPT_PRINTER] = Flash.MEDIUM  # the slip waits to be taken
    if helping or over in NEEDS_SOMEBODY:
        lights[Light.HELP] = Flash.SLOW
    chime = CHIMES.get(over, Chime.WARNING) if over else Chime.SUCCESS if result else None
    return Signal(lights, SOUNDS.get(over, Alarm.OFF) if over else Alarm.OFF, chime)


class Signals:
    """Shows signals on the board and by sound, each once, as the visit moves. Main thread only.

    On the board's thread `called` is called when somebody pressed the call button, and `door` when
    the kiosk was opened (True) or shut. Without a board or sound it does less.
    """

    def __init__(  # noqa: PLR0913 - the wires of the house
        self,
        board: Auxiliaries | None,
        sound: Sound | None,
        worker: Worker,
        log: Log,
        *,
        called: Callable[[], None],
        door: Callable[[bool], None],
    ) -> None:
        self._board, self._sound, self._worker = board, sound, worker
        self._log, self._called, self._opened = log, called, door
        self._shown = Signal()
        self._door = self._button = Word.NOT_AVAILABLE
        if board is not None:
            board.watch(self._felt, lambda fault: log.lost_or_back(board.name, fault))

    @property
    def door_open(self) -> bool:
        """Whether the kiosk stands open, as far as a board tells."""
        return self._door is Word.OPEN

    def show(self, visit: Visit | None, *, helping: bool = False) -> None:
        """Show the signal of this moment, if it is another one than before."""
        now, before = signal(visit, helping=helping), self._shown
        if now == before:
            return
        self._shown = now
        if self._board is not None:
            board = self._board
            self._worker.submit(lambda _cancel: _set(board, before, now), self._done)
        louder = (now.chime, now.alarm) != (before.chime, before.alarm)
        if self._sound is not None and now.chime is not None and louder:
            self._sound.chime(now.chime)

    def speak(self, text: str, language: str, key: str = "") -> None:
        """Say what a page says, instead of the page before it; "" is silence.

        `key` names a text that is always the same (assets/sounds/<language>/<key>.wav).
        """
        if self._sound is None:
            return
        if text:
            self._sound.say(text, language, key=key)
        else:
            self._sound.hush()

    def _done(self, answer: object) -> None:
        if isinstance(answer, DeviceFault):
            self._log.device_fault(answer)

    def _felt(self, inputs: Inputs) -> None:
        """A contact changed, on the board's thread: the headset, the call button, the door."""
        if self._sound is not None:
            self._sound.plug_headset(inputs.enhanced_audio is Word.PRESENT)
        if inputs.cabinet_door is not self._door:
            self._door = inputs.cabinet_door
            self._log.write(LogEvent.DEVICE_STATE, device="cabinet_door", state=self._door)
            self._opened(self._door is Word.OPEN)
        before, self._button = self._button, inputs.operator_call_button
        if self._button is Word.ON and before is not Word.ON:  # once a press, however long
            self._called()


def _set(board: Auxiliaries, before: Signal, now: Signal) -> None:
    """Tell the board all of it, also while it is away: it shows what it was told last."""
    lights = {*before.lights, *now.lights}
    orders: list[Callable[[], None]] = [
        partial(board.set_light, light, now.lights.get(light, Flash.OFF)) for light in lights
    ]
    if now.alarm != before.alarm:
        orders.append(partial(board.sound_alarm, now.alarm))
    lost: DeviceFault | None = None
    for order in orders:
        try:
            order()
        except DeviceFault as fault:
            lost = fault
    if lost is not None:
        raise lost
