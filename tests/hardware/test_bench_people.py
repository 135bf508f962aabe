"""config/people.toml and config/bench.toml: what they promise is there."""

import tomllib
from pathlib import Path

import pytest

from hardware.bench.id_cards import TROUBLES, chip
from hardware.bench.people import BenchError, Person, read_people
from hardware.bench.settings import Settings, read_settings

CONFIG = Path(__file__).parents[2] / "config"
PEOPLE = read_people(CONFIG / "people.toml")
WITH_CARD = [person for person in PEOPLE.values() if person.id_card]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@pytest.mark.parametrize("person", WITH_CARD, ids=lambda person: person.key)
def test_a_card_agrees_with_its_number(person: Person) -> None:
    """GB 11643: birth, sex and check character are in the number."""
    number, card = person.id_number, person.id_card
    assert card is not None
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
    assert number[17] == "10X98765432"[total % 11]
    assert card.birth == number[6:14]
    assert card.sex == ("1" if int(number[16]) % 2 else "2")
    assert card.fault in TROUBLES
    assert len(chip(person, card).payload()) == 4 + 256 + 1024


def test_there_is_somebody_for_every_branch() -> None:
    table = tomllib.loads((CONFIG / "people.toml").read_text("utf-8"))
    rows = table["person"]
    states = {batch["state"] for batch in table["batch"]}
    assert states == {"DATA_GENERATED", "IN_PRODUCTION"}
    assert any(not row["insured"] and row.get("in_centre", True) for row in rows)
    assert any(card["state"] == "ACTIVE" for row in rows for card in row.get("card", []))
    assert any("·" in row["name"] for row in rows)
    assert any(
        ord(character) not in range(0x4E00, 0x9FA6) for character in PEOPLE["elder_rare_name"].name
    )
    assert not PEOPLE["unknown_to_centre"].in_centre
    faults = {person.id_card.fault for person in WITH_CARD if person.id_card}
    assert faults == {"", "unreadable", "unknown_kind"}
    members = {number for batch in table["batch"] for number in batch["members"]}
    assert members <= {row["id_number"] for row in rows}


def test_the_file_names_every_setting_and_its_default() -> None:
    """config/bench.toml documents each key with its default."""
    table = tomllib.loads((CONFIG / "bench.toml").read_text("utf-8"))
    defaults = Settings().model_dump()
    assert table.keys() == defaults.keys()
    for name in ("dock", "id_reader", "printer", "camera", "document_camera"):
        assert table[name].keys() == defaults[name].keys()
    assert read_settings(CONFIG / "bench.toml").model_dump() == defaults


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "person: Field required"),
        ('[[person]]\nkey = "a"\nname = "张三"', "person.0.id_number"),
        ('[[person]]\nkey = "A B"\nid_number = "1"\nname = "张三"', "person.0.key"),
        (
            '[[person]]\nkey = "a"\nid_number = "1"\nname = "张三"\n[person.id_card]\nsex = "3"',
            "sex",
        ),
        ('[[person]]\nkey = "a"\nid_number = "1"\nname = "x"\n' * 2, "same key"),
    ],
)
def test_a_wrong_people_file_is_refused_without_its_values(
    tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "people.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BenchError, match=says) as caught:
        read_people(path)
    assert "张三" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[dock]\nport = 70000", "dock.port"),
        ("[scanner]\nport = 0", "scanner"),
        ("[printer]\nwidth_mm = 70", "printer.width_mm"),
        ('[camera]\nfps = "20"', "camera.fps"),
        ("[camera", "not TOML"),
    ],
)
def test_a_wrong_config_is_refused_by_its_key(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "bench.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BenchError, match=says):
        read_settings(path)
