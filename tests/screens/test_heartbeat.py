"""Our own touch every few seconds, and what is renewed when it is not heard. No window."""

from hypothesis import given
from hypothesis import strategies as st

from screens.heartbeat import EVERY_S, PATIENCE_LOOKS, PATIENCE_S, Deed, Heartbeat


class Life:
    """A heart and its clock, looked at ten times a second."""

    def __init__(self):
        self.time = 0.0
        self.heart = Heartbeat(lambda: self.time)
        self.deeds = []

    def pass_by(self, seconds):
        for _ in range(round(seconds * 10)):
            self.time += 0.1
            deed = self.heart.due()
            if deed:
                self.deeds.append(deed)


def test_a_touch_of_our_own_when_nobody_touched_for_a_while():
    life = Life()
    life.pass_by(EVERY_S - 0.2)
    assert life.deeds == []
    life.pass_by(0.3)
    assert life.deeds == [Deed.BEAT]
    assert life.heart.waiting


def test_a_person_who_touches_is_beat_enough():
    life = Life()
    for _ in range(5):
        life.pass_by(EVERY_S - 0.5)
        life.heart.heard()
    assert life.deeds == []


def test_what_is_not_heard_is_renewed_from_the_least_to_the_most():
    life = Life()
    life.pass_by(EVERY_S + 4 * PATIENCE_S)
    climbed = [deed for deed in life.deeds if deed is not Deed.BEAT]
    assert climbed[:3] == [Deed.PROVIDER, Deed.WINDOW, Deed.PROCESS]


def test_once_heard_the_ladder_begins_at_its_foot():
    life = Life()
    life.pass_by(EVERY_S + 1.5 * PATIENCE_S)
    assert Deed.PROVIDER in life.deeds
    life.heart.heard()
    life.deeds.clear()
    life.pass_by(EVERY_S + 1.5 * PATIENCE_S)
    assert life.deeds[:2] == [Deed.BEAT, Deed.PROVIDER]


def test_a_main_loop_that_was_busy_is_not_a_dead_touch():
    life = Life()
    life.pass_by(EVERY_S + 0.1)
    life.time += 10 * PATIENCE_S  # one long piece of work, and the touch still unread behind it
    assert life.heart.due() is None
    life.heart.heard()
    life.pass_by(PATIENCE_LOOKS / 10)
    assert life.deeds == [Deed.BEAT]


def test_a_touch_of_our_own_that_was_not_sent_is_not_missed():
    life = Life()
    for _ in range(4):
        life.pass_by(EVERY_S + 0.1)
        life.heart.skip()
    assert set(life.deeds) == {Deed.BEAT}


def test_our_own_touch_is_timed():
    life = Life()
    life.pass_by(EVERY_S + 0.1)
    life.time += 0.05
    assert abs(life.heart.heard() - 0.05) < 0.11
    assert life.heart.heard() is None


@given(st.lists(st.sampled_from(["look", "wait", "heard"]), max_size=200))
def test_nothing_is_renewed_unless_a_touch_of_our_own_was_missed(events):
    time = [0.0]
    heart = Heartbeat(lambda: time[0])
    beats = missed = 0
    for event in events:
        time[0] += {"look": 0.1, "wait": 2.0, "heard": 0.0}[event]
        if event == "heard":
            heart.heard()
            continue
        deed = heart.due()
        beats += deed is Deed.BEAT
        missed += deed not in (None, Deed.BEAT)
    assert missed <= beats
