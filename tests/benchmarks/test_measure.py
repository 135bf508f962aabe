"""The benchmarks run and give figures; how good a figure is, no test says by the clock.

The window's (`start`, `touch`) take minutes and are run by `make bench` alone.
"""

import math
import sys
from importlib import import_module

import pytest
from PIL import Image

from benchmarks import __main__ as door
from benchmarks.glass import telling


@pytest.mark.slow
@pytest.mark.parametrize("name", ["visit", "voucher", "journal", "id_reader"])
def test_every_figure_is_finite_and_positive(name, monkeypatch):
    module = import_module(f"benchmarks.{name}")
    monkeypatch.setattr(module, "ROUNDS", 20)
    figures = module.measure()
    assert figures
    assert all(math.isfinite(figure) and figure > 0 for figure in figures.values()), figures


def test_every_benchmark_can_be_named():
    for name in door.NAMES:
        assert callable(import_module(f"benchmarks.{name}").measure)


def test_an_unknown_name_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "speed"])
    with pytest.raises(SystemExit) as refused:
        door.main()
    assert refused.value.code == 2
    assert "no benchmark is called speed" in capsys.readouterr().err


def test_two_pages_are_told_apart_outside_the_buttons():
    one, other = Image.new("RGB", (40, 30), "white"), Image.new("RGB", (40, 30), "white")
    other.paste((0, 0, 0), (0, 0, 10, 10))
    other.putpixel((33, 21), (100, 100, 100))
    assert telling(one, other, ((0, 0, 10, 10),)) == (33, 21)


def test_the_same_page_twice_is_told():
    page = Image.new("RGB", (8, 8), "white")
    with pytest.raises(AssertionError, match="the same"):
        telling(page, page, ())
