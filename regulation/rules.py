"""Who may do what, where, and with which papers: `config/rules.toml` as 240 cells.

Nothing else decides a right. The centre enforces the same table.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from regulation.cells import Applicant, Cell, Channel, Service, ServiceWords, Verdict
from regulation.papers import Paper
from regulation.switches import Switches, read_switches
from regulation.tables import (
    RulesError,
    Table,
    read_table,
    refuse_unknown,
    table,
    tables,
    text,
    texts,
)

__all__ = ["Applicant", "Cell", "Channel", "Rules", "RulesError", "Service", "Verdict"]
__all__ += ["ServiceWords", "Switches", "load_rules"]

CLAUSE = r"[1-9](\.[1-9]){0,2}(\([1-9]\)[a-z]?)?"
SECTIONS = frozenset({"meta", "switches", "docsets", "services", "rule"})
DOCSETS = frozenset(
    {"id4", "id5", "minor_new", "minor_repl", "id_or_card", "id_only", "card_only"}
    | {"clerk", "agent"}
)
WORDS = ("photo", "sign", "voucher", "make", "activation", "fee", "next")
RULE_KEYS = frozenset(
    {"s", "a", "c", "verdict", "policy", "amb", "docs", "agent", "ref", *WORDS}
    | {"files", "needs_card_in_reader"}
)
ENROLLED = (Paper.HMT_PERMIT, Paper.PASSPORT, Paper.MILITARY_OFFICER, Paper.HOUSEHOLD_REGISTER)

Key = tuple[Service, Applicant, Channel]
Docsets = Mapping[str, tuple[Paper, ...]]
NOTHING: Table = MappingProxyType({})
Id = TypeVar("Id", bound=StrEnum)


class Rules:
    """The whole table, read and checked."""

    def __init__(
        self,
        version: str,
        switches: Switches,
        words: Mapping[Service, ServiceWords],
        cells: Mapping[Key, Cell],
    ) -> None:
        self.version = version
        self.switches = switches
        self.words = words
        self._cells = cells

    def cell(self, service: Service, applicant: Applicant, channel: Channel) -> Cell:
        """The answer; there is one for every question."""
        return self._cells[service, applicant, channel]

    def cells(self) -> tuple[Cell, ...]:
        """All 240, in the file's order of services, applicants and channels."""
        return tuple(self._cells.values())

    def nearest(self, service: Service, applicant: Applicant) -> tuple[Cell, ...]:
        """The ways there are for a service: for this applicant first, then for others."""
        ways = [cell for cell in self.cells() if cell.service is service and cell.allowed]
        return tuple(sorted(ways, key=lambda cell: cell.applicant is not applicant))


def load_rules(source: str | Path) -> Rules:
    """The rules of a TOML text (a string) or of a file (a Path).

    A bad table raises `RulesError`, which names the key and the cure.
    """
    raw = read_table(source)
    refuse_unknown(raw, SECTIONS, "rules")
    meta = table(raw, "meta")
    refuse_unknown(meta, frozenset({"version", "source", "channels", "applicants"}), "[meta]")
    switches = read_switches(table(raw, "switches") if "switches" in raw else NOTHING)
    words = _services(table(raw, "services"))
    docsets = _docsets(table(raw, "docsets"), switches)
    listed = _listed(tables(raw, "rule"), _Ground(words, docsets, switches))
    keys = [
        (service, applicant, channel)
        for service in words
        for applicant in _order(meta, "applicants", Applicant)
        for channel in _order(meta, "channels", Channel)
    ]
    cells = {key: listed.get(key) or _unlisted(key, words) for key in keys}
    return Rules(text(meta, "version", "[meta]"), switches, words, MappingProxyType(cells))


def _order(meta: Table, key: str, kind: type[Id]) -> tuple[Id, ...]:
    ids = texts(meta, key, "[meta]")
    if sorted(ids) != sorted(kind):
        raise RulesError(f"[meta] {key}: must name each of {', '.join(kind)} once")
    return tuple(kind(each) for each in ids)


def _id(kind: type[Id], value: str, where: str) -> Id:
    if value not in tuple(kind):
        raise RulesError(
            f"{where}: unknown {kind.__name__.lower()} {value!r}; use {', '.join(kind)}"
        )
    return kind(value)


def _clause(value: str, where: str) -> str:
    if not re.fullmatch(f"{CLAUSE}(,{CLAUSE})*", value):
        raise RulesError(f'{where}: {value!r} is no clause; write e.g. "1.1.2(2)", several with ,')
    return value


def _services(raw: Table) -> Mapping[Service, ServiceWords]:
    words: dict[Service, ServiceWords] = {}
    for name in raw:
        where, row = f"[services.{name}]", table(raw, name)
        service = _id(Service, name, "[services]")
        refuse_unknown(row, frozenset({"zh", "en", "route", "clause", "at"}), where)
        at = table(row, "at") if "at" in row else NOTHING
        words[service] = ServiceWords(
            zh=text(row, "zh", where),
            en=text(row, "en", where),
            route=text(row, "route", where),
            clause=_clause(text(row, "clause", where), where),
            at={_id(Channel, each, where): _clause(text(at, each, where), where) for each in at},
        )
    if missing := set(Service) - set(words):
        raise RulesError(f"[services]: {', '.join(sorted(missing))} missing; add each")
    return words


def _docsets(raw: Table, switches: Switches) -> Docsets:
    """The sets of papers, as the switches of readings A5, A6 and A18 widen them."""
    refuse_unknown(raw, DOCSETS, "[docsets]")
    if missing := DOCSETS - set(raw):
        raise RulesError(f"[docsets]: {', '.join(sorted(missing))} missing; add each")
    sets = {
        name: tuple(_id(Paper, each, f"[docsets] {name}") for each in texts(raw, name, "[docsets]"))
        for name in raw
    }
    if switches.minor_id_for_replacement:
        sets["minor_repl"] = (Paper.RESIDENT_ID, *sets["minor_repl"])
    for name in ("id4", "id5"):
        sets[name] += switches.extra_docs
    if switches.enrolled_doc_equivalence:
        sets["id_or_card"] += ENROLLED
        sets["id_only"] += ENROLLED
    return {name: tuple(dict.fromkeys(papers)) for name, papers in sets.items()}


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every row stands on."""

    words: Mapping[Service, ServiceWords]
    docsets: Docsets
    switches: Switches


def _listed(rows: tuple[Table, ...], ground: _Ground) -> dict[Key, Cell]:
    cells: dict[Key, Cell] = {}
    for row in rows:
        where = f"[[rule]] {row.get('s')}, {row.get('a')}, {row.get('c')}"
        refuse_unknown(row, RULE_KEYS, where)
        cell = _cell(row, where, ground)
        key = (cell.service, cell.applicant, cell.channel)
        if key in cells:
            raise RulesError(f"{where}: listed twice; keep one")
        cells[key] = cell
    return cells


def _cell(row: Table, where: str, ground: _Ground) -> Cell:
    service = _id(Service, text(row, "s", where), where)
    verdict = _verdict(row, where, ground.switches)
    papers = _papers(row, "docs", where, ground.docsets)
    agent_papers = _papers(row, "agent", where, ground.docsets)
    words = {key: text(row, key, where, "") for key in WORDS}
    if words["sign"] == "screen":
        words["sign"] = ground.switches.kiosk_signature
    return Cell(
        service,
        _id(Applicant, text(row, "a", where), where),
        _id(Channel, text(row, "c", where), where),
        verdict,
        clause=_clause(text(row, "ref", where), where),
        route=ground.words[service].route,
        papers=papers if verdict is Verdict.ALLOW else (),
        agent_papers=agent_papers if verdict is Verdict.ALLOW else (),
        listed=True,
        **words,
    )


def _verdict(row: Table, where: str, switches: Switches) -> Verdict:
    match text(row, "verdict", where):
        case "allow":
            return Verdict.ALLOW
        case "deny":
            return Verdict.REFUSE
        case "flag":
            name = text(row, "policy", where)
            value: object = getattr(switches, name, None)
            if value is None:
                raise RulesError(f"{where}: policy {name!r} is no switch; name one of [switches]")
            return Verdict.REFUSE if value in (False, "window") else Verdict.ALLOW
        case other:
            raise RulesError(f"{where}: verdict {other!r}; write allow, deny or flag")


def _papers(row: Table, key: str, where: str, docsets: Docsets) -> tuple[Paper, ...]:
    name = text(row, key, where, "")
    if name and name not in docsets:
        raise RulesError(f"{where}: unknown docset {name!r}; use {', '.join(docsets)}")
    return docsets[name] if name else ()


def _unlisted(key: Key, words: Mapping[Service, ServiceWords]) -> Cell:
    said = words[key[0]]
    clause = said.at.get(key[2], said.clause)
    return Cell(*key, verdict=Verdict.REFUSE, clause=clause, route=said.route)
