"""What every page has: header, steps, title, a body of its own, the actions and the foot."""

from kivy.input.motionevent import MotionEvent
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from screens.host import Page
from screens.touch import Handled
from screens.view import Button, Say, View
from screens.widgets import FootButton, rules

FOOT_PLACES = 5
"""Buttons at the foot keep their places: where there is no way back, its place stays empty."""


class Body(BoxLayout):
    """The middle of a page. `ready`: its question is answered, the primary button is on.

    `title_lines`: how many lines it leaves to the title; a longer one is set smaller.
    """

    ready = BooleanProperty(True)
    says = ObjectProperty(None)
    title_lines = NumericProperty(2)

    over: Widget | None = None
    """What lies over the whole page, and hears each touch before it does."""

    def fill(self, view: View) -> None:
        """Show a view; called for each new one, also while this page is on the screen."""

    def answer(self, view: View) -> Say | None:
        """What the primary button says."""
        return view.primary.say if view.primary else None

    def frame(self, rgba: memoryview, width: int, height: int) -> None:
        """Show a frame of the camera the view asked for."""

    def forget(self) -> None:
        """Wipe what a person typed, wrote or looked like."""


class KioskPage(Page):
    """A page around a body; `fill` shows a view.

    `veiled`: a dialog lies over the page, which steps back; `alarm`: on a ground of danger.
    """

    header = StringProperty("")
    place = StringProperty("")
    clock = StringProperty("")
    title = StringProperty("")
    lead = StringProperty("")
    bar_text = StringProperty("")
    bar_name = StringProperty("")
    bar_at = NumericProperty(0)
    bar_of = NumericProperty(0)
    primary_text = StringProperty("")
    secondary_text = StringProperty("")
    titled = BooleanProperty(True)
    veiled = BooleanProperty(False)
    alarm = BooleanProperty(False)

    def __init__(self, body: Body, **properties: object) -> None:
        super().__init__(**properties)
        self.view: View | None = None
        self.body = body
        self.ids.title.max_lines = body.title_lines
        self.titled = body.__class__.__name__ not in ("HomeBody", "DoneBody", "RefusalBody")
        self._places = [FootButton() for _place in range(FOOT_PLACES)]
        for place in self._places:
            place.bind(on_release=self._pressed)
            self.ids.foot.add_widget(place)
        body.says = self.said
        body.bind(ready=self._ready)
        self.ids.body.add_widget(body)
        if body.over:
            self.canvas.after.add(body.over.canvas)  # pyright: ignore[reportOptionalMemberAccess]
            self.bind(pos=body.over.setter("pos"), size=body.over.setter("size"))

    def on_touch_down(self, touch: MotionEvent) -> Handled:
        """Hand it to what lies over the page, then to the page."""
        over = self.body.over
        if over and over.on_touch_down(touch):
            return True
        return super().on_touch_down(touch)

    def fill(self, view: View) -> None:
        """Show a view."""
        before, self.view = self.view, view
        if before and before.step != view.step:
            self.body.forget()
        self.header, self.place, self.clock = view.header, view.place, view.clock
        self.title, self.lead = view.title, view.lead
        self.veiled = view.dialog is not None
        self.alarm = view.dialog is not None and view.dialog.alarm
        bar = view.bar
        self.bar_text, self.bar_name = (bar.text, bar.name) if bar else ("", "")
        self.bar_at, self.bar_of = (bar.at, bar.of) if bar else (0, 0)
        self.primary_text = view.primary.text if view.primary else ""
        self.secondary_text = view.secondary.text if view.secondary else ""
        self.ids.primary.name = view.primary.name if view.primary else ""
        self.ids.secondary.name = view.secondary.name if view.secondary else ""
        if before is None or before.foot != view.foot:
            self._foot(view.foot)
        self.body.fill(view)
        self._ready()

    def forget(self) -> None:
        """Wipe everything of the person."""
        self.body.forget()
        self.view = None
        self.title = self.lead = ""

    def on_primary(self) -> None:
        """Say what the primary button means now."""
        said = self.body.answer(self.view) if self.view else None
        if said is not None:
            self.said(said)

    def on_secondary(self) -> None:
        """Say what the other button means."""
        if self.view and self.view.secondary:
            self.said(self.view.secondary.say)

    def _ready(self, *_args: object) -> None:
        self.ids.primary.disabled = not (self.primary_text and self.body.ready)

    def _foot(self, buttons: tuple[Button, ...]) -> None:
        missing = [None] * (FOOT_PLACES - len(buttons))
        for made, button in zip(self._places, (*missing, *buttons), strict=True):
            made.disabled = button is None
            made.name = button.name if button else ""
            made.text = button.text if button else ""
            made.icon = button.icon if button else ""

    def _pressed(self, made: FootButton) -> None:
        for button in self.view.foot if self.view else ():
            if button.name == made.name:
                self.said(button.say)


rules.load(__file__)
