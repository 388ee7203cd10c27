"""Each case of `chartgen doctor`, made to happen on a real control plane, and found; where all is well, nothing is."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cluster.live import DATA, MAP
from tests.cluster.scene import POLL, Scene, page, shown, wired
from tests.golden_text import Golden

CASES = Path(__file__).parents[1] / "cases" / "cluster"
REDIS = ("--redis-exec", "--job-index", "jobs:active")
Words = tuple[str, ...]


@contextmanager
def old_pods(made: Scene) -> Iterator[Words]:
    time.sleep(1.1)  # times of the API server are whole seconds
    made.apply(made.map({**DATA, "INTERVAL_MS": "6000"}))
    yield ()


@contextmanager
def missing_key(made: Scene) -> Iterator[Words]:
    source = {"configMapKeyRef": {"name": MAP, "key": "INTERVAL", "optional": True}}
    redeploy(made, [{"name": "INTERVAL_MS", "valueFrom": source}, *made.env[1:]])
    yield ()


@contextmanager
def a_float(made: Scene) -> Iterator[Words]:
    made.apply(made.map({**DATA, "TIMEOUT_MS": "1e+06"}))
    redeploy(made, made.env, annotation="after")
    yield ()


@contextmanager
def a_literal(made: Scene) -> Iterator[Words]:
    redeploy(made, [{"name": "INTERVAL_MS", "value": "2000"}, *made.env[1:]])
    yield ()


@contextmanager
def two_maps(made: Scene) -> Iterator[Words]:
    made.apply(made.map({"INTERVAL_MS": "2000"}, name="old-settings"))
    redeploy(made, [wired("INTERVAL_MS", "old-settings"), *made.env[1:]])
    yield ()


@contextmanager
def bare_page(made: Scene) -> Iterator[Words]:  # noqa: ARG001 - as the others
    with page("<html><head><title>Shop</title></head></html>") as url:
        yield ("--page-url", url)


@contextmanager
def many_polls(made: Scene) -> Iterator[Words]:
    made.log(made.polls(5, jobs=50))
    yield ("--most-requests", "5")


@contextmanager
def fast_clients(made: Scene) -> Iterator[Words]:
    made.log(
        [*made.polls(5, jobs=3), *((30 - 2 * n, POLL.format(client=9, job="fast1", status=200)) for n in range(10))]
    )
    yield ()


@contextmanager
def timeouts(made: Scene) -> Iterator[Words]:
    made.log([*made.polls(5), (3, "WARNING job j1 timed out after 60 s"), (2, "WARNING job j2 timed out after 60 s")])
    yield ()


@contextmanager
def short_lived(made: Scene) -> Iterator[Words]:
    for job in range(4):
        made.in_redis("EXPIRE", f"job:j{job}", "20")
    yield REDIS


@contextmanager
def turned_away(made: Scene) -> Iterator[Words]:
    made.log([*made.polls(5), *((20 - n, POLL.format(client=1, job=f"b{n}", status=429)) for n in range(12))])
    yield ()


@contextmanager
def datetimes(made: Scene) -> Iterator[Words]:
    made.log([*made.polls(5), (3, "TypeError: Object of type datetime is not JSON serializable")])
    yield ()


@contextmanager
def not_wired(made: Scene) -> Iterator[Words]:
    made.apply(made.map({**DATA, "TIMEOUT_MS": "90000"}))
    redeploy(made, made.env[:2])
    yield ()


SCENES: dict[str, Callable[[Scene], object]] = {
    "CG501-old-pods": old_pods,
    "CG502-missing-key": missing_key,
    "CG503-a-float": a_float,
    "CG504-a-literal": a_literal,
    "CG505-two-maps": two_maps,
    "CG506-bare-page": bare_page,
    "CG507-many-polls": many_polls,
    "CG508-fast-clients": fast_clients,
    "CG509-timeouts": timeouts,
    "CG510-short-lived": short_lived,
    "CG511-turned-away": turned_away,
    "CG512-datetimes": datetimes,
    "CG513-not-wired": not_wired,
}


def redeploy(made: Scene, env: list[dict[str, object]], annotation: str = "") -> None:
    whole = made.frontend(env)
    if annotation:
        whole["spec"]["template"]["metadata"]["annotations"] = {"tests.chartgen.dev/when": annotation}
    made.apply(whole)
    made.ready()


@pytest.mark.parametrize("name", SCENES)
def test_the_case_is_found_and_no_other(calm: Scene, name: str, request: pytest.FixtureRequest) -> None:
    golden = Golden(CASES / name, update=bool(request.config.getoption("--update-golden")))
    with SCENES[name](calm) as words:  # type: ignore[attr-defined]
        done = calm.run("doctor", *words)

    said = calm.plain(" ".join(["$ chartgen doctor", *words]) + f"\n{done.stdout}")
    said = re.sub(r"\d+ in \d\d s: [\d.]+ a second", "600 in 60 s: 10 a second", said)
    said = re.sub(r"of \d+ polls in \d\d s: \d+%", "of 60 polls in 60 s: 20%", said)
    said = re.sub(r"job:j\d is \d+, age \d+", "job:j0 is 19, age 11", said)
    said = re.sub(r"kept for \d+ s", "kept for 30 s", said)
    said = re.sub(r"TTL job:j\d", "TTL job:j0", said)
    golden("expected.txt", f"{said}--- exit {done.returncode}\n")
    assert re.findall(r"^(?:error|warning)\[(CG\d+)\]", done.stdout, re.MULTILINE) == [name[:5]], done.stdout
    assert done.returncode == 1


def test_where_all_is_well_nothing_is_found(calm: Scene) -> None:
    with page(shown(DATA)) as url:
        done = calm.run("doctor", "--page-url", url, "--users", "400", *REDIS)

    looked = "looked for " + ", ".join(f"CG5{number:02}" for number in range(1, 14))
    assert (done.returncode, done.stdout, done.stderr) == (0, "no findings\n", looked + "\n")


def test_each_format_has_the_finding_and_the_same_exit_status(calm: Scene, tmp_path: Path) -> None:
    formats = ("text", "concise", "json", "sarif", "junit", "github", "gitlab")
    with datetimes(calm):
        done = calm.run("doctor", *(word for name in formats for word in ("--format", f"{name}={tmp_path / name}.out")))

    texts = {name: (tmp_path / f"{name}.out").read_text(encoding="utf-8") for name in formats}
    assert done.returncode == 1, done.stderr
    assert [name for name, text in texts.items() if "CG512" not in text] == []
    assert json.loads(texts["json"])["findings"][0]["code"] == "CG512"


def test_a_case_that_only_redis_shows_is_found(calm: Scene) -> None:
    calm.in_redis("ZADD", "jobs:active", "1600000000", "j0")
    done = calm.run("doctor", "--redis-url", f"redis://127.0.0.1:{calm.redis}", "--job-index", "jobs:active")

    assert done.returncode == 1
    assert "error[CG509]: jobs are older than a page waits" in done.stdout


def test_what_is_predicted_for_many_users_is_a_warning(calm: Scene) -> None:
    done = calm.run("doctor", "--users", "1000")

    assert done.returncode == 0, done.stdout
    assert "warning[CG507]: polling is too frequent" in done.stdout
    assert "200 requests a second for 1000 users, more than 100" in done.stdout
    assert calm.run("doctor", "--users", "1000", "--strict").returncode == 1


def test_a_config_map_that_nobody_reads_is_a_warning_and_that_of_another_release_is_none(calm: Scene) -> None:
    calm.apply(calm.map(DATA, name="others", labels={"app.kubernetes.io/instance": "other"}))
    assert calm.run("doctor").stdout == "no findings\n"

    calm.apply(calm.map(DATA, name="leftover"))
    done = calm.run("doctor")
    assert done.returncode == 0, done.stdout
    assert "warning[CG505]: settings are in two ConfigMaps: leftover has some, too" in done.stdout

    calm.apply(calm.pod("canary", [wired("ATTEMPTS", "leftover")]))
    assert calm.run("doctor").stdout == "no findings\n"


def test_a_setting_that_may_come_another_way_is_no_case(calm: Scene) -> None:
    """From a Secret, whose keys are not read; or as files, which a program may read as it likes."""
    calm.apply(calm.map({**DATA, "TIMEOUT_MS": "90000"}))
    secret = [{"secretRef": {"name": "more", "optional": True}}]
    for more in ({"envFrom": secret}, {"volumeMounts": [{"name": "settings", "mountPath": "/etc/settings"}]}):
        whole = calm.frontend(calm.env[:2], **more)
        if "volumeMounts" in more:
            whole["spec"]["template"]["spec"]["volumes"] = [{"name": "settings", "configMap": {"name": MAP}}]
        calm.apply(whole)
        calm.ready()
        done = calm.run("doctor")
        assert (done.returncode, done.stdout) == (0, "no findings\n")


def test_a_deployment_that_takes_none_of_them_is_a_warning(calm: Scene) -> None:
    redeploy(calm, [])
    done = calm.run("doctor")

    assert done.returncode == 0, done.stdout
    assert "warning[CG513]: no container of Deployment shop takes INTERVAL_MS, ATTEMPTS, TIMEOUT_MS" in done.stdout
