"""Whose objects they are: the name of a release and its namespace, which templates see as Helm's."""

from __future__ import annotations

import re

from chartgen.finding import UsageStop
from chartgen.project_model import Project
from chartgen.records import dataclass

_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_NAMESPACE = re.compile(_LABEL)
_LONGEST_NAME = 53  # Helm's
_LONGEST_NAMESPACE = 63


@dataclass(frozen=True)
class Release:
    """The name that labels carry as the instance, and the namespace of the objects."""

    name: str
    namespace: str


def release_of(project: Project, environment: str = "", name: str = "", namespace: str = "") -> Release:
    """What the command line says, else the environment, else the chart's name in the namespace `default`.

    Raises:
        UsageStop: Helm or Kubernetes would not take one of the names.
    """
    given = project.environments.get(environment)
    name = name or (given.release if given else "") or project.chart.name
    namespace = namespace or (given.namespace if given else "") or "default"
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        message = f"{name!r} cannot be the name of a release"
        raise UsageStop(message, f"use at most {_LONGEST_NAME} lower-case letters, digits, dashes and dots")
    if not _NAMESPACE.fullmatch(namespace) or len(namespace) > _LONGEST_NAMESPACE:
        message = f"{namespace!r} cannot be the name of a namespace"
        raise UsageStop(message, f"use at most {_LONGEST_NAMESPACE} lower-case letters, digits and dashes")
    return Release(name, namespace)
