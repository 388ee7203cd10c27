"""The installed `chartgen`, run as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path

PROGRAM = Path(sysconfig.get_path("scripts")) / ("chartgen.exe" if os.name == "nt" else "chartgen")


def chartgen(
    *arguments: str, cwd: Path, stdin: str = "", env: Mapping[str, str] | None = None, most_memory: int = 0
) -> subprocess.CompletedProcess[str]:
    """One run in a folder, with its output as text (UTF-8, unless `env` says otherwise).

    Where it may have so many bytes of memory only, asking for more fails.
    """
    environment = {**os.environ, "PYTHONUTF8": "1", **(env or {})}

    def limited() -> None:
        import resource  # noqa: PLC0415 - not every system has it

        resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))

    return subprocess.run(
        [str(PROGRAM), *arguments],
        cwd=cwd,
        input=stdin,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        preexec_fn=limited if most_memory else None,
    )
