"""The contract breaks nobody who keeps to the one that was released; and a break would be seen.

`central/openapi-released.json` is the contract kiosks in the field were built to. A release takes
the present one there; a break before that needs `/v2`.
"""

import copy
import json
from pathlib import Path

import pytest

from deploy.contract import breaks

RELEASED = json.loads(Path("central/openapi-released.json").read_text(encoding="utf-8"))
PRESENT = json.loads(Path("central/openapi.json").read_text(encoding="utf-8"))
ORDER = "components.schemas.Order"
TAKEN = "components.schemas.Taken"
KIND = "components.schemas.Picture.properties.kind"


def test_the_contract_breaks_nobody():
    assert breaks(RELEASED, PRESENT) == []


def at(document, path):
    for part in path.split("."):
        document = document[part]
    return document


def change(path, *gone, **keys):
    """The released contract with some keys of a place set and others removed."""
    document = copy.deepcopy(RELEASED)
    place = at(document, path)
    place.update(keys)
    for key in gone:
        del place[key]
    return document


BREAKING = {
    "a route is gone": change("paths", "/v1/eligibility"),
    "a method is gone": change("paths./v1/applications", "post"),
    "a field must be sent": change(ORDER, required=[*at(RELEASED, ORDER)["required"], "phone"]),
    "a field is not taken": change(f"{ORDER}.properties", "marks"),
    "a value is not taken": change("components.schemas.Paper", enum=["resident_id"]),
    "a text must be shorter": change(f"{ORDER}.properties.bank", maxLength=20),
    "a pattern is another": change(f"{ORDER}.properties.kiosk_id", pattern="^[0-9]{4}$"),
    "an answer lacks a field": change(TAKEN, required=["voucher_no"]),
    "an answer's type is another": change(f"{TAKEN}.properties.window", type="integer"),
    "an answer has a new value": change(
        "components.schemas.Outcome",
        enum=[*at(RELEASED, "components.schemas.Outcome")["enum"], "x"],
    ),
    "a media type is not taken": change(
        "paths./v1/images/{sha256}.put.requestBody.content", "image/png"
    ),
    "a status is gone": change("paths./v1/images/{sha256}.put.responses", "200"),
    "a parameter must be sent": change(
        "paths./v1/health.get",
        parameters=[{"in": "header", "name": "X", "required": True, "schema": {}}],
    ),
}

HARMLESS = {
    "a new route": change("paths", **{"/v1/new": {"get": {"responses": {}}}}),
    "a new field one may send": change(
        f"{ORDER}.properties", channel={"type": "string", "default": "kiosk"}
    ),
    "a longer text is taken": change(f"{ORDER}.properties.bank", maxLength=999),
    "a new value is taken": change(KIND, enum=[*at(RELEASED, KIND)["enum"], "x"]),
    "an answer has a new field": change(f"{TAKEN}.properties", channel={"type": "string"}),
    "a new refusal": change("paths./v1/health.get.responses", **{"429": {}}),
}


@pytest.mark.parametrize("document", BREAKING.values(), ids=BREAKING)
def test_a_breaking_change_is_seen(document):
    assert breaks(RELEASED, document)


@pytest.mark.parametrize("document", HARMLESS.values(), ids=HARMLESS)
def test_a_harmless_change_is_let_through(document):
    assert document != RELEASED
    assert breaks(RELEASED, document) == []
