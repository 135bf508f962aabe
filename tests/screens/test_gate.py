from screens.gate import Gate


def test_touches_count_again_after_a_quarter_of_a_second():
    now = 10.0
    gate = Gate(lambda: now)
    assert gate.open
    gate.close()
    assert not gate.open
    now = 10.2
    assert not gate.open
    now = 10.25
    assert gate.open
