"""Make chartgen/enforce/reader.js of the reader's TypeScript: `python -m scripts.reader_script`, by `make reader`."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from chartgen.enforce.javascript import SCRIPT, joined, sources

ESBUILD = Path(__file__).resolve().parent.parent / "client" / "node_modules" / "esbuild"
_COMPILE = """
const { transformSync } = require(process.argv[1]);
const parts = Object.entries(JSON.parse(require("node:fs").readFileSync(0, "utf8")));
const compiled = (source) => transformSync(source, { loader: "ts", target: "es2022", charset: "utf8" }).code;
console.log(JSON.stringify(parts.map(([name, source]) => [name, compiled(source)])));
"""


def compiled(parts: dict[str, str]) -> dict[str, str]:
    """Parts of TypeScript as JavaScript; nothing is exported."""
    command = ["node", "-e", _COMPILE, str(ESBUILD)]
    done = subprocess.run(command, input=json.dumps(parts), capture_output=True, encoding="utf-8", check=True)
    return {
        name: re.sub(r"^export (?=const|function)", "", text, flags=re.MULTILINE)
        for name, text in json.loads(done.stdout)
    }


def script() -> str:
    """The text of the file."""
    return joined(compiled(sources()))


def main() -> None:
    """Write it."""
    SCRIPT.write_text(script(), encoding="utf-8")


if __name__ == "__main__":
    main()
