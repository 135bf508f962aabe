"""A kiosk with everything around it - screen, centre, devices - each in a process of its own."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from PIL import Image

from deploy.accounts import ROLES, Account, set_up
from deploy.dock import Dock
from deploy.eyes import Eyes, Seen, screenshot
from deploy.hand import Hand
from deploy.program import ROOT, Program, ProgramError
from deploy.screen import Screen, environment

PEOPLE = ROOT / "config" / "people.toml"
KIOSK = (sys.executable, "-m", "kiosk")
KIOSK_ID = "0017"
"""Of config/kiosk.toml."""
SMALL = "540x960"
"""Of a window where the processor draws: the same pages with a quarter of the pixels."""
BAUDRATE = 115200
"""Of the station's card reader: a card in less than a second, not in four."""
START_S = 60.0
"""Seconds a program may take to say that it is ready; a cold disk is slow."""

Settings = Mapping[str, Mapping[str, object]]


class Stage:
    """Starts everything on entering and ends it, in reverse, on leaving.

    `folder` takes all files: logs, `kiosk.toml`, the kiosk's and the centre's data. `seeded`: the
    folder of a centre that knows the `people` already, of which this one is a copy. `display`: an
    X display to use instead of a virtual screen; `window`: the kiosk's size, e.g. `SMALL`;
    of a virtual screen too. `settings` go over those of the stage. `kiosk` is its command; empty
    for none. `card`: the slot for social cards, "crt591" or "pcsc" (a real pcscd; needs root).
    `station`, such as "W301-1": a card station of the outlet W301 with a reader and blanks of its
    own, and `accounts` for the console of that outlet, to which the kiosk's cases go. Raises
    ProgramError when a program does not start.
    """

    def __init__(  # noqa: PLR0913 - each is a door to a part of the stage
        self,
        folder: Path,
        *,
        people: Path = PEOPLE,
        seeded: Path | None = None,
        display: str = "",
        window: str = "",
        settings: Settings | None = None,
        kiosk: Sequence[str] = KIOSK,
        card: str = "crt591",
        station: str = "",
        centre: "Stage | None" = None,
    ) -> None:
        self.folder = folder.resolve()
        self.centre_data = centre.centre_data if centre else self.folder / "centre"
        self._centre = centre
        self.config, self.description = self.folder / "kiosk.toml", self.folder / "shown.jsonl"
        self._people, self._seeded, self._window = people.resolve(), seeded, window
        self._settings = settings or {}
        self._kiosk_command = kiosk
        self._card, self._station = card, station
        self.accounts: dict[str, Account] = {}
        self._programs: dict[str, Program] = {}
        self._opened = ExitStack()
        self._port = 0
        self.display = display
        self.frame: Path | None = None

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._start()
        except BaseException:  # also an interrupt: what was started is ended
            self._end()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._end()

    @property
    def dock_url(self) -> str:
        """The web page of the bench."""
        return self.devices["dock"]

    def check(self) -> None:
        """Raise ProgramError when a program that should run has ended."""
        for program in self._programs.values():
            program.check()

    def start_centre(self) -> None:
        """Start the centre; after the first time on the same port."""
        command = self._module("central", "serve", "--port", str(self._port), "--hsm", "demo")
        command += ["--settings", str(self._outlets())] if self._station else []
        centre = self.run("centre", [*command, "--data", str(self.centre_data)])
        self.centre_url: str = json.loads(centre.line("{", START_S))["url"]
        self._port = urlsplit(self.centre_url).port or 0

    def start_kiosk(self, timeout_s: float = START_S) -> Seen:
        """Start the kiosk; what it shows first."""
        command = [*self._kiosk_command, "--config", str(self.config)]
        command += ["--describe", str(self.description)]
        command += ["--window", self._window] if self._window else []
        self.eyes.forget()
        self.run("kiosk", command, more={"ALSA_CONFIG_PATH": self.devices["sound"]})
        return self.eyes.wait(lambda _seen: True, timeout_s)

    def start_station(self) -> None:
        """Start the card station; `station_status` is its lamp's address."""
        slot = {"driver": "crt591", "port": self._station_slot, "baudrate": BAUDRATE}
        settings: Settings = {
            "station": {"id": self._station, "data_dir": str(self.folder / "station")},
            "central": {"url": self.centre_url},
            "social_card": slot,
        }
        config = self.folder / "station.toml"
        config.write_text(_toml(settings), encoding="utf-8")
        station = self.run(
            "station", self._module("station", "--config", str(config), "--port", "0")
        )
        self.station_status: str = json.loads(station.line("{", START_S))["status"]

    def pid(self, name: str) -> int:
        """The process of "kiosk", "centre", "bench" or "station"."""
        return self._programs[name].pid

    def stop(self, name: str, number: signal.Signals = signal.SIGTERM) -> int:
        """End "kiosk", "centre", "bench" or "station" with a signal; its exit code."""
        return self._programs.pop(name).end(number)

    def restart_kiosk(self, number: signal.Signals = signal.SIGKILL) -> Seen:
        """End the kiosk with a signal and start it again; what it shows first."""
        self.stop("kiosk", number)
        return self.start_kiosk()

    def run(
        self,
        name: str,
        command: Sequence[str],
        stdin: int | None = None,
        more: Mapping[str, str] | None = None,
    ) -> Program:
        """Start another program on the stage's display; it is ended with the rest.

        `more` goes into its environment.
        """
        log = self.folder / f"{name}.log"
        env = {**environment(self.display), **(more or {})}
        program = Program(name, command, log, env=env, stdin=stdin)
        self._programs[name] = program
        return program

    def screenshot(self) -> Image.Image:
        """The picture on the virtual screen; ProgramError on a display that is not ours."""
        if self.frame is None:
            raise ProgramError(f"display {self.display} is not a virtual screen of the stage")
        return screenshot(self.frame)

    def central(self, *arguments: str) -> Any:
        """What `python -m central ARGUMENTS --data …` prints, as JSON."""
        return json.loads(self._once("central", *arguments, "--data", str(self.centre_data)))

    def _start(self) -> None:
        if not self.display:
            size = map(int, self._window.split("x")) if self._window else ()
            screen = self._opened.enter_context(Screen(self.folder, *size))
            self.display, self.frame = screen.display, screen.frame
            self._programs["screen"] = screen
        self.hand = self._opened.enter_context(Hand(self.display))
        bench = self.run("bench", self._bench())  # starts while the centre does
        if self._centre:
            self.centre_url = self._centre.centre_url
        else:
            self._seed()
            self.start_centre()
        self.devices: dict[str, str] = json.loads(bench.line("{", START_S))
        self.dock = self._opened.enter_context(Dock(self.devices["dock"]))
        self.config.write_text(_toml(self._all_settings()), encoding="utf-8")
        self.eyes = Eyes(self.description, self.check)
        if self._station:
            self._open_window()
        if self._kiosk_command:
            self._share_fonts()
            self.start_kiosk()

    def _seed(self) -> None:
        if self._seeded:
            shutil.copytree(self._seeded, self.centre_data)
        else:
            self.central("seed", str(self._people))

    def _share_fonts(self) -> None:
        """All kiosks of this checkout have one cache of fonts: the first start alone makes it."""
        cache, own = ROOT / "build" / "fonts", self.folder / "kiosk" / "fonts"
        cache.mkdir(parents=True, exist_ok=True)
        own.parent.mkdir(mode=0o700, exist_ok=True)
        if not own.exists():
            own.symlink_to(cache, target_is_directory=True)

    def _open_window(self) -> None:
        """The card station, its reader, and who works at the window."""
        command = self._module("hardware.bench.station", "--baudrate", str(BAUDRATE))
        command += ["--state-dir", str(self.folder / "station_bench")]
        said = json.loads(self.run("station_bench", command).line("{", START_S))
        self._station_slot: str = said["social_card"]
        self.station_dock = self._opened.enter_context(Dock(said["dock"]))
        self.start_station()
        for role in ROLES:
            user = self.central("users", "add", role, "--roles", role, "--outlet", self._outlet)
            self.accounts[role] = set_up(self.centre_url, role, user["code"])

    def _outlets(self) -> Path:
        """The centre's settings: the kiosk stands in the window's outlet."""
        config = self.folder / "centre.toml"
        kiosk = self._settings.get("kiosk", {}).get("id", KIOSK_ID)
        config.write_text(_toml({"centre.outlets": {str(kiosk): self._outlet}}), encoding="utf-8")
        return config

    def _end(self) -> None:
        names = [name for name in self._programs if name != "screen"]
        for name in reversed(names):
            self.stop(name)
        self._opened.close()
        self._programs.clear()

    def _bench(self) -> list[str]:
        config = self.folder / "bench.toml"
        people = f"people = {json.dumps(str(self._people))}\n"
        config.write_text(f'{people}[social_card]\ndriver = "{self._card}"\n', encoding="utf-8")
        command = self._module("hardware.bench", "--config", str(config))
        return [*command, "--state-dir", str(self.folder / "bench")]

    def _once(self, *arguments: str) -> str:
        """Run a module to its end; what it prints."""
        command = self._module(*arguments)
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        if done.returncode:
            raise ProgramError(f"{' '.join(arguments)}: code {done.returncode}: {done.stderr}")
        return done.stdout

    @property
    def _outlet(self) -> str:
        """Where the station is: the console finds an outlet's stations by their names."""
        return self._station.partition("-")[0]

    @property
    def _card_key(self) -> str:
        return "reader" if self._card == "pcsc" else "port"

    @staticmethod
    def _module(*arguments: str) -> list[str]:
        return [sys.executable, "-m", *arguments]

    def _all_settings(self) -> Settings:
        devices = self.devices
        ours: dict[str, Mapping[str, object]] = {
            "kiosk": {"data_dir": str(self.folder / "kiosk")},
            "screen": {"fullscreen": not self._window},
            "central": {"url": self.centre_url},
            "id_reader": {"port": devices["id_reader"]},
            "printer": {"port": devices["printer"]},
            "camera": {"source": devices["camera"]},
            "document_camera": {"source": devices["document_camera"]},
            "social_card": {"driver": self._card, self._card_key: devices["social_card"]},
            "media": {"mount_root": devices["media"]},
            "auxiliaries": {"driver": "modbus", "port": devices["auxiliaries"]},
            "sound": {"device": "speaker", "headset": "headset"},
            "readiness": {"at": "", "at_start": False},
        }
        return ours | {
            section: {**ours.get(section, {}), **keys} for section, keys in self._settings.items()
        }


def _toml(settings: Settings) -> str:
    """Settings as TOML: texts, numbers, booleans and lists are written as in JSON."""
    sections = (
        f"[{section}]\n"
        + "".join(
            f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in keys.items()
        )
        for section, keys in settings.items()
    )
    return "\n".join(sections)
