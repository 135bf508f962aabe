"""The pages: one kv + py pair a kind of page. `PAGES` names them as `View.screen` does."""

from kivy.clock import Clock

from screens.layouts.call import CallBody
from screens.layouts.camera import CameraBody
from screens.layouts.card import CardBody
from screens.layouts.choice import ChoiceBody
from screens.layouts.code import CodeBody
from screens.layouts.done import DoneBody
from screens.layouts.home import HomeBody
from screens.layouts.keypad import KeypadBody
from screens.layouts.letters import LettersBody
from screens.layouts.menu import MenuBody
from screens.layouts.notice import NoticeBody
from screens.layouts.page import Body
from screens.layouts.paper import PaperBody
from screens.layouts.picture import PictureBody
from screens.layouts.pin import PinBody
from screens.layouts.progress import ProgressBody
from screens.layouts.refusal import RefusalBody
from screens.layouts.repair import RepairBody
from screens.layouts.review import ReviewBody
from screens.layouts.rows import RowsBody
from screens.layouts.signature import SignatureBody
from screens.layouts.stick import StickBody
from screens.layouts.touch import TouchBody
from screens.layouts.wait import WaitBody

PAGES: dict[str, type[Body]] = {
    "home": HomeBody,
    "choice": ChoiceBody,
    "menu": MenuBody,
    "notice": NoticeBody,
    "paper": PaperBody,
    "camera": CameraBody,
    "picture": PictureBody,
    "card": CardBody,
    "pin": PinBody,
    "stick": StickBody,
    "code": CodeBody,
    "progress": ProgressBody,
    "rows": RowsBody,
    "keypad": KeypadBody,
    "letters": LettersBody,
    "repair": RepairBody,
    "review": ReviewBody,
    "signature": SignatureBody,
    "touch": TouchBody,
    "wait": WaitBody,
    "call": CallBody,
    "done": DoneBody,
    "refusal": RefusalBody,
}

Clock.max_iteration = 60
"""Texts, rows, tables and pages settle one after the other, all before the next frame."""
