"""`chartgen plan --write`: the recommendation in a values file."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from chartgen.__main__ import main
from tests.unit.planning.planned import BASE, PROD, Done


def test_the_recommendation_enters_a_file(plan: Callable[..., Done], tmp_path: Path) -> None:
    file = tmp_path / "envs/prod.yaml"
    file.chmod(0o640)

    done = plan("--users", "400", "--capacity", "60", "--env", "prod", "--write", "envs/prod.yaml")

    assert (done.code, done.err) == (0, "wrote envs/prod.yaml\n")
    written = "  orders:\n    tries: 60\n    every: 10\n"
    assert file.read_text() == PROD.replace("  orders:\n    tries: 300\n", written)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert (tmp_path / "envs/base.yaml").read_text() == BASE
    assert main(["validate", "--env", "prod"]) == 0

    again = plan("--users", "400", "--capacity", "60", "--env", "prod", "--write", "envs/prod.yaml")
    assert again.err == "unchanged envs/prod.yaml\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "settings:\n  orders:\n    every: 20\n    tries: 20\n"),
        ('{"settings": {"orders": {"every": 5}}}', '{"settings": {"orders": {"every": 20, "tries": 20}}}'),
        (
            "settings:\r\n  orders:\r\n    tries: 100 # few\r\n",
            "settings:\r\n  orders:\r\n    tries: 20 # few\r\n    every: 20\r\n",
        ),
        ("settings:\n", "settings:\n  orders:\n    every: 20\n    tries: 20\n"),
        ("settings: # none\nglobal: {}\n", "settings: # none\n  orders:\n    every: 20\n    tries: 20\nglobal: {}\n"),
        ("settings: {}\n", "settings: {orders: {every: 20, tries: 20}}\n"),
        ("settings: null # yet\n", "settings: {orders: {every: 20, tries: 20}} # yet\n"),
        ("settings:\n  theme: light\n", "settings:\n  theme: light\n  orders:\n    every: 10\n    tries: 50\n"),
        ("settings:\r\n  orders:\r\n", "settings:\r\n  orders:\r\n    every: 20\r\n    tries: 20\r\n"),
        ("{}", '{"settings": {"orders": {"every": 20, "tries": 20}}}'),
        ('{"settings": {"theme": "light"}}', '{"settings": {"theme": "light", "orders": {"every": 10, "tries": 50}}}'),
        ('{"settings": {"orders": null}}', '{"settings": {"orders": {"every": 20, "tries": 20}}}'),
    ],
)
def test_it_enters_a_file_however_that_is_written(
    plan: Callable[..., Done], tmp_path: Path, before: str, after: str
) -> None:
    file = tmp_path / ("own.json" if before.startswith("{") else "own.yaml")
    file.write_bytes(before.encode())

    done = plan("--settings", "shop.yaml", "--users", "400", "--capacity", "60", "--write", file.name)

    assert done.err == f"wrote {file.name}\n"
    assert file.read_bytes().decode() == after


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (
            ("--env", "prod", "--write", "envs/base.yaml"),
            2,
            "envs/base.yaml would not have its way: envs/prod.yaml overrides settings.orders.tries",
        ),
        (
            ("--env", "pinned", "--write", "envs/prod.yaml"),
            2,
            "--set settings.orders.every=2 overrides settings.orders.every",
        ),
        (("--write", "nowhere.yaml"), 1, "cannot read nowhere.yaml"),
        (("--write", "envs"), 1, "cannot read envs"),
        (("--write", "-"), 2, "cannot be changed: it is no file"),
        (("--write", "shared.yaml"), 2, "settings.orders.every cannot be written into shared.yaml"),
        (("--write", "tagged.yaml"), 2, "settings.orders.every cannot be written into tagged.yaml"),
    ],
)
def test_a_file_that_cannot_have_it_is_left_alone(
    plan: Callable[..., Done], tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    (tmp_path / "shared.yaml").write_text("settings: &none {}\nglobal: *none\n")
    (tmp_path / "tagged.yaml").write_text("settings: !!null\n")

    done = plan("--users", "400", "--capacity", "60", *arguments)

    assert done.code == code, done
    assert says in done.err
    assert (tmp_path / "envs/base.yaml").read_text() == BASE
    assert (tmp_path / "envs/prod.yaml").read_text() == PROD
