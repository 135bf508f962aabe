"""One sound device: one sound at a time, the newer instead of the older."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from hardware.fault import Cure, DeviceFault
from hardware.sound.child import Child
from hardware.sound.pcm import Pcm
from hardware.sound.voice import DEVICE

_SLACK_S = 2.0
"""How much longer than its sound a device may take."""
_SILENCE = Pcm(22_050, bytes(2 * 220))  # 10 ms

_COMPLAINTS = (
    ("No such device", Cure.REPLUG, "no_device"),
    ("No such file", Cure.REPLUG, "no_device"),
    ("Device or resource busy", Cure.RETRY, "device_not_ready"),
)
"""What aplay says (in English) and what it means; anything else is a hardware error."""


class Player:
    """Plays on one ALSA device by aplay, on a thread of its own that the first sound starts.

    `hear` is told on that thread how each sound ended: a fault or None; nothing of one that was
    replaced or hushed. No method but `probe` waits for the device.
    """

    def __init__(
        self, device: str, alsa_config: Path | None, hear: Callable[[DeviceFault | None], None]
    ) -> None:
        self._device = device
        self._changes = {"LC_ALL": "C"}  # of the environment: English, and where the devices are
        if alsa_config is not None:
            self._changes["ALSA_CONFIG_PATH"] = str(alsa_config)
        self._hear = hear
        self._using = threading.Lock()  # held while the device is in use
        self._changed = threading.Condition()  # guards all below
        self._chime: Pcm | None = None
        self._prompt: Pcm | None = None
        self._playing: Child | None = None
        self._busy = False
        self._chiming = False
        self._cut = False
        self._ended = False
        self._thread: threading.Thread | None = None

    def chime(self, sound: Pcm) -> None:
        """Play a chime now, instead of anything else."""
        with self._changed:
            self._chime, self._prompt = sound, None
            self._cut_off()
            self._wake()

    def say(self, sound: Pcm) -> None:
        """Play a prompt, instead of another one, and behind a chime that is heard now."""
        with self._changed:
            self._prompt = sound
            if not self._chiming:
                self._cut_off()
            self._wake()

    def hush(self) -> None:
        """End the prompt; a chime sounds on."""
        with self._changed:
            self._prompt = None
            if not self._chiming:
                self._cut_off()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is to be played; False if that takes longer."""
        with self._changed:
            return self._changed.wait_for(self._idle, seconds)

    def probe(self) -> None:
        """Raise the fault of the device, if it has one; a device that plays now is well."""
        if not self._using.acquire(blocking=False):
            return
        try:
            child = self._begin(_SILENCE)
            fault = self._end(child, _SILENCE) if isinstance(child, Child) else child
        finally:
            self._using.release()
        if fault is not None:
            raise fault

    def close(self) -> None:
        """End all and the thread; the player is not used again."""
        with self._changed:
            self._ended = True
            self._cut_off()
            self._changed.notify_all()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _idle(self) -> bool:
        return not self._busy and self._chime is None and self._prompt is None

    def _wake(self) -> None:
        if self._thread is None:
            name = f"player-{self._device}"
            self._thread = threading.Thread(target=self._run, name=name, daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _cut_off(self) -> None:
        self._cut = True
        if self._playing is not None:
            self._playing.kill()  # at once: aplay would play its buffer out when terminated

    def _run(self) -> None:
        while (sound := self._next()) is not None:
            with self._using:
                fault = self._play(sound)
            with self._changed:
                cut = self._cut
            if not cut:
                self._hear(fault)
            with self._changed:
                self._busy = self._chiming = False
                self._changed.notify_all()

    def _next(self) -> Pcm | None:
        """Wait for the next sound and take it; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or self._chime or self._prompt)
            if self._ended:
                return None
            self._chiming = self._chime is not None
            if self._chiming:
                sound, self._chime = self._chime, None
            else:
                sound, self._prompt = self._prompt, None
            self._busy, self._cut = True, False
            return sound

    def _play(self, sound: Pcm) -> DeviceFault | None:
        child = self._begin(sound)
        if not isinstance(child, Child):
            return child
        with self._changed:
            self._playing = child
            if self._cut:
                child.kill()
        return self._end(child, sound)

    def _begin(self, sound: Pcm) -> Child | DeviceFault:
        argv = ["aplay", "-q", "-D", self._device, "-t", "raw", "-f", "S16_LE", "-c", "1"]
        try:
            return Child(
                [*argv, "-r", str(sound.rate)], sound.data, {**os.environ, **self._changes}
            )
        except OSError:  # there is no aplay, or no memory for it
            return DeviceFault(DEVICE, Cure.ATTENDANT, "internal_error")

    def _end(self, child: Child, sound: Pcm) -> DeviceFault | None:
        """Wait for the end of a sound; a device that takes too long is left."""
        code = child.wait(sound.seconds + _SLACK_S)
        with self._changed:
            self._playing = None
        complaint = child.complaint()
        child.close()
        return _blame(code, complaint)


def _blame(code: int | None, complaint: str) -> DeviceFault | None:
    if code == 0:
        return None
    if code is None:
        return DeviceFault(DEVICE, Cure.REPLUG, "time_out")
    if code < 0:  # killed by a signal: where it played to is gone
        return DeviceFault(DEVICE, Cure.REPLUG, "no_device")
    for text, cure, detail in _COMPLAINTS:
        if text in complaint:
            return DeviceFault(DEVICE, cure, detail)
    return DeviceFault(DEVICE, Cure.ATTENDANT, "hardware_error")
