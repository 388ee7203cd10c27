"""The load of polling: what the reference document says of 400 users, and schemas without the roles."""

from __future__ import annotations

from pathlib import Path

import pytest

from chartgen.enforce.typescript import reader_module
from chartgen.plan import Polling, polling
from chartgen.settings.expression import Value
from chartgen.settings.model import Settings
from chartgen.settings.schema import load_settings


@pytest.fixture
def settings(repository: Path) -> Settings:
    return load_settings(str(repository / "schemas/async-job.schema.json"))


def of(settings: Settings, **changes: Value) -> Polling:
    found = polling(settings, {**settings.defaults, **{(name,): value for name, value in changes.items()}})
    assert found is not None
    return found


@pytest.mark.parametrize(("interval", "requests"), [(2000, 200), (5000, 80), (10000, 40)])
def test_the_requests_of_400_users_are_those_of_the_document(settings: Settings, interval: int, requests: int) -> None:
    assert of(settings, pollIntervalMs=interval).requests_per_second(400) == requests


def test_a_page_gives_up_at_the_first_limit(settings: Settings) -> None:
    assert of(settings).lasts == 600
    assert of(settings, maxPollAttempts=60).lasts == 300
    assert of(settings, timeoutMs=100_000).lasts == 100


def written(folder: Path, properties: str) -> Settings:
    path = folder / "settings.yaml"
    path.write_text(f"type: object\nadditionalProperties: false\nproperties:\n{properties}", encoding="utf-8")
    return load_settings(str(path))


def test_seconds_and_minutes_are_times_too(tmp_path: Path) -> None:
    settings = written(
        tmp_path,
        "  every: {type: integer, default: 30, minimum: 1, maximum: 60, x-env: EVERY, x-unit: s, x-role: poll-interval}\n"
        "  most: {type: integer, default: 2, minimum: 1, maximum: 60, x-env: MOST, x-unit: min, x-role: poll-timeout}\n",
    )

    assert polling(settings, settings.defaults) == Polling(30, None, 120)


def test_without_the_role_there_is_no_load_to_tell(tmp_path: Path) -> None:
    settings = written(tmp_path, "  every: {type: integer, default: 30, minimum: 1, maximum: 60, x-env: EVERY}\n")

    assert polling(settings, settings.defaults) is None


def test_an_interval_of_zero_is_none(tmp_path: Path) -> None:
    settings = written(
        tmp_path,
        "  every: {type: integer, default: 0, minimum: 0, maximum: 60, x-env: EVERY, x-unit: s, x-role: poll-interval}\n",
    )

    assert polling(settings, settings.defaults) is None


def test_of_two_settings_with_one_role_the_page_reads_the_first(tmp_path: Path) -> None:
    settings = written(
        tmp_path,
        "  every: {type: integer, default: 30, minimum: 1, maximum: 60, x-env: EVERY, x-unit: s, x-role: poll-interval}\n"
        "  other: {type: integer, default: 5, minimum: 1, maximum: 60, x-env: OTHER, x-unit: s, x-role: poll-interval}\n",
    )

    assert polling(settings, settings.defaults) == Polling(30)
    assert "intervalMs: settings.every * 1000" in reader_module(settings, "x")
