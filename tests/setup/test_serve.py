"""Web and worker run together, come back when they die, and stop together."""

import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tools import serve
from tools.serve import Child, refuse_taken_address
from tools.steps import StepFailed

ROOT = Path(__file__).parents[2]
#: Stands in for the web app: answers on the address it is given, and writes down who it is.
WEB = """
import http.server, os, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *args):
        pass
open(sys.argv[1], "a").write(f"{os.getpid()}\\n")
host, port = sys.argv[-1].split(":")
http.server.HTTPServer((host, int(port)), Answer).serve_forever()
"""
WORKER = 'import os, sys, time; open(sys.argv[1], "a").write(f"{os.getpid()}\\n"); time.sleep(600)'
START = """
import sys
from tools import serve
serve.WEB = (sys.executable, "-c", {web!r}, {folder!r} + "/web")
serve.WORKER = (sys.executable, "-c", {worker!r}, {folder!r} + "/worker")
serve.LIVES_AT_LEAST_S = {lives_s}
serve.main()
"""


@pytest.fixture
def free_port() -> int:
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        return server.server_port


@pytest.fixture
def start(tmp_path: Path, free_port: int):
    started: list[subprocess.Popen[str]] = []

    def act(*, worker: str = WORKER, lives_s: float = 0.0) -> subprocess.Popen[str]:
        (tmp_path / "first-sign-in.txt").write_text("admin abcd", "utf-8")
        script = START.format(web=WEB, worker=worker, folder=str(tmp_path), lives_s=lives_s)
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", script, "--bind", f"127.0.0.1:{free_port}"],
                cwd=ROOT,
                env={**os.environ, "QA_DATA_DIR": str(tmp_path)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield act
    for process in started:
        process.terminate()
        process.communicate(timeout=20)


def read_until(process: subprocess.Popen[str], last: str) -> str:
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if last in line:
            return text
    raise AssertionError(f"{last!r} was never said: {text}")


def pids(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()]


def first_pids(file: Path) -> list[int]:
    """Wait until the process has written down who it is."""
    deadline = time.monotonic() + 15
    while not (file.exists() and pids(file)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return pids(file)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_neither_outlives_a_supervisor_that_is_killed(start, tmp_path):
    process = start()
    read_until(process, "Ctrl-C")
    first_pids(tmp_path / "worker")
    process.kill()
    process.wait(15)
    deadline = time.monotonic() + 15
    while any(is_alive(pid) for name in ("web", "worker") for pid in pids(tmp_path / name)):
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_being_told_to_stop_stops_both(start, tmp_path, number):
    process = start()
    read_until(process, "Ctrl-C")
    (web,), (worker,) = first_pids(tmp_path / "web"), first_pids(tmp_path / "worker")
    process.send_signal(number)
    assert process.wait(15) == 0
    assert not is_alive(web)
    assert not is_alive(worker)


def test_the_start_says_the_address_and_the_first_sign_in(start, free_port):
    text = read_until(start(), "Ctrl-C")
    assert f"http://127.0.0.1:{free_port}" in text
    assert "admin abcd" in text


def test_a_child_that_dies_is_started_again(start, tmp_path):
    process = start()
    read_until(process, "Ctrl-C")
    (first,) = first_pids(tmp_path / "worker")
    os.kill(first, signal.SIGKILL)
    deadline = time.monotonic() + 15
    while len(pids(tmp_path / "worker")) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert is_alive(pids(tmp_path / "worker")[1])
    assert process.poll() is None


def test_a_child_that_cannot_start_ends_everything_and_says_so(start, tmp_path):
    process = start(worker="import sys; sys.exit('no model')", lives_s=60.0)
    assert process.wait(15) == 1
    assert process.stderr is not None
    said = process.stderr.read()
    assert "no model" in said
    assert "The worker ended with 1 right after its start" in said
    assert not is_alive(pids(tmp_path / "web")[0])


def test_a_child_that_ignores_the_wish_to_stop_is_ended(monkeypatch):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    child = Child("Deaf", (sys.executable, "-c", deaf))
    child.start()
    time.sleep(0.5)
    monkeypatch.setattr(serve, "STOPS_WITHIN_S", 0.5)
    serve._stop_all([child])  # noqa: SLF001
    assert child.wait(time.monotonic() + 5)


def test_an_address_that_is_taken_is_refused_with_a_cure():
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as other:
        thread = threading.Thread(target=other.serve_forever)
        thread.start()
        try:
            with pytest.raises(StepFailed, match=r"Another program answers .* BIND=127"):
                refuse_taken_address(f"127.0.0.1:{other.server_port}")
        finally:
            other.shutdown()
            thread.join()


def test_a_free_address_is_not_refused(free_port):
    refuse_taken_address(f"127.0.0.1:{free_port}")
