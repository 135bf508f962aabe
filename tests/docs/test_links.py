"""Every link of the documents leads somewhere."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def broken(text: str, folder: Path) -> list[str]:
    """The links of a page that lead to no file of this tree; those to other hosts are not asked."""
    links = [urlsplit(link) for link in LINK.findall(text)]
    paths = [link.path for link in links if not link.netloc and link.path]
    return [path for path in paths if not (folder / path).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_leads_to_a_file(page):
    assert broken(page.read_text("utf-8"), page.parent) == []


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs" / "centre").glob("*.md")), ids=lambda p: p.stem
)
def test_the_front_page_leads_to_every_page_of_the_centre(page):
    front = (ROOT / "docs" / "central.md").read_text("utf-8")
    assert f"](centre/{page.name})" in front


def test_a_link_that_leads_nowhere_is_seen():
    assert broken("[a](nowhere.md) [b](docs#part) [c](https://x.example/)", ROOT) == ["nowhere.md"]
