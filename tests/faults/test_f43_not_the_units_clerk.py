"""F43: who stands there is no unit's clerk, and learns nothing of any unit."""


def test_who_is_no_clerk_is_told_at_once(clerk):
    clerk.begins("zhang_san", to="refusal")
    view = clerk.citizen.refused("F43")
    assert "示例" not in repr(view)
