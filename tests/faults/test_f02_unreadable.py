"""F02: a paper gives nothing, or the reader does not."""

import pytest

RETRIES = 3


def to_reader(citizen):
    citizen.press("new_individual", "self", "primary")
    citizen.wait("applicant")


@pytest.mark.parametrize("person", ["unreadable_id", "other_card"])
def test_an_unreadable_paper_may_be_tried_thrice_and_then_the_window_helps(citizen, person):
    to_reader(citizen)
    citizen.place(person)
    for _ in range(RETRIES):
        citizen.sees("F02", "way_again", "way_window")
        citizen.press("way_again")
    citizen.refused("F02")
    citizen.served()


def test_at_home_too_it_is_said(citizen):
    citizen.place("unreadable_id")
    citizen.until(lambda: "没有读到身份证" in citizen.view.notice)
    citizen.take()
    citizen.served()


@pytest.mark.parametrize("kind", ["unplug", "silence", "flip_bit 75"])
def test_a_broken_reader_is_told_from_none_and_serves_again_once_mended(citizen, kind):
    to_reader(citizen)
    citizen.fault("id_reader", kind)
    citizen.sees("F02", "way_again", "way_window")
    citizen.fault("id_reader")
    citizen.place("zhang_san")
    citizen.press("way_again")
    citizen.to("person_check")
    citizen.go_home()
    citizen.served()


def test_a_broken_reader_may_be_left_for_the_window(citizen):
    to_reader(citizen)
    citizen.fault("id_reader", "unplug")
    citizen.sees("F02", "way_again", "way_window")
    citizen.press("way_window")
    view = citizen.wait("refusal")
    assert view.title == "没有读到身份证"


def test_at_home_a_broken_reader_says_so(citizen):
    citizen.fault("id_reader", "unplug")
    citizen.until(lambda: "身份证阅读器暂时不能用" in citizen.view.notice)
    citizen.fault("id_reader")
    citizen.until(lambda: "暂时不能用" not in citizen.view.notice)
    citizen.served()
