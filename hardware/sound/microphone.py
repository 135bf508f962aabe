"""The kiosk's microphone: whether a chime that was played was heard in the hall."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hardware.fault import Cure, DeviceFault
from hardware.sound.child import Child
from hardware.sound.chimes import RATE, TONES, Chime
from hardware.sound.voice import DEVICE

LISTEN_S = 2
_LOOK_S = 0.05
_SLACK_S = 3.0
_WINDOW = RATE // 20  # 50 ms: a tone of the chime has two of them at least
_BAND_HZ = 30.0
_STANDS_OUT = 8.0
"""A tone is so many times louder in its moment than its band usually is."""
_QUIETEST = 1e-4
"""Of full scale: below, it is the noise of the converter."""


class Microphone:
    """An ALSA device that records, by arecord; for the sound's worker.

    What is recorded stays in memory, is looked through for two tones, and is forgotten: people may
    speak meanwhile. Nothing is opened but within `hears`.
    """

    def __init__(self, device: str, alsa_config: Path | None = None) -> None:
        self._device = device
        self._changes = {"LC_ALL": "C"}
        if alsa_config is not None:
            self._changes["ALSA_CONFIG_PATH"] = str(alsa_config)

    def hears(self, kind: Chime, play: Callable[[], None]) -> bool:
        """Record two seconds, `play` as soon as it records, and tell whether the chime is in it.

        Raises `DeviceFault`: `no_device` (replug), `time_out` (replug), `internal_error`
        (attendant; arecord is missing), `hardware_error` (attendant).
        """
        argv = ["arecord", "-q", "-D", self._device, "-t", "raw", "-f", "S16_LE"]
        argv += ["-c", "1", "-r", str(RATE), "-d", str(LISTEN_S)]
        try:
            child = Child(argv, b"", {**os.environ, **self._changes})
        except (OSError, subprocess.SubprocessError):
            raise DeviceFault(DEVICE, Cure.ATTENDANT, "internal_error") from None
        try:
            code = child.wait(_LOOK_S)
            for _ in range(round(LISTEN_S / _LOOK_S)):
                if code is not None or child.output():
                    break
                code = child.wait(_LOOK_S)
            play()
            code = child.wait(LISTEN_S + _SLACK_S)
            if code:
                raise _fault(child.complaint())
            if code is None:
                raise DeviceFault(DEVICE, Cure.REPLUG, "time_out")
            return heard(kind, np.frombuffer(child.output(), "<i2"))
        finally:
            child.close()


def heard(kind: Chime, samples: NDArray[np.int16]) -> bool:
    """Whether the tones of a chime stand out of a recording at `RATE`, one after the other."""
    whole = samples[: len(samples) // _WINDOW * _WINDOW].reshape(-1, _WINDOW)
    if not len(whole):
        return False
    scaled = whole / np.iinfo(np.int16).max * np.hanning(_WINDOW)
    power = np.abs(np.fft.rfft(scaled, axis=1)) * 2 / _WINDOW
    hertz = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    before = -1
    for tone in TONES[kind]:
        band = power[:, np.abs(hertz - tone.hertz) <= _BAND_HZ].max(axis=1)
        floor = max(float(np.median(band)), _QUIETEST)
        loud = [at for at in np.flatnonzero(band > _STANDS_OUT * floor) if at > before]
        if not loud:
            return False
        before = int(loud[0])
    return True


def _fault(complaint: str) -> DeviceFault:
    gone = "No such device" in complaint or "No such file" in complaint
    if gone or "Unknown PCM" in complaint:
        return DeviceFault(DEVICE, Cure.REPLUG, "no_device")
    return DeviceFault(DEVICE, Cure.ATTENDANT, "hardware_error")
