"""Services that this kiosk does not do for now: the window does, and every way in says so."""

from collections.abc import Collection
from dataclasses import replace

from regulation.cells import Cell, Verdict
from regulation.rules import Channel, Rules


def switched_off(rules: Rules, off: Collection[str]) -> Rules:
    """The rules of a kiosk without these services (`[service] off`).

    The regulation gives them to it; whoever asks is told where instead (F49).
    """
    cells = {
        (cell.service, cell.applicant, cell.channel): refused(cell)
        if cell.channel is Channel.KIOSK and cell.service in off
        else cell
        for cell in rules.cells()
    }
    return Rules(rules.version, rules.switches, rules.words, cells)


def refused(cell: Cell) -> Cell:
    """The cell of a service that is not done here now."""
    return replace(cell, verdict=Verdict.REFUSE, papers=(), agent_papers=())
