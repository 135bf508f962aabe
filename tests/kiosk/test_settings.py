"""The settings: every key documented, every wrong one refused with its place and its cure."""

import tomllib
from dataclasses import fields
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.settings import DEFAULTS, KEYS, Settings, SettingsError, load

KEYS_IN_ORDER = [(section, key) for section, keys in KEYS.items() for key in keys]


@pytest.fixture
def write(tmp_path):
    def written(text):
        path = tmp_path / "kiosk.toml"
        path.write_text(text, "utf-8")
        return path

    return written


def refused(path):
    with pytest.raises(SettingsError) as caught:
        load(path)
    return str(caught.value)


def outcome(path):
    """What a file is refused with; None when it is used. Any other exception fails the test."""
    try:
        load(path)
    except SettingsError as error:
        return str(error)
    return None


def test_the_defaults_document_every_key_and_no_other():
    documented = tomllib.loads(DEFAULTS.read_text("utf-8"))
    assert {name: set(keys) for name, keys in documented.items()} == {
        name: set(keys) for name, keys in KEYS.items()
    }


def test_a_file_may_leave_everything_out(write):
    assert load(write("")) == load(None)


def test_a_file_goes_over_the_defaults(write):
    changed = load(write('[kiosk]\nid = "0042"\n[central]\ntimeout_s = 3\n'))
    assert (changed.kiosk_id, changed.central_timeout_s) == ("0042", 3)
    assert changed.site == load(None).site


def test_every_key_arrives_in_the_settings(write):
    """No key is checked and then forgotten: each moves a field when its value moves."""
    other = {
        str: lambda value: {
            "0017": "0018",
            "zh_CN": "en",
            "auto": "raster",
            "shuffled": "fixed",
            "": "/x",
            "exit": "leave",
            "retain": "keep",
            "reference": "cautious",
            "06:00": "05:30",
        }.get(value, value + "/x" if "/" in value else value + "x"),
        int: lambda value: {115200: 9600, 9600: 19200, 80: 58, 100: 50}.get(value, value + 1),
        float: lambda value: value + 1,
        bool: lambda value: not value,
        list: lambda value: value[:1] or ["08:30-12:00"],
    }
    tables = {
        "hotlines": '{ x = "95599" }',
        "days": '{ 2026-10-01 = "closed" }',
        "notice": '{ zh = "今天下午停电" }',
    }
    values = tomllib.loads(DEFAULTS.read_text("utf-8"))
    for section, key in KEYS_IN_ORDER:
        if key == "driver":
            continue  # the drivers have their own test
        if key == "off":
            value = ["pin_reset"]
        elif key not in tables:
            value = other[type(values[section][key])](values[section][key])
        if key == "port" and section == "printer":
            value = "/dev/ttyS1"
        text = str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')
        text = tables.get(key, text)
        assert load(write(f"[{section}]\n{key} = {text}\n")) != load(None), (section, key)


@pytest.mark.parametrize(
    ("section", "driver"),
    [
        ("social_card", "none"),
        ("social_card", "crt591"),
        ("pin_pad", "zt598"),
        ("auxiliaries", "modbus"),
    ],
)
def test_a_driver_may_be_chosen_with_its_port(write, section, driver):
    text = f'[{section}]\ndriver = "{driver}"\nport = "/dev/serial/by-id/x"\n'
    assert getattr(load(write(text)), f"{section}_driver") == driver


@pytest.mark.parametrize(
    ("section", "driver"),
    [("social_card", "crt591"), ("pin_pad", "zt598"), ("auxiliaries", "modbus")],
)
def test_a_serial_driver_without_its_port_is_refused(write, section, driver):
    with pytest.raises(SettingsError, match=rf":2: \[{section}\] driver: .*serial port"):
        load(write(f'[{section}]\ndriver = "{driver}"\n'))


def test_one_port_for_two_devices_is_refused(write, tmp_path):
    port = tmp_path / "port"
    port.touch()
    text = f'[id_reader]\nport = "{port}"\n[auxiliaries]\ndriver = "modbus"\nport = "{port}"\n'
    with pytest.raises(SettingsError, match=r":5: \[auxiliaries\] port: \[id_reader\] is there"):
        load(write(text))


def test_there_is_no_field_without_a_key():
    named = {f"{section}_{key}" for section, key in KEYS_IN_ORDER} | {
        key for _section, key in KEYS_IN_ORDER
    }
    assert {each.name for each in fields(Settings)} <= named | {"patience"}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[kiosk]\nsite = "a"\ncolour = 1\n', 3, ["[kiosk] colour", "no such key", "data_dir"]),
        ("\n[kiosks]\nid = 1\n", 2, ["[kiosks]", "no such section", "id_reader"]),
        ("[[kiosk]]\nid = 1\n", 1, ["[kiosk]", "write it as a section"]),
        ("kiosk = 3\n", 1, ["[kiosk]", "write it as a section"]),
        ("[kiosk]\nid = 17\n", 2, ["[kiosk] id", "wrong type", "four digits"]),
        ('[kiosk]\nid = "17"\n', 2, ["[kiosk] id", "not possible", "four digits"]),
        ('[screen]\nfullscreen = "yes"\n', 2, ["fullscreen", "true or false"]),
        ('[screen]\nlanguage = "de"\n', 2, ["language", '"zh_CN" or "en"']),
        ("[screen]\nwidth_px = 10.5\n", 2, ["width_px", "wrong type", "pixels"]),
        ("[screen]\nwidth_px = true\n", 2, ["width_px", "wrong type"]),
        ("[screen]\nwidth_mm = nan\n", 2, ["width_mm", "not possible", "millimetres"]),
        ('[central]\nurl = "127.0.0.1:8010"\n', 2, ["url", "http://host:port"]),
        ('[central]\nurl = "http://host:99999"\n', 2, ["url", "http://host:port"]),
        ('[central]\nurl = "http://[::1"\n', 2, ["url", "http://host:port"]),
        ("[central]\ntimeout_s = 0\n", 2, ["timeout_s", "0.5 to 60"]),
        ('[id_reader]\ndriver = "other"\n', 2, ["driver", '"samv"']),
        ("[id_reader]\nbaudrate = 12345\n", 2, ["baudrate", "9600"]),
        ('[printer]\nport = "tcp://host"\n', 2, ["port", "tcp://host:port"]),
        ('[printer]\nport = "tcp://host:70000"\n', 2, ["port", "tcp://host:port"]),
        ('[printer]\nport = "tcp://host:0"\n', 2, ["port", "tcp://host:port"]),
        ("[printer]\nwidth_mm = 76\n", 2, ["width_mm", "58 or 80"]),
        ("[printer]\nhead_km = -1\n", 2, ["head_km", "0 (not known) to 1000"]),
        ("[printer]\ncutter_cuts = 1.5\n", 2, ["cutter_cuts", "0 (not known)"]),
        ('[camera]\nsource = " "\n', 2, ["source", "not empty"]),
        ("[service]\nbanks = []\n", 2, ["banks", "at least one"]),
        ("[service]\nbanks = [1]\n", 2, ["banks", "names of banks"]),
        ("[patience]\nwarn = 4\n", 2, ["warn", "5 to 3600"]),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line_and_its_cure(write, text, line, says):
    path = write(text)
    told = refused(path)
    assert told.startswith(f"{path}:{line}: ")
    assert all(word in told for word in says), told


def test_a_key_is_found_in_its_own_section(write):
    """Two sections have a key `port`; the line is that of the wrong one."""
    told = refused(write('[id_reader]\nport = "/dev/a"\n\n[printer]\nport = 9100\n'))
    assert ":5: [printer] port" in told


def test_broken_toml_says_where(write):
    told = refused(write("[kiosk]\nid = \n"))
    assert "not TOML" in told
    assert "line 2" in told


def test_a_file_that_is_not_text(tmp_path):
    path = tmp_path / "kiosk.toml"
    path.write_bytes(b"\xff\xfe[kiosk]")
    assert "not TOML" in refused(path)


def test_a_missing_file_says_so(tmp_path):
    assert "cannot be read" in refused(tmp_path / "none.toml")


def test_a_folder_says_so(tmp_path):
    assert "cannot be read" in refused(tmp_path)


def test_a_panel_too_narrow_for_fingers_is_refused(write):
    told = refused(write("[screen]\nwidth_mm = 150\n"))
    assert "smallest button is 10 mm" in told
    assert "width_mm = 150" in told


BASIC = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
    st.dates(min_value=date(1000, 1, 1)),
    st.datetimes(min_value=datetime(1000, 1, 1)),  # noqa: DTZ001 - TOML has local times
    st.times(),
)
VALUES = st.recursive(BASIC, lambda inner: st.lists(inner, max_size=3), max_leaves=5)
NAMES = st.one_of(
    st.sampled_from([key for _section, key in KEYS_IN_ORDER]),
    st.from_regex(r"[A-Za-z0-9_-]{1,8}", fullmatch=True),
)
SECTIONS = st.one_of(st.sampled_from(list(KEYS)), st.from_regex(r"[a-z_]{1,8}", fullmatch=True))
TABLES = st.dictionaries(SECTIONS, st.dictionaries(NAMES, VALUES, max_size=3), max_size=3)


def toml(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return repr(value)


@settings(max_examples=150, deadline=None)
@given(TABLES)
def test_any_table_is_used_or_refused_with_its_line(tmp_path_factory, tables):
    path = tmp_path_factory.getbasetemp() / "random.toml"
    lines = [
        line
        for section, keys in tables.items()
        for line in (f"[{section}]", *(f"{key} = {toml(value)}" for key, value in keys.items()))
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    told = outcome(path)
    assert told is None or told.startswith(str(path))


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_used_or_refused(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "text.toml"
    path.write_text(text, "utf-8")
    told = outcome(path)
    assert told is None or told.startswith(str(path))
