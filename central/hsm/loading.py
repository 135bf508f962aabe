"""A key comes into the HSM in two or three components, each by another officer.

Nobody has the key: the components are sealed by the HSM until the last one comes, at most half an
hour, and combined in it. Each step is in the audit. (`central/console/pages/key_loading.py`)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from central.audit.chain import Detail, append
from central.audit.records import SYSTEM, Actor
from central.centre import Centre
from central.hsm.arithmetic import wipe
from central.hsm.loader import KEY_BYTES, KeyLoader, Sealed, check_value
from central.hsm.loading_records import GOING, KeyComponent, KeyLoading, LoadingState
from central.hsm.names import MASTERS, algorithm_of
from central.hsm.port import HsmRefused
from central.problems import Kind, ProblemError

LASTS = timedelta(minutes=30)
PARTS = (2, 3)
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Component:
    """A component as it may be shown: whose, when (ISO 8601), and its check value."""

    number: int
    entered_by: str
    entered_at: str
    check_value: str


@dataclass(frozen=True, slots=True)
class Loading:
    """A loading as it may be shown. `check_value` is the key's, once it is loaded."""

    id: int
    name: str
    parts: int
    state: LoadingState
    begun_by: str
    begun_at: str
    ends_at: str
    check_value: str | None
    components: tuple[Component, ...]


def begin(centre: Centre, actor: Actor, name: str, parts: int = 2) -> Loading:
    """Begin to load the key of a name, such as `RPK-SM4` or `epp-0017-01`.

    Raises `HSM_LOADS_NO_KEYS`, `KEY_NAME_UNKNOWN`, `KEY_ALREADY_LOADED`, `KEY_LOADING_OPEN`, and
    what the HSM refuses.
    """
    expire(centre)
    if algorithm_of(name) is None:
        raise ProblemError(Kind.KEY_NAME_UNKNOWN)
    if parts not in PARTS:
        raise ProblemError(Kind.INVALID, "A key has 2 or 3 components.")
    if _loader(centre).loaded(name) is not None:
        raise ProblemError(Kind.KEY_ALREADY_LOADED)
    now = centre.clock()
    with centre.database.write() as session:
        if session.scalars(_going().where(KeyLoading.name == name)).first():
            raise ProblemError(Kind.KEY_LOADING_OPEN)
        loading = KeyLoading(
            name=name,
            parts=parts,
            state=LoadingState.OPEN,
            begun_by=actor.id,
            begun_at=now.isoformat(),
        )
        session.add(loading)
        session.flush()
        _note(session, now, actor, loading, "begun", parts=parts)
        return _shown(loading)


def enter(
    centre: Centre, actor: Actor, number: int, component: str, told: str | None = None
) -> Loading:
    """Enter one's component, 32 hexadecimal digits; `told` is the check value on its paper.

    With the last one the HSM combines them. Raises `KEY_OFFICER_TWICE`, `KEY_COMPONENT_REFUSED`,
    `KEY_LOADING_OVER`, and what the HSM refuses; a refusal of the key ends the loading.
    """
    expire(centre)
    loader, name = _loader(centre), status(centre, number).name
    value = _parsed(component)
    try:
        check = check_value(name, value)
        if told is not None and told.strip().upper() != check:
            raise ProblemError(Kind.KEY_COMPONENT_REFUSED, "Its check value is not the one told.")
        sealed = loader.seal(value, _bound(number, name, actor.id))
    finally:
        wipe(value)
    now = centre.clock()
    with centre.database.write() as session:
        loading = _open(session, number)
        _add(session, now, actor, loading, sealed, check)
        if loading.state is LoadingState.OPEN:
            return _shown(loading)
        boxes = [
            Sealed(one.box or b"", _bound(number, name, one.entered_by))
            for one in loading.components
        ]
    return _combine(centre, loader, actor, number, name, boxes)


def abort(centre: Centre, actor: Actor, number: int) -> Loading:
    """End a loading without a key; any officer may."""
    expire(centre)
    now = centre.clock()
    with centre.database.write() as session:
        loading = _open(session, number)
        _end(session, now, actor, loading, LoadingState.ABORTED)
        return _shown(loading)


def status(centre: Centre, number: int) -> Loading:
    """How a loading stands. Raises `KEY_LOADING_UNKNOWN`."""
    with centre.database.read() as session:
        return _shown(_found(session, number))


def latest(centre: Centre) -> list[Loading]:
    """The last loadings, the newest first."""
    newest = select(KeyLoading).options(selectinload(KeyLoading.components))
    with centre.database.read() as session:
        rows = session.scalars(newest.order_by(KeyLoading.id.desc()).limit(SHOWN))
        return [_shown(row) for row in rows]


def held(centre: Centre) -> dict[str, str | None]:
    """The check value of each master key the HSM holds; empty if it cannot be asked."""
    loader = centre.loader
    if loader is None:
        return {}
    try:
        return {name: _told(loader, name) for names in MASTERS.values() for name in names}
    except HsmRefused:
        return {}


def expire(centre: Centre) -> None:
    """End what is older than half an hour; whoever keeps the centre tidy may call it.

    Of a loading whose end was not heard the HSM is asked whether it has the key.
    """
    now = centre.clock()
    stale = _going().where(KeyLoading.begun_at <= (now - LASTS).isoformat())
    with centre.database.read() as session:
        found = [_shown(row) for row in session.scalars(stale)]
    for old in found:
        held = _held(centre, old)
        with centre.database.write() as session:
            loading = _found(session, old.id)
            if loading.state is old.state:
                state = LoadingState.LOADED if held else LoadingState.EXPIRED
                _end(session, now, SYSTEM, loading, state, held)


def _combine(  # noqa: PLR0913, PLR0917 - what is combined, where, and for whom
    centre: Centre,
    loader: KeyLoader,
    actor: Actor,
    number: int,
    name: str,
    boxes: Sequence[Sealed],
) -> Loading:
    """Outside the writer's turn: the loading is COMBINING, which says what is going on."""
    try:
        check, state, problem = loader.load(name, boxes), LoadingState.LOADED, None
    except ProblemError as no:
        check, state, problem = None, LoadingState.ABORTED, no
    with centre.database.write() as session:
        loading = _found(session, number)
        _end(session, centre.clock(), actor, loading, state, check, problem)
        shown = _shown(loading)
    if problem is not None:
        raise problem
    return shown


def _add(  # noqa: PLR0913, PLR0917 - a row of the loading
    session: Session,
    now: datetime,
    actor: Actor,
    loading: KeyLoading,
    sealed: Sealed,
    check: str,
) -> None:
    if any(one.entered_by == actor.id for one in loading.components):
        raise ProblemError(Kind.KEY_OFFICER_TWICE)
    component = KeyComponent(
        number=len(loading.components) + 1,
        entered_by=actor.id,
        entered_at=now.isoformat(),
        check_value=check,
        box=sealed.box,
    )
    loading.components.append(component)
    _note(session, now, actor, loading, "entered", component=component.number, check_value=check)
    if component.number == loading.parts:
        loading.state = LoadingState.COMBINING
        _note(session, now, actor, loading, "combining")


def _end(  # noqa: PLR0913, PLR0917 - how it ended, and why
    session: Session,
    now: datetime,
    actor: Actor,
    loading: KeyLoading,
    state: LoadingState,
    check: str | None = None,
    problem: ProblemError | None = None,
) -> None:
    loading.state, loading.ended_at, loading.check_value = state, now.isoformat(), check
    for component in loading.components:
        component.box = None
    details: dict[str, Detail] = {}
    if check is not None:
        details["check_value"] = check
    if problem is not None:
        details["problem"] = problem.kind.urn.rpartition(":")[2]
    _note(session, now, actor, loading, state.value.lower(), **details)


def _held(centre: Centre, old: Loading) -> str | None:
    """The check value of the key, if the HSM took it; an HSM that is away took none, for now."""
    if old.state is not LoadingState.COMBINING or centre.loader is None:
        return None
    try:
        return centre.loader.loaded(old.name)
    except HsmRefused:
        return None


def _told(loader: KeyLoader, name: str) -> str | None:
    try:
        return loader.loaded(name)
    except HsmRefused as no:
        if no.kind is Kind.HSM_LACKS_MECHANISM:
            return None  # it can never hold this one
        raise


def _going() -> Select[KeyLoading]:
    return select(KeyLoading).where(KeyLoading.state.in_(GOING))


def _open(session: Session, number: int) -> KeyLoading:
    loading = _found(session, number)
    if loading.state is not LoadingState.OPEN:
        raise ProblemError(Kind.KEY_LOADING_OVER)
    return loading


def _found(session: Session, number: int) -> KeyLoading:
    loading = session.get(KeyLoading, number)
    if loading is None:
        raise ProblemError(Kind.KEY_LOADING_UNKNOWN)
    return loading


def _loader(centre: Centre) -> KeyLoader:
    if centre.loader is None:
        raise ProblemError(Kind.HSM_LOADS_NO_KEYS)
    return centre.loader


def _parsed(component: str) -> bytearray:
    """Blanks between groups are taken; the text is in no error."""
    try:
        value = bytearray.fromhex(component)
    except ValueError:
        value = bytearray()
    if len(value) != KEY_BYTES:
        wipe(value)
        raise ProblemError(Kind.KEY_COMPONENT_REFUSED, "It has 32 hexadecimal digits.") from None
    return value


def _bound(number: int, name: str, officer: str) -> str:
    return f"key-loading/{number}/{name}/{officer}"


def _note(
    session: Session, now: datetime, actor: Actor, loading: KeyLoading, verb: str, **details: Detail
) -> None:
    append(session, now, actor, f"key_loading.{verb}", loading.name, number=loading.id, **details)


def _shown(row: KeyLoading) -> Loading:
    ends = datetime.fromisoformat(row.begun_at) + LASTS
    return Loading(
        row.id,
        row.name,
        row.parts,
        row.state,
        row.begun_by,
        row.begun_at,
        ends.isoformat(),
        row.check_value,
        tuple(
            Component(one.number, one.entered_by, one.entered_at, one.check_value)
            for one in row.components
        ),
    )
