"""Facts of visits, as specimen people would give them."""

from pathlib import Path
from types import MappingProxyType

import pytest

from deploy.pictures import jpeg
from kiosk.crawl.answers import ADULT, CHILD, GROWN_UP, NOW
from kiosk.services.answers import (
    AddressSays,
    Agreed,
    Eligible,
    OtherPaper,
    PhotoWish,
    Picture,
    Ready,
    Strokes,
)
from regulation.papers import Paper
from regulation.rules import Applicant, load_rules


@pytest.fixture(scope="session")
def rules():
    return load_rules(Path("config/rules.toml"))


@pytest.fixture
def own():
    """Facts of an adult who applies with their own ID card, up to the signature."""
    return {
        "today": NOW.date(),
        "who": Applicant.SELF,
        "notice": Agreed(),
        "applicant": ADULT,
        "person_check": Agreed(),
        "eligibility": Eligible("张三", "重庆市渝中区另一条路 2 号"),
        "phone": "13800138000",
        "address": AddressSays.RIGHT,
        "bank": "重庆银行",
        "portrait_ready": Ready(),
        "portrait": Picture(jpeg(b"portrait")),
        "portrait_keep": Agreed(),
        "review": Agreed(),
        "signature": Strokes((((0.1, 0.5), (0.9, 0.5)),)),
        "scene_photo": Picture(jpeg(b"scene")),
    }


@pytest.fixture
def for_a_child(own):
    """Facts of an agent for a child, with a household book and no photo."""
    for name in ("portrait_ready", "portrait", "portrait_keep"):
        del own[name]
    typed = {
        "applicant": OtherPaper(),
        "other_paper": Paper.HOUSEHOLD_REGISTER,
        "page": Picture(jpeg(b"page")),
        "paper_number": CHILD.number,
        "paper_name": "小明",
        "agent": GROWN_UP,
        "portrait_choice": PhotoWish.NONE,
    }
    return MappingProxyType(own | {"who": Applicant.AGENT_MINOR} | typed)
