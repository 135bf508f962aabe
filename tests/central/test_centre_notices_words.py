"""The words of notices, and the folder they go to."""

import pytest

from central.notices import kinds
from central.notices.gateway import FileGateway, Message, NotDelivered
from central.notices.kinds import NoticeKind, render

PHONE = "13912345678"
READY = {"voucher_no": "CQ-0017-20261123-0001-K", "window": "3号窗口"}


def test_the_same_message_twice_is_one_file(tmp_path):
    for _ in range(2):
        FileGateway(tmp_path).send(Message("id", PHONE, "text"))
    assert [path.name for path in tmp_path.iterdir()] == ["id.json"]
    with pytest.raises(NotDelivered):
        FileGateway(tmp_path / "id.json").send(Message("id", PHONE, "text"))
    assert PHONE not in repr(Message("id", PHONE, "text"))


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_can_be_read(kind):
    text = render(kind, {name: f"<{name}>" for name in kind.value.parameters})
    assert "{" not in text
    assert text.startswith("【社保卡】")
    personal = {"name", "number", "phone", "card", "address"}
    assert kind.value.parameters.isdisjoint(personal)


@pytest.mark.parametrize(
    "parameters",
    [{}, {**READY, "name": "x"}, {**READY, "window": ""}, {**READY, "window": "x" * 201}],
)
def test_wrong_parameters_are_a_fault_of_the_program(parameters):
    with pytest.raises(ValueError, match="CARD_READY"):
        kinds.check(NoticeKind.CARD_READY, parameters)
