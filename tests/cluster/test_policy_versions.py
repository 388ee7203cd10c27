"""A release that changes a bound and uses it in one step: Helm brings the ConfigMap before its policy, forth and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chartgen.__main__ import main
from tests.cluster.policies import in_force, patched
from tests.cluster.release import Release
from tests.cluster.waiting import wait_for
from tests.projects import PROJECT, SETTINGS, write

WAIT = ("--wait", "--timeout=60s")
WIDER = SETTINGS.replace("maximum: 60000,", "maximum: 120000,")
BEYOND = ("--set=settings.intervalMs=120000", "--set=settings.timeoutMs=1200000")


def chart(folder: Path, version: str, settings: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A chart that chartgen renders."""
    write(
        folder,
        {"settings.yaml": settings, "chartgen.yaml": PROJECT.replace("name: shop", f"name: shop, version: {version}")},
    )
    monkeypatch.chdir(folder)
    assert main(("render",)) == 0
    return folder / "charts" / "shop"


@pytest.fixture
def versions(any_release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Release, Release]:
    """A release of a chart that is installed and guarded, and the same with the next version of the chart."""
    first = replace(
        any_release,
        name="shop",
        config_map="shop",
        chart=chart(tmp_path / "1", "1.0.0", SETTINGS, monkeypatch),
    )
    first.succeed("install", *WAIT)
    in_force(first, "TIMEOUT_MS")
    return first, replace(first, chart=chart(tmp_path / "2", "1.1.0", WIDER, monkeypatch))


def test_a_bound_is_changed_and_used_in_one_step_forth_and_back(versions: tuple[Release, Release]) -> None:
    first, second = versions
    beyond = ("INTERVAL_MS", "120000"), ("TIMEOUT_MS", "1200000")
    assert "expected at most 60000 ms" in patched(first, *beyond)

    second.succeed("upgrade", *WAIT, *BEYOND)
    assert second.data()["INTERVAL_MS"] == "120000"
    wait_for("the wider bound is in force", lambda: "at most 120000 ms" in patched(second, ("INTERVAL_MS", "120001")))
    assert patched(second, *beyond) == ""

    first.succeed("rollback", *WAIT)
    assert first.data()["INTERVAL_MS"] == "5000"
    wait_for("the narrower bound is back", lambda: "expected at most 60000 ms" in patched(first, *beyond))


def test_a_narrower_bound_and_a_setting_within_it_come_in_one_step(versions: tuple[Release, Release]) -> None:
    first, second = versions
    second.succeed("upgrade", *WAIT, *BEYOND)
    wait_for("the wider bound is in force", lambda: "at most 120000 ms" in patched(second, ("INTERVAL_MS", "120001")))

    first.succeed("upgrade", *WAIT, "--set=settings.intervalMs=60000", "--set=settings.timeoutMs=600000")
    assert first.data()["INTERVAL_MS"] == "60000"
