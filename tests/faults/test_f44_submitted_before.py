"""F44: the same people again; nobody is submitted twice, and the voucher is printed again."""

from deploy.card_lists import HEAD, endings, people, picture, pictures
from kiosk.batch.chunks import Order, body_of
from kiosk.link import Centre
from regulation.card_list.columns import head_of, load_columns, row_of
from tests.faults.proxy import Wire


def handed_in(clerk):
    clerk.to_review()
    clerk.signs()
    done = clerk.ends()
    clerk.citizen.press("finish")
    clerk.citizen.take()
    clerk.citizen.wait("home")
    return done.rows[0].value


def test_the_same_list_again_tells_its_number_and_prints_its_voucher(clerk):
    told = handed_in(clerk)
    clerk.begins()
    clerk.citizen.press("stick")
    clerk.plugs()
    view = clerk.citizen.wait("batch_before")
    assert view.rows[0].value == told
    slips = clerk.citizen.bench.slip_count()
    clerk.citizen.press("print_again")
    done = clerk.ends()
    assert done.rows[0].value == told
    assert clerk.citizen.bench.slip_count() == slips + 1
    assert told.partition("　")[0] in clerk.citizen.code()
    assert len(clerk.batches()) == 1


def test_another_list_is_handed_in_beside_it(clerk):
    handed_in(clerk)
    others = list(people(3, seed=7, minors=0.0))
    clerk.known(others)
    for name, data in pictures(others).items():
        (clerk.folder / name).write_bytes(data)
    clerk.writes(others)
    clerk.to_review()
    clerk.signs()
    clerk.ends()
    assert sorted(len(whose) for whose in clerk.batches().values()) == [3, 6]


def test_an_answer_that_is_lost_is_settled_and_told_to_who_comes_again(clerk, wire):
    citizen = clerk.citizen
    clerk.to_review()
    wire.set(Wire.NO_REPLY, "/v1/batches")
    clerk.signs()
    citizen.wait("give_stick", within=40)
    clerk.pulls()
    view = citizen.wait("batch_held")
    assert not view.good
    assert "查询单" in view.rows[1].value
    wire.set(Wire.GOOD)
    citizen.press("finish")
    citizen.take()
    citizen.wait("home")
    house = citizen.kiosk.house
    citizen.silence(20)
    citizen.until(lambda: not house.batch.journal.open())
    assert [len(whose) for whose in clerk.batches().values()] == [6]
    clerk.begins()
    citizen.press("stick")
    clerk.plugs()
    citizen.wait("batch_before")


def test_who_cannot_be_handed_in_now_may_wait(clerk, wire):
    clerk.to_review()
    wire.set(Wire.REFUSED)
    clerk.signs()
    clerk.citizen.sees("F35", "way_again", "way_window")
    wire.set(Wire.GOOD)
    clerk.citizen.press("way_again")
    clerk.ends()
    assert [len(whose) for whose in clerk.batches().values()] == [6]


def test_who_was_handed_in_elsewhere_meanwhile_is_told_by_the_centre(clerk, wire):
    clerk.to_review()
    number = at_another_kiosk(clerk.rows, wire.url)
    clerk.signs()
    view = clerk.citizen.wait("refusal")
    assert number in view.title
    clerk.pulls()
    clerk.citizen.refused("F44", number)
    assert clerk.batches() == {}


def at_another_kiosk(rows, url):
    """The same people, handed in by kiosk 0018."""
    columns = load_columns()
    head, link, told = head_of(HEAD, columns), Centre(url, 8), []
    for n, row in enumerate(rows):
        shown = {shows: link.image(picture(shows, 900 + n)) for shows, _ending in endings(row)}
        told.append(body_of(row_of(row, head, columns)[0], shown))
    who = ("resident_id", "50010319850612019X", "刘强")
    body = Order("new_batch", "0018", "91990001MA0000001R", *who).body(told)
    bound = {"signature": "window", "pictures": {}, "letter": None, "partial": False}
    taken = link.submit_batch("00000000-0000-4000-8000-000000000018", body | bound)
    link.close()
    return taken["batch_no"]
