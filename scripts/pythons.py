"""Run the fast unit tests on every Python that chartgen supports and that this machine has.

`python scripts/pythons.py`, from the root of the tree. Each version has its own environment, `.venv-3.XX`, there;
the one that runs this is used as it is, and with `--others` left out: `make test` runs all tests on it anyway. What was
found, and what was not, is printed. Standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
TESTS = ["-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", "-p", "no:cacheprovider", "-m", "not helm"]


def managed(version: str) -> list[Path]:
    """Where pyenv keeps this version, enabled or not."""
    pyenv = shutil.which("pyenv")
    if pyenv is None:
        return []
    root = subprocess.run([pyenv, "root"], capture_output=True, text=True, check=False).stdout.strip()
    return sorted(Path(root).glob(f"versions/{version}.*/bin/python"), reverse=True)


def runs(python: str, version: str) -> bool:
    """Whether it is a Python of this version: a shim may be there without one behind it."""
    check = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", check], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == version


def is_own(version: str) -> bool:
    """Whether it is the version that runs this."""
    return version == f"{sys.version_info[0]}.{sys.version_info[1]}"


def find(version: str) -> str | None:
    """A Python of this version, or None."""
    if is_own(version):
        return sys.executable
    on_path = shutil.which(f"python{version}")
    candidates = [*([on_path] if on_path else []), *map(str, managed(version))]
    return next((python for python in candidates if runs(python, version)), None)


def set_up(python: str, version: str) -> str | None:
    """The Python of the version's environment, made if it has to be; None if it cannot be."""
    if is_own(version):
        return python
    folder = ROOT / f".venv-{version}"
    command = [python, "scripts/environment.py", str(folder), "requirements/test.txt", "--no-compile"]
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        return None
    return str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def main(arguments: list[str]) -> int:
    """Test on each version found, on those named, or on all but the own one; 0 if all passed."""
    others = [version for version in VERSIONS if not is_own(version)]
    wanted = others if arguments == ["--others"] else arguments or list(VERSIONS)
    found = {version: find(version) for version in wanted}
    for version, python in found.items():
        print(f"Python {version}: {python or 'not on this machine'}", flush=True)
    there = {version: python for version, python in found.items() if python}
    with ThreadPoolExecutor(2) as pool:  # pip keeps one core busy
        inside = list(pool.map(set_up, there.values(), there))
    failed = []
    for version, python in zip(there, inside, strict=True):
        print(f"Python {version}", flush=True)
        if python is None or subprocess.run([python, *TESTS, "tests/unit"], cwd=ROOT, check=False).returncode != 0:
            failed.append(version)
    if failed:
        print("unit tests failed on Python " + ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
