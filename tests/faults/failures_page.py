"""The page docs/failures.md, made of the tables the kiosk works with.

`python -m tests.faults.failures_page > docs/failures.md` writes it.
"""

import sys
from pathlib import Path

from kiosk.services.failures import FAILURES, Failure, Way
from screens.failure_words import FAILURES as WORDS
from screens.failure_words import WAYS

HERE = Path(__file__).parent

ELSEWHERE = {
    **dict.fromkeys(("reminded", "called", "F38"), "test_f37_left_behind.py"),
    **dict.fromkeys(
        (
            *("F21", "F22", "F23", "F24", "F25", "F26", "F27", "F28"),
            *("card_not_ours", "card_bank_only", "card_not_genuine", "other_holder", "card_needed"),
            *("card_reader", "pin_pad", "pin_last_try", "pin_forgotten", "pin_kept", "pin_lost"),
            "reset_offline",
        ),
        "test_pins.py",
    ),
    "code_wrong": "test_pins_by_code.py",
    "list_not_printed": "test_f42_wrong_rows.py",
    **dict.fromkeys(
        (
            *("F05", "F17", "F18", "F19", "F20", "paper_lacking", "loss_released", "not_lost"),
            *("report_loss_first", "loss_needs_id", "card_locked", "card_unknown", "no_card"),
        ),
        "test_lost_cards.py",
    ),
    "address_at_window": "test_sent_back.py",
    "not_this_way": "test_f49_not_here.py",
    "slip_not_printed": "test_f31_print_broke_off.py",
    "screen_failed": "../journeys/test_touch_dies.py",
    **dict.fromkeys(
        ("attendant_wrong", "attendant_locked", "attendant_same"),
        "../kiosk/attendant/test_mode.py",
    ),
    "attendant_stick": "../kiosk/attendant/test_export.py",
    "attendant_failed": "../kiosk/attendant/test_tasks.py",
    "attendant_unset": "../kiosk/attendant/test_export.py",
    **dict.fromkeys(
        ("enrol_refused", "enrol_other", "enrol_often", "enrol_offline"), "test_enrolment.py"
    ),
}
"""Failures that are tried together with another."""

WITHOUT_A_ROW = (
    ("F29", "the attendant alone is told: test_f29_paper_low.py"),
    ("F46", "a page of its own, 暂停服务: test_f46_opened.py"),
    (
        "F30",
        "a notice on the home page; the visit goes on and ends in F31: test_f30_paper_out_before.py",
    ),
    ("F48", "the operator is told, and the last good one serves: test_f48_bad_document.py"),
    ("F45", "a notice on the home page while open cases are settled: test_kill.py"),
    ("F45", "the same in a window: ../journeys/test_killed.py"),
)
"""Failures of the list that have no sentence of their own, and why."""

HEAD = """# Failures

Made of `kiosk/services/failures.py` and `screens/failure_words.py` by
`python -m tests.faults.failures_page`; do not edit.

Each is made to happen on the wire or at the centre by its file in `tests/faults/`: it ends in this
sentence, nothing is lost, and the next person is served without a restart once the cause is gone.
A button is shown only where it leads anywhere. *tries*: how often it may be tried again before the
visit ends in a referral (提示单).

| code | sentence | what to do | buttons | tries | slip | test |
| --- | --- | --- | --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page as Markdown."""
    rows = "\n".join(_row(code, row) for code, row in FAILURES.items())
    others = "\n".join(f"- {code}: {why}" for code, why in WITHOUT_A_ROW)
    return f"{HEAD}{rows}\n\n## Without a sentence of their own\n\n{others}\n"


def files_of(code: str) -> list[str]:
    """The files that try a failure, by their names."""
    own = [path.name for path in HERE.glob(f"test_{code.lower()}*.py")]
    return sorted(own) or [ELSEWHERE[code]]


def slips_of(row: Failure) -> list[str]:
    """What may come out of the printer, or stay on the screen, because of it."""
    ways = {row.primary, row.secondary}
    return [
        slip
        for slip, holds in (
            (
                "提示单",
                ways & {Way.SLIP, Way.WINDOW} or (row.retries and Way.ON_SCREEN not in ways),
            ),
            ("查询单", Way.HELD in ways),
            ("凭证（屏幕，24 小时内补打）", Way.ON_SCREEN in ways),
        )
        if holds
    ]


def _row(code: str, row: Failure) -> str:
    words = WORDS[code]
    buttons = [WAYS[way] for way in (row.primary, row.secondary) if way]
    cells = (
        code,
        words.text,
        words.cure,
        " · ".join(buttons),
        str(row.retries or ""),
        " · ".join(slips_of(row)),
        ", ".join(f"`{name}`" for name in files_of(code)),
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write(page())
