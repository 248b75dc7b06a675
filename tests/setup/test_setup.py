"""The order of the steps, and whom set-up refuses."""

import fcntl
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import setup, site
from tools.steps import StepFailed

ROOT = Path(__file__).parents[2]


def names(*, for_tests: bool) -> list[str]:
    return [step.name for step in setup.steps(for_tests=for_tests)]


def test_an_old_python_is_refused_with_a_cure():
    with pytest.raises(StepFailed, match=r"3\.11 or newer .* is 3\.10: .*PYTHON="):
        setup.refuse_old_python((3, 10))


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (4, 0)])
def test_a_new_python_is_welcome(version):
    setup.refuse_old_python(version)


def test_a_site_gets_its_data_and_no_test_tools():
    steps = names(for_tests=False)
    assert steps[:2] == ["environment", "requirements"]
    assert steps[-3:] == ["database", "first-sign-in", "demo"]
    assert "browser" not in steps


def test_the_suite_gets_its_tools_and_leaves_the_site_alone():
    steps = names(for_tests=True)
    assert "requirements-dev" in steps
    assert steps[-1] == "browser"
    assert "database" not in steps


def test_the_data_folder_is_the_settings_one(monkeypatch, tmp_path):
    monkeypatch.delenv("QA_DATA_DIR", raising=False)
    assert site.data_dir() == ROOT / "instance"
    monkeypatch.setenv("QA_DATA_DIR", str(tmp_path))
    assert site.data_dir() == tmp_path


def test_a_new_migration_upgrades_the_database_again(monkeypatch, tmp_path):
    monkeypatch.setattr(site, "MIGRATIONS", tmp_path)
    first = site.data_steps()[0].inputs
    (tmp_path / "0002_more.py").touch()
    assert site.data_steps()[0].inputs != first


def test_a_database_elsewhere_is_asked_at_every_start(monkeypatch):
    monkeypatch.setenv("QA_DATABASE_URL", "postgresql+psycopg:///site")
    assert site.data_steps()[0].inputs != site.data_steps()[0].inputs


def test_help_names_every_command_of_the_makefile():
    makefile = (ROOT / "Makefile").read_text()
    targets = re.search(r"\.PHONY: (.*)", makefile)
    assert targets is not None
    shown = set(re.findall(r"^(\w+):.*## ", makefile, re.MULTILINE))
    assert shown == {word for word in targets[1].split() if not word.startswith("set-up")}


def test_a_second_set_up_waits_for_the_first_and_says_so():
    with (ROOT / "Makefile").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from tools import setup; setup.steps = lambda **_: []\nsetup.main()",
            ],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert second.stderr is not None
        assert "Another set-up is running" in second.stderr.readline()
        assert second.poll() is None
    assert second.wait(10) == 0
    second.stderr.close()
