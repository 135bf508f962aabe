"""The open readings of the regulation (A1..A26), each a switch with its decided default.

The table `[switches]` of `config/rules.toml` may set them; a key left out has the default here.
"""

from dataclasses import Field, dataclass, field, fields
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from regulation.papers import Paper
from regulation.tables import RulesError, Table, refuse_unknown

PhotoSource = Literal["camera", "scan"]


def _within(default: int, least: int, most: int) -> int:
    return field(default=default, metadata={"least": least, "most": most})


@dataclass(frozen=True, slots=True)
class Switches:
    """One field a switch; what it changes in the table is told beside it."""

    minor_agent_new_card_at_kiosk: bool = True
    """A1: an agent may apply for a minor at the kiosk."""
    batch_intro_letter_required: bool = False
    """A3: an electronic batch needs the unit's letter as well."""
    activation_at_kiosk: bool = False
    """A4: the kiosk activates cards."""
    activation_by_agent_window: bool = True
    """A4: an agent may have a card activated at the window."""
    minor_id_for_replacement: bool = True
    """A5: a minor's 身份证 serves for a replacement too."""
    enrolled_doc_equivalence: bool = False
    """A6: where 身份证 is asked of a holder, the paper the card was applied with serves too."""
    kiosk_signature: Literal["screen", "window"] = "screen"
    """A7: where a kiosk's applicant signs."""
    pin_reset_by_agent_at_kiosk: Literal["allow", "otp", "window"] = "allow"
    """A10: an agent's PIN reset at the kiosk; `window` refuses it there."""
    pin_storage: Literal["chip", "central", "both"] = "chip"
    """A11: where the PIN lives."""
    status_menu_at_kiosk: bool = False
    """A16: the kiosk shows the status query in its menu."""
    minor_age: int = _within(18, 1, 30)
    """A17: years; a minor is younger."""
    extra_docs: tuple[Paper, ...] = ()
    """A18: papers accepted beside those of 1.1.1 and 3.1.1."""
    photo_sources: tuple[PhotoSource, ...] = ("camera", "scan")
    """A19: where a portrait may come from."""
    instant_issue: bool = False
    """A20: the kiosk makes cards itself."""
    scene_image: bool = True
    """A21: one 办理场景影像 a case."""
    agent_min_age: int = _within(18, 1, 120)
    """A23: years an agent must have."""
    accept_expired_days: int = _within(0, 0, 3650)
    """A26: days a paper is accepted after its last day."""


def read_switches(table: Table) -> Switches:
    """The switches of a table; an unknown key or a wrong value raises `RulesError`."""
    known = {each.name: each for each in fields(Switches)}
    refuse_unknown(table, frozenset(known), "[switches]")
    hints = get_type_hints(Switches)
    values: dict[str, Any] = {
        key: _value(known[key], hints[key], value) for key, value in table.items()
    }
    return Switches(**values)


def _value(switch: Field[Any], hint: object, value: object) -> object:
    if hint is bool:
        return _checked(switch, value, ok=isinstance(value, bool), cure="true or false")
    if hint is int:
        least, most = switch.metadata["least"], switch.metadata["most"]
        whole = isinstance(value, int) and not isinstance(value, bool)
        ok = whole and least <= cast("int", value) <= most
        return _checked(switch, value, ok=ok, cure=f"a whole number from {least} to {most}")
    if get_origin(hint) is tuple:
        return _several(switch, get_args(hint)[0], value)
    return _checked(switch, value, ok=value in get_args(hint), cure=_choices(get_args(hint)))


def _several(switch: Field[Any], kind: object, value: object) -> tuple[object, ...]:
    choices = tuple(Paper) if kind is Paper else get_args(kind)
    cure = f"a list of any of {_choices(choices)}"
    _checked(switch, repr(value), ok=isinstance(value, list), cure=cure)
    items = cast("list[object]", value)
    for item in items:
        _checked(switch, item, ok=item in choices, cure=cure)
    return tuple(Paper(str(item)) if kind is Paper else item for item in items)


def _checked(switch: Field[Any], value: object, *, ok: bool, cure: str) -> object:
    if not ok:
        raise RulesError(f"[switches] {switch.name} = {value!r} cannot be; write {cure}")
    return value


def _choices(values: tuple[object, ...]) -> str:
    return ", ".join(f'"{value}"' for value in values)
