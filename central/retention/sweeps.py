"""How each thing is found when its time is over, and removed: two functions a rule.

`due_…(session, before, most)` gives names; `before` is an ISO time. `remove_…(session, name)` gives
what went. An image goes when nothing refers to it any more.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from central.applications.records import Application, ApplicationImage
from central.applications.review import CaseReview
from central.applications.states import OVER as CASE_OVER
from central.batches.records import Batch, BatchImage, BatchMember
from central.batches.states import OVER as BATCH_OVER
from central.database import Base
from central.fleet.checkpoints import LogCheckpoint
from central.hsm.records import KeyUse
from central.idempotency import KeptAnswer
from central.images.records import Image, Upload
from central.images.service import forget
from central.images.uploads import abandon
from central.issuance.records import HandOver
from central.notices.records import Notice, NoticeState

Removed = list[tuple[str, str]]
ANSWER, CASE, BATCH = "kept_answer", "case", "batch"


def due_uploads(session: Session, before: str, most: int) -> list[str]:
    """Uploads nobody went on with."""
    return _names(session, Upload.sha256, most, Upload.touched_at < before)


def remove_upload(session: Session, name: str) -> Removed:
    """Its key and its pieces."""
    abandon(session, session.get_one(Upload, name))
    return [("upload", name)]


def due_answers(session: Session, before: str, most: int) -> list[str]:
    """Answers whose keys are not promised any more."""
    return _names(session, KeptAnswer.key, most, KeptAnswer.answered_at < before)


def remove_answer(session: Session, name: str) -> Removed:
    """The row."""
    session.delete(session.get_one(KeptAnswer, name))
    return [(ANSWER, name)]


def due_unused_images(session: Session, before: str, most: int) -> list[str]:
    """Images no case or batch ever named, or none does now."""
    return _names(session, Image.sha256, most, Image.stored_at < before, _unreferenced())


def remove_image(session: Session, name: str) -> Removed:
    """Its row and its key; the bytes after the commit."""
    forget(session, name)
    return [("image", name)]


def due_notices(session: Session, before: str, most: int) -> list[str]:
    """Notices that are over; whom they went to was removed at once."""
    ended = Notice.state != NoticeState.WAITING
    return _names(session, Notice.id, most, ended, Notice.queued_at < before)


def remove_notice(session: Session, name: str) -> Removed:
    """The row."""
    session.delete(session.get_one(Notice, name))
    return [("notice", name)]


def due_case_images(session: Session, before: str, most: int) -> list[str]:
    """Cases that are over and still have pictures."""
    pictured = or_(
        exists().where(ApplicationImage.voucher_no == Application.voucher_no),
        exists().where(
            HandOver.voucher_no == Application.voucher_no, HandOver.signature.is_not(None)
        ),
    )
    return _names(session, Application.voucher_no, most, *_case_over(before), pictured)


def remove_case_images(session: Session, name: str) -> Removed:
    """The case's pictures, and those of them that are nobody else's."""
    rows = list(session.scalars(select(ApplicationImage).where(_of_case(ApplicationImage, name))))
    images = {row.sha256 for row in rows}
    for row in rows:
        session.delete(row)
    given = session.get(HandOver, name)
    if given is not None and given.signature is not None:
        images.add(given.signature)
        given.signature = None
    return [("case_images", name), *_forget_unreferenced(session, images)]


def due_batch_images(session: Session, before: str, most: int) -> list[str]:
    """Batches that are over and still have pictures."""
    pictured = or_(
        exists().where(BatchImage.batch_no == Batch.batch_no),
        Batch.letter.is_not(None),
        Batch.pick_up_letter.is_not(None),
    )
    return _names(session, Batch.batch_no, most, *_batch_over(before), pictured)


def remove_batch_images(session: Session, name: str) -> Removed:
    """The batch's and its members' pictures, and those of them that are nobody else's."""
    batch = session.get_one(Batch, name)
    rows = list(session.scalars(select(BatchImage).where(BatchImage.batch_no == name)))
    letters = (batch.letter, batch.pick_up_letter)
    images = {row.sha256 for row in rows} | {letter for letter in letters if letter}
    batch.letter = batch.pick_up_letter = None
    for row in rows:
        session.delete(row)
    return [("batch_images", name), *_forget_unreferenced(session, images)]


def due_case_persons(session: Session, before: str, most: int) -> list[str]:
    """Cases that are over and still tell whose they were."""
    return _names(
        session, Application.voucher_no, most, *_case_over(before), Application.number != ""
    )


def remove_case_person(session: Session, name: str) -> Removed:
    """Everything of a case that tells of a person; its number, service, days and state stay."""
    case = session.get_one(Application, name)
    case.number, case.agent_number = "", None
    case.applicant = _blank(case.applicant)
    case.agent = None if case.agent is None else _blank(case.agent)
    case.phone = case.address = case.card_number = None
    case.wishes = {}
    case.version += 1
    review = session.get(CaseReview, name)
    if review is not None:
        review.words = None
    notices = list(session.scalars(select(Notice).where(Notice.voucher_no == name)))
    for notice in notices:
        session.delete(notice)
    return [(CASE, name), *(("notice", notice.id) for notice in notices)]


def due_batch_persons(session: Session, before: str, most: int) -> list[str]:
    """Batches that are over and still have their lists."""
    listed = exists().where(BatchMember.batch_no == Batch.batch_no, BatchMember.name != "")
    return _names(session, Batch.batch_no, most, *_batch_over(before), listed)


def remove_batch_persons(session: Session, name: str) -> Removed:
    """The list's fields and the clerk; which person was a member stays with the register."""
    batch = session.get_one(Batch, name)
    batch.clerk_name = batch.clerk_number = None
    batch.version += 1
    for member in session.scalars(select(BatchMember).where(BatchMember.batch_no == name)):
        member.name, member.data = "", {}
    return [(BATCH, name)]


def due_key_uses(session: Session, before: str, most: int) -> list[str]:
    """Uses of card keys whose log has been kept long enough."""
    found = session.scalars(
        select(KeyUse.id).where(KeyUse.at < before).order_by(KeyUse.id).limit(most)
    )
    return [str(number) for number in found]


def remove_key_use(session: Session, name: str) -> Removed:
    """The row."""
    session.delete(session.get_one(KeyUse, int(name)))
    return [("key_use", name)]


def due_log_checkpoints(session: Session, before: str, most: int) -> list[str]:
    """Kiosks with checkpoints from before a time, and that time; the last of a kiosk stays."""
    found = session.scalars(
        select(LogCheckpoint.kiosk)
        .where(LogCheckpoint.taken_at < before, LogCheckpoint.seq < _newest())
        .distinct()
        .order_by(LogCheckpoint.kiosk)
        .limit(most)
    )
    return [f"{kiosk} {before}" for kiosk in found]


def remove_log_checkpoints(session: Session, name: str) -> Removed:
    """All of them at once."""
    kiosk, before = name.split(" ")
    newest = select(func.max(LogCheckpoint.seq)).where(LogCheckpoint.kiosk == kiosk)
    session.execute(
        delete(LogCheckpoint).where(
            LogCheckpoint.kiosk == kiosk,
            LogCheckpoint.taken_at < before,
            LogCheckpoint.seq < newest.scalar_subquery(),
        )
    )
    return [("log_checkpoints", name)]


def _newest() -> Any:
    """The last line of a kiosk that was signed."""
    other = aliased(LogCheckpoint)
    found = select(func.max(other.seq)).where(other.kiosk == LogCheckpoint.kiosk)
    return found.correlate(LogCheckpoint).scalar_subquery()


def _names(
    session: Session,
    column: InstrumentedAttribute[str],
    most: int,
    *conditions: ColumnElement[bool],
) -> list[str]:
    return list(session.scalars(select(column).where(*conditions).order_by(column).limit(most)))


def _case_over(before: str) -> tuple[ColumnElement[bool], ...]:
    return Application.state.in_(CASE_OVER), Application.state_at < before


def _batch_over(before: str) -> tuple[ColumnElement[bool], ...]:
    return Batch.state.in_(BATCH_OVER), Batch.state_at < before


def _of_case(table: type[ApplicationImage], name: str) -> ColumnElement[bool]:
    return table.voucher_no == name


def _references() -> list[ColumnElement[Any]]:
    """Every column that names an image: those with its foreign key, and one without."""
    image = Image.__table__
    columns = [
        key.parent
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table is image
    ]
    return [*columns, HandOver.__table__.c.signature]


def _unreferenced() -> ColumnElement[bool]:
    return ~or_(*(exists().where(column == Image.sha256) for column in _references()))


def _forget_unreferenced(session: Session, images: Iterable[str]) -> Removed:
    session.flush()
    free = session.scalars(
        select(Image.sha256).where(Image.sha256.in_(list(images)), _unreferenced())
    )
    return [removed for name in list(free) for removed in remove_image(session, name)]


def _blank(party: dict[str, Any]) -> dict[str, Any]:
    """A party without its person: the paper's kind stays, so that a case can still be shown."""
    return {name: party[name] if name == "paper" else None for name in party} | {
        "name": "",
        "number": "",
    }
