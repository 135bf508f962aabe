"""What an operator gives an HSM: names, secrets, files; each fault is a sentence with its cure."""

import os
import secrets
from pathlib import Path

import pytest

from central.__main__ import main
from central.database import StoreError
from central.hsm import demo, sealed
from central.hsm.opening import open_hsm
from central.hsm.port import Card, Challenge
from central.hsm.secret import secret
from central.hsm.token.settings import read_settings

KEK = "0f" * 32
CARD = Card(bytes.fromhex("330300D15600000599110145FFFFFFFF"), "03")
BOTH = Challenge(bytes.fromhex("B1B2B3B4B5B6B7B8"), bytes.fromhex("A1A2A3A4A5A6A7A8"))
GOOD = 'library = "/nowhere.so"\ntoken = "t"\npin_env = "HSM_PIN"\n'


@pytest.fixture(autouse=True)
def _no_secrets(monkeypatch):
    for name in ("HSM_KEK", "HSM_KEK_FILE", "HSM_FIRST_PIN", "HSM_FIRST_PIN_FILE"):
        monkeypatch.delenv(name, raising=False)


def load(loader, name):
    first = bytearray(secrets.token_bytes(16))
    second = bytearray(a ^ b for a, b in zip(demo.KEYS[name], first, strict=True))
    loader.load(name, [loader.seal(first, "1"), loader.seal(second, "2")])


def test_a_secret_comes_from_a_file_or_the_environment(tmp_path, monkeypatch):
    with pytest.raises(StoreError, match="set A_FILE to"):
        secret("A")
    assert secret("A", "otherwise") == "otherwise"
    monkeypatch.setenv("A", " x ")
    assert secret("A") == "x"
    path = tmp_path / "a"
    monkeypatch.setenv("A_FILE", str(path))
    with pytest.raises(StoreError, match="No such file"):
        secret("A")
    path.write_text("y\n")
    assert secret("A") == "y"
    path.write_bytes(b"\xff")
    with pytest.raises(StoreError, match="plain ASCII"):
        secret("A")


def test_the_sealed_file_opens_by_its_key_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("HSM_KEK", KEK)
    hsm, loader = open_hsm("file", tmp_path)
    load(loader, "IRK-SM4")
    right = hsm.internal(CARD, BOTH)
    assert right.hex().upper() == "7AEFF48771CBD5A2"
    again = open_hsm("file", tmp_path)
    assert (again.hsm.internal(CARD, BOTH), again.hsm.pin_key()) == (right, hsm.pin_key())
    for name in (sealed.KEYS_FILE, sealed.PIN_KEY_FILE):
        path = tmp_path / name
        assert path.stat().st_mode & 0o777 == 0o600
        for key in demo.KEYS.values():
            assert key not in path.read_bytes()
            assert key.hex().encode() not in path.read_bytes()
    for other in ("0e" * 32, "0f" * 31, "0g" * 32, ""):
        monkeypatch.setenv("HSM_KEK", other)
        with pytest.raises(StoreError, match="HSM_KEK"):
            open_hsm("file", tmp_path)


def test_a_file_that_was_altered_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("HSM_KEK", KEK)
    open_hsm("file", tmp_path)
    for name in (sealed.KEYS_FILE, sealed.PIN_KEY_FILE):
        path = tmp_path / name
        whole = path.read_bytes()
        for wrong in (whole[:-1], whole[:-1] + bytes([whole[-1] ^ 1]), b""):
            path.write_bytes(wrong)
            with pytest.raises(StoreError, match="not sealed under this key-encryption key"):
                open_hsm("file", tmp_path)
        path.write_bytes(whole)
    assert open_hsm("file", tmp_path).hsm


def test_what_one_process_loads_another_uses(tmp_path, monkeypatch):
    monkeypatch.setenv("HSM_KEK", KEK)
    (_, one), (other, second) = open_hsm("file", tmp_path), open_hsm("file", tmp_path)
    for name in ("IRK-SM4", "RKSSSE-SM4"):
        load(one, name)
        assert second.loaded(name) == one.loaded(name) is not None
    load(second, "PUK-SM4")
    assert one.loaded("PUK-SM4")
    assert other.internal(CARD, BOTH).hex().upper() == "7AEFF48771CBD5A2"


def test_the_first_pin_is_a_setting(tmp_path, monkeypatch):
    monkeypatch.setenv("HSM_KEK", KEK)
    monkeypatch.setenv("HSM_FIRST_PIN", "112233")
    hsm, loader = open_hsm("file", tmp_path)
    load(loader, "RPK-SM4")
    made = hsm.initial_pin(CARD, bytes.fromhex("84240001"), bytes.fromhex("C1C2C3C4C5C6C7C8"))
    assert made.hex().upper() == "8424000114C10F439A1FE51D46EBA9BA6AC023D6C388894D8A"
    monkeypatch.setenv("HSM_FIRST_PIN", "11223")
    assert open_hsm("file", tmp_path).hsm
    for wrong in ("112", "1122334455667", "11223x", ""):
        monkeypatch.setenv("HSM_FIRST_PIN", wrong)
        with pytest.raises(StoreError, match="HSM_FIRST_PIN: a PIN has 4 to 12 digits"):
            open_hsm("file", tmp_path)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("x", "is not TOML"),
        ("", "library"),
        (GOOD, "library cannot be loaded"),
        (GOOD + "more = 1", "more"),
        (GOOD + 'pin_file = "x"', "either pin_file or pin_env"),
        (GOOD.replace("pin_env", "pin"), "pin"),
        (GOOD + "sessions = 0", "sessions"),
        (GOOD + 'first_pin = "12"', "4 to 12 digits"),
        (GOOD + 'pin_key_unwrap = "sha1"', "pin_key_unwrap"),
        (GOOD + 'prefix = "a b"', "prefix"),
        (GOOD + "[sm4]\nkey_type = 1", "sm4.ecb"),
        (GOOD + "[sm4]\nkey_type = -1\necb = 1\ncbc = 1\nderive = 4294967296", "sm4.derive"),
    ],
)
def test_a_fault_of_the_settings_is_told_by_its_place(tmp_path, text, fault):
    path = tmp_path / "hsm.toml"
    path.write_text(text)
    with pytest.raises(StoreError) as error:
        open_hsm(f"pkcs11:{path}", tmp_path)
    assert str(error.value).startswith(str(path))
    assert fault in str(error.value)


def test_the_example_is_one(tmp_path):
    text = Path("config/hsm.toml").read_text(encoding="utf-8")
    assert read_settings(Path("config/hsm.toml")).sm4 is None
    whole = tmp_path / "hsm.toml"
    lines = (line.split("    ")[0] if line.startswith("# ") else line for line in text.splitlines())
    whole.write_text("\n".join(line.removeprefix("# ") for line in list(lines)[1:]))
    found = read_settings(whole)
    assert (found.prefix, found.sessions, found.sm4.derive) == ("cq-", 4, 0x80000013)


def test_a_value_of_the_settings_is_not_told(tmp_path):
    path = tmp_path / "hsm.toml"
    path.write_text(GOOD + 'first_pin = "98765432109876"')
    with pytest.raises(StoreError) as error:
        open_hsm(f"pkcs11:{path}", tmp_path)
    assert "9876" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("pkcs11:nowhere/hsm.toml", "hsm.toml: No such file"),
        ("file", "set HSM_KEK_FILE to"),
        ("pkcs11", "there is no HSM 'pkcs11': none, demo, file, pkcs11:FILE.toml"),
    ],
)
def test_serve_tells_what_it_does_not_open(tmp_path, capsys, name, told):
    umask = os.umask(0o077)  # the command sets it for good
    try:
        assert main(["serve", "--port", "0", "--data", str(tmp_path), "--hsm", name]) == 2
    finally:
        os.umask(umask)
    assert told in capsys.readouterr().err
