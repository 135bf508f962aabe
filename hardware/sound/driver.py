"""Chimes and spoken prompts, on the speaker or, when one is plugged in, on the headset."""

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from hardware.device import Capabilities, Media, State, Status
from hardware.fault import DeviceFault
from hardware.sound.chimes import Chime, chime
from hardware.sound.pcm import FULL
from hardware.sound.player import Player
from hardware.sound.voice import DEVICE, SPEEDS, TONGUES, Prompt, Voice

__all__ = ["SPEEDS", "Chime", "Sound"]

SPEAKER, HEADSET, VOICE = "speaker", "headset", "voice"

log = logging.getLogger(__name__)


class Sound:
    """The speaker and the headset of the kiosk, and its voice.

    `device` and `headset` are ALSA names (best by card: "plughw:CARD=Headset"); without a headset
    what is plugged in changes nothing. `recordings` is the folder of `<language>/<key>.wav`.
    `say`, `chime`, `hush`, `plug_headset`, `set_speed` and `set_volume` are for any thread, return
    at once and raise nothing: a device that is missing or dead is a fault told to `on_fault`, once,
    and None when all is well again, on the thread that found out. Each sound tries anew, so what
    was missing comes back by itself. `status`, `reset` and `close` are for the device's worker.
    Nothing is opened before the first sound. A PIN is never given to `say`. Source:
    docs/devices/sound.md.
    """

    name = DEVICE

    def __init__(
        self,
        device: str = "default",
        headset: str = "",
        *,
        recordings: Path | None = None,
        alsa_config: Path | None = None,
        on_fault: Callable[[DeviceFault | None], None] = lambda _fault: None,
    ) -> None:
        self._devices = {SPEAKER: device} | ({HEADSET: headset} if headset else {})
        self._alsa_config = alsa_config
        self._on_fault = on_fault
        self._voice = Voice(recordings)
        self._speaking = threading.Lock()  # held while the voice is in use
        self._changed = threading.Condition(threading.RLock())  # guards all below
        self._players: dict[str, Player] = {}
        self._plugged = False
        self._speed = 100
        self._volume = FULL
        self._prompt: Prompt | None = None  # the newest, also when it was heard
        self._wanted: Prompt | None = None  # not synthesised yet
        self._synthesising = False
        self._faults: dict[str, DeviceFault] = {}
        self._speaker: threading.Thread | None = None
        self._ended = threading.Event()  # of the thread that speaks now

    def capabilities(self) -> Capabilities:
        """Give what there is: speaker, headset, speech."""
        return Capabilities("auxiliaries", "alsa", frozenset({*self._devices, "speech"}))

    def say(
        self, text: str, language: str = "zh_CN", *, key: str = "", names: Sequence[str] = ()
    ) -> None:
        """Say a text instead of the one before it; an unknown language is not spoken.

        `key` names a text that is always the same: its recording is taken where there is one, and
        it is kept in memory. `names`: people's names in the text, for their surnames' readings.
        """
        with self._changed:
            self._prompt = Prompt(text, language, key, tuple(names))
            self._repeat()

    def chime(self, kind: Chime) -> None:
        """Play a chime now; a prompt that is spoken ends.

        Where speech is heard; EXCLAMATION on the speaker too: who walked off must hear it.
        """
        with self._changed:
            self._wanted = None
            also = {SPEAKER} if kind is Chime.EXCLAMATION else set[str]()
            for place in {self._ear(), *also}:
                self._player(place).chime(chime(kind).at(self._volume))

    def hush(self) -> None:
        """End what is spoken and forget it: at the end of a page or a visit."""
        with self._changed:
            self._prompt = None
            self._quiet()

    def plug_headset(self, plugged: bool) -> None:  # noqa: FBT001 - what its switch says
        """Take to the headset, or back to the speaker.

        Plugged in: the newest prompt is said again, there alone. Pulled out: speech ends at once,
        and nothing is repeated aloud.
        """
        with self._changed:
            if plugged == self._plugged or HEADSET not in self._devices:
                return
            self._plugged = plugged
            self._quiet()
            if plugged:
                self._repeat()
        if not plugged:
            self._note(HEADSET, None)  # one that is not in use has no fault

    def set_speed(self, percent: int) -> None:
        """Speak so fast from the next prompt on; one of `SPEEDS`, else the nearest."""
        with self._changed:
            self._speed = min(SPEEDS, key=lambda speed: abs(speed - percent))

    def set_volume(self, percent: int) -> None:
        """Sound so loud from the next sound on: per cent of what the device gives, 0 to 100."""
        with self._changed:
            self._volume = min(FULL, max(0, percent))

    def wait(self, seconds: float) -> bool:
        """Wait until all is said and played; False if that takes longer."""
        with self._changed:
            done = self._changed.wait_for(
                lambda: self._wanted is None and not self._synthesising, seconds
            )
            players = list(self._players.values())
        return done and all(player.wait(seconds) for player in players)

    def status(self) -> Status:
        """Try each device in use with 10 ms of silence, and the voice with a word.

        Raises `DeviceFault`: `no_device`, `time_out` (replug), `device_not_ready` (retry),
        `hardware_error`, `internal_error` (attendant; aplay or espeak-ng is missing).
        """
        with self._changed:
            players = {place: self._player(place) for place in (SPEAKER, self._ear())}
        for place, player in players.items():
            self._try(place, player.probe)
        self._try(VOICE, self._speak_a_word)
        return Status(State.ONLINE)

    def reset(self) -> Media:
        """Be silent, forget every prompt, and try all; it holds no media."""
        self.hush()
        self._voice.forget()
        self.status()
        return Media.UNKNOWN

    def close(self) -> None:
        """End all sound and every thread; the next sound begins anew."""
        with self._changed:
            self.hush()
            self._ended.set()
            self._changed.notify_all()
            speaker, self._speaker = self._speaker, None
            players, self._players = self._players, {}
        if speaker is not None and speaker is not threading.current_thread():
            speaker.join()
        for player in players.values():
            player.close()

    def _ear(self) -> str:
        return HEADSET if self._plugged else SPEAKER

    def _player(self, place: str) -> Player:
        player = self._players.get(place)
        if player is None:
            device = self._devices[place]
            player = Player(device, self._alsa_config, lambda fault: self._note(place, fault))
            self._players[place] = player
        return player

    def _quiet(self) -> None:
        self._wanted = None
        for player in self._players.values():
            player.hush()

    def _repeat(self) -> None:
        """Let the newest prompt be said; what is spoken now ends."""
        self._quiet()
        if self._prompt is None or self._prompt.language not in TONGUES:
            return
        self._wanted = self._prompt
        if self._speaker is None:
            self._ended = threading.Event()
            self._speaker = threading.Thread(
                target=self._run, args=(self._ended,), name="voice-sound", daemon=True
            )
            self._speaker.start()
        self._changed.notify_all()

    def _run(self, ended: threading.Event) -> None:
        while (work := self._next(ended)) is not None:
            prompt, speed = work
            try:
                with self._speaking:
                    sound = self._voice.sound(prompt, speed)
            except DeviceFault as fault:
                self._note(VOICE, fault)
                sound = None
            else:
                self._note(VOICE, None)
            with self._changed:
                self._synthesising = False
                if sound is not None and self._wanted is prompt:
                    self._player(self._ear()).say(sound.at(self._volume))
                if self._wanted is prompt:
                    self._wanted = None
                self._changed.notify_all()
            del work, prompt, sound  # what it knew of a person ends with it

    def _next(self, ended: threading.Event) -> tuple[Prompt, int] | None:
        with self._changed:
            self._changed.wait_for(lambda: ended.is_set() or self._wanted is not None)
            if ended.is_set() or self._wanted is None:
                return None
            self._synthesising = True
            return self._wanted, self._speed

    def _speak_a_word(self) -> None:
        with self._speaking:
            self._voice.sound(Prompt("好", "zh_CN"), 100)

    def _try(self, place: str, probe: Callable[[], None]) -> None:
        try:
            probe()
        except DeviceFault as fault:
            self._note(place, fault)
            raise
        self._note(place, None)

    def _note(self, place: str, fault: DeviceFault | None) -> None:
        """Remember how a part is; tell when the whole has changed."""
        with self._changed:
            before = next(iter(self._faults.values()), None)
            self._faults.pop(place, None)
            if fault is not None:
                self._faults[place] = fault
            now = next(iter(self._faults.values()), None)
        if (before and before.detail) != (now and now.detail):
            self._tell(now)

    def _tell(self, fault: DeviceFault | None) -> None:
        try:
            self._on_fault(fault)
        except Exception as error:
            # whatever the hearer did wrong, the sounds go on
            log.exception("%s: a hearer failed: %s", DEVICE, type(error).__name__)
