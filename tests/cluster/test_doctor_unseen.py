"""What `chartgen doctor` did not see is told, and no good news: in words, in JSON, and by the exit status."""

from __future__ import annotations

import json
from typing import Any

from tests.cluster.scene import Scene
from tests.command import chartgen


def told(done: Any) -> Any:
    """Its report."""
    return json.loads(done.stdout)


def test_a_namespace_that_is_not_there_is_no_good_news(calm: Scene) -> None:
    done = chartgen("doctor", "-n", "typo", "--format", "json", cwd=calm.shop.folder, env=calm.shop.env())

    assert done.returncode == 4
    assert "error: there is no namespace typo in context tests\n" in done.stderr
    assert told(done)["notSeen"] == [
        "there is no namespace typo in context tests",
        "there is no Deployment shop in namespace typo of context tests",
    ]
    codes = [code for each in told(done)["notLookedFor"] for code in each["codes"]]
    assert "CG501" in codes
    assert "CG512" in codes


def test_what_an_option_asks_for_and_is_not_there_is_told(calm: Scene) -> None:
    asked = {
        ("--page-url", "http://127.0.0.1:9/"): "the page http://127.0.0.1:9/ cannot be read: ",
        ("--log-selector", "app=typo"): "no pod with app=typo runs, whose log would show the polling\n",
        (
            "--redis-exec",
            "--redis-selector",
            "app=typo",
        ): "no pod with app=typo runs, in which redis-cli could be asked\n",
    }
    for words, why in asked.items():
        done = calm.run("doctor", *words)

        assert (done.returncode, done.stdout) == (4, "no findings\n")
        assert f"error: {why}" in done.stderr


def test_what_nobody_asked_for_is_told_and_changes_nothing(calm: Scene) -> None:
    done = calm.run("doctor", "--format", "json")

    assert done.returncode == 0, done.stderr
    assert told(done)["lookedFor"] == [f"CG5{n:02}" for n in (1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13)]
    assert told(done)["notLookedFor"] == [
        {"reason": "without --page-url", "codes": ["CG506"]},
        {"reason": "without --redis-url or --redis-exec", "codes": ["CG510"]},
    ]
    assert told(done)["notSeen"] == []


def test_a_namespace_without_a_name_is_a_mistake_and_not_the_context_s_own(calm: Scene) -> None:
    """As of a variable of a pipeline that nobody set."""
    for command in ("status", "doctor"):
        done = chartgen(command, "-n", "", cwd=calm.shop.folder, env=calm.shop.env())
        assert done.returncode == 2
        assert "its value is empty" in done.stderr
