"""`POST /v1/eligibility`: asked before a citizen types anything."""

from fastapi import APIRouter

from central.centre import Here
from central.eligibility import overview, service
from central.eligibility.door import door
from central.eligibility.schemas import Eligibility, Overview, Question, Shown
from central.problems import documented
from central.trust.caller import Caller
from regulation.rules import Channel

router = APIRouter(prefix="/v1/eligibility", tags=["eligibility"])


@router.post("", responses=documented(400, 401, 403, 409, 413, 422))
def post_eligibility(question: Question, centre: Here, caller: Caller) -> Eligibility:
    """Whether this person may have the service, and if not, why.

    403 where the rules give no such way; 409 for what no `outcome` has a name for.
    """
    door(caller, question.channel)
    return service.ask(centre, question)


@router.post("/overview", responses=documented(400, 401, 403, 413, 422))
def post_overview(shown: Shown, centre: Here, caller: Caller) -> Overview:
    """How every service of the regulation stands at a kiosk for who shows a paper. Changes nothing.

    What stands in a service's way is told there, and is no problem of the request.
    """
    door(caller, Channel.KIOSK)
    return overview.look_over(centre, shown)
