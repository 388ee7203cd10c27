"""A simulation of users whose pages poll as the client does: the client's own `pace.ts`, in virtual time, by `node`."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.entrypoint import missing
from tests.reader import CLIENT

_SCRIPT = Path(__file__).with_suffix(".js")


@dataclass(frozen=True)
class Seen:
    """What was seen: the requests of each second, and of each job the delay (seconds) and the number of its polls."""

    counts: list[int]
    delays: list[float]
    polls: list[int]

    @property
    def mean(self) -> float:
        return sum(self.counts) / len(self.counts)

    @property
    def busy(self) -> float:
        """The 99th percentile of the requests of a second."""
        return float(quantile(self.counts, 0.99))


def quantile(values: list[Any], share: float) -> Any:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def simulated(asked: list[dict[str, Any]]) -> list[Seen]:
    """What is seen of each situation: `seed`, `users`, `interval`, `rtt`, `job` (or None), `after`, `seconds`."""
    esbuild = CLIENT / "node_modules" / "esbuild"
    if shutil.which("node") is None:
        missing("node on the PATH")
    if not esbuild.exists():
        missing("client/node_modules (make client)")
    lines = (json.dumps({**each, "jitter": 0.2, "floor": 250}) for each in asked)
    done = subprocess.run(
        ["node", str(_SCRIPT), str(esbuild), str(CLIENT / "src" / "pace.ts")],
        input="".join(f"{line}\n" for line in lines), capture_output=True, encoding="utf-8", check=True, timeout=280,
    )  # fmt: skip
    found = map(json.loads, done.stdout.splitlines())
    return [Seen(each["counts"], [delay / 1000 for delay in each["delays"]], each["polls"]) for each in found]
