"""Every sentence for people has its translation."""

import re
from string import Formatter

import pytest
from babel.messages.catalog import Catalog

from deploy.words import catalogue_files, messages, read, template

CHINESE = re.compile("[\u3400-\u9fff]")
BOLD = re.compile(r"\*\*[^*]+\*\*")


def placeholders(text: str) -> list[str]:
    return sorted(field for _, field, _, _ in Formatter().parse(text) if field is not None)


@pytest.fixture(scope="module", params=catalogue_files(), ids=lambda file: file.parts[-3])
def catalogue(request) -> Catalog:
    return read(request.param)


def test_there_is_an_english_catalogue():
    assert [file.parts[-3] for file in catalogue_files()] == ["en"]


def test_every_sentence_is_in_the_catalogue_and_no_other(catalogue):
    """When this fails: make words, then translate what it names."""
    assert {row.id for row in messages(catalogue)} == {row.id for row in messages(template())}


def test_every_sentence_is_translated(catalogue):
    assert [row.id for row in messages(catalogue) if not str(row.string).strip()] == []


def test_no_translation_is_a_guess(catalogue):
    assert [row.id for row in messages(catalogue) if row.fuzzy] == []


def test_placeholders_are_the_same(catalogue):
    rows = [(str(row.id), str(row.string)) for row in messages(catalogue)]
    assert [row for row in rows if placeholders(row[0]) != placeholders(row[1])] == []


def test_as_much_is_bold(catalogue):
    rows = [(str(row.id), str(row.string)) for row in messages(catalogue)]
    assert [row for row in rows if len(BOLD.findall(row[0])) != len(BOLD.findall(row[1]))] == []


def test_no_chinese_is_left_in_a_translation(catalogue):
    assert [row.id for row in messages(catalogue) if CHINESE.search(str(row.string))] == []
