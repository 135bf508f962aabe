"""The parts screens are made of; importing this package makes them known to kv.

Kivy must be configured before (`screens.window.configure`).
"""

from screens.widgets.boxes import Boxes, Field
from screens.widgets.buttons import FootButton, Press, PrimaryButton, SecondaryButton
from screens.widgets.dialog import Dialog
from screens.widgets.frame import Body, Foot, Header, StepsBar
from screens.widgets.keypad import Key, Keypad
from screens.widgets.letter_pad import LetterPad
from screens.widgets.notice import Notice
from screens.widgets.panel import Icon, Panel
from screens.widgets.pin_keypad import PinKeypad
from screens.widgets.pinyin_pad import PinyinPad
from screens.widgets.preview import Preview
from screens.widgets.pulse import Pulse
from screens.widgets.reader_picture import IdReaderPicture
from screens.widgets.signature_pad import SignaturePad
from screens.widgets.slip_picture import SlipPicture
from screens.widgets.slot_picture import SlotPicture
from screens.widgets.table import Row, Table
from screens.widgets.text_block import TextBlock
from screens.widgets.tick import Tick
from screens.widgets.tile import Tile

__all__ = [
    "Body",
    "Boxes",
    "Dialog",
    "Field",
    "Foot",
    "FootButton",
    "Header",
    "Icon",
    "IdReaderPicture",
    "Key",
    "Keypad",
    "LetterPad",
    "Notice",
    "Panel",
    "PinKeypad",
    "PinyinPad",
    "Press",
    "Preview",
    "PrimaryButton",
    "Pulse",
    "Row",
    "SecondaryButton",
    "SignaturePad",
    "SlipPicture",
    "SlotPicture",
    "StepsBar",
    "Table",
    "TextBlock",
    "Tick",
    "Tile",
]
