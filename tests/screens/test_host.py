import pytest

from screens.describe import layout
from screens.host import Host, Page
from screens.widgets import Dialog, PrimaryButton


@pytest.fixture
def made(stage):

    class Told(Page):
        forgot = 0

        def forget(self) -> None:
            self.forgot += 1

    time = [0.0]
    host = Host(now=lambda: time[0])
    pages = [Told(), Told()]
    for number, page in enumerate(pages):
        press = PrimaryButton(name=f"go{number}", text="继续")
        press.bind(on_release=lambda _press, page=page, n=number: page.said(n))
        page.add_widget(press)
    stage.put(host)
    host.show(pages[0])
    time[0] = 1.0
    stage.frames()
    return host, pages, time


def test_a_page_left_forgets(made):
    host, (one, two), _time = made
    host.show(one)
    assert one.forgot == 0
    host.show(two)
    assert (one.forgot, two.forgot) == (1, 0)
    assert host.children == [two]


def test_one_press_is_one_event(made, stage, heard):
    host, (one, _two), time = made
    said = heard(host, "on_said")
    stage.tap(one.children[0])
    stage.tap(one.children[0])
    one.said("again")
    assert said == [0]
    time[0] = 1.25
    stage.tap(one.children[0])
    assert said == [0, 0]


def test_a_second_tap_does_not_reach_the_next_page(made, stage, heard):
    host, (one, two), time = made
    said = heard(host, "on_said")
    stage.tap(one.children[0])
    host.show(two)
    stage.frames()
    stage.tap(two.children[0])
    assert said == [0]
    time[0] = 2.0
    stage.tap(two.children[0])
    assert said == [0, 1]


def test_a_page_off_the_screen_is_not_heard(made, heard):
    host, (one, two), time = made
    said = heard(host, "on_said")
    host.show(two)
    time[0] = 2.0
    one.said("late")
    assert said == []


def test_a_dialog_keeps_touches_from_the_page(made, stage, heard):

    host, (one, _two), time = made
    said = heard(host, "on_said")
    dialog = Dialog(title="还需要更多时间吗？", primary_text="继续办理")
    answers = heard(dialog, "on_primary")
    host.open(dialog)
    stage.frames()
    time[0] = 2.0
    assert [operable["name"] for operable in layout(host, 960)] == ["dialog:primary"]
    finger = stage.down(5, 5)
    finger.release(5, 5)
    stage.tap(one.children[0])
    assert said == []
    stage.tap(dialog.children[0])
    assert len(answers) == 1
    host.close()
    assert host.children == [one]
