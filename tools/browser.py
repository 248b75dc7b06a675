"""The browser that the suite drives."""

from __future__ import annotations

import os
import shutil

from tools.steps import StepFailed, run

CURE = "The browser tests need Chromium: sudo apt-get install chromium"


def bring_chromium() -> None:
    """Install Debian's Chromium where it is missing and we may.

    Raises
    ------
    StepFailed
        It is missing and only the machine's owner can install it.
    """
    if shutil.which("chromium"):
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise StepFailed(CURE)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "-q", "update", cure=CURE, env=quiet, quiet=True)
    run(
        *("apt-get", "-q", "install", "-y", "--no-install-recommends", "chromium"),
        cure=CURE,
        env=quiet,
        quiet=True,
    )
