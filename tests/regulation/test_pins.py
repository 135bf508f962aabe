"""PINs that are easily guessed, named by rule: 规程 5, F23."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.pins import Weakness, weakness

BIRTH = date(1994, 3, 7)
NUMBERS = {"id_part": "50010319940307001X", "card_part": "A58203716"}
PHONE = "13871240986"
DIGITS = st.text("0123456789", min_size=6, max_size=6)
GOOD = "802517"


def judged(pin: str, phone: str = PHONE, old: str = "730164") -> str | None:
    return weakness(
        bytearray(pin, "ascii"),
        initial=b"123456",
        birth=BIRTH,
        numbers=NUMBERS,
        phone_masked=phone,
        old=old.encode(),
    )


@pytest.mark.parametrize(
    ("pin", "rule"),
    [
        ("123456", "initial"),
        ("730164", "same_as_old"),
        *((pin, "repeated") for pin in ("000000", "111112", "121212", "112211", "803803")),
        *((pin, "sequence") for pin in ("234567", "654321", "567890", "890123", "321098")),
        *((pin, "birthday") for pin in ("940307", "199403", "030794", "070394", "199437")),
        *((pin, "birthday") for pin in ("19940307", "03071994", "07031994", "0307", "1994")),
        *((pin, "id_part") for pin in ("500103", "403070", "307001")),
        *((pin, "card_part") for pin in ("582037", "203716")),
        *((pin, "phone_part") for pin in ("138712", "712409", "240986")),
        (GOOD, None),
        ("112233", None),
        ("8025", None),
    ],
)
def test_a_pin_that_is_easily_guessed_is_refused_by_the_name_of_its_rule_5(
    pin: str, rule: str | None
) -> None:
    assert judged(pin) == rule


@pytest.mark.parametrize(
    ("pin", "rule"),
    [("420986", "phone_part"), ("138025", None), ("802509", None), ("813802", None)],
)
def test_a_masked_telephone_number_refuses_what_it_shows_four_digits_of(
    pin: str, rule: str | None
) -> None:
    assert judged(pin, "138****0986") == rule


@given(DIGITS, st.integers(0, 9), st.integers(0, 5))
def test_every_part_of_every_number_is_refused(digits: str, more: int, at: int) -> None:
    number = f"{more}{digits}{more}"
    pin = number[at : at + 6].ljust(6, "0")
    found = weakness(pin.encode(), numbers={"card_part": number})
    assert (found is not None) or pin not in number


@given(st.dates(date(1900, 1, 1)))
def test_every_birthday_is_refused(birth: date) -> None:
    for form in ("%y%m%d", "%Y%m%d", "%d%m%y", "%m%d%y"):
        assert weakness(birth.strftime(form).encode(), birth=birth) is not None


@given(DIGITS)
def test_what_is_not_known_refuses_nothing_but_patterns(pin: str) -> None:
    assert weakness(pin.encode()) in {None, Weakness.REPEATED, Weakness.SEQUENCE}


def test_a_pin_is_not_changed_and_never_said_in_an_error() -> None:
    pin = bytearray(GOOD, "ascii")
    assert weakness(pin, initial=b"123456", numbers=NUMBERS) is None
    assert pin == GOOD.encode()
    with pytest.raises(ValueError, match="of digits") as refused:
        weakness(b"80x517")
    assert "80" not in str(refused.value)


def test_most_pins_are_taken() -> None:
    tried = range(0, 1_000_000, 97)
    refused = sum(judged(f"{pin:06}") is not None for pin in tried)
    assert 0 < refused < len(tried) // 100
