"""The smallest chart that has the generated guard and the settings' ConfigMap: what Helm itself says of values."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import yaml

from chartgen.enforce.gotemplate import rules_template, settings_template
from chartgen.settings.model import Settings

FILES = {
    "Chart.yaml": "apiVersion: v2\nname: guarded\nversion: 0.1.0\n",
    "templates/guard/settings/first/zz.yaml": '{{- include "guarded.settings.guard" . }}\n',
    "templates/settings.yaml": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n"
        'data:\n  {{- include "guarded.settings.data" . | nindent 2 }}\n'
        '{{- /* warnings */}}\nwarnings: {{ include "guarded.settings.warnings" . | toJson }}\n'
    ),
}


def write_chart(folder: Path, settings: Settings) -> Path:
    """Write the chart into an empty or earlier folder; its path."""
    texts = FILES | {
        "values.yaml": values_text(nested_defaults(settings)),
        "templates/_settings.tpl": settings_template(settings, "guarded"),
        "templates/_rules.tpl": rules_template(settings, "guarded"),
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def nested_defaults(settings: Settings) -> dict[str, Any]:
    """The defaults as a chart's own values have them, so that a null deletes one."""
    root: dict[str, Any] = {}
    for setting in settings.settings:
        below = root
        for key in setting.path[:-1]:
            below = below.setdefault(key, {})
        below[setting.path[-1]] = setting.default
    return root


def values_text(values: Any, **others: Any) -> str:
    """Values below `settings` as a file that Helm reads: YAML refuses control characters that JSON leaves as they are."""
    text = json.dumps({"settings": values, **others}, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\ufeff\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def findings(helm: str, chart: Path, values: Any) -> tuple[list[str], str]:
    """The lines of the guard for values below `settings` (none where Helm accepts them), and what Helm printed."""
    file = chart.parent / "values.json"
    file.write_text(values_text(values), encoding="utf-8")
    run = subprocess.run(
        [helm, "template", "r", str(chart), "-f", str(file), "--skip-schema-validation"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if run.returncode == 0:
        return [], run.stdout
    if "failed to parse" in run.stderr:
        return [run.stderr], run.stderr
    assert "execution error at (guarded/templates/guard/settings/first/zz.yaml" in run.stderr, run.stderr
    _, _, said = run.stderr.partition("\n\n")
    return said.split("\n\nUse --debug")[0].strip("\n").split("\n"), run.stderr


def warnings(printed: str) -> list[str]:
    """The lines of warnings in what Helm printed."""
    documents = [document for document in yaml.safe_load_all(printed) if document]
    text: str = documents[0]["warnings"]
    return text.split("\n") if text else []
