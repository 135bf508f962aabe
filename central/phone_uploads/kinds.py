"""Which files a phone may send: by the end of the name, and by how the bytes begin."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_JPEG = (b"\xff\xd8\xff",)

BEGINS: dict[str, tuple[bytes, ...]] = {
    "xlsx": _ZIP,
    "zip": _ZIP,
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": (b"\x89PNG\r\n\x1a\n",),
    "csv": (),
}
LONGEST_NAME = 120


def kind_of(name: str) -> str | None:
    """The kind of a file by its name; None for one that is not taken.

    A name has no path and no control character: it is shown, and never opened.
    """
    kind = name.rpartition(".")[2].lower()
    plain = name.isprintable() and not set(name) & set("/\\") and not name.startswith(".")
    return kind if kind in BEGINS and plain and len(name) <= LONGEST_NAME else None


def begins_right(kind: str, head: bytes) -> bool:
    """Whether the first piece of a file can be of its kind; a .csv is a text without a NUL."""
    if kind == "csv":
        return b"\0" not in head
    return head.startswith(BEGINS[kind])
