"""Two visits in a row never meet: after a visit nothing of the first person can be reached."""

import gc
import sys
import threading
import types

from central.people.records import Person
from kiosk.visit import Visit
from tests.faults.citizen import Citizen
from tests.faults.proxy import Wire

ADDRESS = "重庆市渝中区人民路1号"
PERSON = ("张三", "11010519491231002X", ADDRESS)
NOT_THE_KIOSKS = (types.ModuleType, type, types.CodeType, Citizen)
PRINTER_LOOK_S = 21.0


def frames():
    """What the kiosk's threads are at."""
    own = [t for t in threading.enumerate() if t.name.startswith(("worker-", "capture-"))]
    running = sys._current_frames()
    stack = [running[thread.ident] for thread in own if thread.ident in running]
    while stack:
        frame = stack.pop()
        yield from frame.f_locals.values()
        stack.extend([frame.f_back] if frame.f_back else [])


def parts(thing):
    """What an object holds; of a function what it closes over, not the module it is from."""
    if isinstance(thing, types.FunctionType):
        return [thing.__closure__, thing.__defaults__, thing.__kwdefaults__]
    return gc.get_referents(thing)


def reachable(kiosk):
    gc.collect()
    seen, todo = {}, [kiosk, *frames()]
    while todo:
        thing = todo.pop()
        if id(thing) in seen or isinstance(thing, NOT_THE_KIOSKS):
            continue
        seen[id(thing)] = thing
        todo.extend(parts(thing))
    return seen.values()


def traces(kiosk):
    """Texts, pictures and visits that are still there."""
    found = []
    for thing in reachable(kiosk):
        if isinstance(thing, str) and any(datum in thing for datum in PERSON):
            found.append("text")
        elif isinstance(thing, bytes | bytearray):
            whole = bytes(thing)
            found += ["bytes"] * any(datum.encode() in whole for datum in PERSON)
            found += ["picture"] * whole.startswith((b"\xff\xd8\xff", b"\x89PNG"))
        elif isinstance(thing, Visit):
            found.append(f"visit {thing.service.name}")
    return found


def test_the_search_finds_a_person_who_is_there(citizen):
    """The test of the test."""
    citizen.begin("zhang_san", to="review")
    assert {"text", "picture", "visit new_individual"} <= set(traces(citizen.kiosk))


def test_nothing_is_left_of_a_visit_that_ended_well(citizen):
    citizen.served("zhang_san")
    citizen.silence(PRINTER_LOOK_S)
    assert traces(citizen.kiosk) == []


def test_nothing_is_left_of_a_visit_that_was_left(citizen):
    citizen.begin("zhang_san", to="signature")
    citizen.press("home")
    citizen.take()
    citizen.wait("home")
    assert traces(citizen.kiosk) == []


def test_nothing_is_left_of_work_that_was_under_way(citizen, wire):
    citizen.begin("zhang_san", to="person_check")
    wire.set(Wire.HANG)
    citizen.press("primary")
    citizen.press("home")
    citizen.take()
    citizen.wait("home")
    wire.set(Wire.GOOD)
    citizen.until(lambda: traces(citizen.kiosk) == [])


def test_the_second_person_sees_nothing_of_the_first(citizen):
    citizen.served("zhang_san")
    citizen.begin("next", to="review")
    shown = str(citizen.view)
    assert not any(datum in shown for datum in ("张", "002X", "人民路"))
    assert not [trace for trace in traces(citizen.kiosk) if trace == "text"]


def test_pictures_leave_the_journal_once_the_centre_has_them(citizen):
    citizen.begin("zhang_san", to="done")
    house = citizen.kiosk.house
    (case,) = house.journal.cases("issued")
    assert house.journal.images(case.key) == {}


def test_pictures_of_a_case_that_was_refused_leave_the_journal(citizen, centre):
    citizen.begin("zhang_san", to="signature")
    with centre.database.write() as session:
        session.get(Person, "11010519491231002X").insured = False
    citizen.sign()
    citizen.refused("F15")
    (case,) = citizen.kiosk.house.journal.cases("refused")
    assert citizen.kiosk.house.journal.images(case.key) == {}
