"""Chimes and speech: what was really played, on which device, and what happens without one."""

import contextlib
import queue
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from hardware.device import Device, Media, State, state_of
from hardware.fault import Cure, DeviceFault
from hardware.sound import voice
from hardware.sound.chimes import TONES, Chime
from hardware.sound.driver import Sound
from hardware.sound.pcm import Pcm, encode_wave
from hardware.sound.simulator import RATE, SoundSimulator

PACE = 20.0  # the sound card plays so many times faster, for the tests' sake
PATIENCE_S = 10.0
PERIOD = 0.13  # seconds of silence that aplay may add to fill its last period
SENTENCE = "请将居民身份证放在读卡器上"
RECORDED_HZ = 523


@pytest.fixture
def simulator(tmp_path):
    with SoundSimulator(tmp_path / "alsa", PACE) as simulator:
        yield simulator


@pytest.fixture
def slow(tmp_path):
    """A card slow enough to be interrupted."""
    with SoundSimulator(tmp_path / "slow", pace=2.0) as simulator:
        yield simulator


@pytest.fixture
def recordings(tmp_path):
    """One recording: a tone, as prompt "greeting"."""
    folder = tmp_path / "recordings" / "zh_CN"
    folder.mkdir(parents=True)
    at = np.arange(16_000) / 16_000
    samples = (8000 * np.sin(2 * np.pi * RECORDED_HZ * at)).astype("<i2")
    (folder / "greeting.wav").write_bytes(encode_wave(Pcm(16_000, samples.tobytes())))
    (folder / "broken.wav").write_bytes(b"RIFF")
    return folder.parent


@pytest.fixture
def make(recordings):
    with contextlib.ExitStack() as stack:

        def make(simulator, **changes):
            settings = {"headset": "headset", "recordings": recordings} | changes
            sound = Sound("speaker", alsa_config=simulator.config, **settings)
            stack.callback(sound.close)
            return sound

        yield make


@pytest.fixture
def sound(make, simulator):
    return make(simulator)


def _heard(sound, simulator, name="speaker"):
    assert sound.wait(PATIENCE_S)
    simulator.drain()
    return simulator.played(name)


def _seconds(samples):
    """Give how long it sounds, from the first sample that is heard to the last."""
    [loud] = np.nonzero(np.abs(samples.astype(int)) > 300)
    return (loud[-1] - loud[0]) / RATE if len(loud) else 0.0


def _energy(samples):
    return float(np.sqrt(np.mean(samples.astype(float) ** 2))) if len(samples) else 0.0


def _pitch(samples):
    """Give the strongest frequency, in hertz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * RATE / len(samples))


def _until(condition):
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, "it never came to be"
        time.sleep(0.005)


# ---- chimes


@pytest.mark.parametrize("kind", Chime)
def test_a_chime_is_heard_with_its_tones_in_order(sound, simulator, kind):
    sound.chime(kind)
    samples = _heard(sound, simulator)
    begin = int(np.nonzero(samples)[0][0])
    for tone in TONES[kind]:
        end = begin + int(tone.seconds * RATE)
        assert _pitch(samples[begin:end]) == pytest.approx(tone.hertz, abs=1.1 / tone.seconds)
        begin = end + int(tone.pause_s * RATE)
    assert _energy(samples[begin + 10 :]) < 5, "and then silence"
    assert not len(simulator.played("headset"))


def test_every_key_sounds_alike_and_a_quick_one_is_not_lost(sound, simulator):
    for _ in range(6):
        sound.chime(Chime.KEYPRESS)
    assert _pitch(_heard(sound, simulator)) == pytest.approx(1000, abs=30)


def test_a_caller_never_waits(make, slow):
    sound = make(slow)
    slow.hang()
    began = time.monotonic()
    for _ in range(20):
        sound.chime(Chime.KEYPRESS)
        sound.say(SENTENCE)
    sound.hush()
    assert time.monotonic() - began < 0.5


# ---- speech


def test_a_sentence_is_spoken(sound, simulator):
    sound.say(SENTENCE)
    samples = _heard(sound, simulator)
    assert 2.5 < _seconds(samples) < 6  # 13 syllables, 130 to 300 a minute
    assert _energy(samples) > 500
    assert not len(simulator.played("headset"))


def test_english_is_spoken(sound, simulator):
    sound.say("Please place your card on the reader", "en")
    assert 1.5 < _seconds(_heard(sound, simulator)) < 5


def test_a_language_without_a_voice_is_silent(sound, simulator):
    sound.say("Guten Tag", "de")
    assert not len(_heard(sound, simulator))


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_speed_is_half_to_double(make, tmp_path, language):
    with SoundSimulator(tmp_path / "fast", pace=40.0) as simulator:
        _speak_at_all_speeds(make(simulator), simulator, language)


def _speak_at_all_speeds(sound, simulator, language):
    text = {"zh_CN": SENTENCE, "en": "Please place your identity card on the reader now"}[language]
    lengths = {}
    for speed in voice.SPEEDS:
        simulator.clear()
        sound.set_speed(speed)
        sound.say(text, language)
        lengths[speed] = _seconds(_heard(sound, simulator))
    assert sorted(lengths.values(), reverse=True) == list(lengths.values())
    assert lengths[50] / lengths[100] == pytest.approx(2.0, abs=0.35)
    assert lengths[200] / lengths[100] == pytest.approx(0.5, abs=0.1)


def test_a_recording_is_taken_first(sound, simulator):
    sound.say("您好", key="greeting")
    samples = _heard(sound, simulator)
    assert _seconds(samples) == pytest.approx(1.0, abs=0.02)
    assert _pitch(samples[:RATE]) == pytest.approx(RECORDED_HZ, abs=3)


@pytest.mark.parametrize("key", ["", "unknown", "broken", "../zh_CN/greeting", "GREETING"])
def test_without_a_recording_it_is_synthesised(sound, simulator, key):
    sound.say("您好", key=key)
    samples = _heard(sound, simulator)
    assert 0.2 < _seconds(samples) < 0.95


def test_a_recording_has_one_speed_the_synthesiser_has_all(sound, simulator):
    sound.set_speed(150)
    sound.say("您好", key="greeting")
    assert 0.1 < _seconds(_heard(sound, simulator)) < 0.95


def test_a_fixed_text_is_kept_and_a_personal_one_is_not(sound, simulator, monkeypatch, tmp_path):
    says = {
        "fixed": lambda: sound.say("您好", key="hello"),
        "with a name": lambda: sound.say("曾晓明您好", names=("曾晓明",), key="hello_you"),
        "without a key": lambda: sound.say("您的号码是 500103200002290021"),
    }
    for say in says.values():
        say()
        assert sound.wait(PATIENCE_S)
    (tmp_path / "aplay").symlink_to("/usr/bin/aplay")
    monkeypatch.setenv("PATH", str(tmp_path))  # no espeak-ng any more
    heard = set()
    for name, say in says.items():
        simulator.drain()
        simulator.clear()
        say()
        if len(_heard(sound, simulator)):
            heard.add(name)
    assert heard == {"fixed"}


def test_a_new_prompt_replaces_the_old_one(make, slow):
    sound = make(slow)
    sound.say(SENTENCE * 3)
    _until(lambda: len(slow.played("speaker")) > RATE // 5)
    sound.say("您好", key="greeting")
    samples = _heard(sound, slow)
    assert _seconds(samples) < 3, "not the whole of the first"
    assert _pitch(samples[-RATE // 2 - int(PERIOD * RATE) :]) == pytest.approx(RECORDED_HZ, abs=5)


def test_a_prompt_that_is_replaced_before_it_is_synthesised_is_never_heard(sound, simulator):
    for _ in range(5):
        sound.say(SENTENCE * 5)
    sound.say("您好", key="greeting")
    assert _seconds(_heard(sound, simulator)) < 1.5


def test_a_chime_cuts_in_and_the_prompt_behind_it_waits_for_its_end(make, slow):
    sound = make(slow)
    sound.say(SENTENCE * 3)
    _until(lambda: len(slow.played("speaker")) > RATE // 5)
    slow.clear()
    sound.chime(Chime.SUCCESS)
    sound.say("您好", key="greeting")
    samples = _heard(sound, slow)
    pitches = [
        _pitch(samples[at : at + 2205]) for at in range(0, len(samples) - 2205, 1102)
    ]  # every 0.05 s
    order = [
        next((at for at, pitch in enumerate(pitches) if abs(pitch - hertz) < 15), None)
        for hertz in (659, 880, RECORDED_HZ)
    ]
    assert None not in order
    assert order == sorted(order)


def test_hush_ends_a_prompt_at_once_and_no_chime(make, slow):
    sound = make(slow)
    sound.say(SENTENCE * 3)
    _until(lambda: len(slow.played("speaker")) > RATE // 5)
    heard = len(slow.played("speaker"))
    sound.hush()
    on_its_way = len(_heard(sound, slow)) - heard
    assert on_its_way < 0.35 * RATE, "what aplay and the card held was played out"
    slow.clear()
    sound.chime(Chime.SUCCESS)
    sound.hush()
    assert _seconds(_heard(sound, slow)) == pytest.approx(0.34, abs=0.02)


# ---- headset


def test_a_headset_takes_speech_and_chimes_and_the_speaker_is_mute(sound, simulator):
    sound.plug_headset(plugged=True)
    sound.say(SENTENCE)
    assert _energy(_heard(sound, simulator, "headset")) > 500
    for kind in (Chime.KEYPRESS, Chime.SUCCESS, Chime.ERROR, Chime.WARNING):
        sound.chime(kind)
        _heard(sound, simulator)
    assert not len(simulator.played("speaker"))


def test_the_chime_for_who_walked_off_is_heard_on_both(sound, simulator):
    sound.plug_headset(plugged=True)
    sound.chime(Chime.EXCLAMATION)
    assert _energy(_heard(sound, simulator, "speaker")) > 500
    assert _energy(simulator.played("headset")) > 500


def test_plugged_in_the_prompt_begins_anew_there_and_nothing_more_is_aloud(make, slow):
    sound = make(slow)
    sound.say("您好", key="greeting")
    _until(lambda: len(slow.played("speaker")) > RATE // 5)
    sound.plug_headset(plugged=True)
    slow.drain()
    aloud = len(slow.played("speaker"))
    assert _seconds(_heard(sound, slow, "headset")) == pytest.approx(1.0, abs=0.02)
    assert len(slow.played("speaker")) == aloud


def test_pulled_out_speech_ends_and_is_not_repeated_aloud(make, slow):
    sound = make(slow)
    sound.plug_headset(plugged=True)
    sound.say(SENTENCE * 3)
    _until(lambda: len(slow.played("headset")) > RATE // 5)
    sound.plug_headset(plugged=False)
    assert _seconds(_heard(sound, slow, "headset")) < 2
    assert not len(slow.played("speaker"))
    sound.say("您好", key="greeting")
    assert _seconds(_heard(sound, slow)) == pytest.approx(1.0, abs=0.02)


def test_a_plugged_headset_that_is_dead_leaves_the_speaker_mute(sound, simulator):
    simulator.unplug("headset")
    sound.plug_headset(plugged=True)
    sound.say(SENTENCE)
    assert not len(_heard(sound, simulator))
    assert state_of(sound).state is State.NO_DEVICE
    sound.plug_headset(plugged=False)
    assert sound.status().state is State.ONLINE


def test_without_a_headset_device_its_switch_changes_nothing(make, simulator):
    sound = make(simulator, headset="")
    sound.plug_headset(plugged=True)
    sound.say("您好", key="greeting")
    assert _seconds(_heard(sound, simulator)) == pytest.approx(1.0, abs=0.02)
    assert sound.capabilities().features == {"speaker", "speech"}


# ---- a device, and what is missing


def test_it_is_a_device(sound):
    device: Device = sound
    assert device.name == "sound"
    assert device.status().state is State.ONLINE
    assert device.capabilities().features == {"speaker", "headset", "speech"}
    assert device.reset() is Media.UNKNOWN


def test_nothing_is_opened_before_the_first_sound(tmp_path):
    threads = threading.active_count()
    Sound("speaker", alsa_config=tmp_path / "none").close()
    assert threading.active_count() == threads


def _told(sound):
    with pytest.raises(DeviceFault) as told:
        sound.status()
    assert told.value.device == "sound"
    return told.value.cure, told.value.detail


@pytest.fixture
def events():
    return queue.Queue()


def _next(events):
    fault = events.get(timeout=PATIENCE_S)
    return fault and (fault.cure, fault.detail)


def test_a_missing_device_is_told_once_and_comes_back_by_itself(make, simulator, events):
    sound = make(simulator, on_fault=events.put)
    simulator.unplug()
    for _ in range(3):
        sound.chime(Chime.KEYPRESS)
        assert sound.wait(PATIENCE_S)
    assert _next(events) == (Cure.REPLUG, "no_device")
    assert events.empty()
    assert _told(sound) == (Cure.REPLUG, "no_device")
    simulator.plug()
    sound.chime(Chime.KEYPRESS)
    assert _next(events) is None
    assert _energy(_heard(sound, simulator)) > 100
    assert events.empty()


def test_a_device_pulled_out_while_it_plays(make, slow, events):
    sound = make(slow, on_fault=events.put)
    sound.say(SENTENCE * 3)
    _until(lambda: len(slow.played("speaker")) > RATE // 5)
    slow.unplug()
    assert _next(events) == (Cure.REPLUG, "no_device")
    slow.plug()
    assert sound.status().state is State.ONLINE
    assert _next(events) is None


def test_a_device_that_hangs_is_left_in_time(make, simulator, events):
    sound = make(simulator, on_fault=events.put)
    simulator.hang()
    began = time.monotonic()
    sound.chime(Chime.KEYPRESS)
    assert _next(events) == (Cure.REPLUG, "time_out")
    assert time.monotonic() - began < 3
    simulator.hang(hung=False)
    assert sound.status().state is State.ONLINE


def test_a_device_that_another_program_holds(tmp_path, make, simulator, events):
    """aplay's own words for it: no such device can be simulated, so its message stands for it."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    _script(
        bin_ / "aplay",
        "echo 'aplay: main:831: audio open error: Device or resource busy' >&2; exit 1",
    )
    sound = make(simulator, on_fault=events.put)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{bin_}:/usr/bin:/bin")
        assert _told(sound) == (Cure.RETRY, "device_not_ready")
        _script(bin_ / "aplay", "echo 'aplay: set_params: Sample format non available' >&2; exit 1")
        assert _told(sound) == (Cure.ATTENDANT, "hardware_error")
    assert sound.status().state is State.ONLINE


def _script(path, line):
    path.write_text(f"#!/bin/sh\n{line}\n", "utf-8")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("line", "cure", "detail"),
    [
        ("exit 1", Cure.ATTENDANT, "internal_error"),
        ("echo nonsense", Cure.ATTENDANT, "internal_error"),
        ("exec sleep 60", Cure.RETRY, "time_out"),
    ],
)
def test_a_synthesiser_that_fails(
    tmp_path, make, simulator, events, monkeypatch, line, cure, detail
):
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    _script(bin_ / "espeak-ng", line)
    monkeypatch.setattr(voice, "SYNTHESIS_S", 0.3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{bin_}:/usr/bin:/bin")
        sound = make(simulator, on_fault=events.put)
        sound.say(SENTENCE)
        assert _next(events) == (cure, detail)
        sound.say(SENTENCE)
        sound.chime(Chime.KEYPRESS)  # is not delayed by it
        assert _pitch(_heard(sound, simulator)) == pytest.approx(1000, abs=30)
        assert _told(sound) == (cure, detail)
    sound.say(SENTENCE)
    assert _next(events) is None
    assert sound.wait(PATIENCE_S)


def test_without_its_programs_it_is_a_fault_and_no_exception(make, simulator, events, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    sound = make(simulator, on_fault=events.put)
    sound.chime(Chime.KEYPRESS)
    assert _next(events) == (Cure.ATTENDANT, "internal_error")
    sound.say(SENTENCE)
    assert sound.wait(PATIENCE_S)
    assert _told(sound) == (Cure.ATTENDANT, "internal_error")


def test_a_callback_may_close(make, simulator):
    closed = threading.Event()
    simulator.unplug()

    def hear(_fault):
        sound.close()
        closed.set()

    sound = make(simulator, on_fault=hear)
    sound.chime(Chime.KEYPRESS)
    assert closed.wait(PATIENCE_S)


def test_a_hearer_that_fails_does_not_end_the_sounds(make, simulator, caplog):
    told = queue.Queue()

    def hear(fault):
        told.put(fault)
        raise KeyError("a mistake of the hearer")

    simulator.unplug()
    sound = make(simulator, on_fault=hear)
    sound.chime(Chime.KEYPRESS)
    assert told.get(timeout=PATIENCE_S).detail == "no_device"
    simulator.plug()
    sound.chime(Chime.SUCCESS)
    assert _energy(_heard(sound, simulator)) > 500
    assert "KeyError" in caplog.text


def test_after_close_the_next_sound_begins_anew(sound, simulator):
    sound.say(SENTENCE)
    sound.close()
    simulator.drain()
    simulator.clear()
    sound.say("您好", key="greeting")
    assert _seconds(_heard(sound, simulator)) == pytest.approx(1.0, abs=0.02)


def test_nothing_personal_is_on_a_command_line_or_a_disk(make, slow, tmp_path):
    sound = make(slow)
    personal = "持卡人 曾晓明 号码 500103200002290021"
    before = set(tmp_path.rglob("*"))
    shown = set()
    sound.say(personal, names=("曾晓明",))
    until = time.monotonic() + PATIENCE_S
    while len(slow.played("speaker")) < RATE // 5 and time.monotonic() < until:
        shown |= _command_lines()
    shown |= _command_lines()
    sound.hush()
    lines = " ".join(shown)
    assert "aplay" in lines
    assert "曾" not in lines
    assert "zeng" not in lines
    assert "ling2" not in lines
    assert "5001" not in lines
    assert set(tmp_path.rglob("*")) == before
    assert "曾" not in repr(voice.Prompt(personal, "zh_CN", names=("曾晓明",)))


def _command_lines():
    lines = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            lines.add(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
    return {line for line in lines if line.startswith(("aplay", "espeak-ng"))}


class PlugRig:
    """A speaker, a headset and their driver, for plugging them a thousand times."""

    def __init__(self, simulator: SoundSimulator) -> None:
        self.simulator = simulator
        self.sound = Sound("speaker", "headset", alsa_config=simulator.config)
        self.unplug, self.plug = simulator.unplug, simulator.plug

    def work(self) -> None:
        """Play a chime and try all; DeviceFault if they are away."""
        self.simulator.clear()
        self.sound.chime(Chime.KEYPRESS)
        assert self.sound.wait(PATIENCE_S)
        assert self.sound.status().state is State.ONLINE


@contextlib.contextmanager
def plug_rig(folder: Path):
    with SoundSimulator(folder / "sound", pace=20.0) as simulator:
        rig = PlugRig(simulator)
        yield rig
        rig.sound.close()


def _held():
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()


def test_thirty_replugs_leak_neither_a_thread_nor_a_file(tmp_path):
    with plug_rig(tmp_path) as rig:
        rig.work()
        before = _held()
        for _ in range(30):
            rig.unplug()
            with pytest.raises(DeviceFault):
                rig.work()
            rig.plug()
            rig.work()
        assert _held() == before
