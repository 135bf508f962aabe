"""What the centre says when it will not or cannot: RFC 9457 problem details, one row a kind.

`type` is stable and is what a program decides by; `citizen_message_key` is what the kiosk shows for
it: a failure (F12), or a word where the failures have no row. `retryable` says whether the same
request may succeed when it is sent again.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

URN = "urn:social-card:problem:"
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of problem: HTTP status, title, what the kiosk shows, may it be sent again.

    A problem may be raised with another `message_key`: what a card's state means has one each.
    """

    status: int
    title: str
    message_key: str | None = None
    retryable: bool = False


class Kind(Enum):
    """Every problem the centre knows; its `type` is `urn:social-card:problem:` and the name."""

    NOT_FOUND = Row(404, "There is nothing here")
    METHOD_NOT_ALLOWED = Row(405, "This resource does not take that method")
    BAD_REQUEST = Row(400, "The request cannot be read")
    INVALID = Row(422, "The request does not follow the contract")
    TOO_LARGE = Row(413, "The body is larger than 2 MB")
    TOO_SLOW = Row(408, "The body did not come in time", "F32", retryable=True)
    MEDIA_TYPE_NOT_TAKEN = Row(415, "This media type is not taken here")
    INTERNAL = Row(500, "The centre failed", "F35", retryable=True)
    CLOSING = Row(503, "The centre is about to stop", "F35", retryable=True)
    BUSY = Row(503, "The store is busy", "F35", retryable=True)

    KEY_MISSING = Row(400, "The header Idempotency-Key is missing")
    KEY_MALFORMED = Row(400, "The key is not a UUID")
    KEY_REUSED = Row(422, "The key was used with another body")
    REQUEST_RUNNING = Row(409, "The same request is still running", "F33", retryable=True)
    REQUEST_UNKNOWN = Row(404, "No request with this key arrived")

    NOT_ALLOWED = Row(403, "The regulation gives no such way", "F49")
    KIOSK_IS_ANOTHER = Row(403, "The kiosk named is not the one that calls")
    BATCH_INTAKE = Row(422, "Batches are taken at /v1/batches", "F34")
    ORDER_INCOMPLETE = Row(422, "Something this service needs is missing", "F34")
    PAPER_NOT_ACCEPTED = Row(422, "This paper is not accepted here", "F08")
    NUMBER_IMPOSSIBLE = Row(422, "The paper's number is impossible", "F04")
    BIRTH_CONTRADICTS = Row(422, "The birth date contradicts the paper's number", "F04")
    PAPER_EXPIRED = Row(422, "The paper has expired", "F03")
    VALIDITY_UNREADABLE = Row(422, "The paper's last day is not a date", "F02")
    AGENT_MISSING = Row(422, "An agent's paper is needed")
    AGENT_NOT_EXPECTED = Row(422, "Who applies for oneself has no agent")
    AGENT_IS_APPLICANT = Row(422, "The agent is the applicant", "F06")
    AGENT_TOO_YOUNG = Row(422, "The agent is too young", "F07")
    APPLICANT_NOT_MINOR = Row(422, "The applicant is not a minor", "F34")
    APPLICANT_NOT_ADULT = Row(422, "The applicant is not an adult", "F34")
    AGENT_CARD_UNUSABLE = Row(422, "The agent's card proves nothing now", "card_unknown")
    PHONE_IMPOSSIBLE = Row(422, "The phone number is impossible", "F34")
    PORTRAIT_MISSING = Row(422, "A portrait is needed", "F11")
    SIGNATURE_MISSING = Row(422, "Signed on the screen, but no signature came", "F39")
    IMAGE_UNKNOWN = Row(422, "An image has not arrived; send it, then this again", retryable=True)
    IMAGE_DAMAGED = Row(422, "The image is not what its address says", retryable=True)
    IMAGE_NOT_A_PICTURE = Row(422, "The bytes are not such a picture")
    IMAGE_UNREADABLE = Row(500, "The image's bytes are gone or altered; restore them", "F35")
    UPLOAD_UNKNOWN = Row(404, "There is no such upload; announce it again")
    UPLOAD_OFFSET = Row(409, "The bytes do not begin where the upload stands")
    UPLOAD_DIFFERS = Row(409, "The same hash was announced with another size or media type")
    UPLOADS_FULL = Row(503, "Too many uploads are unfinished", "F35", retryable=True)

    PHONE_UPLOAD_OVER = Row(404, "There is no such upload, or it is over", "upload_over")
    PHONE_UPLOAD_TAKEN = Row(403, "Another phone has this upload")
    PHONE_UPLOAD_FULL = Row(413, "The upload takes no more")
    PHONE_FILE_NOT_TAKEN = Row(415, "Such a file is not taken", "F41")
    RANGE_IMPOSSIBLE = Row(416, "The file has no such range")

    APPLICATION_OPEN = Row(409, "There is an open application", "application_open")
    HAS_CARD = Row(409, "There is a valid card", "F12")
    IN_BATCH_DATA_GENERATED = Row(409, "The unit's batch has this card", "F13")
    IN_BATCH_IN_PRODUCTION = Row(409, "The card is being made in a batch", "F14")
    KIOSK_NUMBERS_USED_UP = Row(409, "This kiosk has no number left today", "F49")
    UNKNOWN_PERSON = Row(409, "This person is not known", "F15")
    NOT_INSURED = Row(409, "This person is not insured", "F15")
    AGENT_LIMIT = Row(409, "The agent has reached the day's limit", "F40")
    NO_CARD = Row(409, "The person has no card", "no_card")
    CARD_UNKNOWN = Row(409, "The person has no such card", "F05")
    HOLDER_CARD_UNUSABLE = Row(
        422, "The card shown proves nothing for this service", "card_unknown"
    )
    REPORT_LOSS_FIRST = Row(
        409, "A lost card is reported lost before it is replaced", "report_loss_first"
    )
    CARD_IN_HAND = Row(409, "The card shown is the one that would be reported lost", "card_in_hand")
    NOT_IN_BATCH = Row(409, "No unit's batch has this card", "F34")
    NOT_APPLIED_ONLINE = Row(409, "An agent activates cards applied for online alone", "F34")
    CODE_NOT_SENT = Row(409, "No code was sent to the holder's phone", "code_not_sent")
    CODE_WRONG = Row(422, "The code is missing, wrong or too old", "code_wrong")
    MEMBER_UNKNOWN = Row(409, "No batch of the clerk's unit has this card", "F34")
    MEND_NOT_THEIRS = Row(403, "The paper shown is not the holder's of the case", "not_holder")
    MEND_AT_WINDOW = Row(409, "What was sent back can be mended at a window alone", "mend_window")
    MEND_PARTS = Row(422, "What was sent back has to come again, and nothing else", "mend_parts")
    VOUCHER_UNKNOWN = Row(404, "There is no such voucher")

    DEVICE_UNKNOWN = Row(401, "The caller is not a device this centre knows", "F35", retryable=True)
    CERTIFICATE_EXPIRED = Row(
        401, "The certificate is not valid at this time", "F35", retryable=True
    )
    CERTIFICATE_SUPERSEDED = Row(
        401, "A newer certificate of this device is in use", "F35", retryable=True
    )
    CERTIFICATE_REVOKED = Row(401, "The certificate was revoked", "F35", retryable=True)
    DEVICE_FORBIDDEN = Row(403, "This is not for devices of that kind")
    ENROLMENT_REFUSED = Row(403, "The code is wrong, used, locked or too old")
    FINGERPRINT_WRONG = Row(409, "No key with this fingerprint waits for the device")
    CSR_NOT_TAKEN = Row(422, "The certificate request cannot be taken")
    RENEWAL_TOO_EARLY = Row(409, "It is too early to renew the certificate")
    CARD_STATE_FORBIDS = Row(409, "The card's state does not allow it", "F34")
    ANOTHER_CARD_ACTIVE = Row(409, "The person has another card that is in use", "another_card")
    CASE_STATE_FORBIDS = Row(409, "The case's state does not allow it", "F34")

    FEE_DUE = Row(409, "The fee is neither paid, deducted nor waived", "F34")
    FEE_NONE = Row(409, "The case costs nothing", "F34")
    FEE_STATE_FORBIDS = Row(409, "The fee's state does not allow it", "F34")
    RECEIPT_USED = Row(409, "The receipt's number was used before")
    SECOND_PERSON_NEEDED = Row(403, "A second person has to approve it")

    CARD_WRITE_UNKNOWN = Row(404, "This station has no such card write")
    CARD_WRITE_OVER = Row(409, "The card write is over, or another blank's")
    CARD_WRITE_CONFIRMED = Row(409, "The card write was confirmed")
    CARD_WRITE_OPEN = Row(409, "The case's card is being made")
    STATION_BUSY = Row(409, "The station is making another card")
    STATION_ELSEWHERE = Row(403, "The station stands in another outlet")
    BLANK_USED = Row(409, "The blank was used before")
    CARD_DATA_IMPOSSIBLE = Row(409, "A card cannot hold this person's data", "F34")
    CARD_DATA_DIFFERS = Row(409, "The card holds other data than it was to be given")
    CARD_NUMBERS_USED_UP = Row(409, "The region has no card number left")
    CARD_NOT_MADE = Row(409, "The case has no card yet", "F34")
    CUSTODY_UNKNOWN = Row(404, "Nothing of this number is in custody")
    CUSTODY_OVER = Row(409, "It is not in custody any more")
    PIN_RESET_UNKNOWN = Row(404, "There is no such PIN reset for this card and kiosk")
    PIN_RESET_OVER = Row(409, "The PIN reset is over, or was used", "F34")
    PIN_RESET_CONFIRMED = Row(409, "The PIN reset was confirmed")

    UNIT_UNKNOWN = Row(422, "There is no such unit", "F43")
    CLERK_NOT_OF_UNIT = Row(403, "The clerk is not bound to the unit", "F43")
    CLERK_UNKNOWN = Row(422, "The clerk's paper proves nothing here", "F43")
    BATCH_ROWS_WRONG = Row(422, "Rows of the list are wrong", "F42")
    BATCH_UNKNOWN = Row(404, "There is no such batch")
    BATCH_STATE_FORBIDS = Row(409, "The batch's state does not allow it", "F34")
    BATCH_MEMBERS_FORBID = Row(409, "The batch's members do not allow it", "F34")
    BATCH_SUBMITTED_BEFORE = Row(409, "These people are in a batch of the unit already", "F44")
    BATCH_OTHER_OUTLET = Row(403, "The batch belongs to another outlet", "F34")
    BATCH_FILE_UNREADABLE = Row(422, "The list cannot be read", "F41")
    LETTER_MISSING = Row(422, "The unit's letter is needed", "F34")

    CARD_KEYS_MISSING = Row(409, "This centre holds no card keys", "F49")
    CARD_NOT_GENUINE = Row(
        409, "The card's own answer is not that of a genuine card", "card_not_genuine"
    )
    CARD_ALGORITHM_NOT_TAKEN = Row(422, "There are no keys for cards of this algorithm", "F34")
    PIN_WEAK = Row(422, "The new PIN is easily guessed", "F23")
    PIN_KEY_UNKNOWN = Row(422, "The key of the PIN block is not known; fetch the PIN key again")
    PIN_BLOCK_NOT_TAKEN = Row(422, "The PIN block cannot be read, or is for another card")
    HSM_UNAVAILABLE = Row(503, "The HSM cannot be asked now", "F35", retryable=True)
    HSM_LACKS_MECHANISM = Row(409, "The HSM has no mechanism for this", "F49")
    TOO_MANY_WRONG_CARDS = Row(429, "Too many wrong cards at this kiosk", "F49", retryable=True)
    HSM_LOADS_NO_KEYS = Row(409, "No keys can be loaded into this centre's HSM")
    KEY_NAME_UNKNOWN = Row(422, "No key of that name is used")
    KEY_ALREADY_LOADED = Row(409, "A key of that name is loaded already")
    KEY_LOADING_UNKNOWN = Row(404, "There is no such loading of a key")
    KEY_LOADING_OPEN = Row(409, "The key of that name is being loaded")
    KEY_LOADING_OVER = Row(409, "This loading of a key is over")
    KEY_OFFICER_TWICE = Row(409, "Each component comes from another officer")
    KEY_COMPONENT_REFUSED = Row(422, "This is no component of a key")

    FLEET_KEYS_MISSING = Row(409, "There are no keys yet to sign configuration with")
    DOCUMENT_REFUSED = Row(422, "The configuration does not follow its form")
    ROLLOUT_IMPOSSIBLE = Row(422, "There can be no such rollout")
    ROLLOUT_OVER = Row(409, "The rollout's state does not allow it")
    ASK_OVER = Row(409, "The kiosk is not asked for this any more")
    ASK_ANSWER_REFUSED = Row(422, "This is not what the kiosk was asked for, or is too large")

    LOG_FORKED = Row(409, "The kiosk's log is another than it was")
    LOG_CHECKPOINT_REFUSED = Row(422, "This is not where the kiosk's log stands, signed by it")
    READINESS_REFUSED = Row(422, "The readiness certificate is not signed by the kiosk")

    FORM_NOT_OURS = Row(403, "The form is not of this session; open its page again")
    ROLE_MISSING = Row(403, "The user's roles do not allow it")
    SIGN_IN_REFUSED = Row(401, "The sign-in is not right, or the user is locked for a while")
    PASSWORD_WEAK = Row(422, "The password does not follow the rules")
    USER_IMPOSSIBLE = Row(422, "There can be no such user")
    SETUP_REFUSED = Row(403, "The set-up code is wrong, used or too old")
    APPROVAL_OVER = Row(409, "The question was decided already, or is too old")
    CASE_CHANGED = Row(409, "Somebody else changed the case meanwhile")
    CASE_UNCHECKED = Row(422, "Not everything was confirmed that has to be looked at")
    REASON_NEEDED = Row(422, "A reason the citizen understands is needed")
    OIDC_FAILED = Row(401, "The identity provider's answer is not right, or there is none")
    OIDC_NO_ROLE = Row(403, "The identity provider gives the user no role here")
    AUDIT_BROKEN = Row(409, "The audit is not whole")
    NAME_TOO_SHORT = Row(422, "A name is looked up by two characters or more")
    VOUCHER_FORGED = Row(422, "The code was not given by this centre")
    CASE_ELSEWHERE = Row(403, "The case is another outlet's")
    TOO_OFTEN = Row(429, "Too many requests in a short time", retryable=True)

    @property
    def urn(self) -> str:
        """The stable `type`, e.g. `urn:social-card:problem:key-reused`."""
        return URN + self.name.lower().replace("_", "-")


class Problem(BaseModel):
    """The body of every answer that is not a success (RFC 9457)."""

    model_config = ConfigDict(extra="allow", strict=True)

    type: str = Field(examples=[URN + "key-reused"])
    title: str
    status: int
    detail: str
    retryable: bool
    citizen_message_key: str | None = Field(
        description="a row of the failures, such as F12, or a word such as no_card"
    )
    reason_zh: str | None = Field(description="fills the sentence of F34")
    clause: str | None = Field(description="of the regulation, where a rule speaks")


class ProblemError(Exception):
    """Raised anywhere in the centre; `problem` is what the caller reads.

    `detail` is a sentence without any personal datum, `message_key` stands in the place of the
    kind's own. `more` are further members of the body, such as `voucher_no`.
    """

    def __init__(  # noqa: PLR0913 - each is a member of the body
        self,
        kind: Kind,
        detail: str = "",
        *,
        clause: str | None = None,
        reason_zh: str | None = None,
        message_key: str | None = None,
        headers: dict[str, str] | None = None,
        **more: object,
    ) -> None:
        super().__init__(kind.name)
        row = kind.value
        self.kind = kind
        self.headers = headers
        self.problem = Problem(
            type=kind.urn,
            title=row.title,
            status=row.status,
            detail=detail or row.title + ".",
            retryable=row.retryable,
            citizen_message_key=message_key or row.message_key,
            reason_zh=reason_zh,
            clause=clause,
            **{name: value for name, value in more.items() if value is not None},
        )

    def body(self) -> dict[str, Any]:
        """The problem as JSON would have it."""
        return self.problem.model_dump()

    def response(self) -> JSONResponse:
        """The answer to send."""
        return JSONResponse(
            self.body(), self.problem.status, headers=self.headers, media_type=MEDIA_TYPE
        )


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route in the OpenAPI document: a problem for each status.

    The gate's refusals (401, 403, 429) and failures (500, 503) can come from every route.
    """
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": "Problem", "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in sorted({*statuses, 401, 403, 429, 500, 503})
    }


def page() -> str:
    """`docs/problems.md`: every kind as a row."""
    rows = (
        f"| `{kind.urn.rpartition(':')[2]}` | {row.status} | {row.message_key or ''} "
        f"| {'yes' if row.retryable else ''} | {row.title} |"
        for kind, row in ((kind, kind.value) for kind in Kind)
    )
    head = (
        "# Problems of the centre",
        "",
        "Made by `python -m central problems`. A `type` is `urn:social-card:problem:` and the",
        "name; failure: the row of `docs/failures.md` a citizen sees, or a word of",
        "`docs/centre/kiosk.md`; again: the same request may succeed.",
        "",
        "| name | status | failure | again? | |",
        "|---|---|---|---|---|",
    )
    return "\n".join((*head, *rows, ""))
