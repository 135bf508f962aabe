"""The microphone: a chime that sounded in the room is heard, and nothing else is taken for it."""

import numpy as np
import pytest

from hardware.fault import DeviceFault
from hardware.sound.chimes import RATE, Chime, chime
from hardware.sound.microphone import LISTEN_S, Microphone, heard

ROOM = np.random.default_rng(7)
NOISE = ROOM.normal(0, 300, RATE * LISTEN_S)
"""A hall: one hundredth of full scale."""


def recorded(kind=None, at_s=0.7, loud=0.2, noise=NOISE):
    """Two seconds of a room in which a chime sounded."""
    samples = noise.copy()
    if kind is not None:
        tones = np.frombuffer(chime(kind).data, "<i2") * loud
        start = int(at_s * RATE)
        samples[start : start + len(tones)] += tones
    return np.clip(samples, -32768, 32767).astype("<i2")


@pytest.mark.parametrize("at_s", [0.0, 0.33, 1.6])
@pytest.mark.parametrize("loud", [0.05, 1.0])
def test_the_chime_is_heard_in_a_room_with_noise(at_s, loud):
    assert heard(Chime.SUCCESS, recorded(Chime.SUCCESS, at_s, loud))


@pytest.mark.parametrize(
    "samples",
    [
        recorded(),
        recorded(noise=np.zeros(RATE * LISTEN_S)),
        recorded(Chime.ERROR),
        recorded(Chime.EXCLAMATION),
        recorded(Chime.SUCCESS)[::-1],
        np.full(RATE * LISTEN_S, 12_000, "<i2"),
        np.zeros(10, "<i2"),
    ],
    ids=["noise", "silence", "another", "one tone", "backwards", "stuck", "cut"],
)
def test_what_is_not_the_chime_is_not_taken_for_it(samples):
    assert not heard(Chime.SUCCESS, samples)


@pytest.fixture
def room(tmp_path):
    """An ALSA microphone that hears what a file holds, and where that file is."""
    heard_by, config = tmp_path / "heard.raw", tmp_path / "asound.conf"
    config.write_text(
        "pcm.nothing { type null }\n"
        f'pcm.microphone {{ type file slave.pcm "nothing" file "/dev/null" '
        f'infile "{heard_by}" format "raw" }}\n'
    )
    return heard_by, config


def test_arecord_s_recording_is_listened_to(room):
    heard_by, config = room
    heard_by.write_bytes(recorded(Chime.SUCCESS).tobytes())
    played = []
    microphone = Microphone("microphone", config)
    assert microphone.hears(Chime.SUCCESS, lambda: played.append(1))
    heard_by.write_bytes(recorded().tobytes())
    assert not microphone.hears(Chime.SUCCESS, lambda: played.append(1))
    assert played == [1, 1]


def test_a_microphone_that_is_not_there_is_a_fault(room):
    with pytest.raises(DeviceFault) as caught:
        Microphone("gone", room[1]).hears(Chime.SUCCESS, lambda: None)
    assert (caught.value.detail, caught.value.cure) == ("no_device", "replug")
