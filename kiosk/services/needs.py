"""What a service cannot be finished without: a row a service, and what reads which paper.

Pure. `finishable` gives the rules of a kiosk of which something does not work now: whatever cannot
be finished is refused like what the kiosk never does (F49), and a paper that nothing can read is
none that serves. No visit begins that would die of what is known (services.md 9).
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from kiosk.services.off import refused
from regulation.cells import Cell
from regulation.papers import Paper
from regulation.rules import Applicant, Channel, Rules, Service


class Need(StrEnum):
    """What may not work just now: devices by their names, the centre, and the kiosk's disk."""

    ID_READER = "id_reader"
    PRINTER = "printer"
    CAMERA = "camera"
    DOCUMENT_CAMERA = "document_camera"
    SOCIAL_CARD = "social_card"
    PIN_PAD = "pin_pad"
    MEDIA = "media"
    CENTRE = "centre"
    DISK = "disk"


ASKED = frozenset({Need.CENTRE, Need.DISK})
"""The centre is asked; and whatever binds is put down on the disk before."""
AT_SLOT = ASKED | {Need.SOCIAL_CARD, Need.PIN_PAD}
NEEDED: Mapping[Service, frozenset[Need]] = {
    Service.NEW_INDIVIDUAL: ASKED,
    Service.REPLACE_INDIVIDUAL: ASKED,
    Service.LOSS_REPORT: ASKED,
    Service.LOSS_CANCEL: ASKED,
    Service.NEW_BATCH: ASKED,
    Service.PIN_CHANGE: AT_SLOT,
    Service.PIN_RESET: AT_SLOT,
}
"""Beside what reads the papers. A slip is on the screen too (F30), a picture may be taken by the
other camera or at the window (F10), a list comes by phone too: those three are no needs."""

READ_BY: Mapping[Paper, Need] = {
    Paper.RESIDENT_ID: Need.ID_READER,
    Paper.SS_CARD: Need.SOCIAL_CARD,
}
"""Any other paper is photographed."""


def offered(rules: Rules) -> tuple[Service, ...]:
    """The services that somebody may have at the kiosk under these rules."""
    return tuple(
        name
        for name in NEEDED
        if any(rules.cell(name, who, Channel.KIOSK).allowed for who in Applicant)
    )


def finishable(rules: Rules, lost: frozenset[Need]) -> Rules:
    """The rules of a kiosk of which this does not work."""
    if not lost:
        return rules
    cells = {
        (cell.service, cell.applicant, cell.channel): _left(cell, lost)
        if cell.channel is Channel.KIOSK and cell.allowed
        else cell
        for cell in rules.cells()
    }
    return Rules(rules.version, rules.switches, rules.words, cells)


def _left(cell: Cell, lost: frozenset[Need]) -> Cell:
    """A cell with the papers that can still be read; refused where it lacks something else."""
    papers, agents = _read(cell.papers, lost), _read(cell.agent_papers, lost)
    lacks = (cell.papers and not papers) or (cell.agent_papers and not agents)
    if lacks or lost & NEEDED.get(cell.service, frozenset()):
        return refused(cell)
    return replace(cell, papers=papers, agent_papers=agents)


def _read(papers: tuple[Paper, ...], lost: frozenset[Need]) -> tuple[Paper, ...]:
    return tuple(each for each in papers if READ_BY.get(each, Need.DOCUMENT_CAMERA) not in lost)
