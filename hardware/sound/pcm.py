"""Sound in memory: 16-bit samples of one channel, and the WAV files it comes from."""

import io
import struct
import wave
from dataclasses import dataclass, field

import numpy as np

_SAMPLE = 2
_CHANNELS = 2
FULL = 100
LOWEST_RATE, HIGHEST_RATE = 8_000, 48_000


@dataclass(frozen=True)
class Pcm:
    """Samples: 16 bits, signed, little-endian, one channel, so many a second. Never shown."""

    rate: int
    data: bytes = field(repr=False)

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.data) / _SAMPLE / self.rate

    def at(self, percent: int) -> "Pcm":
        """The same sound at so many per cent of its loudness (amplitude), 0 to 100."""
        if percent >= FULL:
            return self
        samples = np.frombuffer(self.data, "<i2").astype(np.int32)
        return Pcm(self.rate, (samples * percent // FULL).astype("<i2").tobytes())


class BadWave(ValueError):  # noqa: N818 - what came, not what went wrong in the program
    """These bytes are no WAV file of 16-bit samples in one or two channels."""


def decode_wave(data: bytes) -> Pcm:
    """Give the sound of a WAV file, two channels mixed to one; `BadWave` if it is none.

    A header that counts more than there is, as a program writes to a pipe, is no fault.
    """
    try:
        with wave.open(io.BytesIO(data)) as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            samples = file.readframes(file.getnframes())
    except (wave.Error, EOFError, struct.error, RuntimeError) as error:  # all that `wave` raises
        raise BadWave(type(error).__name__) from None
    whole = len(samples) - len(samples) % (_SAMPLE * channels)
    possible = width == _SAMPLE and channels <= _CHANNELS and LOWEST_RATE <= rate <= HIGHEST_RATE
    if not possible or not whole:
        raise BadWave("not 16 bits, one or two channels, 8 to 48 kHz")
    if channels == _CHANNELS:
        pairs = np.frombuffer(samples[:whole], "<i2").reshape(-1, _CHANNELS)
        return Pcm(rate, pairs.mean(axis=1).astype("<i2").tobytes())
    return Pcm(rate, samples[:whole])


def encode_wave(sound: Pcm) -> bytes:
    """Give the WAV file of a sound."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(_SAMPLE)
        out.setframerate(sound.rate)
        out.writeframes(sound.data)
    return file.getvalue()
