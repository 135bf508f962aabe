"""Text as textures: the line breaker of `screens.text` with Kivy's fonts."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from kivy.core.text import Label, LabelBase
from kivy.core.text.markup import MarkupLabel
from kivy.graphics.texture import Texture

from screens import text as words
from screens.fonts import BASE, Chain

FaceOf = Callable[[str], str | None]


@dataclass(frozen=True)
class Style:
    """How a text is set: size in pixels, weight, alignment ("left", "center", "right")."""

    px: int
    bold: bool = False
    halign: str = "left"
    rich: bool = True
    line_height: float = 1.0


def use(chain: Chain) -> None:
    """Set everything in the fonts of `chain` from now on; called once before the first widget.

    A rare font has one weight: bold text uses it too.
    """
    for face in chain.faces:
        bold = chain.bold if face.name == BASE else face.path
        LabelBase.register(face.name, str(face.path), fn_bold=str(bold))
    _State.face_of = lru_cache(maxsize=4096)(chain.face_of)
    _extent.cache_clear()


def forget() -> None:
    """Forget every text that was measured; the characters' fonts are nobody's."""
    _extent.cache_clear()


def face_of(char: str) -> str | None:
    """The font that draws `char`, None when none can."""
    return _State.face_of(char)


class _State:
    """The chain in use; before `use` every character is thought to be in the base font."""

    face_of: FaceOf = staticmethod(lambda _char: BASE)


def lines(text: str, style: Style, width: float) -> tuple[words.Line, ...]:
    """`text` in the lines that fit `width` pixels."""

    def measure(piece: str, bold: bool) -> float:  # noqa: FBT001  the breaker's signature
        heavy = bold or style.bold
        runs = words.font_runs(piece, face_of, BASE)
        return sum(_extent(run, face, style.px, heavy)[0] for face, run in runs)

    return words.break_lines(words.spans(text, rich=style.rich), width, measure)


def paint(broken: tuple[words.Line, ...], style: Style) -> Texture:
    """The lines as one texture, white on nothing, no larger than the text."""
    label = MarkupLabel(
        "\n".join(words.markup(line, face_of, BASE) for line in broken),
        font_name=BASE,
        font_size=style.px,
        bold=style.bold,
        halign=style.halign,
        line_height=style.line_height,
    )
    label.refresh()
    return label.texture


def line_height(style: Style) -> float:
    """The height of one line in pixels."""
    return _extent("国", BASE, style.px, style.bold)[1] * style.line_height


@lru_cache(maxsize=8192)
def _extent(text: str, face: str, px: int, bold: bool) -> tuple[int, int]:  # noqa: FBT001
    return _label(face, px, bold).get_extents(text)


@lru_cache(maxsize=64)
def _label(face: str, px: int, bold: bool) -> LabelBase:  # noqa: FBT001  a cache key
    return Label(font_name=face, font_size=px, bold=bold)
