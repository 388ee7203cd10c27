"""Install the programs that the tests need from the system: nginx, Chromium, bubblewrap, strace, OpenSSL, Redis.

`python tests/tools/system.py [PROGRAM]...`. On Debian and as root, what is missing is installed by apt-get; elsewhere it is named, and
the tests that need it are skipped (in CI they fail). Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Collection

PROGRAMS = {
    "nginx": "nginx",
    "chromium": "chromium",
    "bwrap": "bubblewrap",
    "strace": "strace",
    "openssl": "openssl",
    "redis-server": "redis-server",
}
"""Each program, and Debian's package of it."""

_APT = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=600"]


def where(program: str) -> str | None:
    """The path of a program, None where it is not there; users' PATH often leaves out where servers are."""
    return shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"]))


def missing(programs: Collection[str] = tuple(PROGRAMS)) -> list[str]:
    """The packages of those of the programs that are not there."""
    return [package for program, package in PROGRAMS.items() if program in programs and where(program) is None]


def main(programs: Collection[str] = tuple(PROGRAMS)) -> int:
    """Install what is missing, or name it; 1 if an installation failed."""
    wanted = missing(programs)
    if wanted and shutil.which("apt-get") and os.geteuid() == 0:
        # A server that is installed for tests must not run: policy-rc.d is how Debian is told.
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        for words in (["update"], ["install", "-y", "--no-install-recommends", *wanted]):
            print("  $", " ".join([*_APT, *words]), flush=True)
            if subprocess.run([*_APT, *words], env=environment, stdout=sys.stderr, check=False).returncode:
                return 1
        wanted = missing(programs)
    if wanted:
        print(f"not on this machine, so that some tests are skipped: {', '.join(wanted)} (apt-get install as root)")
    for program in programs:
        if found := where(program):
            print(f"{program:12} {found}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or tuple(PROGRAMS)))
