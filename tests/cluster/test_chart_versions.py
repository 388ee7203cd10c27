"""A new version of a chart, with other bounds: upgraded to and rolled back from in one step, with settings only it allows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cluster.release import Release
from tests.command import chartgen
from tests.projects import PROJECT, SETTINGS, write

WAIT = ("--wait", "--timeout=60s")
WIDER = SETTINGS.replace("maximum: 60000,", "maximum: 120000,").replace("default: 10,", "default: 2,")
"""The next version: the interval may be longer than it might, and fewer attempts are the default."""

BEYOND = ("--set=settings.intervalMs=120000", "--set=settings.timeoutMs=240000")


def chart(folder: Path, version: str, settings: str) -> Path:
    """A chart that chartgen renders."""
    project = PROJECT.replace("name: shop", f"name: shop, version: {version}")
    write(folder, {"settings.yaml": settings, "chartgen.yaml": project})
    done = chartgen("render", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "charts" / "shop"


@pytest.fixture
def first(release: Release, tmp_path: Path) -> Release:
    """A release of the first version."""
    path = chart(tmp_path / "first", "1.0.0", SETTINGS)
    return replace(release, name="shop", chart=path, config_map="shop", deployment="shop")


@pytest.fixture
def next_one(first: Release, tmp_path: Path) -> Release:
    """The same release of the next version."""
    return replace(first, chart=chart(tmp_path / "next", "1.1.0", WIDER))


def test_an_upgrade_may_use_a_wider_bound_in_the_step_that_brings_it_and_a_rollback_leave_it(
    first: Release, next_one: Release
) -> None:
    first.succeed("install", *WAIT)
    before = first.data()
    assert "intervalMs" in first.fail("upgrade", *BEYOND)
    next_one.succeed("upgrade", *WAIT, *BEYOND)

    assert next_one.data() == {"INTERVAL_MS": "120000", "ATTEMPTS": "2", "TIMEOUT_MS": "240000"}
    first.succeed("rollback", *WAIT)
    assert first.data() == before == {"INTERVAL_MS": "5000", "ATTEMPTS": "10", "TIMEOUT_MS": "60000"}


def test_a_narrower_bound_refuses_a_release_that_is_beyond_it_and_tells_how_to_mend_it(
    first: Release, next_one: Release
) -> None:
    next_one.succeed("install", *WAIT, *BEYOND)
    said = first.fail("upgrade", "--reuse-values")

    assert "intervalMs" in said
    assert "got 120,000, want 60,000" in said
    assert next_one.data()["INTERVAL_MS"] == "120000"
    first.succeed(
        "upgrade",
        *WAIT,
        "--reset-then-reuse-values",
        "--set=settings.intervalMs=60000",
        "--set=settings.timeoutMs=600000",
    )
    assert first.data()["INTERVAL_MS"] == "60000"
