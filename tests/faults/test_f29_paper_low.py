"""F29: the paper is low: the attendant is told, once, and nobody else sees anything of it."""

from tests.logged import rows

LOOK_S = 21.0
"""The printer is looked at every 20 s while nobody is served."""


def told(citizen):
    found = rows(citizen.kiosk.settings.data_dir)
    return [row["state"] for row in found if row.get("device") == "printer"].count("paper_low")


def test_it_is_for_the_attendant_alone(citizen):
    before = citizen.view.notice
    citizen.printer(paper="low")
    citizen.silence(LOOK_S)
    citizen.until(lambda: told(citizen) == 1)
    citizen.silence(LOOK_S)
    assert citizen.view.notice == before
    assert citizen.kiosk.house.troubles == frozenset()
    citizen.served()
    citizen.silence(LOOK_S)
    citizen.silence(LOOK_S)
    assert told(citizen) == 1


def test_filled_and_low_again_it_is_told_again(citizen):
    for times in (1, 2):
        citizen.printer(paper="low")
        citizen.silence(LOOK_S)
        citizen.until(lambda times=times: told(citizen) == times)
        citizen.printer(paper="full")
        citizen.silence(LOOK_S)
        citizen.until(lambda: not citizen.kiosk.house._paper_low)
