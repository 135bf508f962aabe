"""What a kiosk shall be like: the form of a document, checked before anybody may approve it.

A content lacks kiosk and revision; the bytes a kiosk gets are made of a content, its number and
the revision, always the same for the same three.
"""

import json
from functools import lru_cache
from typing import Annotated, Any, Literal, Self, cast

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from central.problems import Kind, ProblemError
from central.schemas import Strict
from regulation.afar import faults
from regulation.rules import load_rules
from regulation.tables import RulesError

SCHEMA = 1
MOST = 256 * 1024
"""Bytes of a content."""


def _shown(text: str) -> str:
    if not text.isprintable():
        raise ValueError("holds a character that cannot be shown")
    return text


Words = Annotated[str, StringConstraints(max_length=500), AfterValidator(_shown)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z0-9][a-z0-9_.-]*$")]
Scalar = bool | int | float | Annotated[str, StringConstraints(max_length=2000)]
Value = Scalar | list[Scalar] | dict[str, Scalar]


class Message(Strict):
    """A sentence to citizens, in both languages."""

    zh: Words
    en: Words = ""


class Body(Strict):
    """A document without its kiosk and revision (docs/decisions/0019)."""

    schema_: Literal[1] = Field(SCHEMA, alias="schema")
    mode: Literal["in_service", "out_of_service"] = "in_service"
    message: Message | None = None
    settings: dict[Name, Value] = Field(default_factory=dict[str, Value], max_length=200)
    rules: Annotated[str, StringConstraints(max_length=200_000)] | None = None
    texts: dict[Words, Message] = Field(default_factory=dict[str, Message], max_length=500)

    @model_validator(mode="after")
    def _told(self) -> Self:
        if self.mode == "out_of_service" and (self.message is None or not self.message.zh.strip()):
            raise ValueError("out_of_service needs a message to the citizens")
        return self

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if wrong := faults(self.settings):
            raise ValueError("; ".join(wrong[:8]))
        return self

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if self.rules is not None:
            try:
                load_rules(self.rules)
            except RulesError as error:
                raise ValueError(f"rules: {error}") from None
        return self


EMPTY = "{}"
"""A content that wants nothing: the kiosk is as its own file says."""
_BARE = Body.model_validate_json(EMPTY).model_dump(mode="json", by_alias=True)
_SILENT = {"en": ""}


def checked(text: str) -> str:
    """A content in its canonical form. Raises `DOCUMENT_REFUSED` that names each fault."""
    try:
        raw = json.loads(text, object_pairs_hook=_once)
        if isinstance(raw, dict):  # one that was saved from a kiosk: both are given anew
            told = cast("dict[str, Any]", raw)
            raw = {key: told[key] for key in told if key not in {"kiosk", "revision"}}
        canonical = _canonical(raw)
        Body.model_validate_json(canonical)
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, fault['loc'])) or 'document'}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise _refused("; ".join(faults[:8])) from None
    except (ValueError, RecursionError):
        raise _refused("It is no JSON.") from None
    if len(canonical.encode()) > MOST:
        raise _refused(f"It is larger than {MOST // 1024} KB.")
    return canonical


def _refused(why: str) -> ProblemError:
    return ProblemError(Kind.DOCUMENT_REFUSED, why, reason_zh=f"配置不符合格式：{why}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose members are there once: of two, readers take different ones."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def body(content: str) -> Body | None:
    """A checked content; None where an earlier program checked it and this one would refuse it."""
    try:
        return Body.model_validate_json(content)
    except ValidationError:
        return None


def is_closed(content: str) -> bool:
    """Whether a kiosk that has this content serves nobody."""
    return json.loads(content).get("mode") == "out_of_service"


def whole(content: str, kiosk: str, revision: int) -> bytes:
    """The document of a kiosk under a revision: every member present."""
    return _canonical({**_members(content), "kiosk": kiosk, "revision": revision}).encode()


def indented(content: str) -> str:
    """A content as it is read: every member present."""
    return json.dumps(_members(content), indent=2, ensure_ascii=False)


@lru_cache(maxsize=32)
def _members(content: str) -> dict[str, Any]:
    """What all kiosks that are given a content share.

    It is taken as it was approved: it may be one that today's `checked` would refuse, and whether
    it is possible is the kiosk's to say.
    """
    found = {**_BARE, **json.loads(content)}
    if found["message"] is not None:
        found["message"] = {**_SILENT, **found["message"]}
    found["texts"] = {text: {**_SILENT, **said} for text, said in found["texts"].items()}
    return found


def _canonical(value: object) -> str:
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    text.encode()  # a lone surrogate is no text
    return text
