"""Sounds in memory: chimes that are what their rows say, and WAV files of any kind."""

import io
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.sound.chimes import RATE, TONES, Chime, chime
from hardware.sound.pcm import BadWave, Pcm, decode_wave, encode_wave


def _wave(samples, *, rate=RATE, channels=1, width=2):
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        out.writeframes(samples)
    return file.getvalue()


@pytest.mark.parametrize("kind", Chime)
def test_a_chime_is_as_long_as_its_row_and_does_not_clip(kind):
    sound = chime(kind)
    samples = np.frombuffer(sound.data, "<i2")
    length = sum(tone.seconds + tone.pause_s for tone in TONES[kind])
    assert sound.seconds == pytest.approx(length, abs=0.001)
    assert sound.seconds < 1
    assert 10_000 < np.abs(samples).max() < 20_000
    assert max(abs(int(samples[0])), abs(int(samples[-1]))) < 300, "it would click"


def test_a_wave_comes_back():
    sound = chime(Chime.SUCCESS)
    assert decode_wave(encode_wave(sound)) == sound


def test_a_header_of_unknown_length_is_no_fault():
    streamed = bytearray(_wave(b"\x01\x00" * 100))
    streamed[4:8] = streamed[40:44] = b"\xff\xff\xff\x7f"  # as espeak-ng writes to a pipe
    assert decode_wave(bytes(streamed)) == Pcm(RATE, b"\x01\x00" * 100)


def test_two_channels_become_one():
    stereo = np.array([[100, 300], [-100, -300]], "<i2").tobytes()
    assert decode_wave(_wave(stereo, channels=2)).data == np.array([200, -200], "<i2").tobytes()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"not a wave at all",
        _wave(b""),
        _wave(b"\x80" * 100, width=1),
        _wave(b"\x00" * 120, width=3),
        _wave(b"\x00" * 120, channels=3),
        _wave(b"\x00" * 100, rate=400),
        _wave(b"\x00" * 100, rate=192_000),
        _wave(b"\x00" * 100)[:30],
    ],
)
def test_what_is_no_wave_of_ours_is_refused(data):
    with pytest.raises(BadWave):
        decode_wave(data)


GOOD = encode_wave(chime(Chime.KEYPRESS))[:200]


@given(
    st.one_of(
        st.binary(max_size=200),
        st.builds(
            lambda at, piece: GOOD[:at] + piece + GOOD[at + len(piece) :],
            st.integers(0, 60),
            st.binary(max_size=8),
        ),
    )
)
def test_any_bytes_are_a_sound_or_refused(data):
    try:
        sound = decode_wave(data)
    except BadWave:
        return
    assert 0 < len(sound.data) <= len(data)


def test_a_sound_does_not_show_its_samples():
    assert repr(chime(Chime.KEYPRESS)) == "Pcm(rate=22050)"


def test_half_as_loud():
    sound = Pcm(8_000, np.array([-32_768, -3, 0, 100, 32_767], "<i2").tobytes())
    half = np.frombuffer(sound.at(50).data, "<i2")
    assert list(half) == [-16_384, -2, 0, 50, 16_383]
    assert sound.at(100) is sound
    assert not any(sound.at(0).data)
