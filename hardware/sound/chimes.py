"""The chimes: a row each, computed once; no files, so no licences."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np

from hardware.sound.pcm import Pcm

RATE = 22_050
_FADE_S = 0.006  # without it a tone begins and ends with a click
_LOUD = 0.5  # of full scale


class Chime(StrEnum):
    """What a chime means; the first four are the kinds of XFS4IoT's audible signal.

    KEYPRESS for any key, a PIN's too: all keys sound alike. SUCCESS is our own.
    """

    KEYPRESS = "keypress"
    EXCLAMATION = "exclamation"
    """Please look here: something was left, time is nearly up."""
    WARNING = "warning"
    ERROR = "error"
    SUCCESS = "success"


@dataclass(frozen=True)
class Tone:
    """A sine of so many hertz and seconds, then so many seconds of silence."""

    hertz: float
    seconds: float
    pause_s: float = 0.0


TONES = {
    Chime.KEYPRESS: (Tone(1000, 0.05),),
    Chime.EXCLAMATION: (Tone(880, 0.12, 0.08), Tone(880, 0.12, 0.08), Tone(880, 0.12)),
    Chime.WARNING: (Tone(740, 0.15, 0.05), Tone(587, 0.2)),
    Chime.ERROR: (Tone(330, 0.18, 0.04), Tone(262, 0.28)),
    Chime.SUCCESS: (Tone(659, 0.12), Tone(880, 0.22)),
}


@cache
def chime(kind: Chime) -> Pcm:
    """Give the sound of a chime."""
    parts = [_samples(tone) for tone in TONES[kind]]
    return Pcm(RATE, np.concatenate(parts).tobytes())


def _samples(tone: Tone) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    at = np.arange(int(tone.seconds * RATE)) / RATE
    fade = np.clip(np.minimum(at, tone.seconds - at) / _FADE_S, 0, 1)
    wave = np.sin(2 * np.pi * tone.hertz * at) * fade * _LOUD * np.iinfo(np.int16).max
    return np.concatenate([wave, np.zeros(int(tone.pause_s * RATE))]).astype("<i2")
