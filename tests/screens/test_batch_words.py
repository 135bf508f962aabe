"""Everything a unit's clerk may be told of a list is said in English too."""

import pytest

from kiosk.batch.source import FileFault
from regulation.card_list.faults import Fault
from regulation.card_list.rows import FIELDS
from screens.failure_words import REASONS
from screens.words import batch

MAKERS = {"not-to-make", "not-the-lists", "repeated", "used"}
REPLACEMENT = {"no-card", "not-their-card"}
"""Faults of the maker's results, and of a list of replacements: no kiosk tells of them."""


def test_every_fault_of_a_row_is_marked_word_for_word():
    assert set(batch.FAULTS) == {
        fault.zh for fault in Fault if fault.value not in MAKERS | REPLACEMENT
    }


def test_every_column_and_picture_is_named_as_the_template_names_it():
    assert batch.FIELDS.items() <= FIELDS.items()
    assert FIELDS.keys() - batch.FIELDS.keys() == {"outcome", "card_number", "identifier", "line"}


@pytest.mark.parametrize("fault", [each for each in FileFault if "{" not in each.zh])
def test_every_fault_of_a_file_is_marked_word_for_word(fault):
    assert REASONS[fault.value] == fault.zh
