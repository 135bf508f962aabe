"""What the crawler found, as pages: a Mermaid diagram and a table a service, and a report."""

from collections.abc import Iterable

from kiosk.crawl.checks import CHECKS, Gap, Ground
from kiosk.crawl.late import LATEST, refusals
from kiosk.crawl.walk import Key, Place, Walk
from kiosk.services.failures import FAILURES
from kiosk.visit import TAKE_BACK, Step, Visit, refusal, standing
from regulation.rules import Rules
from screens.words import STEPS, row_of

MADE = "Made by `python -m kiosk states`; do not edit.\n"
NOT_DRAWN = ("Back", "Leave", "Idle", "Help", "Resume", "Failed", "Broke")
"""Not drawn: what is the same everywhere; failures are in the table."""


def write(found: Walk, lacking: list[Gap], ground: Ground) -> dict[str, str]:
    """The pages by file name: one a service, and README.md, the report."""
    services = dict.fromkeys(visit.service.name for visit in found.visits.values())
    pages = {f"{name}.md": _page(name, found, lacking, ground) for name in services}
    return pages | {"README.md": _report(found, lacking, ground.scene.rules)}


def _page(service: str, found: Walk, lacking: list[Gap], ground: Ground) -> str:
    steps = _steps(service, found)
    arrows = _arrows(service, list(steps), found)
    rows = [
        f"| {' | '.join(_row(step, codes, lacking, ground, service))} |"
        for step, codes in steps.items()
    ]
    head = _table("step", "page", "work", "seconds", *CHECKS, "what may lie over it")
    drawing = ["```mermaid", "stateDiagram-v2", f"    [*] --> {_first(service, found)}", *arrows]
    return "\n".join([f"# {service}", "", MADE, *drawing, "```", "", *head, *rows]) + "\n"


def _first(service: str, found: Walk) -> str:
    return next(place.step for place, _, _ in found.visits if place.service == service)


def _arrows(service: str, order: list[str], found: Walk) -> list[str]:
    """Who goes where: answers and changes; the code of a refusal stands on its arrow."""
    arrows: dict[tuple[str, str], set[str]] = {}
    mine = ((key[0], moves) for key, moves in found.moves.items() if key[0].service == service)
    for place, moves in mine:
        for there, heard in moves.items():
            to = _name(there, service)
            codes = {code for kind, code in heard if kind not in NOT_DRAWN}
            if codes and to != place.step:
                arrows.setdefault((place.step, to), set()).update(codes)

    def rank(arrow: tuple[str, str]) -> tuple[int, int]:
        step, to = arrow
        return order.index(step), order.index(to) if to in order else len(order)

    drawn: list[str] = []
    for step, to in sorted(arrows, key=rank):
        why = ", ".join(sorted(arrows[step, to] - {""})) if to == "refusal" else ""
        drawn.append(f"    {step} --> {to}" + (f" : {why}" if why else ""))
    return drawn


def _name(there: Key | None, service: str) -> str:
    if there is None:
        return "[*]"
    place = there[0]
    return place.step if place.service in (service, TAKE_BACK.name) else place.service


def _steps(service: str, found: Walk) -> dict[str, tuple[Step, set[str]]]:
    """The steps of a service in its order, each with the codes that may lie over it."""
    steps: dict[str, tuple[Step, set[str]]] = {}
    for visit in found.visits.values():
        step = standing(visit) if visit.service.name == service else None
        if step:
            steps.setdefault(step.name, (step, set()))[1].add(_code(visit))
    order = [step.name for step in _rows(service, found)]
    return {name: steps[name] for name in order if name in steps}


def _rows(service: str, found: Walk) -> Iterable[Step]:
    visit = next(each for each in found.visits.values() if each.service.name == service)
    return (*visit.service.steps, *visit.service.refused)


def _code(visit: Visit) -> str:
    return visit.overlay.code if visit.overlay else ""


def _row(
    name: str, seen: tuple[Step, set[str]], lacking: list[Gap], ground: Ground, service: str
) -> list[str]:
    step, codes = seen
    seconds = ground.waits.seconds[step.patience]
    checks = [_check(check, step, service, lacking) for check in CHECKS]
    over = ", ".join(sorted(codes - {""}))
    page = STEPS[row_of(service, name)].screen
    return [name, page, step.work, f"{seconds:g}", *checks, over]


def _check(check: str, step: Step, service: str, lacking: list[Gap]) -> str:
    here = [gap for gap in lacking if gap.place[:2] == (service, step.name)]
    if any(gap.check == check for gap in here):
        return "**no**"
    return "binding" if check == "cancel" and step.holds else "yes"


def _report(found: Walk, lacking: list[Gap], rules: Rules) -> str:
    cells = rules.cells()
    cited = sum(bool(cell.clause) for cell in cells)
    places = {place for place, _, _ in found.visits}
    has = (
        "a page, words in Chinese and English, a time-out, a cancel (unless the centre may have "
        "it), a help, a way home, and no button that does nothing"
    )
    told_late = refusals(found)
    late = sum(each.pages > LATEST for each in told_late)
    decided = f"{LATEST} pages after the fact that decides them (a page asks something)"
    facts = (
        f"{len(places)} states (service, step, failure over it), in {len(found.visits)} situations",
        f"{len(lacking)} gaps: each state has {has}",
        f"{cited} of {len(cells)} cells of the regulation's table are answered with a clause",
        f"{late} of {len(told_late)} refusals come later than {decided}",
    )
    lines = ["# What the crawler found", "", MADE, *(f"- {fact}" for fact in facts)]
    if lacking:
        lines += ["", "## Gaps", "", *sorted({f"- {told(gap)}" for gap in lacking})]
    lines += ["", "## Services", "", *_services(places, lacking)]
    lines += ["", "## Where each failure is met", "", *_failures(found)]
    return "\n".join(lines) + "\n"


def told(gap: Gap) -> str:
    """A gap in a line; a sentence that is not said in English is told once, not at each state."""
    if gap.check == "words":
        return f"no English: {gap.what}"
    return f"{gap.place.service} · {gap.place.step} {gap.place.code}: {gap.check}: {gap.what}"


def _services(places: set[Place], lacking: list[Gap]) -> list[str]:
    rows = _table("service", "steps", "states", "gaps")
    for service in sorted({place.service for place in places}):
        own = [place for place in places if place.service == service]
        gaps = sum(gap.place.service == service for gap in lacking)
        steps = len({place.step for place in own})
        rows.append(f"| [{service}]({service}.md) | {steps} | {len(own)} | {gaps} |")
    return rows


def _failures(found: Walk) -> list[str]:
    """Every failure's code, with the steps it lies over and those it refuses."""
    over: dict[str, set[str]] = {}
    ends: dict[str, set[str]] = {}
    for here, moves in found.moves.items():
        place = here[0]
        over.setdefault(place.code, set()).add(place.step)
        refused = refusal(found.visits[here].facts) is not None
        codes = {code for heard in moves.values() for _, code in heard if code}
        for code in () if refused else codes:
            ends.setdefault(code, set()).add(place.step)
    seen: dict[str, int] = {}
    for each in refusals(found):
        seen[each.code] = max(each.pages, seen.get(each.code, 0))
    rows = _table("code", "lies over", "ends the service at", "pages after it was decided")
    for code in FAILURES:
        lies, refuses = (", ".join(sorted(each.get(code, ()))) for each in (over, ends))
        rows.append(f"| {code} | {_short(lies)} | {refuses} | {seen.get(code, '')} |")
    return rows


def _short(steps: str) -> str:
    """Silence and help may come anywhere: no list of every step."""
    most = 12
    return f"{steps.count(',') + 1} steps" if steps.count(",") >= most else steps


def _table(*columns: str) -> list[str]:
    return [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
