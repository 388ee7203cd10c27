"""The Role that the chart installs is the one that `chartgen rbac set apply` prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.charts import objects, template
from tests.command import chartgen

ON = ("--set=operatorRole.enabled=true",)
BOUND = '--set-json=operatorRole.subjects=[{"kind":"Group","name":"ops"},{"kind":"ServiceAccount","name":"deployer"}]'
TO = ("--to", "group:ops", "--to", "serviceaccount:deployer")


@pytest.fixture
def chart(repository: Path) -> Path:
    return repository / "charts" / "ideaforge-frontend"


def of_kind(found: dict[str, dict[str, Any]], kind: str) -> dict[str, Any]:
    (only,) = (each for each in found.values() if each["kind"] == kind)
    return only


def printed(repository: Path, *words: str) -> dict[str, dict[str, Any]]:
    done = chartgen("rbac", "set", "apply", "--namespace", "20890-shop-dev", *words, cwd=repository)
    assert done.returncode == 0, done.stderr
    return objects(done.stdout)


def test_the_rights_and_those_who_have_them_are_the_same(helm: str, chart: Path, repository: Path) -> None:
    installed, shown = objects(template(helm, chart, *ON, BOUND)), printed(repository, *TO)

    assert of_kind(installed, "Role")["rules"] == of_kind(shown, "Role")["rules"]
    assert of_kind(installed, "RoleBinding")["subjects"] == of_kind(shown, "RoleBinding")["subjects"]
    for found in (installed, shown):
        assert of_kind(found, "RoleBinding")["roleRef"]["name"] == of_kind(found, "Role")["metadata"]["name"]


def test_where_settings_reach_running_pods_no_right_to_restart_them_is_given(helm4: str, chart: Path) -> None:
    live = ("--set=injection.mode=sidecar", "--set=injection.image=python:3.13", "--set=page.mode=json")
    role = of_kind(objects(template(helm4, chart, *ON, *live)), "Role")

    assert [rule["resources"] for rule in role["rules"]] == [["configmaps"]]


def test_it_is_not_there_unless_asked_for(helm: str, chart: Path, repository: Path) -> None:
    assert not any(name.startswith("Role") for name in objects(template(helm, chart)))
    assert [*objects(template(helm, chart, *ON))].count("RoleBinding/shop-ideaforge-frontend-operator") == 0
    assert [name.partition("/")[0] for name in printed(repository)] == ["Role"]


@pytest.mark.parametrize("who", ["olga", "user:", "robot:a", "serviceaccount:x"])
def test_who_is_nobody_is_told(repository: Path, who: str) -> None:
    done = chartgen("rbac", "--to", who, cwd=repository)

    assert done.returncode == 2
    assert done.stderr.startswith("error: ")


def test_a_command_that_is_none_of_them_is_told(repository: Path) -> None:
    done = chartgen("rbac", "sett", cwd=repository)

    assert done.returncode == 2
    assert 'did you mean "set"?' in done.stderr
