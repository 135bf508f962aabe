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


PICTURES = {
    Part.PORTRAIT: frozenset({"portrait"}),
    Part.PAGE: frozenset({"applicant_page", "agent_page"}),
    Part.SIGNATURE: frozenset({"signature"}),
}
"""The kinds of pictures a part is made of: any of them will do, and takes the place of the old."""

MARKS = {
    Part.PORTRAIT: frozenset({"portrait_scanned", "portrait_review"}),
    Part.SIGNATURE: frozenset({"sign_at_window"}),
    Part.ADDRESS: frozenset({"address_at_window"}),
}
"""What the kiosk may have left for the window about a part: it goes with the old one."""
