"""Ask Helm about thousands of charts in one process: what `helm template` would say of a chart under values.

The programs `oracle4` and `oracle3` link Helm's own packages; `tests/tools/oracle/main.go` tells their lines of JSON.
The fixtures `oracle4` and `oracle3` give an `Oracle` for each.
"""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tests.reading import whole

Text: TypeAlias = str | bytes

CHART_YAML = "apiVersion: v2\nname: c\nversion: 0.1.0\n"
TEMPLATE = {"templates/values-of-the-oracle.yaml": "oracle: {{ .Values | toJson | b64enc }}"}
"""What an archive needs among its files; a tree of files is given it."""


@dataclass(frozen=True)
class Answer:
    """Helm's: whether it renders, else its error, and the values that templates see, as `tests.reading.whole` has them."""

    ok: bool
    error: str
    values: Any


class Oracle:
    """One running oracle; `close` ends it."""

    def __init__(self, program: str) -> None:
        self._process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(
        self,
        chart: Mapping[str, Text],
        files: Sequence[Text] = (),
        flags: Sequence[tuple[str, str]] = (),
        extra: Mapping[str, Text] | None = None,
    ) -> Answer:
        """What Helm says of a chart (path -> text, or one archive `NAME.tgz`) under -f files and flags (kind, text).

        Without a `Chart.yaml`, and if it is no archive, the chart gets the smallest. `extra` are files of the working
        folder, where `--set-file` looks.
        """
        archive = len(chart) == 1 and next(iter(chart)).endswith(".tgz")
        tree = chart if archive else {"Chart.yaml": CHART_YAML, **chart}
        case = {
            "chart": _texts(tree),
            "files": [_text(file) for file in files],
            "flags": [list(flag) for flag in flags],
            "extra": _texts(extra or {}),
        }
        found = json.loads(self._reply(json.dumps(case)))
        return Answer(found["ok"], found["error"], whole(found["values"]))

    def _reply(self, line: str) -> bytes:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(line.encode() + b"\n")
        stdin.flush()
        reply = stdout.readline()
        assert reply, f"the oracle ended, asked {line[:2000]}"
        return reply

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def _texts(files: Mapping[str, Text]) -> dict[str, Any]:
    return {name: _text(text) for name, text in files.items()}


def _text(text: Text) -> Any:
    data = text.encode() if isinstance(text, str) else text
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}
