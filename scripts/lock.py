"""Write the lock files under requirements/ anew: every version and hash that pyproject.toml's ranges lead to.

`python scripts/lock.py UV`, from the root of the tree; UV is the requirement of the resolver (`uv==1.2.3`), which gets an
environment of its own, `.venv-lock`. The locks hold for Python 3.11 to 3.14 on every platform and name no package index.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMON = ["--universal", "--generate-hashes", "--python-version", "3.11", "--no-header", "--no-annotate", "--quiet"]
LOCKS = (
    # The whole first: what people run is pinned to what was tested.
    ("test", ["pyproject.toml", "--all-extras", "--group", "build", "--group", "app"]),
    ("run", ["pyproject.toml", "--group", "build", "--constraints", "requirements/test.txt"]),
    ("bench", ["pyproject.toml", "--group", "build", "--group", "bench", "--constraints", "requirements/test.txt"]),
    ("app", ["--group", "app", "--constraints", "requirements/test.txt"]),
)
HEADER = "# Made by `make lock`; do not edit. {what}\n"
WHAT = {
    "test": "What the tests need, every extra included.",
    "run": "What chartgen needs to run from this tree.",
    "app": "What the reference application's backend needs to run.",
    "bench": "What the benchmarks need: chartgen as its users have it, and a peer.",
}


def main(requirement: str) -> int:
    """Resolve and write; 0 if the locks are there."""
    folder = ROOT / ".venv-lock"
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", requirement], check=True)
    for name, options in LOCKS:
        target = ROOT / "requirements" / f"{name}.txt"
        command = [str(programs / "uv"), "pip", "compile", *COMMON, *options]
        print("  $", " ".join(["uv", *command[1:]]), flush=True)
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        target.write_text(HEADER.format(what=WHAT[name]) + done.stdout, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
