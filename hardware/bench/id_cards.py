"""Demo people as papers for the simulated ID reader, and the dock's words for its faults."""

from collections.abc import Mapping
from dataclasses import replace

from hardware.bench.people import IdCardTable, Person
from hardware.id_reader.simulator import IdCard, IdReaderSimulator, Trouble
from hardware.wire.faults import Kind, WireFault

TROUBLES: Mapping[str, Trouble] = {
    "": Trouble.NONE,
    "unreadable": Trouble.CANNOT_BE_READ,
    "unknown_kind": Trouble.UNKNOWN_CARD,
}
_KINDS = {
    "none": WireFault(),
    "unplug": WireFault(Kind.UNPLUG),
    "silence": WireFault(Kind.SILENCE),
    "stall": WireFault(Kind.DELAY),
    "garbage": WireFault(Kind.FLIP_BIT, 75),  # no answer is whole
}
READER_FAULTS = tuple(_KINDS)


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
    fault = _KINDS[kind]
    reader.go_right()
    reader.go_wrong(replace(fault, value=seconds) if fault.kind is Kind.DELAY else fault)
