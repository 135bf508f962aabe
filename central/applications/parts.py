"""The parts of a case that a window may send back, each asked for again alone."""

from enum import StrEnum


class Part(StrEnum):
    """A part in question; `other` is for a window: no kiosk can mend it."""

    PORTRAIT = "portrait"
    PAGE = "page"
    SIGNATURE = "signature"
    ADDRESS = "address"
    PHONE = "phone"
    OTHER = "other"
