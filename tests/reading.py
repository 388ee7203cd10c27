"""What Helm makes of YAML texts, and chartgen: for the tests that compare the two."""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from chartgen.documents.nodes import plain
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.source import Source

REFUSED = object()
"""In the place of values: the text was refused."""

STRICTER = (
    "a colon between brackets needs a blank behind it",
    "Helm cannot read a `?` between brackets without quotes",
    "Helm reads this tag on",
    "a byte order mark stands inside the file",
    "this escape is unknown",
    "expected a blank here",
    "a list or a mapping cannot be a key",
)
"""Messages for texts that chartgen refuses and Helm may read, in its way: `{a:}` is the key `a:` to it.

The last one is for what stands behind a document's end, on the same line: Helm never looks there.
"""

STRICTER_FLAGS = ("an index has no `]`", "is not a number in JSON", "expected a JSON value, found")
"""The same for parts of messages on flags: Helm 4 ignores `--set a[0`, both read `--set-json a=1b=2` as two values."""

# In base64, since Helm reads its own output as YAML once more.
_ALL_FILES = """{{ $all := list }}{{ range $path, $content := .Files.Glob "documents/*" -}}
{{ $all = append $all (fromYaml (toString $content)) }}{{ end -}}
values: {{ $all | toJson | b64enc }}"""


def chart(folder: Path, template: str) -> Path:
    """The smallest chart with one template."""
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 0.1.0\n", encoding="utf-8")
    (folder / "templates" / "it.yaml").write_text(template, encoding="utf-8")
    return folder


def helm_reads(helm: str, texts: Sequence[str]) -> list[Any]:
    """What Helm's `fromYaml`, the reader of a single document, makes of each text: all in one run."""
    with tempfile.TemporaryDirectory() as name:
        folder = chart(Path(name), _ALL_FILES)
        (folder / "documents").mkdir()
        for number, text in enumerate(texts):
            (folder / "documents" / f"{number:06d}").write_bytes(text.encode())
        run = subprocess.run([helm, "template", "r", name], capture_output=True, encoding="utf-8", check=True)
    found = _decoded(run.stdout)
    assert len(texts) == len(found)
    return [REFUSED if isinstance(value, dict) and set(value) == {"Error"} else whole(value) for value in found]


def _decoded(manifest: str) -> Any:
    return json.loads(base64.b64decode(manifest.split("values: ", 1)[1]))


def chartgen_reads(text: str, helm_version: int = 4) -> tuple[Any, str]:
    """What chartgen makes of a text, and its last message."""
    tree, findings = parse_yaml(Source("values.yaml", text), helm_version)
    return (REFUSED if tree is None else plain(tree)), (findings[-1].message if findings else "")


def whole(value: Any) -> Any:
    """Helm's numbers as chartgen has them: an int where a float64 is whole, with the digits that Go prints."""
    if isinstance(value, dict):
        return {key: whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [whole(item) for item in value]
    return int(Decimal(repr(value))) if isinstance(value, float) and value.is_integer() else value


def through_float64(value: Any) -> Any:
    """JSON's numbers after Helm's reader of values, which knows float64 alone."""
    if isinstance(value, dict):
        return {key: through_float64(item) for key, item in value.items()}
    if isinstance(value, list):
        return [through_float64(item) for item in value]
    return whole(float(value)) if isinstance(value, int) and not isinstance(value, bool) else whole(value)
