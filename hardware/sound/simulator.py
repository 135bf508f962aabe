"""A speaker and a headset without hardware: an ALSA configuration, and what was played on it.

aplay plays to ALSA's file plugin, which writes into a pipe; a thread takes the samples out of it
at the pace at which a sound card would play them.
"""

import contextlib
import fcntl
import os
import select
import termios
import threading
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hardware.sound.pcm import Pcm, encode_wave
from hardware.wire.faults import Kind, WireFault

RATE = 22_050
OUTPUTS = ("speaker", "headset")

_STEP_S = 0.02
_PIPE = 4096  # bytes on their way at pace 1; the smallest pipe there is, 0.1 s of sound
_KEPT = RATE * 2 * 60  # a minute

_PCM = """
pcm.null_{name} {{ type null }}
pcm.raw_{name} {{ type file slave.pcm "null_{name}" file "{pipe}" format "raw" }}
pcm.{name} {{
    type plug
    slave {{ pcm "raw_{name}" format S16_LE rate {rate} channels 1 }}
}}
"""


class _Output:
    """One plugging-in of a sound card."""

    def __init__(self, pipe: Path, pace: float, kept: bytearray) -> None:
        self._step = int(RATE * _STEP_S * pace) * 2
        self._kept = kept
        self._ended = threading.Event()
        self._listening = threading.Event()
        self._listening.set()
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe)
        # open for both: else the pipe ends with the first program that plays
        self._fd = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
        fcntl.fcntl(self._fd, fcntl.F_SETPIPE_SZ, int(_PIPE * pace))
        self._bell, self._ring = os.pipe()
        self._took = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=f"card-{pipe.name}", daemon=True)
        self._thread.start()

    def hang(self, *, hung: bool) -> None:
        """Take no more samples, not one, or take them again."""
        with self._took, contextlib.suppress(BlockingIOError):
            if hung and self._listening.is_set():
                self._listening.clear()
                while True:  # the pipe is filled up
                    os.write(self._fd, bytes(_PIPE))
            elif not hung and not self._listening.is_set():
                self._listening.set()
                while True:  # and what it holds is dropped
                    os.read(self._fd, _PIPE)

    def drain(self) -> None:
        """Wait until nothing is on its way any more, a second at most."""
        with self._took:
            self._took.wait_for(self._empty, timeout=1.0)

    def _empty(self) -> bool:
        waiting = fcntl.ioctl(self._fd, termios.FIONREAD, bytes(4))
        return not any(waiting)

    def unplug(self) -> None:
        """Be gone, also for a program that plays now."""
        self._ended.set()
        self._listening.set()
        os.write(self._ring, b"!")
        self._thread.join()
        for fd in (self._fd, self._bell, self._ring):
            os.close(fd)

    def _run(self) -> None:
        while not self._ended.is_set():
            self._listening.wait()
            ready, _, _ = select.select([self._fd, self._bell], [], [])
            if self._fd in ready:
                self._take()
                self._ended.wait(_STEP_S)

    def _take(self) -> None:
        with self._took, contextlib.suppress(BlockingIOError):  # dropped meanwhile
            if self._listening.is_set():
                self._kept += os.read(self._fd, self._step)
                del self._kept[:-_KEPT]
                self._took.notify_all()


class SoundSimulator:
    """The ALSA devices "speaker" and "headset" of `config`, and what they have played.

    `pace`: how many times faster than a sound card they play. What they play is kept in memory, a
    minute of it. A context manager; may be told anything from any thread.
    """

    def __init__(self, folder: Path | str, pace: float = 1.0) -> None:
        self._folder = Path(folder)
        self._pace = pace
        self._plugging = threading.RLock()
        self._outputs: dict[str, _Output] = {}
        self._kept = {name: bytearray() for name in OUTPUTS}
        self.config = self._folder / "asound.conf"
        """What `ALSA_CONFIG_PATH` of whoever plays has to be."""

    def start(self) -> None:
        """Plug both in."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self.plug()

    def stop(self) -> None:
        """Unplug both; nothing of them is left in the folder."""
        self.unplug()
        self.config.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def plug(self, *names: str) -> None:
        """Plug these in, both unless told; nothing for one that is."""
        with self._plugging:
            for name in names or OUTPUTS:
                if name not in self._outputs:
                    pipe = self._pipe(name)
                    self._outputs[name] = _Output(pipe, self._pace, self._kept[name])
            self._configure()

    def unplug(self, *names: str) -> None:
        """Unplug these, both unless told, also while they play."""
        with self._plugging:
            gone = [self._outputs.pop(name, None) for name in names or OUTPUTS]
            self._configure()
            for output in filter(None, gone):
                output.unplug()
            for name in names or OUTPUTS:
                self._pipe(name).unlink(missing_ok=True)

    def hang(self, *names: str, hung: bool = True) -> None:
        """Let these, both unless told, take no sound although they are there."""
        with self._plugging:
            for name in names or OUTPUTS:
                with contextlib.suppress(KeyError):  # an unplugged one takes none anyway
                    self._outputs[name].hang(hung=hung)

    def go_wrong(self, fault: WireFault) -> None:
        """Let both go wrong: unplugged, power-cycled or half open; there is no wire for more."""
        self.hang(hung=fault.kind is Kind.HALF_OPEN)
        if fault.kind in (Kind.UNPLUG, Kind.POWER_CYCLE):
            self.unplug()
        if fault.kind is not Kind.UNPLUG:
            self.plug()

    def go_right(self) -> None:
        """End every fault."""
        self.go_wrong(WireFault())

    @property
    def plugged(self) -> bool:
        """Whether both are there."""
        return set(self._outputs) == set(OUTPUTS)

    def played(self, name: str) -> NDArray[np.int16]:
        """Give the samples that were played since `clear`, at `RATE`."""
        kept = bytes(self._kept[name])
        return np.frombuffer(kept[: len(kept) // 2 * 2], "<i2")

    def wave(self, name: str) -> bytes:
        """Give what was played as a WAV file, to be listened to."""
        return encode_wave(Pcm(RATE, self.played(name).tobytes()))

    def clear(self) -> None:
        """Forget what was played."""
        for kept in self._kept.values():
            kept.clear()

    def drain(self) -> None:
        """Wait until what was sent to the devices is played, a second at most for each."""
        with self._plugging:
            for output in self._outputs.values():
                output.drain()

    def _pipe(self, name: str) -> Path:
        return self._folder / f"{name}.pipe"

    def _configure(self) -> None:
        """Name the devices that there are; aplay reads it each time."""
        text = "".join(
            _PCM.format(name=name, pipe=self._pipe(name), rate=RATE) for name in self._outputs
        )
        fresh = self.config.with_suffix(".new")
        fresh.write_text(text, "utf-8")
        fresh.replace(self.config)
