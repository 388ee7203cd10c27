"""The reader as a script of chartgen's own page is the module of TypeScript, without its types."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from chartgen.enforce.javascript import SCRIPT, reader_script
from chartgen.enforce.typescript import reader_module
from chartgen.settings.schema import load_settings
from scripts.reader_script import ESBUILD, script
from tests.entrypoint import missing

_MINIFY = """
const { transformSync } = require(process.argv[1]);
const sources = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const compiled = (text, options) => transformSync(text, { target: "es2022", ...options }).code;
const minified = (text, loader) => compiled(compiled(text, { loader }), { minifyWhitespace: true });
console.log(JSON.stringify(sources.map(([loader, text]) => minified(text, loader))));
"""
ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = [
    "schemas/async-job.schema.json",
    "examples/storefront/settings.schema.yaml",
    "tests/cases/beside/settings.schema.yaml",
]


@pytest.fixture(autouse=True)
def _compiler() -> None:
    if not ESBUILD.exists():
        missing("client/node_modules (make client)")


def test_what_is_the_same_for_every_schema_is_fresh() -> None:
    assert SCRIPT.read_text(encoding="utf-8") == script(), "run: make reader"


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_script_is_the_module_without_its_types(schema: str) -> None:
    settings = load_settings(str(ROOT / schema))
    module = re.sub(
        r"^export function pollSettings.*?^}$", "", reader_module(settings, "x"), flags=re.DOTALL | re.MULTILINE
    )
    module = re.sub(r"^export const DIGEST =\n.*$", "", module, flags=re.MULTILINE)
    module = re.sub(r"^export (?=const|function)", "", module, flags=re.MULTILINE)

    done = subprocess.run(
        ["node", "-e", _MINIFY, str(ESBUILD)],
        input=json.dumps([["ts", module], ["js", reader_script(settings)]]),
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip

    expected, actual = json.loads(done.stdout)
    assert expected == actual
