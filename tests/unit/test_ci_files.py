"""The files for CI services are what those services take; what they name is there."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).resolve().parent.parent / "ci_schemas"
FILES = {
    "action.yml": "composite-action",
    ".github/workflows/ci.yml": "workflow",
    "examples/ci/github-workflow.yml": "workflow",
    "examples/ci/gitlab-ci.yml": "gitlab-ci",
}
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def read(repository: Path, file: str) -> Any:
    """A file with every scalar as a text, so that `on` stays a word."""
    return yaml.load((repository / file).read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - makes texts alone


def faults(document: Any, schema: str) -> list[str]:
    """What a service would say of a file."""
    validator = Draft202012Validator(json.loads((SCHEMAS / f"{schema}.json").read_text()))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


@pytest.mark.parametrize(("file", "schema"), FILES.items())
def test_a_service_takes_the_file(repository: Path, file: str, schema: str) -> None:
    assert faults(read(repository, file), schema) == []


@pytest.mark.parametrize(("file", "schema"), FILES.items())
def test_a_service_would_find_a_misspelt_key(repository: Path, file: str, schema: str) -> None:
    Draft202012Validator.check_schema(json.loads((SCHEMAS / f"{schema}.json").read_text()))
    document = read(repository, file)
    jobs = document.get("jobs") or {"": document["runs"]} if schema != "gitlab-ci" else document
    job = next(each for each in jobs.values() if isinstance(each, dict) and each.keys() & {"steps", "script"})
    job["setps"] = "true"

    assert len(faults(document, schema)) == 1


def test_the_action_pastes_no_input_into_a_script(repository: Path) -> None:
    scripts = [step["run"] for step in read(repository, "action.yml")["runs"]["steps"] if "run" in step]

    assert len(scripts) == 2
    assert [script for script in scripts if EXPRESSION.search(script)] == []
    assert [script for script in scripts if not script.startswith("set -euo pipefail\n")] == []


def test_what_the_action_refers_to_is_there(repository: Path) -> None:
    text = (repository / "action.yml").read_text()
    action = read(repository, "action.yml")
    known = {f"inputs.{name}" for name in action["inputs"]} | {"runner.temp", "steps.python.outputs.python-path"}
    (validate,) = [step for step in action["runs"]["steps"] if step.get("id") == "validate"]
    known |= {f"steps.validate.outputs.{name}" for name in re.findall(r"([\w-]+)=[^\n]*GITHUB_OUTPUT", validate["run"])}

    assert set(EXPRESSION.findall(text)) == known
    for file in re.findall(r"\$source/([\w./-]+)", text):
        assert (repository / file).is_file()


def test_ci_tests_every_python_that_chartgen_names(repository: Path) -> None:
    classifiers = tomllib.loads((repository / "pyproject.toml").read_text())["project"]["classifiers"]
    steps = read(repository, ".github/workflows/ci.yml")["jobs"]["test"]["steps"]
    (setup,) = [step for step in steps if step.get("uses", "").startswith("actions/setup-python@")]

    assert setup["with"]["python-version"].split() == [
        classifier.rpartition(" ")[2] for classifier in classifiers if re.search(r":: 3\.\d+$", classifier)
    ]


def test_the_page_has_a_row_for_each_input_with_its_default(repository: Path) -> None:
    page = (repository / "docs/how-to/check-in-ci.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([\w-]+)` \|.*\| (.*?) ?\|$", page, re.MULTILINE))
    inputs = read(repository, "action.yml")["inputs"]

    assert list(rows) == list(inputs)
    for name in ("strict", "render-check", "python-version"):
        assert rows[name] == f"`{inputs[name]['default']}`"


def test_the_page_names_hooks_inputs_and_keys_that_there_are(repository: Path) -> None:
    page = (repository / "docs/how-to/check-in-ci.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    config, files, whole, action = blocks
    hooks = yaml.safe_load((repository / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

    assert [each["id"] for each in config["repos"][0]["hooks"]] == [each["id"] for each in hooks]
    assert [each["id"] for each in (*files, *whole)] == ["chartgen-validate"] * 2
    assert re.search(files[0]["files"], "envs/prod.yaml")
    assert whole[0] == {"id": "chartgen-validate", "always_run": True, "pass_filenames": False}
    assert action[1]["with"].keys() <= read(repository, "action.yml")["inputs"].keys()


def test_the_examples_name_what_the_action_has(repository: Path) -> None:
    action = read(repository, "action.yml")
    steps = read(repository, "examples/ci/github-workflow.yml")["jobs"]["settings"]["steps"]
    (used,) = [step for step in steps if step.get("id") == "chartgen"]
    text = (repository / "examples/ci/github-workflow.yml").read_text(encoding="utf-8")

    assert used["with"].keys() <= action["inputs"].keys()
    assert set(re.findall(r"steps\.chartgen\.outputs\.([\w-]+)", text)) <= action["outputs"].keys()
