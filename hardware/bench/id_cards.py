"""Demo people as papers for the simulated ID reader, and the dock's words for its faults."""

from collections.abc import Mapping

from hardware.bench.people import IdCardTable, Person
from hardware.id_reader.simulator import IdCard, IdReaderSimulator, Trouble, WireFault

TROUBLES: Mapping[str, Trouble] = {
    "": Trouble.NONE,
    "unreadable": Trouble.CANNOT_BE_READ,
    "unknown_kind": Trouble.UNKNOWN_CARD,
}
_GARBAGE = bytes.fromhex("00 FF AA AA 96 13 37 00 AA AA AA 96")
READER_FAULTS = ("none", "unplug", "silence", "stall", "garbage")


def chip(person: Person, table: IdCardTable) -> IdCard:
    """Give what the chip of this person's card says."""
    return IdCard(
        number=person.id_number,
        name=person.name,
        address=table.address,
        birth=table.birth,
        sex=table.sex,
        ethnicity=table.ethnicity,
        issuer=table.issuer,
        valid_from=table.valid_from,
        valid_to=table.valid_to,
        mark="J" if table.permit else " ",
        permit_number=table.permit,
        permit_issue="01" if table.permit else "",
    )


def reader_fault(reader: IdReaderSimulator, kind: str, seconds: float) -> None:
    """Make the reader fail in one of READER_FAULTS; a stalled one answers `seconds` late."""
    if kind == "unplug" or reader.fault.stall_s:  # an answer that waits ends with the power only
        reader.unplug()
    if kind == "unplug":
        reader.go_right()
        return
    reader.plug()
    reader.go_wrong(
        WireFault(
            silent=kind in ("silence", "garbage"),
            stall_s=seconds if kind == "stall" else 0.0,
            garbage=_GARBAGE if kind == "garbage" else b"",
        )
    )
