"""Words to sound: a recording where there is one, else espeak-ng."""

import os
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from hardware.fault import Cure, DeviceFault
from hardware.sound.child import Child
from hardware.sound.pcm import BadWave, Pcm, decode_wave
from hardware.sound.reading import spoken

DEVICE = "sound"
SPEEDS = (50, 75, 100, 125, 150, 200)
"""Per cent of the usual speed."""
SYNTHESIS_S = 5.0
"""How long the synthesiser may take; a sentence of 12 s takes it 0.1 s."""

_SLOWEST = 80  # words a minute: espeak-ng speaks no slower
_GAP = "5"  # at the slowest, so many times 10 ms more between words halve the speed (measured)
_KEPT_BYTES = 8_000_000
_KEY = re.compile(r"[a-z0-9_]{1,64}")


@dataclass(frozen=True)
class Prompt:
    """What is to be said. `key` names a fixed text: it may be recorded, and is kept in memory.

    A text without a key, or with names, may be a person's: it is synthesised anew each time and
    shown nowhere.
    """

    text: str = field(repr=False)
    language: str
    key: str = ""
    names: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Tongue:
    """A voice of espeak-ng and its usual speed, in what it calls words a minute."""

    voice: str
    speed: int


TONGUES = {
    "zh_CN": Tongue("cmn-latn-pinyin", 175),  # 190 syllables a minute
    "en": Tongue("en", 125),
}


class Voice:
    """Gives the sound of prompts; for one thread at a time.

    `recordings` holds `<language>/<key>.wav`. Raises `DeviceFault`: `internal_error` (attendant)
    when espeak-ng is missing or fails, `time_out` (retry) when it hangs.
    """

    def __init__(self, recordings: Path | None) -> None:
        self._recordings = recordings
        self._kept: OrderedDict[tuple[Prompt, int], Pcm] = OrderedDict()

    def sound(self, prompt: Prompt, speed: int) -> Pcm:
        """Give the sound of a prompt at so many per cent of the usual speed."""
        if not prompt.key or prompt.names:
            return self._synthesised(prompt, speed)
        known = self._kept.pop((prompt, speed), None)
        sound = known or self._recorded(prompt, speed) or self._synthesised(prompt, speed)
        self._kept[prompt, speed] = sound
        while sum(len(kept.data) for kept in self._kept.values()) > _KEPT_BYTES:
            self._kept.popitem(last=False)
        return sound

    def forget(self) -> None:
        """Forget every sound."""
        self._kept.clear()

    def _recorded(self, prompt: Prompt, speed: int) -> Pcm | None:
        """Give the recording; None at another speed than its own, or where there is none."""
        if self._recordings is None or speed != 100 or not _KEY.fullmatch(prompt.key):  # noqa: PLR2004
            return None
        path = self._recordings / prompt.language / f"{prompt.key}.wav"
        try:
            return decode_wave(path.read_bytes())
        except (OSError, BadWave):  # none, or a broken one: the synthesiser says it
            return None

    def _synthesised(self, prompt: Prompt, speed: int) -> Pcm:
        tongue = TONGUES[prompt.language]
        pace = tongue.speed * speed // 100
        argv = ["espeak-ng", "-v", tongue.voice, "-s", str(max(pace, _SLOWEST))]
        argv += ["-g", _GAP] if pace < _SLOWEST else []
        words = spoken(prompt.text, prompt.language, prompt.names)
        try:
            child = Child([*argv, "--stdin", "--stdout"], words.encode(), os.environ)
        except OSError as error:
            raise _failed() from error
        try:
            code = child.wait(SYNTHESIS_S)
            if code is None:
                raise DeviceFault(DEVICE, Cure.RETRY, "time_out")
            if code:
                raise _failed()
            return decode_wave(child.output())
        except BadWave as error:
            raise _failed() from error
        finally:
            child.close()


def _failed() -> DeviceFault:
    return DeviceFault(DEVICE, Cure.ATTENDANT, "internal_error")
