"""What a citizen would see otherwise: two contents compared, their rules verdict by verdict."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from central.fleet import documents
from regulation.rules import Applicant, Cell, Channel, Rules, Service, load_rules

_TOLD = ("papers", "agent_papers", "clause", "route", "photo", "sign", "voucher", "make")


@dataclass(frozen=True, slots=True)
class Changed:
    """A value that differs; "" where there is none on that side."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A cell that differs: service x applicant x channel, its answer before and after.

    `details` are what else differs, by name. `centre_refuses`: the kiosk would allow what the
    centre's own table refuses, so the citizen is turned away after all.
    """

    service: Service
    applicant: Applicant
    channel: Channel
    before: bool
    after: bool
    details: tuple[str, ...]
    centre_refuses: bool

    @property
    def flips(self) -> bool:
        """Whether the answer itself differs."""
        return self.before is not self.after


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything between two contents."""

    plain: tuple[Changed, ...]
    settings: tuple[Changed, ...]
    texts: tuple[Changed, ...]
    verdicts: tuple[Verdict, ...]
    rules_before: str
    rules_after: str

    @property
    def nothing(self) -> bool:
        """Whether both are the same to a citizen and to the kiosk."""
        same_rules = self.rules_before == self.rules_after
        return same_rules and not (self.plain or self.settings or self.texts or self.verdicts)


def between(before: str, after: str, own: Rules) -> Difference | None:
    """What changes from one content to another; `own` are the rules where a content names none.

    None where one of them is an earlier program's, and this one cannot read it.
    """
    old, new = documents.body(before), documents.body(after)
    if old is None or new is None:
        return None
    rules = [load_rules(each.rules) if each.rules is not None else own for each in (old, new)]
    told = [each.model_dump(mode="json") for each in (old, new)]
    return Difference(
        plain=_changed({key: each[key] for key in ("mode", "message")} for each in told),
        settings=_changed(each["settings"] for each in told),
        texts=_changed(each["texts"] for each in told),
        verdicts=verdicts(rules[0], rules[1], own),
        rules_before=rules[0].version,
        rules_after=rules[1].version,
    )


def verdicts(before: Rules, after: Rules, own: Rules) -> tuple[Verdict, ...]:
    """The cells that differ, those whose answer flips first."""
    found = list[Verdict]()
    for new in after.cells():
        key = (new.service, new.applicant, new.channel)
        old = before.cell(*key)
        details = tuple(name for name in _TOLD if getattr(old, name) != getattr(new, name))
        if old.allowed is not new.allowed or details:
            refuses = _at_kiosk(new) and not own.cell(*key).allowed
            found.append(Verdict(*key, old.allowed, new.allowed, details, refuses))
    return tuple(sorted(found, key=lambda each: not each.flips))


def _at_kiosk(cell: Cell) -> bool:
    return cell.allowed and cell.channel is Channel.KIOSK


def _changed(both: Any) -> tuple[Changed, ...]:
    before, after = both
    return tuple(
        Changed(name, _text(before, name), _text(after, name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    )


def _text(values: Mapping[str, Any], name: str) -> str:
    if values.get(name) is None:
        return ""
    value = values[name]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
