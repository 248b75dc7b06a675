"""Sound becomes frames, and where windows meet nothing is lost, doubled or heard differently."""

import numpy as np
import pytest
import soxr
from hypothesis import given
from hypothesis import strategies as st

from asr.encoder import FRAME_SAMPLES, SAMPLE_RATE_HZ, Encoder, stitched
from pronunciation.synthesis import INSTALLED_MODEL, INSTALLED_VOICES, Synthesiser
from tools.site import data_dir


def loudness(windows):
    return windows.reshape(len(windows), -1, FRAME_SAMPLES).mean(2, keepdims=True)


@given(st.integers(1, 40 * SAMPLE_RATE_HZ))
def test_each_frame_is_of_its_own_moment_however_long_the_sound(sample_count):
    samples = np.repeat(np.arange(1, 2001, dtype=np.float32), FRAME_SAMPLES)[:sample_count]
    frames = stitched(samples, loudness)[:, 0]
    assert len(frames) == -(-sample_count // FRAME_SAMPLES)
    whole = sample_count // FRAME_SAMPLES
    assert np.array_equal(frames[:whole], np.arange(1, whole + 1))


@pytest.fixture(scope="module")
def encoder():
    return Encoder.load(data_dir() / "models", cpu_threads=1)


@pytest.mark.slow
def test_a_seam_is_heard_almost_as_if_it_were_none(encoder):
    voice = Synthesiser(INSTALLED_MODEL, INSTALLED_VOICES)
    sound = voice.speak("您好，请问有什么可以帮您，请您稍等，我帮您查一下。", "zf_xiaoni")
    sound = soxr.resample(sound, 24_000, SAMPLE_RATE_HZ)
    spoken = np.concatenate([sound, sound, sound]).astype(np.float32)
    frames = encoder.frames(spoken)
    assert frames.dtype == np.float32
    assert frames.shape == (-(-len(spoken) // FRAME_SAMPLES), 512)
    # The encoder knows how far into its window a frame stands, so frames of one moment in two
    # windows are not the same; but none is as like it as that of the same moment.
    alone = encoder.frames(spoken[SAMPLE_RATE_HZ:])
    one, other = (some / np.linalg.norm(some, axis=1, keepdims=True) for some in (frames, alone))
    seam = slice(300, 400)  # seven seconds in, where the first window ends
    nearest = (one[seam] @ other.T).argmax(axis=1)
    assert np.median(np.abs(nearest - np.arange(250, 350))) <= 2
