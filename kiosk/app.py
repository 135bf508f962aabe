"""The kiosk as a program: settings, house and screen brought together."""

import argparse
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from hardware.printer.raster import MissingFont
from kiosk import journal
from kiosk.configuration.document import Document
from kiosk.configuration.tuning import Tuning, retune, tuned
from kiosk.devices import ProfileError
from kiosk.hours import keep
from kiosk.house import House, Post
from kiosk.log import Event as LogEvent
from kiosk.log import where
from kiosk.pace import Pace
from kiosk.revival import Kept, kept, restart, rested
from kiosk.services.needs import Need
from kiosk.settings import Settings, SettingsError, load
from kiosk.speech import sentence, translators
from kiosk.visit import (
    CALLED,
    LEFT,
    REMINDED,
    TAKE_BACK,
    Broke,
    Help,
    Leave,
    standing,
)
from kiosk.watchdog import Watchdog
from regulation.announcement import announced
from regulation.rules import Rules, load_rules
from regulation.tables import RulesError
from screens.scene import Scene
from screens.view import Say, View, Wish
from screens.views import spoken, view
from screens.window import configure

if TYPE_CHECKING:
    from kiosk.asked import Picture
    from kiosk.configuration.afar import Afar
    from screens.shell import Frame, Shell

ROOT = Path(__file__).parent.parent
RULES = ROOT / "config" / "rules.toml"

SMALLEST = 199
HELP_SHOWN_S = 20.0
CALL_AGAIN_S = 5.0
"""How often what was left behind is called out."""
HOME_IDLE_S = 60.0
"""A wish for large type or another language is forgotten after this long at home."""


class Kiosk:
    """The kiosk's mind behind a screen: what it shows, and what is done with what people say.

    `post` brings a call to the main thread; `paint` asks the screen to show `view()` again;
    `drawn` calls back when a picture is on the glass (without a screen, on the main thread's turn),
    `picture` with it.
    """

    def __init__(  # noqa: PLR0913 - the wires of the kiosk
        self,
        settings: Settings,
        rules: Rules,
        post: Post,
        paint: Callable[[], None],
        pace: Pace | None = None,
        *,
        drawn: Post | None = None,
        picture: "Picture | None" = None,
    ) -> None:
        self._pace, self._paint = pace or Pace(), paint
        self._own = settings, rules, translators()
        self._take(tuned(*self._own))
        self.large = self.helping = self.voice = self._served = False
        self.language, self._lost = settings.language, frozenset[Need]()
        self._spoken, self._calling, self._stays = ("", "", ""), "", False
        self.house = House(
            self.settings,
            self.rules,
            post,
            painted=paint,
            large=lambda: self.large,
            reason=sentence,
            called=lambda: self.say(Help()),
            anew=self._anew,
            pace=self._pace,
        )
        self._watchdog = Watchdog(lambda: self.restart("frozen"))
        self.afar = self._afar(post, drawn or post, picture)

    def start(self) -> None:
        """Settle what was open, then serve; a visit that was kept over a restart goes on."""
        if self.afar is not None:
            self.afar.start()
        left = kept(self.house.services)
        if left:
            self.large, self.language, self.voice = left.large, left.language, left.voice
        self.house.start(left.visit if left else None)
        self._watchdog.start()

    def close(self) -> None:
        """End every thread and close every device."""
        self._watchdog.stop()
        if self.afar is not None:
            self.afar.close()
        self.house.close()

    def _anew(self) -> None:
        """Begin the program anew for an attendant: nothing of a visit is kept."""
        self.close()
        restart(Kept(None, large=False, language=self.settings.language))

    def watch(self, name: str) -> None:
        """Run the camera whose picture is shown, and no other."""
        self.house.watch(name)

    def touched(self) -> None:
        """A finger is on the glass."""
        self.house.desk.touched()

    def frame(self, name: str) -> "Frame | None":
        """The newest frame of a camera, for the screen."""
        frame = self.house.cameras[name].latest()
        if frame is None:
            return None
        height, width = frame.rgba.shape[:2]
        return frame.seq, frame.rgba.data.cast("B"), width, height

    def view(self) -> View:
        """What the screen shows now."""
        return view(self._scene())

    def _scene(self) -> Scene:
        house, settings = self.house, self.settings
        return Scene(
            visit=house.desk.visit,
            now=self._pace.now(),
            site=settings.site,
            kiosk_id=settings.kiosk_id,
            window=settings.window,
            banks=settings.banks,
            hotlines=settings.hotlines,
            keypad=house.keypad,
            closed=house.closing.why,
            keepers=house.closing.keepers,
            rules=self.rules,
            services=house.services,
            tr=self.translators[self.language],
            language=self.language,
            large=self.large,
            progress=house.desk.progress,
            left_s=house.desk.left_s(),
            told=announced(settings.notice, self.language, self._pace.now()),
            troubles=house.troubles,
            lost=self._lost,
            recovering=house.recovering,
            proving=house.readiness.proving,
            unclaimed=house.unclaimed,
            helping=self.helping and house.desk.visit is None,
            helped=house.desk.called,
            voice=self.voice if house.devices.sound else None,
        )

    def say(self, said: Say) -> None:
        """Do what a person said, of the visit or of the screen."""
        desk = self.house.desk
        desk.touched()
        if isinstance(said, Wish):
            self._wish(said)
            return
        if isinstance(said, Help):
            step = standing(desk.visit) if desk.visit else None
            self.house.log.write(LogEvent.HELP_CALLED, step=step.name if step else "home")
        self.helping = isinstance(said, Help) and desk.visit is None
        self._stays = isinstance(said, Leave)  # whoever goes home by 首页 is still there
        desk.say(said)
        self._paint()

    def tick(self) -> None:
        """Let time pass: a few times a second, on the main thread."""
        desk = self.house.desk
        self._watchdog.alive()
        self.house.tick()
        keep(self.settings, self.house.closing, self._pace.now())
        if self.afar is not None:
            self.afar.tick()
        if self._lost != self.house.working.lost and self._idle():
            self._use(self.afar.in_force if self.afar is not None else None)
        self.house.signals.show(desk.visit, helping=self.helping or desk.called)
        self._guide()
        if self._served and desk.visit is None and self.voice:
            self.voice = False  # who comes next has not asked for it
            self._hush()
            self._paint()
        served, self._served = self._served, desk.visit is not None
        over = served and not self._served and not self._stays
        idle = not self._served and desk.quiet_s() > HOME_IDLE_S
        if over or idle:
            self._forget_wishes()
        if self.helping and desk.quiet_s() > HELP_SHOWN_S:
            self.helping = False
            self._paint()

    def failed(self, page: str, error: BaseException) -> None:
        """Note that a screen raised, say so, and give the next person a clean start."""
        kind = type(error).__name__
        self.house.log.write(LogEvent.SCREEN_FAILED, page=page, error=kind, where=where(error))
        self.house.desk.say(Broke())

    def renewed(self, what: str) -> None:
        """Note that touches did not arrive, and what was renewed for it."""
        self.house.log.write(LogEvent.REVIVED, what=what, why="touch")

    def restart(self, why: str) -> None:
        """Begin the program anew and keep the visit.

        What a restart did not mend a short time ago it will not mend now, but a frozen screen is
        worse than any restart.
        """
        if why == "frozen" or rested():
            self.house.log.write(LogEvent.REVIVED, what="process", why=why)
            restart(Kept(self.house.desk.kept, self.large, self.language, self.voice))

    def _afar(self, post: Post, drawn: Post, picture: "Picture | None") -> "Afar | None":
        """Configuration from afar; None where nobody's signature is trusted."""
        own = self._own[0]
        if not own.central_fleet_root:
            return None
        from kiosk.configuration.afar import Afar  # noqa: PLC0415 - the proofs take long to import

        return Afar(
            self.house, own, use=self._use, idle=self._idle, drawn=drawn, post=post, picture=picture
        )

    def _idle(self) -> bool:
        """Whether nobody is served and nothing lies over the attract screen."""
        house = self.house
        busy = house.recovering or house.readiness.proving or self.helping
        return house.desk.visit is None and not busy

    def _use(self, document: Document | None) -> None:
        """Be like a document from afar, or (None) like the kiosk's own file, so far as it works."""
        self._lost, before = self.house.working.lost, self.settings.language
        tuning = tuned(*self._own, document, self._lost)
        retune(self.house, tuning)
        self._take(tuning)
        if self.language == before:
            self.language = tuning.settings.language
        self._paint()

    def _take(self, tuning: Tuning) -> None:
        self.settings, self.rules, self.translators = tuning.settings, tuning.rules, tuning.speech

    def _wish(self, wish: Wish) -> None:
        if wish is Wish.LARGE:
            self.large = not self.large
        elif wish is Wish.VOICE:
            self.voice = not self.voice
            self._hush()
        else:
            self.language = "en" if self.language == "zh_CN" else "zh_CN"
        self._paint()

    def _forget_wishes(self) -> None:
        if self.large or self.voice or self.language != self.settings.language:
            self.large, self.voice, self.language = False, False, self.settings.language
            self._hush()
            self._paint()

    def _guide(self) -> None:
        """Say what the page says to whoever asked for it; what was left behind is called out."""
        calling, before = self._calls(), self._calling
        self._calling = calling
        if self.voice or calling:
            self._speak(calling)
        elif before:
            self._hush()

    def _calls(self) -> str:
        """Which call is due for a thing that lies there; "" for none."""
        desk, view = self.house.desk, self.view()
        visit = desk.visit
        if visit is None or not view.lying:
            return ""
        if visit.service is not TAKE_BACK:
            return "first" if visit.overlay is None else ""
        if visit.overlay in (LEFT, CALLED):
            return f"{visit.overlay.code} {desk.quiet_s() // CALL_AGAIN_S:g}"
        return "reminded" if visit.overlay == REMINDED else ""

    def _speak(self, calling: str) -> None:
        """Say what the page says, once; a text without anybody's data may have a recording."""
        view = self.view()
        shown = view.dialog.code if view.dialog else view.title
        moment = (view.step, f"{shown} {calling}", view.language)
        if moment != self._spoken:  # not the text: it may count seconds
            self._spoken = moment
            text, key = spoken(view, self.translators[self.language])
            self.house.signals.speak(text, view.language, key)

    def _hush(self) -> None:
        self._spoken = ("", "", "")
        self.house.signals.speak("", self.language)


def main(argv: list[str] | None = None) -> int:
    """`python -m kiosk [--config FILE] [--window WxH] [--describe FILE]`."""
    arguments = _arguments(argv)
    try:
        settings = load(arguments.config)
        rules = load_rules(RULES)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except (SettingsError, RulesError) as error:
        sys.stderr.write(f"kiosk: {error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"kiosk: [kiosk] data_dir: {error}; name a folder it may write to\n")
        return 2
    width, height = arguments.window or (settings.width_px, settings.height_px)
    fullscreen = settings.fullscreen and arguments.window is None
    configure(width, height, settings.data_dir, fullscreen=fullscreen)
    return _serve(settings, rules, arguments.describe)


def _serve(settings: Settings, rules: Rules, describe: Path | None) -> int:
    from screens.shell import Shell  # noqa: PLC0415 - imports Kivy, which must be configured

    shell = Shell(settings.data_dir / "fonts")
    shell.describe_to(describe)
    try:
        shell.mind = kiosk = Kiosk(
            settings, rules, shell.post, shell.paint, drawn=shell.drawn, picture=shell.picture
        )
    except (OSError, MissingFont) as error:
        sys.stderr.write(f"kiosk: cannot start: {error}; `make setup` prepares the machine\n")
        return 2
    except ProfileError as error:
        sys.stderr.write(f"kiosk: {error}\n")
        return 2
    except journal.errors:
        path = settings.data_dir
        sys.stderr.write(f"kiosk: cannot open the journal in {path}: restore journal.key with it\n")
        return 2

    def end(_number: int, _frame: FrameType | None) -> None:
        shell.post(shell.end)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return _run(shell, kiosk)


def _run(shell: "Shell", kiosk: Kiosk) -> int:
    """Until it is asked to end (0), or cannot go on (1); what ended it is told without its text."""
    from screens.touches import InputError  # noqa: PLC0415 - imports Kivy

    kiosk.start()
    try:
        shell.run()
    except InputError as error:
        sys.stderr.write(f"kiosk: {error}\n")
        return 2
    except Exception as error:  # noqa: BLE001 - its text may be somebody's name
        sys.stderr.write(f"kiosk: ended by {type(error).__name__} at {where(error)}\n")
        return 1
    finally:
        kiosk.close()
    return int(shell.hopeless)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m kiosk", description="The kiosk.")
    parser.add_argument("--config", type=Path, help="settings; what it leaves out is the default")
    parser.add_argument("--window", type=_size, help="a window of this size, e.g. 540x960")
    parser.add_argument(
        "--describe", type=Path, help="append what each new picture shows to this file, as JSON"
    )
    return parser.parse_args(argv)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and min(int(width), int(height)) > SMALLEST):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write e.g. 540x960")
    return int(width), int(height)
