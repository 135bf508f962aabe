"""What work with a unit's list may find, for the crawler."""

from collections.abc import Mapping

from kiosk.services.answers import Drawn, Printed
from kiosk.services.batch import MENDING_STEPS, TO_ROWS
from kiosk.services.batch_answers import (
    Before,
    Clean,
    Faulty,
    ListFile,
    Lists,
    NoList,
    NotKnown,
    Part,
    PhoneDone,
    Promised,
    Scan,
    Sent,
    Taken,
    Unit,
    Units,
    WrongRow,
)
from kiosk.visit import Change, Event, Failed, Refusal, Said
from regulation.card_list.faults import Fault, RowFault

PNG = b"\x89PNG a picture"
UNIT = Unit("91990001MA0000001R", "示******司")
PART = Part(
    "CQ-0017-20261123-0043-M", "v2|batch|mac", 6, 6, "2026-11-23T10:44:00+08:00", "2026-12-07",
    due_sure=True, outlet="W301", fee_fen=0, pick_up=("凭经办人本人的身份证原件或社保卡领取",),
)  # fmt: skip
_WRONG = (
    WrongRow(
        1,
        "李*四",
        (
            RowFault(1, "number", Fault.CHECK_CHARACTER),
            RowFault(1, "name", Fault.MISSING),
            RowFault(1, "paper", Fault.NOT_A_CHOICE),
            RowFault(1, "portrait", Fault.PICTURE_MISSING),
        ),
    ),
    WrongRow(21, "王*", (RowFault(21, "address", Fault.TOO_LONG),)),
    WrongRow(22, "", (RowFault(22, "", Fault.EMPTY_ROW),)),
)
FAULTY = Faulty(30, len(_WRONG), _WRONG)
_BACK = Change(drop=("centre_check", *MENDING_STEPS), put={"preflight": FAULTY})
_NO_LIST = tuple(
    Said(NoList(why))
    for why in (
        "no-list",
        "changed",
        "pulled",
        "port_broken",
        "缺少列：姓名",
    )
)
_CENTRE = Failed("F35", "central", "unreachable")
_LISTS = (
    Said(Lists((ListFile(0, "名单.xlsx"),))),
    Said(Lists((ListFile(0, "名单.xlsx"), ListFile(1, "名单2.csv")))),
    *_NO_LIST,
)

BATCH_WORK: Mapping[str, tuple[Event, ...]] = {
    "batch_units": (
        Said(Units((UNIT,))),
        Said(Units((UNIT, Unit("91990001MA0000002R", "又******司")), partial=True)),
        *(Said(Refusal(code, "1.2.1")) for code in ("F43", "F16", "F34")),
        _CENTRE,
    ),
    "template_code": (Said(Scan(PNG)), _CENTRE),
    "stick_lists": _LISTS,
    "phone_code": (Said(Scan(PNG)), _CENTRE),
    "phone_watch": (
        Said(PhoneDone()),  # the page's button, which is there once the work has seen a file
        Said(Change(drop=("phone_code", "phone_files", "phone_lists"))),
        _CENTRE,
    ),
    "phone_lists": (*_LISTS, _CENTRE),
    "preflight": (Said(Clean(6)), Said(FAULTY), *_NO_LIST),
    "draw_errors": (Said(Drawn(PNG)),),
    "print_errors": (Said(TO_ROWS), Failed("list_not_printed", "printer", "paper_out")),
    "mend_row": (
        Said(Change(drop=MENDING_STEPS, put={"preflight": Clean(6)})),
        Said(_BACK),
        *_NO_LIST[:1],
    ),
    "check_batch": (
        Said(Promised(6, "2026-12-07")),
        Said(Promised(6, "2027-01-07", due_sure=False)),
        Said(Promised(6)),
        Said(Before((PART,))),
        Said(_BACK),
        Said(Refusal("F43", "1.2.1")),
        _CENTRE,
    ),
    "upload_batch": (Said(Sent()), Said(_BACK), *_NO_LIST[2:3], _CENTRE),
    "submit_batch": (
        Said(Taken((PART,))),
        Said(Taken((PART, PART), left=3)),
        Said(NotKnown(("a key",))),
        Said(Refusal("F42", "1.2.1", "2")),
        Said(Refusal("F44", "1.2.1", PART.batch_no)),
        _CENTRE,
    ),
    "draw_batch": (Said(Drawn(PNG)),),
    "print_batch": (
        Said(Printed()),
        Failed("F31", "printer", "paper_out"),
        Failed("query_not_printed", "printer", "paper_out"),
    ),
}
"""The work by its name."""

MENDED: Mapping[str, tuple[str, ...]] = {
    "mend_digits": ("11010519491231002X", "13800138000"),
    "mend_letters": ("张三",),
}
"""What is typed to mend a row."""
