"""Every sentence for people has its translation."""

import re
from string import Formatter

import pytest
from babel.messages.catalog import Catalog

from deploy.console_words import literals
from deploy.words import BOOKS, Book, messages, read, refresh

CHINESE = re.compile("[\u3400-\u9fff]")
BOLD = re.compile(r"\*\*[^*]+\*\*")
NAMED = re.compile(r"%\(\w+\)s")
FILE_WORDS = {
    "{field}应为8位日期（年月日）或“长期”",
    "{field}只能填“是”或“否”",
    "结果文件：序号、结果（成功或失败）、卡号、卡识别码、原因（字母、数字的代码）",
}
"""They name what stands in a Chinese file, also to who reads English."""


def placeholders(text: str) -> list[str]:
    fields = [f"{{{field}}}" for _, field, _, _ in Formatter().parse(text) if field is not None]
    return sorted(fields + NAMED.findall(text))


@pytest.fixture(scope="module", params=BOOKS, ids=lambda book: book.name)
def book(request) -> Book:
    return request.param


@pytest.fixture(scope="module")
def catalogue(book) -> Catalog:
    (english,) = [file for file in book.files() if file.parts[-3] == "en"]
    return read(english)


def test_every_sentence_is_in_the_catalogue_and_no_other(book, catalogue):
    """When this fails: make words, then translate what it names."""
    assert {row.id for row in messages(catalogue)} == {row.id for row in messages(book.template())}


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
    left = {row.id for row in messages(catalogue) if CHINESE.search(str(row.string))}
    assert left - FILE_WORDS == set()


def test_taking_in_the_sentences_again_changes_nothing(book, tmp_path):
    (english,) = [file for file in book.files() if file.parts[-3] == "en"]
    again = tmp_path / "en" / "LC_MESSAGES" / book.name
    again.parent.mkdir(parents=True)
    again.write_bytes(english.read_bytes())
    refresh(book, again)
    assert again.read_text(encoding="utf-8") == english.read_text(encoding="utf-8")


def test_a_literal_is_a_sentence_and_a_docstring_or_an_f_string_is_none(tmp_path):
    module = tmp_path / "module.py"
    module.write_text(
        '"""说明"""\nTABLE = {1: "甲"}\nname = f"乙{TABLE}"\n"""丙"""\nraise E(why="丁")\n'
    )
    assert sorted(literals(module)) == ["丁", "甲"]
