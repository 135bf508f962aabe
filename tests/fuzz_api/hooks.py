"""What schemathesis cannot guess: who the centre knows, and what it gave out before.

Every third request that may be right is made one that reaches the work behind the schema: an
application of somebody who is known, a voucher or a card write that exists.
"""

import hashlib
import itertools

import schemathesis
from schemathesis.generation import GenerationMode

from benchmarks.crowd import names, numbers
from deploy.pictures import jpeg

PORTRAIT = jpeg(b"a portrait")
PEOPLE = 5000
"""As many the harness has taken into the centre."""

_people = itertools.cycle(zip(numbers(PEOPLE), names(PEOPLE), strict=True))
_vouchers: list[str] = []
_turn = itertools.count()

APPLICATION = {
    "service": "new_individual",
    "applicant_kind": "self",
    "kiosk_id": "0017",
    "taken_at": "2026-11-23T09:59:00+08:00",
    "bank": "重庆银行",
    "signature": "window",
    "images": [{"kind": "portrait", "sha256": hashlib.sha256(PORTRAIT).hexdigest()}],
}
SERVICES = ("new_individual", "status_query", "loss_report", "replace_individual", "info_change")


@schemathesis.serializer("application/partial-upload")
def piece(_context, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def before_call(_context, case, _kwargs):
    right = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
    if not right or next(_turn) % 3:
        return
    match case.method, case.operation.path:
        case "POST", "/v1/applications":
            case.body = APPLICATION | {"applicant": holder()}
        case "POST", "/v1/eligibility":
            question = {"applicant_kind": "self", "applicant": holder()}
            services = itertools.islice(itertools.cycle(SERVICES), next(_turn) % 5, None)
            case.body = question | {"service": next(services)}
        case _, "/v1/vouchers/{voucher_no}" if _vouchers:
            case.path_parameters = {"voucher_no": _vouchers[-1]}


@schemathesis.hook
def after_call(_context, case, response):
    if case.operation.path == "/v1/applications" and response.status_code == 201:
        _vouchers.append(response.json()["voucher_no"])


def holder():
    number, name = next(_people)
    return {"paper": "resident_id", "number": number, "name": name}
