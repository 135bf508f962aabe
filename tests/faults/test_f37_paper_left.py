"""F37, F38: somebody goes, and their ID card stays on the reader."""


def left(citizen):
    citizen.begin("zhang_san", to="bank")
    citizen.press("home")
    view = citizen.wait("take_paper")
    assert view.title == "请取回您的身份证"
    citizen.silence(20)
    assert citizen.sees("F37").alarm


def test_it_is_called_out_until_it_is_taken(citizen):
    left(citizen)
    citizen.take()
    citizen.wait("home")
    citizen.served()


def test_nobody_is_served_meanwhile_and_nothing_is_shown_of_whom(citizen):
    left(citizen)
    assert citizen.buttons() == {}
    assert "张" not in str(citizen.view)


def test_after_five_minutes_the_attendant_takes_it(citizen):
    left(citizen)
    citizen.silence(279)
    citizen.sees("F37")
    citizen.silence(1)
    assert citizen.sees("F38").alarm
    citizen.take()
    citizen.wait("home")
    citizen.served()


def test_a_finished_visit_asks_for_the_paper_too(citizen):
    citizen.begin("zhang_san", to="done")
    citizen.voucher()
    citizen.press("finish")
    assert citizen.wait("take_paper").title == "请取回您的身份证"
    citizen.take()
    citizen.wait("home")


def test_who_just_walks_away_from_the_result(citizen):
    citizen.begin("zhang_san", to="done")
    citizen.silence(30)
    citizen.silence(30)
    citizen.wait("take_paper")
    citizen.silence(20)
    citizen.sees("F37")
    citizen.take()
    citizen.wait("home")
