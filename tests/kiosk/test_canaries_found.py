"""The search for canaries finds each, however it is written, and nothing where there is none."""

import base64
import gzip
import json
import secrets

import pytest

from tests.canaries import ALL, CHARACTER_SETS, PIN, PINS, TEXTS, found, left_in

WAYS = {
    **{name: lambda text, name=name: text.encode(name) for name in CHARACTER_SETS},
    "json": lambda text: json.dumps({"x": text}).encode(),
    "hex": lambda text: text.encode().hex().upper().encode(),
    "base64": lambda text: base64.b64encode(b"ab" + text.encode() + b"c"),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode("utf-16-le")),
}


@pytest.mark.parametrize("text", ALL)
@pytest.mark.parametrize("way", WAYS)
def test_a_planted_canary_is_found(text, way, tmp_path):
    if text in PINS and way == "utf-16-be":
        text = f"x{text}"  # its first byte is not a digit's
    data = b"\x00 before " + WAYS[way](text) + b" after \xff"
    assert found(data)
    (tmp_path / "log.jsonl.gz").write_bytes(gzip.compress(data))
    assert left_in(tmp_path)


def test_a_file_s_name_is_searched_too(tmp_path):
    (tmp_path / f"case-{TEXTS[0]}").touch()
    assert left_in(tmp_path)


def test_chance_is_no_canary():
    assert found(secrets.token_bytes(10**6)) == set()
    assert found(secrets.token_hex(10**6)) == set()
    assert found(f"e3{PIN}98fc1c") == set()
