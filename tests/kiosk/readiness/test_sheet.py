"""The sheet says what the certificate says, on one page, and carries the digest to hold against it."""

import base64
import hashlib
import json
import re

import pytest

from kiosk.readiness.certificate import written
from kiosk.readiness.proof import PROOFS, Degree
from kiosk.readiness.sheet import DEGREES, digests, pdf
from kiosk.readiness.sheet import PROOFS as NAMES

ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def lines_of(data):
    """The texts of a page that is not compressed, by the table of glyphs that its font brings."""
    chars = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]{4,8})>\n", data)
    table = {
        int(code, 16): bytes.fromhex(char.decode()).decode("utf-16-be") for code, char in chars
    }
    lines = []
    for shown in re.findall(rb"\(((?:\\.|[^\\)])*)\) Tj", data, re.DOTALL):
        raw = re.sub(
            rb"\\(.)", lambda found: ESCAPED.get(found[1], found[1]), shown, flags=re.DOTALL
        )
        codes = (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))
        lines.append("".join(table[code] for code in codes))
    return lines


def test_every_proof_and_degree_has_its_words():
    assert list(NAMES) == [proof.name for proof in PROOFS]
    assert set(DEGREES) == set(Degree)


def test_it_says_what_the_certificate_says(signed):
    data = pdf(signed, compress=False)
    shown = lines_of(data)
    file = json.loads(signed)
    rows = {shown[at]: shown[at + 1 : at + 3] for at in range(len(shown) - 2)}
    for row in file["certificate"]["proofs"]:
        assert rows[NAMES[row["proof"]]] == [DEGREES[row["degree"]], str(row["ms"])]
    assert "没有读出 not_read_back" in shown
    assert rows["一体机 Kiosk"][0] == "0017"
    assert rows["时间 Time"][0] == "2026-11-30 06:00:07 +0800"
    assert rows["结论 Result"][0] == "1 项不通过 1 failed：摄像头读回自检单"
    assert rows["签名 Signed"][0] == "有 Yes"
    assert f"JWS SHA-256 {hashlib.sha256(file['jws'].encode()).hexdigest()}" in shown
    assert f"JSON SHA-256 {digests(signed)[0]}" in shown
    assert len(re.findall(rb"/Type /Page\b", data)) == 1


def test_one_without_a_failure_or_a_signature_says_so(well):
    shown = lines_of(pdf(written(well, None), compress=False))
    assert "全部可用 Everything works" in shown
    assert "没有：本机未登记 No: the kiosk is not enrolled" in shown
    assert "JWS SHA-256 —" in shown


def test_the_digest_of_the_json_is_of_what_was_signed(signed):
    """So that whoever has the file can tell that a sheet is of it, with sha256sum alone."""
    payload = json.loads(signed)["jws"].split(".")[1]
    data = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    assert digests(signed)[0] == hashlib.sha256(data).hexdigest()


def test_what_is_no_certificate_has_no_sheet():
    with pytest.raises(ValueError):
        pdf(b"{}")
