"""F04: a number that cannot be (GB 11643, ICAO 9303)."""

from hardware.id_reader.simulator import IdCard

RETRIES = 3
BAD_CHECK_DIGIT = "110105194912310021"


def place(citizen, card):
    citizen.bench.device("id_reader").place(card)


def to_keypad(citizen, who, paper):
    citizen.press("new_individual", who, "primary", "other_paper", paper, "take_picture")
    citizen.wait("page_keep")
    citizen.press("primary")


def test_a_chip_with_a_bad_check_digit(citizen, applications):
    citizen.press("new_individual", "self", "primary")
    place(citizen, IdCard(BAD_CHECK_DIGIT, "张三"))
    for _ in range(RETRIES):
        citizen.sees("F04", "way_again", "way_window", step="applicant")
        citizen.press("way_again")
    citizen.refused("F04")
    assert applications() == []
    citizen.served()


def test_put_down_at_home_it_is_said(citizen):
    citizen.wait("home")
    place(citizen, IdCard(BAD_CHECK_DIGIT, "张三"))
    citizen.wait("menu")
    assert citizen.view.notice.startswith("号码好像不对")
    citizen.press("others", "new_individual")
    citizen.refused("F04")
    citizen.served()


def test_a_number_typed_wrong_may_be_typed_again(citizen):
    to_keypad(citizen, "agent_minor", "household_register")
    citizen.type("990001201906010084")
    citizen.sees("F04", "way_again", "way_window", step="paper_number")
    citizen.press("way_again")
    citizen.type("990001201906010085")
    assert citizen.view.step == "paper_name"


def test_a_number_typed_wrong_four_times_ends_at_the_window(citizen):
    to_keypad(citizen, "self", "hmt_permit")
    for _ in range(RETRIES):
        citizen.type("X1234")
        citizen.sees("F04", "way_again", "way_window")
        citizen.press("way_again")
    citizen.type("X1234")
    citizen.refused("F04")
    citizen.served()


def test_a_day_that_is_none(citizen):
    to_keypad(citizen, "self", "passport")
    citizen.type("L898902C3")
    citizen.type("ERIKSSON")
    citizen.type("20300230")
    citizen.sees("F04", "way_again", "way_window", step="paper_until")
