"""单位批量新办: a unit's clerk hands in a list of people who need a card (规程 1.2).

The list comes from a stick or a phone, is looked at row by row, mended here or on the medium, and
handed in once (services.md 2.2; failures F41 to F44).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from kiosk.services import handing, people
from kiosk.services.answers import Agreed, Done, Drawn, OnScreen, Printed, WantSlip
from kiosk.services.batch_answers import (
    BEFORE,
    FAULTY,
    FILE,
    MEND,
    NOT_KNOWN,
    PHONE_LISTS,
    PICKED,
    SOURCE,
    STICK_LISTS,
    UNIT,
    UNITS,
    Before,
    Clean,
    Faulty,
    GoodOnes,
    ListFile,
    Lists,
    ListSource,
    Mend,
    NoList,
    NotKnown,
    PhoneDone,
    Picked,
    Promised,
    Remove,
    Scan,
    Sent,
    Taken,
    Unit,
    Units,
    WantErrors,
)
from kiosk.services.failures import retries
from kiosk.services.referral import REFERRAL_STEPS
from kiosk.visit import Again, Change, Facts, Patience, Service, Step
from kiosk.visit import Taken as TakenBack
from regulation.rules import Rules
from regulation.rules import Service as Name

DIGITS, LETTERS, CHOICE = "mend_digits", "mend_letters", "mend_choice"
MENDABLE: Mapping[str, str] = {
    **dict.fromkeys(("number", "guardian_number", "phone", "birth", "valid_to"), DIGITS),
    **dict.fromkeys(("name", "guardian_name", "ethnicity"), LETTERS),
    **dict.fromkeys(("paper", "sex", "bank", "minor"), CHOICE),
}
"""The fields that are mended on the screen, and the step they are typed or chosen in.

An address is too long for keys, and a picture is not there: both are mended on the medium.
"""

MENDING_STEPS = ("rows", "errors_drawn", "errors", "row", DIGITS, LETTERS, CHOICE)
"""What the mending of one row has said: forgotten when the next one is looked for."""

LIST_STEPS = (
    *("list_source", "template", "template_shown", "stick"),
    *("phone_code", "phone_files", "phone_lists", "list_file", "preflight", *MENDING_STEPS),
)
"""What is known of a list, from the question where it is."""

READ_STEPS = (
    *("stick", "phone_files", "phone_lists", "list_file", "preflight", *MENDING_STEPS),
    *("centre_check", "batch_review", "signature", "scene_photo"),
)
"""The same, of a list that is read again from where it was: it may be another one by now."""

TO_ROWS = Change(drop=MENDING_STEPS)
ANOTHER_LIST = Change(drop=LIST_STEPS)
READ_AGAIN = Change(drop=READ_STEPS)
FOR_TEMPLATE = Change(drop=LIST_STEPS, put={"list_source": ListSource.TEMPLATE})


def batch(rules: Rules) -> Service:
    """The service under a table of rules."""
    steps = (
        *people.whose(rules, Name.NEW_BATCH),
        *people.person_check(),
        Step("units", (Units,), work="batch_units", auto=True),
        Step("unit", (Unit,), when=_several_units),
        *_list_comes(),
        *_list_mended(),
        *_list_signed(),
        *_list_handed_in(),
    )
    return Service(Name.NEW_BATCH, steps, REFERRAL_STEPS, retries)


def unit(facts: Facts) -> Unit | None:
    """The unit the clerk acts for: the one there is, or the one that was chosen."""
    units = UNITS.of(facts)
    return UNIT.of(facts) or (units.units[0] if units else None)


def lists(facts: Facts) -> Lists | None:
    """The files that may be the list."""
    return STICK_LISTS.of(facts) or PHONE_LISTS.of(facts)


def list_file(facts: Facts) -> ListFile | None:
    """The file of the list: the one there is, or the one that was chosen."""
    found = lists(facts)
    return FILE.of(facts) or (found.files[0] if found else None)


def _list_comes() -> tuple[Step, ...]:
    """From a stick, or from a phone; the empty one is there for who has none yet."""
    template, stick, phone = (_from(source) for source in ("template", "stick", "phone"))
    return (
        Step("list_source", (ListSource,)),
        Step("template", (Scan,), work="template_code", auto=True, when=template),
        Step("template_shown", (Agreed,), when=template),
        Step("stick", (Lists, NoList), work="stick_lists", when=stick, check=_no_list),
        Step("phone_code", (Scan,), work="phone_code", auto=True, when=phone),
        Step("phone_files", (PhoneDone,), work="phone_watch", when=phone, patience=Patience.PHOTO),
        Step(
            "phone_lists",
            (Lists, NoList),
            work="phone_lists",
            auto=True,
            when=phone,
            check=_no_list,
        ),
        Step("list_file", (ListFile,), when=_several_lists),
    )


def _list_mended() -> tuple[Step, ...]:
    """Every row is looked at; those that are wrong are mended one after the other."""
    typing, checked = Patience.TYPING, (Clean, Faulty, NoList)
    return (
        Step("preflight", checked, work="preflight", auto=True, check=_no_list),
        Step("rows", (Picked, GoodOnes, WantErrors), when=_faulty, patience=typing),
        Step("errors_drawn", (Drawn,), work="draw_errors", auto=True, when=_wants_errors),
        Step("errors", (WantSlip,), when=_wants_errors, patience=typing),
        Step("errors_printed", (), work="print_errors", auto=True, when=_wants_errors),
        Step("row", (Mend, Remove), when=_picked, patience=typing),
        *(
            Step(name, (str,), when=_mends_in(name), patience=typing)
            for name in (DIGITS, LETTERS, CHOICE)
        ),
        Step("mended", (NoList,), work="mend_row", auto=True, when=_picked, check=_no_list),
        Step("centre_check", (Promised, Before), work="check_batch", auto=True),
    )


def _list_signed() -> tuple[Step, ...]:
    """Looked at once more and signed, and its pictures sent; nothing of it binds yet."""
    return (
        Step("batch_before", (WantSlip,), when=_was_before),
        Step("batch_review", (Agreed,), when=_is_new, patience=Patience.TYPING),
        *(replace(step, when=_is_new) for step in handing.signed()),
        Step(
            "batch_upload",
            (Sent, NoList),
            work="upload_batch",
            auto=True,
            when=_is_new,
            check=_no_list,
        ),
    )


def _list_handed_in() -> tuple[Step, ...]:
    """Handed in, the slip, everything given back, the result."""
    result = Patience.RESULT
    return (
        Step(
            "batch_submit",
            (Taken, NotKnown),
            work="submit_batch",
            auto=True,
            binding=True,
            when=_is_new,
        ),
        Step("slip", (Drawn,), work="draw_batch", auto=True, binding=True),
        Step("voucher", (Printed, OnScreen), work="print_batch", auto=True, binding=True),
        Step("give_stick", (TakenBack,), work="stick_taken", binding=True),
        *handing.given_back(),
        Step("batch_held", (Done,), binding=True, over=True, when=_not_known, patience=result),
        Step("done", (Done,), binding=True, over=True, when=_known, patience=result),
    )


def _no_list(_facts: Facts, answer: object) -> Again | None:
    return Again("F41", answer.why) if isinstance(answer, NoList) else None


def _several_units(facts: Facts) -> bool:
    units = UNITS.of(facts)
    return units is not None and len(units.units) > 1


def _several_lists(facts: Facts) -> bool:
    found = lists(facts)
    return found is not None and len(found.files) > 1


def _from(source: str) -> Callable[[Facts], bool]:
    return lambda facts: SOURCE.of(facts) == source


def _faulty(facts: Facts) -> bool:
    return FAULTY.of(facts) is not None


def _wants_errors(facts: Facts) -> bool:
    return isinstance(facts.get("rows"), WantErrors)


def _picked(facts: Facts) -> bool:
    return PICKED.of(facts) is not None


def _mends_in(step: str) -> Callable[[Facts], bool]:
    def mends(facts: Facts) -> bool:
        mend = MEND.of(facts)
        return mend is not None and MENDABLE[mend.field] == step

    return mends


def _was_before(facts: Facts) -> bool:
    return BEFORE.of(facts) is not None


def _is_new(facts: Facts) -> bool:
    return not _was_before(facts)


def _not_known(facts: Facts) -> bool:
    return NOT_KNOWN.of(facts) is not None


def _known(facts: Facts) -> bool:
    return not _not_known(facts)
