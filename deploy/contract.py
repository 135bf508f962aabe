"""Whether a contract (OpenAPI 3.1) breaks those who keep to an older one.

`python -m deploy.contract OLD NEW` prints every breaking change and ends with 1 if there is any.
A request that was right must stay right; an answer must stay one the old contract promised. So one
question is asked both ways round: does everything that fits the one schema fit the other?
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

Json = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_EXACT = ("pattern", "format", "const", "multipleOf")


class _Schema(NamedTuple):
    """A schema in the document its references lead into."""

    raw: Json
    document: Json

    def solid(self) -> "_Schema":
        """The schema behind the references."""
        raw = self.raw
        while "$ref" in raw:
            found: Any = self.document
            for part in raw["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            raw = {**found, **{key: value for key, value in raw.items() if key != "$ref"}}
        return _Schema(raw, self.document)

    def inner(self, raw: Json) -> "_Schema":
        """A schema within this one."""
        return _Schema(raw, self.document).solid()

    def choices(self) -> list["_Schema"]:
        """The alternatives of `anyOf` or `oneOf`; itself where there are none."""
        several = self.raw.get("anyOf") or self.raw.get("oneOf")
        return [self.inner(each) for each in several] if several else [self]

    @property
    def types(self) -> set[str]:
        """The JSON types it takes; empty for any."""
        kind = self.raw.get("type", [])
        return {kind} if isinstance(kind, str) else set(kind)


def breaks(old: Json, new: Json) -> list[str]:
    """Every way in which `new` breaks who keeps to `old`."""
    return [
        f"{method.upper()} {path}: {what}"
        for path, item in old["paths"].items()
        for method in METHODS
        if method in item
        for what in _operation(item[method], new["paths"].get(path, {}).get(method), (old, new))
    ]


def _operation(old: Json, new: Json | None, documents: tuple[Json, Json]) -> Iterator[str]:
    if new is None:
        yield "is gone"
        return
    yield from _parameters(old, new, documents)
    yield from _body(old.get("requestBody"), new.get("requestBody"), documents)
    for status, answer in old["responses"].items():
        if status.startswith("2"):
            yield from _answer(status, answer, new["responses"].get(status), documents)


def _parameters(old: Json, new: Json, documents: tuple[Json, Json]) -> Iterator[str]:
    before = {(each["in"], each["name"].lower()): each for each in old.get("parameters", [])}
    for after in new.get("parameters", []):
        where = f"{after['in']} {after['name']}"
        known = before.get((after["in"], after["name"].lower()))
        if after.get("required") and not (known and known.get("required")):
            yield f"{where} must be sent now"
        if known:
            wide, narrow = (
                _Schema(each["schema"], document)
                for each, document in ((after, documents[1]), (known, documents[0]))
            )
            yield from misfits(wide, narrow, where)


def _body(old: Json | None, new: Json | None, documents: tuple[Json, Json]) -> Iterator[str]:
    if new and new.get("required") and not (old and old.get("required")):
        yield "a body must be sent now"
    for kind, content in (old or {}).get("content", {}).items():
        after = (new or {}).get("content", {}).get(kind)
        if after is None:
            yield f"{kind} is not taken any more"
        else:
            wide = _Schema(after.get("schema", {}), documents[1])
            yield from misfits(wide, _Schema(content.get("schema", {}), documents[0]), "body")


def _answer(
    status: str, old: Json, new: Json | None, documents: tuple[Json, Json]
) -> Iterator[str]:
    if new is None:
        yield f"does not answer {status} any more"
        return
    for kind, content in old.get("content", {}).items():
        after = new.get("content", {}).get(kind)
        if after is None:
            yield f"{status} is not {kind} any more"
        else:
            wide = _Schema(content.get("schema", {}), documents[0])
            yield from misfits(wide, _Schema(after.get("schema", {}), documents[1]), status)


def misfits(wide: _Schema, narrow: _Schema, where: str) -> Iterator[str]:
    """Why something that fits `narrow` may not fit `wide`. No recursive schemas."""
    choices = wide.solid().choices()
    for one in narrow.solid().choices():
        whys = [list(_one(choice, one, where)) for choice in choices]
        if all(whys):
            yield from min(whys, key=len)


def _one(wide: _Schema, narrow: _Schema, where: str) -> Iterator[str]:
    yield from _types(wide, narrow, where)
    yield from _bounds(wide.raw, narrow.raw, where)
    yield from _members(wide, narrow, where)
    if "items" in wide.raw:
        inner = narrow.raw.get("items", {})
        yield from misfits(wide.inner(wide.raw["items"]), narrow.inner(inner), f"{where}[]")


def _types(wide: _Schema, narrow: _Schema, where: str) -> Iterator[str]:
    takes = wide.types | {"integer"} if "number" in wide.types else wide.types
    if wide.types and (not narrow.types or narrow.types - takes):
        yield f"{where}: {_words(narrow.types)} is not {_words(wide.types)}"
    values = narrow.raw.get("enum", [narrow.raw["const"]] if "const" in narrow.raw else None)
    if "enum" in wide.raw and (values is None or set(values) - set(wide.raw["enum"])):
        beyond = "anything" if values is None else _words(set(values) - set(wide.raw["enum"]))
        yield f"{where}: {beyond} is not among its values"


def _bounds(wide: Json, narrow: Json, where: str) -> Iterator[str]:
    for key in _UPPER:
        if key in wide and narrow.get(key, float("inf")) > wide[key]:
            yield f"{where}: {key} {narrow.get(key)} is beyond {wide[key]}"
    for key in _LOWER:
        if key in wide and narrow.get(key, float("-inf")) < wide[key]:
            yield f"{where}: {key} {narrow.get(key)} is beyond {wide[key]}"
    for key in _EXACT:
        if key in wide and narrow.get(key) != wide[key]:
            yield f"{where}: {key} {narrow.get(key)} is not {wide[key]}"


def _members(wide: _Schema, narrow: _Schema, where: str) -> Iterator[str]:
    for name in sorted(set(wide.raw.get("required", [])) - set(narrow.raw.get("required", []))):
        yield f"{where}.{name}: may be missing"
    known = wide.raw.get("properties", {})
    for name, schema in narrow.raw.get("properties", {}).items():
        if name in known:
            yield from misfits(wide.inner(known[name]), narrow.inner(schema), f"{where}.{name}")
        elif wide.raw.get("additionalProperties") is False:
            yield f"{where}.{name}: is not taken"


def _words(values: set[Any]) -> str:
    return " or ".join(sorted(map(str, values))) or "anything"


def main(old: str, new: str) -> int:
    """1 if there is a breaking change."""
    found = breaks(*(json.loads(Path(each).read_text(encoding="utf-8")) for each in (old, new)))
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
