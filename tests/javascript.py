"""JavaScript's regular expressions, by one `node` process that is asked line by line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from types import TracebackType
from typing import IO, Self, cast

_SCRIPT = """
require("readline").createInterface({input: process.stdin}).on("line", (line) => {
  const [pattern, texts] = JSON.parse(line);
  let answer;
  try {
    const compiled = new RegExp(pattern, "u");
    answer = texts.map((text) => compiled.test(text));
  } catch (error) {
    answer = String(error);
  }
  console.log(JSON.stringify(answer));
});
"""


def wanted() -> bool:
    """Whether JavaScript takes part: where there is a `node`; and in CI always, so that a missing one fails there."""
    return shutil.which("node") is not None or os.environ.get("CI", "") not in {"", "0", "false"}


class Javascript:
    """A context manager around the process."""

    def __enter__(self) -> Self:
        self._node = subprocess.Popen(
            ["node", "-e", _SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._node.communicate()

    def search(self, pattern: str, texts: list[str]) -> list[bool] | str:
        """Whether each text has a match, or the error of a pattern that JavaScript refuses (flag `u`)."""
        cast("IO[str]", self._node.stdin).write(json.dumps([pattern, texts]) + "\n")
        cast("IO[str]", self._node.stdin).flush()
        answer: list[bool] | str = json.loads(cast("IO[str]", self._node.stdout).readline())
        return answer
