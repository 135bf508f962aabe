"""What a page is: a small function from a moment and its words to what is shown."""

from collections.abc import Callable
from dataclasses import replace

from kiosk.services.answers import Agreed, Done
from kiosk.visit import Help, Said, Visit
from screens.scene import Scene
from screens.view import Button, Say, View
from screens.words import Words

Page = Callable[[Scene, Visit, Words, View], View]
"""Fills a view that has its words already."""


def plain(_scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    """A page that needs nothing but its words."""
    return view


def saying(button: Button | None, say: Say) -> Button | None:
    """The same button that says something else."""
    return replace(button, say=say) if button else None


def finish(scene: Scene, words: Words) -> Button:
    """The button that ends a visit."""
    return Button("finish", scene.tr(words.primary), Said(Done()))


def camera(name: str, scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    """A camera's picture, and the button that takes one."""
    primary = Button("take_picture", scene.tr(words.primary), Said(Agreed()), "camera")
    return replace(view, preview=name, primary=primary)


def watching(name: str, _scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    """A camera's picture alone."""
    return replace(view, preview=name)


def with_attendant(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    """A page that a person may have an attendant confirm."""
    return replace(view, secondary=Button("ask_attendant", scene.tr(words.secondary), Help()))
