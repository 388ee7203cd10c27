"""`chartgen status` on a real control plane, with a real Redis, logs that are served, and a page."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from chartgen.settings.schema import load_settings
from tests.cluster.live import DATA, MAP
from tests.cluster.policies import RESOURCES, Guarded
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
    time.sleep(1.1)  # times of the API server are whole seconds
    calm.shop.kubectl("patch", f"configmap/{MAP}", "--patch", '{"data": {"INTERVAL_MS": "6000"}}')
    with page(shown({**DATA, "ATTEMPTS": "7"})) as url:
        done = calm.run("status", "--env", "prod", "--page-url", url, *REDIS)

    assert (done.returncode, done.stderr) == (1, ""), done.stdout
    golden("status/drift.txt", calm.plain(done.stdout))


def test_a_page_whose_script_is_not_served_is_told_as_that(calm: Scene) -> None:
    script = '<script data-chartgen="0" src="http://127.0.0.1:1/chartgen-settings.js"></script>'
    with page(f"<html><head>{script}</head></html>") as url:
        done = calm.run("status", "--page-url", url)

    assert done.returncode == 1, done.stderr
    lost = "its script http://127.0.0.1:1/chartgen-settings.js cannot be read: "
    assert f"! INTERVAL_MS: the page does not have it: {lost}" in done.stdout


def test_json_has_the_same(calm: Scene) -> None:
    done = calm.run("status", "--format", "json", "--redis-url", f"redis://127.0.0.1:{calm.redis}")
    found: Any = json.loads(done.stdout)

    assert done.returncode == 0, done.stderr
    assert found["settings"][0] == {
        "env": "INTERVAL_MS", "name": "intervalMs", "schema": "5000", "values": "5000", "live": "5000",
        "deployment": "map", "pods": "5000", "drift": [], "doubts": [],
    }  # fmt: skip
    assert (found["jobs"]["count"], found["jobs"]["complete"]) == (4, True)
    assert found["polling"]["observedRequests"] > 30
    assert found["polling"]["predictedPerSecond"] == 80
    assert found["notSeen"] == []


def test_policies_that_are_in_force_are_told_and_one_that_is_not_bound(calm: Scene) -> None:
    settings = load_settings(str(calm.shop.folder / "settings.yaml"))
    guarded = Guarded(calm.plane.api, calm.shop.namespace, MAP, settings)
    guarded.guard()
    try:
        bound = calm.run("status").stdout
        binding, _ = (each for each in guarded.objects() if each["kind"].endswith("Binding"))
        calm.plane.api.call("DELETE", f"{RESOURCES[binding['kind']]}/{binding['metadata']['name']}")
        loose = calm.run("status").stdout
    finally:
        for each in guarded.objects():
            calm.plane.api.call("DELETE", f"{RESOURCES[each['kind']]}/{each['metadata']['name']}")

    assert "policy    errors: in force; warnings: in force\n" in bound
    assert "policy    errors: not bound, so that it is not in force; warnings: in force\n" in loose


def test_without_an_index_jobs_are_counted_by_a_scan_that_never_asks_for_keys(calm: Scene) -> None:
    calm.in_redis("CONFIG", "RESETSTAT")
    for words in (["--redis-exec"], ["--redis-url", f"redis://127.0.0.1:{calm.redis}/0"]):
        done = calm.run("status", *words)
        assert "jobs      4 in Redis (SCAN 0 MATCH job:* COUNT 1000)" in done.stdout, done.stdout

    sent = calm.in_redis("INFO", "commandstats")
    assert "cmdstat_scan:" in sent
    assert "cmdstat_keys:" not in sent


def test_what_others_wrote_breaks_no_line_and_an_odd_annotation_says_nothing(calm: Scene) -> None:
    odd = {
        "chartgen.dev/last-change": '{"by": 5, "why": "a\\nb", "set": {"INTERVAL_MS": "5000", "X": null, "Y": 1}, "id": "1f"}'
    }
    calm.shop.patch_map({"metadata": {"annotations": odd}, "data": {"INTERVAL_MS": "50\n00"}})
    done, found = calm.run("status"), json.loads(calm.run("status", "--format", "json").stdout)

    assert "          changed with chartgen by somebody: a\\nb\n" in done.stdout
    assert "  50\\n00  " in done.stdout
    assert found["configMap"]["lastChange"] == {
        "by": None, "when": None, "why": "a\nb", "id": "1f", "set": {"INTERVAL_MS": "5000", "X": None},
    }  # fmt: skip
