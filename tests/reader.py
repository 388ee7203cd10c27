"""The generated reader of the settings, as JavaScript runs it: one `node` process that is asked line by line."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

from tests.entrypoint import missing

CLIENT = Path(__file__).resolve().parent.parent / "client"
_SCRIPT = """
const { transformSync } = require(process.argv[1]);
const readers = new Map();
const compiled = (source) => transformSync(source, { loader: "ts", format: "cjs", target: "es2020" }).code;
function reader(source) {
  if (!readers.has(source)) {
    const code = compiled(source);
    const module = { exports: {} };
    new Function("module", "exports", code)(module, module.exports);
    readers.set(source, module.exports);
  }
  return readers.get(source);
}
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const [source, raw] = JSON.parse(line);
  console.log(JSON.stringify(raw === null ? compiled(source) : reader(source).judgeSettings(raw)));
});
"""


class Readers:
    """A context manager around the process; it knows each reader by its text."""

    def __enter__(self) -> Self:
        esbuild = CLIENT / "node_modules" / "esbuild"
        if shutil.which("node") is None:
            missing("node on the PATH")
        if not esbuild.exists():
            missing("client/node_modules (make client)")
        command = ["node", "-e", _SCRIPT, str(esbuild)]
        self._node = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._node.communicate()

    def judge(self, reader: str, raw: dict[str, Any]) -> Any:
        """What `judgeSettings` of a reader says of a page's values."""
        return self._answer(reader, raw)

    def compiled(self, reader: str) -> str:
        """The reader as JavaScript, a module of CommonJS."""
        code: str = self._answer(reader, None)
        return code

    def _answer(self, reader: str, raw: dict[str, Any] | None) -> Any:
        cast("IO[str]", self._node.stdin).write(json.dumps([reader, raw]) + "\n")
        cast("IO[str]", self._node.stdin).flush()
        return json.loads(cast("IO[str]", self._node.stdout).readline())
