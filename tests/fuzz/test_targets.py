"""The targets of the fuzzer take any bytes: a first look in every run of the tests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.targets import SEEDS, TARGETS


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.data())
def test_any_bytes(name, data):
    seed = data.draw(st.sampled_from(SEEDS[name]))
    TARGETS[name](data.draw(st.binary(max_size=300)))
    at = data.draw(st.integers(0, len(seed)))
    TARGETS[name](seed[:at] + data.draw(st.binary(max_size=8)) + seed[at:])


def test_every_target_begins_somewhere():
    assert set(SEEDS) == set(TARGETS)
