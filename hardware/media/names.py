"""Names of files and folders: which are taken, and which belong to a system. Pure."""

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs"})  # control, direction and joiners, bytes that are no text
_SYSTEM = frozenset(
    {"system volume information", "$recycle.bin", "recycler", "lost+found", "__macosx"}
)
LONGEST = 255


def allowed(name: str) -> bool:
    """Whether a part of a path names something in its folder, and shows what it is."""
    return (
        0 < len(name) <= LONGEST
        and name not in (".", "..")
        and "/" not in name
        and not any(unicodedata.category(char) in _UNSEEN for char in name)
    )


def of_a_system(name: str) -> bool:
    """Whether a file or folder is kept by a system or a program for itself."""
    return name.startswith((".", "~$")) or name.casefold() in _SYSTEM


def normal(name: str) -> str:
    """Give a name as it is compared and shown: composed (NFC)."""
    return unicodedata.normalize("NFC", name)
