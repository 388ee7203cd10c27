"""The readers of reports, restated from what their makers document, and Microsoft's own for SARIF."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema

from chartgen.resources import load_schema

GITLAB: dict[str, Any] = {
    # docs.gitlab.com, "Code Quality", "Code Quality report format".
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "location", "severity"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]+$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "additionalProperties": False,
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "additionalProperties": False,
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}

# Jenkins' xUnit plugin, junit-10.xsd, as far as reports of ours go: an element's attributes (`!`: required) and children.
JUNIT = {
    "testsuites": ("name tests failures errors time", "testsuite"),
    "testsuite": ("name! tests! failures! errors! skipped time", "testcase"),
    "testcase": ("name! classname time", "failure skipped"),
    "failure": ("type message", ""),
    "skipped": ("type message", ""),
}

# docs.github.com, "Workflow commands"; the runner takes properties in any order and trims nothing of the message.
_COMMAND = re.compile(r"::(?P<name>error|warning|notice)(?: (?P<properties>[^:\n]*))?::(?P<message>[^\n]*)")
_PROPERTIES = {"file", "line", "endLine", "col", "endColumn", "title"}


@dataclass(frozen=True)
class Command:
    """A workflow command as GitHub's runner reads it."""

    name: str
    properties: dict[str, str]
    message: str


def workflow_commands(text: str) -> list[Command]:
    """The commands of a report in which every line is one."""
    commands = []
    for line in text.splitlines():
        match = _COMMAND.fullmatch(line)
        assert match is not None, f"no workflow command: {line}"
        pairs = (pair.partition("=") for pair in (match["properties"] or "").split(",") if pair)
        properties = {name: _unescaped(value, "%3A", "%2C") for name, _, value in pairs}
        assert properties.keys() <= _PROPERTIES
        commands.append(Command(match["name"], properties, _unescaped(match["message"])))
    return commands


def _unescaped(text: str, *more: str) -> str:
    assert re.sub(f"%0D|%0A|%25|{'|'.join(more) or '%25'}", "", text).count("%") == 0
    for escape in ("%0D", "%0A", *more, "%25"):
        text = text.replace(escape, bytes.fromhex(escape[1:]).decode())
    return text


def check_json(text: str) -> dict[str, Any]:
    """The JSON report; it must fit the schema that is published."""
    loaded: dict[str, Any] = json.loads(text)
    jsonschema.validate(loaded, load_schema("report.schema.json"), jsonschema.Draft202012Validator)
    return loaded


def check_gitlab(text: str) -> list[dict[str, Any]]:
    """The issues of a code quality report; it must have GitLab's form."""
    issues: list[dict[str, Any]] = json.loads(text)
    jsonschema.validate(issues, GITLAB, jsonschema.Draft202012Validator)
    return issues


def check_junit(text: str) -> ET.Element:
    """The root of a JUnit report; it must have the form of Jenkins' schema, and its counts must be right."""
    root = ET.fromstring(text)  # noqa: S314 - a report of our own
    assert root.tag == "testsuites"
    for parent in root.iter():
        attributes, children = JUNIT[parent.tag]
        names = attributes.split()
        assert {name[:-1] for name in names if name.endswith("!")} <= set(parent.keys())
        assert set(parent.keys()) <= {name.rstrip("!") for name in names}
        assert {child.tag for child in parent} <= set(children.split())
    for suite in [root, *root]:
        for count, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped"), ("errors", "error")):
            assert suite.get(count, str(len(list(suite.iter(tag))))) == str(len(list(suite.iter(tag))))
    return root


def check_sarif(multitool: Path, files: Iterable[Path]) -> list[str]:
    """What Microsoft's validator has against SARIF files, errors and warnings of its default rules.

    Each file is held to the standard's schema first, as the validator's package has it.
    """
    schema = json.loads((multitool.parent / "sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
    told: list[str] = []
    for file in files:
        jsonschema.validate(json.loads(file.read_text(encoding="utf-8")), schema)
        output = file.with_suffix(".validated")
        command = [str(multitool), "validate", str(file), "--output", str(output), "--log", "ForceOverwrite", "--quiet"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        (run,) = json.loads(output.read_text(encoding="utf-8-sig"))["runs"]
        assert run["invocations"][0]["executionSuccessful"]
        told += (
            f"{file.name}: {result['ruleId']} {result['message']}"
            for result in run["results"]
            if result.get("level", "warning") != "note"
        )
    return told
