"""`chartgen status` on a real control plane, with a real Redis, logs that are served, and a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.cluster.live import DATA
from tests.cluster.scene import Scene, page, shown

REDIS = ("--redis-exec", "--job-index", "jobs:active")


def test_where_all_is_in_order_one_screen_says_so(calm: Scene, golden: Callable[[str, str], None]) -> None:
    with page(shown(DATA)) as url:
        done = calm.run("status", "--env", "prod", "--page-url", url, *REDIS)

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    golden("status/in-order.txt", calm.plain(done.stdout))


def test_each_place_that_says_something_else_is_marked(calm: Scene, golden: Callable[[str, str], None]) -> None:
    literal = {"name": "ATTEMPTS", "value": "7"}
    calm.apply(calm.frontend([calm.env[0], literal]))
    calm.ready()
    calm.apply(calm.map({**DATA, "INTERVAL_MS": "6000"}))
    with page(shown({**DATA, "ATTEMPTS": "7"})) as url:
        done = calm.run("status", "--env", "prod", "--page-url", url, *REDIS)

    assert (done.returncode, done.stderr) == (1, ""), done.stdout
    golden("status/drift.txt", calm.plain(done.stdout))


def test_json_has_the_same(calm: Scene) -> None:
    done = calm.run("status", "--format", "json", "--redis-url", f"redis://127.0.0.1:{calm.redis}")
    found: Any = json.loads(done.stdout)

    assert done.returncode == 0, done.stderr
    assert found["settings"][0] == {
        "env": "INTERVAL_MS", "name": "intervalMs", "schema": "5000", "values": "5000", "live": "5000",
        "deployment": "map", "pods": "5000", "drift": [],
    }  # fmt: skip
    assert (found["jobs"]["count"], found["jobs"]["complete"]) == (4, True)
    assert found["polling"]["observedRequests"] > 30
    assert found["polling"]["predictedPerSecond"] == 80
    assert found["notSeen"] == []
