"""`POST /v1/eligibility`: asked before a citizen types anything."""

from fastapi import APIRouter

from central.centre import Here
from central.eligibility import service
from central.eligibility.schemas import Eligibility, Question
from central.problems import documented

router = APIRouter(prefix="/v1/eligibility", tags=["eligibility"])


@router.post("", responses=documented(400, 403, 413, 422, 501))
def post_eligibility(question: Question, centre: Here) -> Eligibility:
    """Whether this person may apply, and if not, why; 403 where the rules give no such way."""
    return service.ask(centre, question)
