"""The catalogues: `python -m deploy.words` compiles them, `--refresh` takes in new sentences first.

The source language is Chinese: a msgid is a sentence of the kiosk (`screens/`, marked there with
`N_`) or of the console (`deploy/console_words.py` says where those stand).
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from deploy import console_words
from deploy.program import ROOT

SOURCES = ROOT / "screens"
_WIDTH = 100
_BEGUN = datetime(2026, 11, 23, tzinfo=UTC)  # git knows better when; a fixed day changes no line


@dataclass(frozen=True, slots=True)
class Book:
    """The catalogues of one program: `LANGUAGE/LC_MESSAGES/NAME` below a folder."""

    locale: Path
    name: str
    header: str
    template: Callable[[], Catalog]
    compiled: bool
    """Whether its program reads the .mo; else it reads the .po itself."""

    def files(self) -> list[Path]:
        """The catalogue of every language but Chinese."""
        return sorted(self.locale.glob(f"*/LC_MESSAGES/{self.name}"))


def read(file: Path) -> Catalog:
    """A catalogue, with the language its folder names."""
    with file.open("rb") as source:
        return read_po(source, locale=file.parent.parent.name)


def messages(catalogue: Catalog) -> Iterator[Message]:
    """Its sentences, without the header."""
    return (message for message in catalogue if message.id)


def template() -> Catalog:
    """Every sentence marked in the kiosk's sources, and the files it stands in."""
    found = Catalog(charset="utf-8")
    marked = extract_from_dir(SOURCES, [("**.py", "python")], keywords={"N_": None})
    for file, _line, sentence, comments, _context in sorted(marked, key=lambda row: row[:2]):
        found.add(sentence, locations=[(f"screens/{file}", 0)], auto_comments=comments)
    return found


KIOSK = Book(
    ROOT / "assets" / "locale",
    "messages.po",
    "# The words of the kiosk. After a change of the Chinese sentences: make words",
    template,
    compiled=True,
)
CONSOLE = Book(
    ROOT / "central" / "console" / "locale",
    "console.po",
    "# The words of the window console. After a change of the Chinese sentences: make words",
    console_words.template,
    compiled=False,
)
BOOKS = (KIOSK, CONSOLE)


def refresh(book: Book, file: Path) -> None:
    """Take in new sentences and drop those no longer said."""
    before = read(file)
    after = Catalog(
        locale=before.locale,
        header_comment=book.header,
        project="social-card-kiosk",
        version="1",
        msgid_bugs_address="-",
        last_translator="-",
        creation_date=_BEGUN,
        revision_date=_BEGUN,
        charset="utf-8",
        fuzzy=False,
    )
    for message in messages(book.template()):
        known = before.get(message.id)
        after.add(message.id, known.string if known else "", locations=message.locations)
    with file.open("wb") as target:
        write_po(target, after, width=_WIDTH, include_lineno=False)


def compile_words(file: Path) -> None:
    """Write the .mo beside the .po when it is older."""
    compiled = file.with_suffix(".mo")
    if compiled.is_file() and compiled.stat().st_mtime_ns >= file.stat().st_mtime_ns:
        return
    fresh = compiled.with_suffix(".new")
    with fresh.open("wb") as target:
        write_mo(target, read(file))
    fresh.replace(compiled)


def main() -> int:
    """Exit code 0, also when sentences wait for a translation: they are named."""
    parser = argparse.ArgumentParser(prog="python -m deploy.words", description=__doc__)
    parser.add_argument("--refresh", action="store_true")
    asked = parser.parse_args()
    for book in BOOKS:
        for file in book.files():
            if asked.refresh:
                refresh(book, file)
                for message in messages(read(file)):
                    if not message.string:
                        print(f"{file.relative_to(ROOT)}: please translate {message.id!r}")
            if book.compiled:
                compile_words(file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
