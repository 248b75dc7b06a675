"""Sound becomes frames, and where windows meet nothing is lost, doubled or heard differently."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.encoder import FRAME_SAMPLES, SAMPLE_RATE_HZ, Encoder, stitched
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
@pytest.mark.parametrize("duration_s", [0.5, 7.75, 20.0])
def test_every_20_ms_have_a_frame(encoder, duration_s):
    rng = np.random.default_rng(4)
    noise = rng.normal(scale=0.01, size=round(duration_s * SAMPLE_RATE_HZ)).astype(np.float32)
    frames = encoder.frames(noise)
    assert frames.dtype == np.float32
    assert frames.shape == (round(duration_s * 50), 512)
    assert np.isfinite(frames).all()
