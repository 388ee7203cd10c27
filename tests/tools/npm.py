"""Install the programs that the tests need from pinned npm packages, once, into the cache that `build.py` has.

`python -m tests.tools.npm`, from the root of the tree, installs what is missing and prints each program's path. Standard
library only: it runs before anything is installed. The lock file beside the package's name has the hash of every package
that is taken; npm refuses another. No script of a package is run.

A program's folder is named by a hash of its package.json and its lock, and appears by one rename, as in `build.py`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.tools.build import HERE, BuildError, cache_root, one_at_a_time

FILES = ("package.json", "package-lock.json")
# `ci` takes what the lock says, or fails.
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


@dataclass(frozen=True)
class Package:
    """A program of npm's: the name that tests call it by, its folder here, and the executable below node_modules."""

    name: str
    folder: str
    executable: str

    @property
    def home(self) -> Path:
        """The folder that the program is in, or will be once it is installed."""
        digest = hashlib.sha256(b"\0".join((HERE / self.folder / name).read_bytes() for name in FILES))
        return cache_root() / "tools" / f"{self.name}-{digest.hexdigest()[:16]}"

    @property
    def path(self) -> Path:
        """The executable, whether it is installed or not."""
        return self.home / "node_modules" / self.executable


SARIF = Package(
    name="sarif-multitool",
    folder="sarif",
    executable=f"@microsoft/sarif-multitool-{sys.platform}/Sarif.Multitool{'.exe' if os.name == 'nt' else ''}",
)
PACKAGES = (SARIF,)


def install(package: Package) -> None:
    """Install a program and move it to its place.

    Raises:
        BuildError: there is no npm, or it failed.
    """
    npm = shutil.which("npm")
    if npm is None:
        message = (
            f"{package.name} is not installed and there is no npm on the PATH: install Node.js, then run 'make tools'"
        )
        raise BuildError(message)
    with tempfile.TemporaryDirectory(dir=package.home.parent) as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        for name in FILES:
            shutil.copy(HERE / package.folder / name, made)
        print("  npm", *INSTALL, "#", package.home, flush=True)
        if subprocess.run([npm, *INSTALL], cwd=made, check=False).returncode != 0:
            message = f"{package.name} could not be installed; see the lines above"
            raise BuildError(message)
        program = made / "node_modules" / package.executable
        program.chmod(0o755)  # what the package's own script would do
        made.replace(package.home)


def install_missing() -> None:
    """Install each program that is not in its place.

    Raises:
        BuildError: one of them cannot be installed.
    """
    with one_at_a_time(cache_root() / "tools"):
        for package in PACKAGES:
            if not package.path.exists():
                install(package)


def main() -> int:
    """Install the programs; 0 if every one is there."""
    try:
        install_missing()
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for package in PACKAGES:
        print(f"{package.name:12} {package.path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
