"""What a file is, by its content."""

from hardware.media.archives import CONTENT_TYPES, OLE, ZIP, inspect
from hardware.media.contents import Content, Kind, Limits, Reason, Refused

_MAGIC = {
    b"\xff\xd8\xff": Kind.JPEG,
    b"\x89PNG\r\n\x1a\n": Kind.PNG,
    b"%PDF-": Kind.PDF,
}
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_LINE_CHARS = frozenset("\t\r\n")
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = "xl/workbook.xml"
_SEPARATORS = frozenset(",;\t")


def judge(data: bytes, limits: Limits) -> Content | Refused:
    """Give what a file is; archives are inspected, and what may hold a program is refused."""
    if data.startswith(OLE):
        locked = _OLE_ENCRYPTED in data
        return Refused(Reason.ENCRYPTED if locked else Reason.OLD_OFFICE)
    if data.startswith(ZIP):
        members = inspect(data, limits)
        if isinstance(members, Reason):
            return Refused(members)
        names = {member.name for member in members}
        if CONTENT_TYPES not in names:
            return Content(Kind.ZIP, data, members)
        return Content(Kind.XLSX if _WORKBOOK in names else Kind.UNKNOWN, data, members)
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            return Content(kind, data)
    text = text_of(data)
    listed = text is not None and not _SEPARATORS.isdisjoint(text)
    return Content(Kind.CSV if listed else Kind.UNKNOWN, data)


def text_of(data: bytes) -> str | None:
    """Give a text in UTF-8, UTF-16 with its mark, or GB 18030 (GBK); None if it is none."""
    marked = [encoding for bom, encoding in _BOMS.items() if data.startswith(bom)]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(char >= " " or char in _LINE_CHARS for char in text):
            return text
    return None
