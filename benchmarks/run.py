"""Every benchmark of docs/benchmarks.md, one after the other: `make bench`.

Recordings with their truth are not part of the product; name a folder of such calls as the first
argument (`make bench CALLS=folder`), and the speech benchmarks run on it. The pages are measured
on generated rows, the checks on made sentences and on made calls. These are made on the first run,
which takes some 35 minutes, and kept in the data folder.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
DEFAULT_CALLS = HERE.parents[1] / "shared" / "calls"


def main() -> int:
    """Run them; the exit code is that of the first that falls short."""
    calls = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_CALLS
    commands = [
        [str(HERE / "page_speed.py")],
        [str(HERE / "checks_speed.py")],
        [str(HERE / "checks_recall.py")],
        [str(HERE / "checks_phrases.py")],
        [str(HERE / "calls_recall.py")],
    ]
    if (calls / "truth.json").exists():
        speech = str(HERE / "asr_speed.py")
        commands += [[speech, str(calls)], [speech, str(calls), "--hours", "2"]]
    else:
        print(f"No truth.json in {calls}: the speech benchmarks are left out.", file=sys.stderr)
    code = 0
    for command in commands:
        print("$ python", " ".join(command), flush=True)
        # Whatever falls short, the others are measured too.
        fell_short = subprocess.call([sys.executable, *command], cwd=HERE.parent)
        code = code or fell_short
    return code


if __name__ == "__main__":
    sys.exit(main())
