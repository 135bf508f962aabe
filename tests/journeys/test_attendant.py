"""An attendant's day in a real window: paper, a jam, a captured card, a slip again, logs, closed."""

import contextlib
import json
import time

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from deploy.acts import LOOKING_S, Enter, Insert, Place, Tap, Type
from deploy.citizen import SIGNS, TAKES_ALL, At, perform
from deploy.eyes import UnseenError
from deploy.stage import SMALL, Stage
from kiosk.attendant import people
from kiosk.attendant.people import hashed
from kiosk.attendant.sealed import unseal
from kiosk.services.attendant_answers import Role
from screens.corners import HOLD_S
from tests.logged import rows

OUTSIDE = ("home", "closed")
LADDER = {"take_back": 1, "alarm": 2, "call": 3, "custody": 4, "warn": 10}
FIRST, SECOND = ("1001", "270836"), ("2002", "914275")

LOSS = (
    At("home", (Place("has_card"),)),
    At("menu", (Tap("loss_report"),)),
    At("confirm", (Tap("primary"),)),
    *SIGNS,
    *TAKES_ALL,
)

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def key():
    return X25519PrivateKey.generate()


@pytest.fixture(scope="module")
def stage(tmp_path_factory, key, seeded):
    """A kiosk whose people have 30 s for everything, and whose slot captures after 4."""
    folder = tmp_path_factory.mktemp("attendant")
    people.write(
        folder / "attendants.toml",
        {who: hashed(Role.ATTENDANT, pin) for who, pin in (FIRST, SECOND)},
    )
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (folder / "operator.pem").write_bytes(pem)
    (folder / "sticks").mkdir()
    patience = dict.fromkeys(("reading", "typing", "photo", "result"), 30) | LADDER
    settings = {
        "patience": patience,
        "attendant": {
            "people_file": str(folder / "attendants.toml"),
            "operator_key": str(folder / "operator.pem"),
            "export_root": str(folder / "sticks"),
        },
    }
    with Stage(folder, settings=settings, seeded=seeded, window=SMALL) as stage:
        yield stage


@pytest.fixture
def inside(stage):
    """The attendant is in, at the list of tasks; whoever was in before need not enter again."""
    now = stage.eyes.now()
    if now.step != "attendant":
        if "home" in now:
            does(stage, Tap("home"))
        enter(stage)
    return stage


def enter(stage, who=FIRST):
    """Hold both upper corners, then say who."""
    stage.eyes.settled(lambda now: now.step in OUTSIDE and not now.dialog, LOOKING_S, 30)
    for _try in range(3):
        hold_corners(stage)
        with contextlib.suppress(UnseenError):
            stage.eyes.wait(lambda now: now.step not in OUTSIDE, 5)
            break
    says_who(stage, who, "attendant")
    sees(stage, "attendant")


def hold_corners(stage):
    """Somewhat longer than it takes, as a person does; a busy kiosk measures less."""
    width = stage.screenshot().width
    for across in (20, width - 20):
        stage.hand.move((across, 20))
        stage.hand.press(down=True)
        time.sleep(HOLD_S + 0.5)
        stage.hand.press(down=False)


def says_who(stage, who, step):
    number, pin = who
    sees(stage, f"{step}_id")
    does(stage, Type(number), Tap("primary"))
    sees(stage, f"{step}_pin")
    does(stage, Enter(pin))


def sees(stage, step, within_s=20.0):
    return stage.eyes.wait(lambda now: now.step == step and not now.dialog, within_s)


def does(stage, *acts):
    for act in acts:
        time.sleep(LOOKING_S)
        act.do(stage)


def chooses(stage, *names):
    """Press one after the other, each on a page of its own."""
    for name in names:
        seen = stage.eyes.wait(lambda now, name=name: name in now and not now.dialog, 20)
        does(stage, Tap(name))
        stage.eyes.wait(lambda now, before=seen.step: now.step != before, 20)


def events(stage, kind):
    return rows(stage.folder / "kiosk", kind)


def test_a_captured_card_is_counted_out_of_the_bin(stage):
    perform(stage, (At("home", (Insert("pin_blocked"),)), At("menu", (Tap("home"),))))
    enter(stage)
    chooses(stage, "supplies", "edit:exchange_bin", "primary")
    does(stage, Type("1"), Tap("primary"))
    sees(stage, "exchanged")
    row = events(stage, "exchanged")[-1]
    assert (row["supply"], row["counted"], row["expected"]) == ("retain_bin", 1, 1)
    chooses(stage, "finish", "home")


def test_a_slip_is_printed_again_by_its_number(stage):
    perform(stage, LOSS)
    enter(stage)
    number = stage.central("list")[-1]["voucher_no"].replace("-", "")
    slips = stage.dock.slips()
    chooses(stage, "reprint")
    does(stage, Type(number[-5:]), Tap("primary"))
    sees(stage, "slip_again")
    chooses(stage, "primary")
    sees(stage, "slip_out")
    assert stage.dock.slips() == slips + 1
    chooses(stage, "finish")


def test_paper_is_refilled_and_entered(inside):
    inside.dock.do("printer", "state", paper="out")
    chooses(inside, "devices", "edit:mend_printer")
    inside.dock.do("printer", "state", paper="full")
    slips = inside.dock.slips()
    chooses(inside, "primary", "edit:try_printer")
    sees(inside, "tried")
    assert inside.dock.slips() == slips + 1
    chooses(inside, "back", "back", "supplies", "edit:exchange_paper", "primary", "roll_50")
    sees(inside, "exchanged")
    row = events(inside, "exchanged")[-1]
    assert (row["id"], row["supply"], row["counted"]) == ("1001", "paper", 50)
    chooses(inside, "finish")


def test_a_jam_is_seen_at_the_self_test_and_mended(inside):
    inside.dock.do("printer", "state", jam_after=10)
    chooses(inside, "devices", "edit:try_printer")
    sees(inside, "tried")
    chooses(inside, "edit:mend_printer")
    inside.dock.do("printer", "free")
    chooses(inside, "primary")
    assert "edit:try_printer" in sees(inside, "devices")
    assert events(inside, "self_test")[-1]["detail"] == "media_jammed"
    chooses(inside, "back")


def test_the_log_goes_to_a_stick_with_two_persons_and_only_the_operator_reads_it(inside, key):
    stick = inside.folder / "sticks" / "stick"
    stick.mkdir()
    (stick / "rubbish.exe").write_bytes(b"MZ")
    chooses(inside, "export", "all")
    does(inside, Type(FIRST[0]), Tap("primary"))
    inside.eyes.wait(lambda now: now.dialog == "attendant_same", 20)
    does(inside, Tap("dialog:primary"), Tap("key:clear"))
    says_who(inside, SECOND, "second")
    sees(inside, "exported")
    (sealed,) = stick.glob("*.sealed")
    lines = unseal(sealed.read_bytes(), key).splitlines()
    assert {"started", "attendant_entered", "left_behind"} <= {
        json.loads(line)["event"] for line in lines
    }
    assert events(inside, "attendant_did")[-1]["second"] == SECOND[0]
    chooses(inside, "finish")


def test_out_of_service_and_back(inside):
    chooses(inside, "close", "reason_network", "home")
    closed = sees(inside, "closed")
    assert "new_individual" not in closed
    enter(inside)
    does(inside, Tap("open"))
    inside.eyes.wait(lambda now: "close" in now, 20)
    chooses(inside, "home")
    assert "new_individual" in sees(inside, "home")
    left = [row["id"] for row in events(inside, "attendant_left")]
    assert len(left) == len(events(inside, "attendant_entered"))
