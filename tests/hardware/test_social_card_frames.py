"""The pure codecs: commands, replies, status words, records, FCI, ATR, PINs, profiles."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.secret import Secret
from hardware.social_card import frames, pin, records, status_words
from hardware.social_card.frames import BadFrame
from hardware.social_card.keys import Algorithm
from hardware.social_card.profile import ProfileError, read_profile
from hardware.social_card.status_words import Word
from hardware.t0 import BadAnswer, follow_up

PROFILES = Path(__file__).parents[2] / "config/profiles/social_card.toml"
ANY = st.binary(max_size=300)


@pytest.mark.parametrize(
    ("apdu", "text"),
    [
        (
            frames.SELECT_APPLICATION.apdu(frames.AID),
            "00A404000F7378312E73682EC9E7BBE1B1A3D5CF",
        ),
        (frames.SELECT_FILE.apdu(b"\xef\x05"), "00A4020002EF05"),
        (frames.SELECT_FILE.apdu(b"\xef\x05", p1=0), "00A4000002EF05"),
        (frames.READ_RECORD.apdu(p1=1, p2=0x2C, le=0x12), "00B2012C12"),
        (frames.GET_CHALLENGE.apdu(), "0084000008"),
        (frames.EXTERNAL_AUTHENTICATE.apdu(bytes(16), p2=0x0A), "0082000A10" + "00" * 16),
        (frames.VERIFY.apdu(b"\x12\x34\x56"), "0020000003123456"),
        (frames.VERIFY.apdu(), "00200000"),
        (frames.CHANGE_PIN.apdu(bytes.fromhex("123456FF654321")), "805E010007123456FF654321"),
    ],
)
def test_commands_as_they_are_written(apdu, text):
    assert apdu == bytes.fromhex(text)


def test_a_command_takes_255_bytes_and_is_wiped():
    command = frames.VERIFY.apdu(bytes([0x77]) * 255)
    frames.wipe(command)
    assert not any(command)
    assert len(command) == 260
    with pytest.raises(ValueError, match="255"):
        frames.VERIFY.apdu(bytes(256))


@pytest.mark.parametrize(
    ("status", "word", "tries"),
    [
        (0x9000, Word.DONE, None),
        (0x6108, Word.MORE_DATA, None),
        (0x6C14, Word.WRONG_LE, None),
        (0x63C5, Word.TRIES_LEFT, 5),
        (0x63C0, Word.TRIES_LEFT, 0),
        (0x6983, Word.PIN_BLOCKED, 0),
        (0x6700, Word.WRONG_LENGTH, None),
        (0x6982, Word.NOT_ALLOWED, None),
        (0x6984, Word.NO_CHALLENGE, None),
        (0x6985, Word.OUT_OF_ORDER, None),
        (0x6988, Word.WRONG_MAC, None),
        (0x6A80, Word.WRONG_DATA, None),
        (0x6A82, Word.NO_FILE, None),
        (0x6A83, Word.NO_RECORD, None),
        (0x6A86, Word.WRONG_PARAMETERS, None),
        (0x6A88, Word.NO_KEY, None),
        (0x6D00, Word.NOT_SUPPORTED, None),
        (0x9303, Word.LOCKED, None),
        (0x6F42, Word.UNKNOWN, None),
    ],
)
def test_what_a_status_word_says(status, word, tries):
    assert status_words.meaning(status).word is word
    assert status_words.tries_left(status) == tries


@given(ANY)
def test_any_bytes_are_a_reply_or_none(data):
    try:
        reply = frames.split_reply(data)
    except BadFrame:
        return
    assert reply.data + reply.status.to_bytes(2, "big") == data
    assert data.hex() not in repr(reply)


@pytest.mark.parametrize("data", ["", "90", "6000", "1337", "00" * 257 + "9000"])
def test_what_is_no_reply(data):
    with pytest.raises(BadFrame):
        frames.split_reply(bytes.fromhex(data))


ATR = bytes.fromhex("3B6D000000815443435086330102030405")


def test_the_answer_to_reset_of_a_card_of_ours():
    atr = frames.read_atr(ATR)
    assert atr.protocols == {0}
    assert atr.host_part == ATR[4:]


def test_an_answer_to_reset_with_t1_has_a_check_byte():
    atr = frames.read_atr(bytes.fromhex("3BD518FF8191FE1FC38073C8211309"))
    assert atr.protocols == {1, 15}
    assert atr.historical == bytes.fromhex("8073C82113")
    with pytest.raises(BadFrame):
        frames.read_atr(bytes.fromhex("3BD518FF8191FE1FC38073C8211308"))


@pytest.mark.parametrize("cut", range(len(ATR)))
def test_a_cut_answer_to_reset_is_none(cut):
    with pytest.raises(BadFrame):
        frames.read_atr(ATR[:cut])


@given(st.binary(max_size=40))
def test_any_bytes_are_an_answer_to_reset_or_none(data):
    with contextlib.suppress(BadFrame):
        assert len(frames.read_atr(data).historical) < 16


def _fci(inner):
    inner = bytes.fromhex(inner)
    return b"\x6f" + bytes([len(inner)]) + inner


@pytest.mark.parametrize(
    ("fci", "card_id", "algorithm"),
    [
        (_fci("8402AABBA5069F0C03860101"), "50", Algorithm.TDES),
        (_fci("8402AABBA5069F0C03860102"), "50", Algorithm.SSF33),
        (_fci("8402AABBA5069F0C03860103"), "50", Algorithm.SM4),
        (_fci("8402AABBA500"), "50", Algorithm.DES),
        (_fci("8402AABB"), "11", Algorithm.SSF33),
        (b"", "50", Algorithm.DES),
    ],
)
def test_the_algorithm_of_a_card(fci, card_id, algorithm):
    assert records.read_algorithm(records.read_algorithm_code(fci), card_id) is algorithm


@pytest.mark.parametrize("fci", [_fci("A5069F0C03860109"), b"\x70\x00", b"\x6f\x05\x84", b"\x6f"])
def test_what_is_no_template_of_ours(fci):
    with pytest.raises(BadFrame):
        records.read_algorithm(records.read_algorithm_code(fci), "50")


@given(ANY)
def test_any_bytes_are_a_template_or_none(data):
    for decode in (records.read_tlv, records.read_algorithm_code):
        with contextlib.suppress(BadFrame):
            decode(data)


@given(ANY)
def test_any_bytes_are_a_record_or_none(data):
    for row in records.FIELDS:
        with contextlib.suppress(BadFrame):
            assert isinstance(row.decode(data), str)


def _field(name):
    return next(row for row in records.FIELDS if row.name == name)


@pytest.mark.parametrize(
    ("name", "record", "value"),
    [
        ("card_id", "0110330300D15600000599110145FFFFFFFF", "330300D15600000599110145FFFFFFFF"),
        ("version", "0304332E3030", "3.00"),
        ("issuer", "040C91560000023303003303FFFF", "91560000023303003303"),
        ("issued", "050420260101", "20260101"),
        ("card_number", "0709413132333435363738", "A12345678"),
        ("social_number", "0812313130313035313934393132333130303258", "11010519491231002X"),
        ("name", "091ED5C5C8FD" + "00" * 26, "d5c5c8fd"),
        ("sex", "0A0132", "2"),
        ("nation", "0B0101", "01"),
        ("birthplace", "0C03110105", "110105"),
    ],
)
def test_records_as_they_are_in_the_card(name, record, value):
    assert _field(name).decode(bytes.fromhex(record)) == value


@pytest.mark.parametrize("record", ["0304332E30", "0404332E3030", "0305332E3030", "0304332E303000"])
def test_another_record_is_not_taken(record):
    with pytest.raises(BadFrame):
        records.VERSION.decode(bytes.fromhex(record))


def test_files_of_the_generations():
    assert [row.tag for _, row in records.fields_of(records.EF06, 3)] == [
        8,
        9,
        0x4E,
        10,
        11,
        12,
        13,
    ]
    old = records.fields_of(records.EF06, 1)
    assert [row.tag for _, row in old] == [8, 9, 10, 11, 12, 13]
    assert dict(old)[3].name == "sex"
    assert [records.read_generation(text) for text in ("1.00", "2.00", "3.00")] == [1, 2, 3]
    for text in ("", "4.00", "x"):
        with pytest.raises(BadFrame):
            records.read_generation(text)


@pytest.mark.parametrize(
    ("digits", "packed"),
    [("123456", "123456"), ("12345", "12345F"), ("1234567890123456", "1234567890123456")],
)
def test_a_pin_as_the_card_takes_it(digits, packed):
    with Secret(bytearray(digits.encode())) as secret:
        assert pin.packed(secret, (4, 16)) == bytes.fromhex(packed)
        assert secret.data == digits.encode()


@pytest.mark.parametrize("digits", ["123", "12345678901234567", "12 456", "12345a"])
def test_what_is_no_pin_is_not_shown(digits):
    with Secret(bytearray(digits.encode())) as secret, pytest.raises(ValueError) as told:
        pin.packed(secret, (4, 16))
    assert digits not in str(told.value)


def _answers(*replies):
    left, sent = [bytes.fromhex(reply) for reply in replies], []

    def exchange(command):
        sent.append(bytes(command).hex().upper())
        return left.pop(0)

    return exchange, sent


@pytest.mark.parametrize(
    ("command", "replies", "sent", "reply"),
    [
        ("0084000008", ["11" * 8 + "9000"], ["0084000008"], "11" * 8 + "9000"),
        ("00A4040000", ["6C02", "AABB9000"], ["00A4040000", "00A4040002"], "AABB9000"),
        ("00A4020002EF05", ["6102", "AABB9000"], ["00A4020002EF05", "00C0000002"], "AABB9000"),
        ("00A4020002EF05", ["6100", "6C02", "AABB9000"],
         ["00A4020002EF05", "00C0000000", "00C0000002"], "AABB9000"),
        ("00A4020002EF05", ["AA6101", "BB9000"], ["00A4020002EF05", "00C0000001"], "AABB9000"),
        ("0020000003123456", ["6C00"], ["0020000003123456"], "6C00"),
        ("00B2012C12", ["6C12", "6C12"], ["00B2012C12", "00B2012C12"], "6C12"),
    ],
)  # fmt: skip
def test_what_t0_leaves_to_the_host(command, replies, sent, reply):
    exchange, said = _answers(*replies)
    assert follow_up(exchange, bytes.fromhex(command)) == bytes.fromhex(reply)
    assert said == sent


def test_an_answer_without_an_end_is_none():
    for replies in (["6101"] * 9, ["00" * 256 + "6110", "00" * 16 + "9000"], [""], ["6101", "90"]):
        with pytest.raises(BadAnswer):
            follow_up(_answers(*replies)[0], b"\x00\xa4\x04\x00")


@given(st.lists(st.binary(max_size=4), min_size=12, max_size=12), st.binary(max_size=8))
def test_any_answers_come_to_an_end(replies, command):
    left = list(replies)
    with contextlib.suppress(BadAnswer):
        assert len(follow_up(lambda _command: left.pop(0), command)) <= 258


def test_the_profiles_in_the_house():
    reference = read_profile(PROFILES, "reference")
    assert reference.empty_verify
    assert reference.is_ours("500000D1")
    assert not reference.is_ours("330300D1")
    assert reference.reload_header(Algorithm.SM4) == bytes.fromhex("8424000114")
    assert reference.reload_header(Algorithm.TDES) == bytes.fromhex("842400010C")
    assert reference.reload_header(Algorithm.DES) is None
    assert not read_profile(PROFILES, "cautious").empty_verify


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("regions", "[]"),
        ("regions", '"50"'),
        ("addressing", '"sfid"'),
        ("select_file_p1", "256"),
        ("select_file_p1", "true"),
        ("read_le", "3"),
        ("challenge_order", '"first"'),
        ("internal_order", '""'),
        ("holder_key", '"0A"'),
        ("reset_key", "-1"),
        ("reload_sm4", '"84240001"'),
        ("reload_3des", '"xx"'),
        ("empty_verify", "1"),
        ("pin_digits", "[6]"),
        ("pin_digits", "[2, 6]"),
        ("more", "1"),
    ],
)
def test_a_wrong_profile_names_file_table_and_key(tmp_path, key, value):
    lines = PROFILES.read_text(encoding="utf-8").partition("[cautious]")[0].splitlines()
    kept = [line for line in lines if not line.startswith(f"{key} ")]
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("\n".join([*kept, f"{key} = {value}"]), encoding="utf-8")
    with pytest.raises(ProfileError) as told:
        read_profile(wrong, "reference")
    assert key in str(told.value)
    assert "[reference]" in str(told.value)


def test_a_file_without_the_profile(tmp_path):
    for path in (tmp_path / "none.toml", PROFILES):
        with pytest.raises(ProfileError, match=str(path)):
            read_profile(path, "nobody")
