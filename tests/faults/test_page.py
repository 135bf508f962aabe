"""docs/failures.md says what is so, and every failure has a test."""

from pathlib import Path

import pytest

from kiosk.services.failures import FAILURES
from screens.failure_words import FAILURES as WORDS
from tests.faults.failures_page import ELSEWHERE, HERE, WITHOUT_A_ROW, files_of, page


def test_the_page_is_what_the_tables_say():
    """Cure: python -m tests.faults.failures_page > docs/failures.md."""
    assert Path("docs/failures.md").read_text("utf-8") == page()


def test_every_failure_has_words():
    assert list(FAILURES) == list(WORDS)


def test_every_branch_of_the_list_is_here_f01_to_f50():
    """F48, a configuration whose signature is wrong, is nothing a citizen meets."""
    without = {code for code, why in WITHOUT_A_ROW if why.endswith(".py")}
    assert {f"F{n:02}" for n in range(1, 51)} - FAILURES.keys() - without <= {"F48"}


@pytest.mark.parametrize("code", FAILURES)
def test_every_failure_is_tried(code):
    for name in files_of(code):
        assert f'"{code}"' in (HERE / name).read_text("utf-8")


def test_what_is_said_of_files_is_so():
    named = [*ELSEWHERE.values(), *(why.rpartition(" ")[2] for _code, why in WITHOUT_A_ROW)]
    assert [name for name in named if name.endswith(".py") and not (HERE / name).exists()] == []
