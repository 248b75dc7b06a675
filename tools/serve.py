"""Start the web app and a worker together: `python3 -m tools.serve`, after set-up."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.site import data_dir
from tools.steps import PYTHON, ROOT, StepFailed, say

#: One process, because limits and caches are kept per process; threads serve what waits.
WEB = (
    *(str(PYTHON), "-m", "gunicorn", "qa_app:create_app()"),
    *("--worker-class", "gthread", "--workers", "1", "--threads", "8"),
    # Sound is sent to slow readers and uploads come from them.
    *("--timeout", "120", "--graceful-timeout", "5", "--log-level", "warning"),
)
WORKER = (
    *(str(PYTHON), "-m", "celery", "--quiet", "--app", "qa_app.worker", "worker"),
    # Two queues, so that what somebody waits for does not stand behind a night's recordings.
    *("--queues", "interactive,bulk", "--without-gossip", "--without-mingle"),
    *("--loglevel", "WARNING"),
)
STARTS_WITHIN_S = 60
STOPS_WITHIN_S = 10
#: A process that dies sooner than this after its start will die again.
LIVES_AT_LEAST_S = 10
POLL_S = 0.1
PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass
class Child:
    """A process that is kept alive, in a group of its own: Ctrl-C reaches it through us alone."""

    name: str
    command: Sequence[str]
    _process: subprocess.Popen[bytes] = field(init=False)
    _started: float = field(init=False)

    def start(self) -> None:
        """Start the process."""
        self._process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - there are no threads here
        )
        self._started = time.monotonic()

    def keep_alive(self) -> None:
        """Start the process again if it ended.

        Raises
        ------
        StepFailed
            It ended right after its start.
        """
        if self._process.poll() is None:
            return
        ended = f"{self.name} ended with {self._process.returncode}"
        if time.monotonic() - self._started < LIVES_AT_LEAST_S:
            raise StepFailed(f"{ended} right after its start; the reason stands above")
        say(f"✗ {ended}; starting it again")
        self.start()

    def ask_to_stop(self) -> None:
        """Let the process end what it does and stop its own children."""
        self._process.terminate()

    def end(self) -> None:
        """End whatever is left of the process and its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def wait(self, deadline: float) -> bool:
        """Wait for the end; tell whether it came in time."""
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return False
        return True


def _end_with_parent() -> None:
    """Ask the kernel for a SIGTERM when we die without a chance to send it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Stopped(Exception):
    """Somebody asked us to stop."""


def main() -> None:
    """Run both until told to stop, or the worker alone in place of this process."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.serve", description=__doc__)
    parser.add_argument("--bind", default="127.0.0.1:5000", metavar="HOST:PORT")
    parser.add_argument("--worker", action="store_true", help="the worker alone")
    arguments = parser.parse_args()
    if arguments.worker:
        os.chdir(ROOT)
        os.execv(WORKER[0], WORKER)  # noqa: S606 - no shell is wanted
    bind = arguments.bind
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    web = Child("The web app", (*WEB, "--bind", bind))
    worker = Child("The worker", WORKER)
    started: list[Child] = []
    failed = False
    try:
        refuse_taken_address(bind)
        # The page first: on a small machine both starting at once would make people wait.
        web.start()
        started.append(web)
        _wait_until_healthy(bind, web)
        worker.start()
        started.append(worker)
        _welcome(bind)
        while True:
            time.sleep(POLL_S)
            for child in started:
                child.keep_alive()
    except Stopped:
        say("\nStopping …")
    except StepFailed as failure:
        say(f"✗ {failure}")
        failed = True
    finally:
        # A second Ctrl-C must not leave half of it running.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _stop_all(started)
    say("Stopped.")
    raise SystemExit(1 if failed else 0)


def refuse_taken_address(bind: str) -> None:
    """Say so before anything starts if another program answers at the address.

    Raises
    ------
    StepFailed
        One does.
    """
    if _answers(bind, "/") is not None:
        raise StepFailed(
            f"Another program answers on {bind}: stop it, or choose another address, "
            "such as `make BIND=127.0.0.1:5001 run`"
        )


def _stop(_number: int, _frame: object) -> None:
    raise Stopped


def _wait_until_healthy(bind: str, web: Child) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while _answers(bind, "/healthz") != http.client.OK:
        if time.monotonic() > deadline:
            raise StepFailed(f"The web app did not answer on {bind} in {STARTS_WITHIN_S} s")
        time.sleep(POLL_S)
        web.keep_alive()


def _answers(bind: str, path: str) -> int | None:
    connection = http.client.HTTPConnection(bind, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _welcome(bind: str) -> None:
    lines = [f"听正 is running on http://{bind}"]
    for name in ("first-sign-in.txt", "demo-sign-ins.txt"):
        kept = data_dir() / name
        if kept.exists():
            lines += ["", kept.read_text("utf-8").strip()]
    lines += ["", "Ctrl-C stops it."]
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    sys.stdout.flush()


def _stop_all(children: Sequence[Child]) -> None:
    deadline = time.monotonic() + STOPS_WITHIN_S
    for child in children:
        child.ask_to_stop()
    for child in children:
        if not child.wait(deadline):
            # A call in work goes back to the queue when its lease runs out.
            say(f"{child.name} was still at work and is ended now; its call goes back to the queue")
        child.end()


if __name__ == "__main__":
    main()
