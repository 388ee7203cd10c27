"""What is measured: values files of the reference chart, large and many ones, and schemas with many rules."""

from __future__ import annotations

import json
from pathlib import Path

ENVIRONMENT = """\
# Values of environment {number}.
replicaCount: {replicas}
image:
  repository: registry.example.com/ideaforge/frontend
  tag: "1.4.{number}"
settings:
  # Every page asks less often, and gives up after the same time.
  pollIntervalMs: {interval}
  maxPollAttempts: {attempts}
  timeoutMs: {timeout}
resources:
  limits:
    cpu: 500m
    memory: 256Mi
"""


def environment(number: int) -> str:
    """A values file of 14 lines, each number's own."""
    interval, attempts = 2000 + number % 3000, 60 + number % 50
    return ENVIRONMENT.format(
        number=number,
        replicas=1 + number % 9,
        interval=interval,
        attempts=attempts,
        timeout=interval * attempts + number % 1000,
    )


def many(folder: Path, count: int) -> list[str]:
    """So many values files; their names, from the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{number:05}.yaml" for number in range(count)]
    for number, name in enumerate(names):
        (folder / name).write_text(environment(number), encoding="utf-8")
    return names


def long_files(folder: Path, values: str, count: int) -> list[str]:
    """So many copies of a chart's whole values.yaml, comments and all, each with a line of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{number:05}.yaml" for number in range(count)]
    for number, name in enumerate(names):
        (folder / name).write_text(f"{values}# copy {number}\n", encoding="utf-8")
    return names


def large(path: Path, size: int) -> Path:
    """A values file of about so many bytes: the settings, and annotations for the rest."""
    lines = [environment(1), "podAnnotations:\n"]
    length = sum(map(len, lines))
    number = 0
    while length < size - 100:
        lines.append(f'  example.com/annotation-{number:06}: "the value of annotation {number}"\n')
        length += len(lines[-1])
        number += 1
    path.write_text("".join(lines), encoding="utf-8")
    return path


def flags(count: int) -> list[str]:
    """So many `--set`s."""
    return [word for number in range(count) for word in ("--set", f"podAnnotations.annotation{number}=value-{number}")]


def rules_schema(path: Path, count: int) -> Path:
    """A settings schema with so many settings and as many rules."""
    properties = {
        f"interval{number}": {
            "type": "integer",
            "default": 5000,
            "minimum": 1000,
            "maximum": 60000,
            "x-env": f"INTERVAL_{number}",
            "x-unit": "ms",
        }
        for number in range(count)
    }
    rules = [
        {
            "rule": f"self.interval{number} * 2 >= self.interval{(number + 1) % count}",
            "message": f"interval{number} is less than half of the next",
        }
        for number in range(count)
    ]
    schema = {
        "$schema": "https://chartgen.dev/schemas/settings-schema.json",
        "$id": "https://example.com/rules.json",
        "title": "Rules",
        "description": "Many rules.",
        "type": "object",
        "properties": properties,
        "x-kubernetes-validations": rules,
    }
    path.write_text(json.dumps(schema, indent=1), encoding="utf-8")
    return path
