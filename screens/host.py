"""The one widget under the window: it shows one page, and at times a dialog over it."""

from collections.abc import Callable
from typing import Literal

from kivy.clock import Clock
from kivy.input.motionevent import MotionEvent
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

from screens.gate import Gate


class Page(BoxLayout):
    """A screen, built once and shown many times. Event: `on_said(event)`.

    A page says one event a press; `forget` wipes what it holds of a citizen.
    """

    __events__ = ("on_said",)

    def said(self, event: object) -> None:
        """Say `event` to the host."""
        self.dispatch("on_said", event)

    def on_said(self, event: object) -> None:
        """For the host."""

    def forget(self) -> None:
        """Wipe what the page holds; called whenever it leaves the screen."""


class Host(FloatLayout):
    """Holds prebuilt pages and shows one. Event: `on_said(event)`, from page or dialog.

    Pages are swapped whole: no screen manager, no transition (docs/devices/screen.md). Touches
    are ignored for 250 ms after a swap and after an event was said, so one press is one event.
    """

    __events__ = ("on_said",)

    def __init__(self, now: Callable[[], float] = Clock.time, **properties: object) -> None:
        super().__init__(**properties)
        self.gate = Gate(now)
        self.page: Page | None = None
        self.dialog: Widget | None = None

    def show(self, page: Page) -> None:
        """Show `page`; the page shown before forgets. The page already shown stays as it is."""
        if page is self.page:
            return
        before, self.page = self.page, page
        dialog = self.dialog
        self.clear_widgets()
        page.fbind("on_said", self._hear)
        self.add_widget(page)
        if dialog is not None:
            self.add_widget(dialog)
        self.gate.close()
        if before is not None:  # last: should it raise, the other page is there all the same
            before.funbind("on_said", self._hear)
            before.forget()

    def open(self, dialog: Widget) -> None:
        """Lay `dialog` over the page; the page is out of reach until `close`."""
        if dialog is self.dialog:
            return
        self.close()
        self.dialog = dialog
        dialog.pos_hint = {"center_x": 0.5, "center_y": 0.45}
        self.add_widget(dialog)
        self.gate.close()

    def close(self) -> None:
        """Take the dialog away, if there is one."""
        if self.dialog is not None:
            self.remove_widget(self.dialog)
            self.dialog = None
            self.gate.close()

    def say(self, event: object) -> None:
        """Pass `event` on, unless one was passed on a moment ago."""
        if self.gate.open:
            self.gate.close()
            self.dispatch("on_said", event)

    def on_said(self, event: object) -> None:
        """For the app: something was decided."""

    def on_touch_down(self, touch: MotionEvent) -> Literal[True]:
        """Hand the touch to what is on top, while the gate is open."""
        if not self.gate.open:
            return True
        top = self.dialog or self.page
        if top is not None:
            top.dispatch("on_touch_down", touch)
        return True

    def _hear(self, _page: Page, event: object) -> None:
        self.say(event)
