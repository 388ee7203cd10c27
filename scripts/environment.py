"""Make a virtual environment with chartgen (editable) and exactly what a lock file names.

`python scripts/environment.py FOLDER LOCK [--no-compile]`, from the root of the tree, by the Python that the environment is to have.
Standard library only: it runs before anything is installed. An environment that is up to date is left as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETUP_INPUTS = (ROOT / "pyproject.toml", Path(__file__).resolve())


class SetupError(Exception):
    """The environment cannot be made; the text says what to do."""


def interpreter(folder: Path) -> Path:
    """The Python of an environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def works(folder: Path) -> bool:
    """Whether there is an environment with pip, of the Python version that runs this."""
    python = interpreter(folder)
    check = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    return python.exists() and subprocess.run([python, "-c", check], capture_output=True, check=False).returncode == 0


def ways_to_make(folder: Path) -> Iterator[list[list[str]]]:
    """The ways to make an environment with pip, each a list of commands; later ones are for a Python without ensurepip."""
    yield [[sys.executable, "-m", "venv", "--clear", str(folder)]]
    python = str(interpreter(folder))
    yield [
        [sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder)],
        [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "pip"],
    ]
    uv = shutil.which("uv")
    if uv:
        yield [[uv, "venv", "--quiet", "--seed", "--clear", "--python", sys.executable, str(folder)]]
    virtualenv = shutil.which("virtualenv")
    if virtualenv:
        yield [[virtualenv, "--quiet", "--clear", "--python", sys.executable, str(folder)]]


def make(folder: Path) -> None:
    """Make the environment, by the first way that this machine offers.

    Raises:
        SetupError: it offers none.
    """
    for commands in ways_to_make(folder):
        if all(subprocess.run(command, capture_output=True, check=False).returncode == 0 for command in commands):
            return
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    message = (
        f"{sys.executable} cannot make a virtual environment: it lacks ensurepip.\n"
        f"Install it (Debian, Ubuntu: apt install {version}-venv), or name another Python: make PYTHON=/path/to/python TARGET"
    )
    raise SetupError(message)


def install(folder: Path, lock: Path, *how: str) -> None:
    """Install what the lock names, by hash, and chartgen itself from this tree; `how` are more words for pip.

    Raises:
        SetupError: pip failed.
    """
    pip = [str(interpreter(folder)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *how]
    for arguments in (
        ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)],
        ["--no-deps", "--no-build-isolation", "-e", str(ROOT)],
    ):
        print("  $", "pip install", *arguments, flush=True)
        if subprocess.run([*pip, *arguments], check=False).returncode != 0:
            message = f"pip could not install chartgen's requirements from {lock}; see the lines above"
            raise SetupError(message)
    # As pip does it for what it copies: where Python may not write bytecode, each run would compile chartgen anew.
    compiler = [str(interpreter(folder)), "-m", "compileall", "-q", str(ROOT / "chartgen")]
    subprocess.run(compiler, check=False, stdout=subprocess.DEVNULL)


def up_to_date(stamp: Path, state: str) -> bool:
    """Whether the environment was made from the same inputs."""
    return stamp.exists() and stamp.read_text(encoding="utf-8") == state


def main(arguments: list[str] | None = None) -> int:
    """Make or refresh the environment; 0 if it is there."""
    parser = argparse.ArgumentParser(description="Make a virtual environment for chartgen.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("lock", type=Path)
    parser.add_argument("--no-compile", action="store_true", help="compile what is imported, when it is")
    options = parser.parse_args(arguments)
    folder = options.folder.absolute()
    content = b"\0".join(file.read_bytes() for file in (options.lock, *SETUP_INPUTS))
    state = hashlib.sha256(content).hexdigest()
    stamp = folder / f".chartgen-{options.lock.stem}"
    try:
        if not works(folder):
            print(f"  {folder.name}: a new environment of Python {sys.version.split()[0]}", flush=True)
            make(folder)
        if not up_to_date(stamp, state):
            install(folder, options.lock, *(["--no-compile"] if options.no_compile else []))
            stamp.write_text(state, encoding="utf-8")
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
