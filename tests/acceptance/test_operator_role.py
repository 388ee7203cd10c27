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


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("serviceaccount:a:b:c", "write serviceaccount:[NAMESPACE:]NAME"),
        ("serviceaccount:A_b", "write serviceaccount:[NAMESPACE:]NAME"),
        ("serviceaccount:ci:", "write serviceaccount:[NAMESPACE:]NAME"),
    ],
)
def test_a_service_account_that_can_not_be_one_is_told(repository: Path, who: str, said: str) -> None:
    done = chartgen("rbac", "--namespace", "shop", "--to", who, cwd=repository)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def names(repository: Path, *words: str) -> set[str]:
    return {each["metadata"]["name"] for each in printed(repository, *words).values()}


def test_a_role_is_its_subjects_own_so_that_no_other_subject_loses_or_gets_rights(repository: Path) -> None:
    """Applied one after the other: a name that both had would give the first one the rights of the second."""
    whose = [
        ("user:olga",), ("group:olga",), ("user:Olga",), ("serviceaccount:olga",), ("serviceaccount:a:b-c",),
        ("serviceaccount:a-b:c",), ("user:olga", "user:ben"), ("user:https://example.com/olga",),
    ]  # fmt: skip
    found = [names(repository, *(word for who in each for word in ("--to", who))) for each in whose]

    assert [len(each) for each in found] == [1] * len(whose)
    assert len(set.union(*found)) == len(whose)
    assert found[0] == {"ideaforge-ai-config-operator-user-olga"}
    assert names(repository, "--to", "user:ben", "--to", "user:olga") == found[6]
    assert not any("/" in name for each in found for name in each)


def test_a_command_that_is_named_twice_is_said_once(repository: Path) -> None:
    done = chartgen("rbac", "set", "set", cwd=repository)

    assert done.stdout.startswith("# What chartgen set may do, and no more.\n")
