"""The commands that show the evidence of logs and of Redis to whoever runs them, quoted for a shell."""

from __future__ import annotations

import shlex
from urllib.parse import urlsplit

from chartgen.cluster.jobs import Jobs
from chartgen.doctor.evidence import kubectl
from chartgen.doctor.examined import Examined


def logs(seen: Examined, *grep: str) -> str:
    """The logs that were read, whole: of a selector, kubectl shows the last ten lines of each pod otherwise; `grep` what is looked for in them."""
    sought = seen.sought
    words = ["logs", f"--selector={sought.log_selector}", "--tail=-1", f"--since={sought.window}s", "--timestamps"]
    words += [f"--container={sought.log_container}"] if sought.log_container else []
    return kubectl(seen.state, *words) + (f" | {shlex.join(['grep', *grep])}" if grep else "")


def redis(seen: Examined, *words: str) -> str:
    """A command of Redis, by the way on which it was asked; without the password, which REDISCLI_AUTH may have."""
    command = shlex.join(["redis-cli", *words])
    sought, jobs = seen.sought, seen.state.jobs
    if sought.redis_exec and isinstance(jobs, Jobs):
        container = [f"--container={sought.redis_container}"] if sought.redis_container else []
        return f"{kubectl(seen.state, 'exec', jobs.pod, *container)} -- {command}"
    if not sought.redis_url:
        return command
    parts = urlsplit(sought.redis_url)
    address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    return shlex.join(["redis-cli", "-u", address, *words])
