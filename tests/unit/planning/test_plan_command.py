"""`chartgen plan`: what it tells, recommends and refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.golden_text import Golden
from tests.projects import write
from tests.unit.planning.planned import Done


def told(plan: Callable[..., Done], *arguments: str) -> Any:
    done = plan(*arguments, "--format", "json")
    assert done.err == ""
    return json.loads(done.out)


@pytest.fixture
def reference(repository: Path) -> str:
    return str(repository / "schemas" / "async-job.schema.json")


def test_the_documents_figures_and_what_they_leave_out(
    plan: Callable[..., Done], reference: str, golden: Golden
) -> None:
    done = plan("--settings", reference, "--users", "400", "--job-seconds", "120", "--capacity", "110")

    assert (done.code, done.err) == (0, "")
    assert max(map(len, done.out.splitlines())) <= 80
    golden("plan/reference.txt", done.out)


def test_the_documents_own_figures(plan: Callable[..., Done], reference: str) -> None:
    document = told(plan, "--settings", reference, "--users", "400")

    rates = {load["intervalSeconds"]: load["meanPerSecond"] for load in document["intervals"]}
    peaks = {load["intervalSeconds"]: load["synchronisedPeak"] for load in document["intervals"]}
    assert rates == {2: pytest.approx(200), 5: pytest.approx(80), 10: pytest.approx(40)}
    assert peaks == {2: 400, 5: 400, 10: 400}
    assert 1 - rates[10] / rates[2] == pytest.approx(0.8)


def test_the_profile_of_many_users_is_what_is_recommended_for_its_peak(
    plan: Callable[..., Done], reference: str
) -> None:
    peak = told(plan, "--settings", reference, "--users", "400", "--profile", "high-load")["load"]["jitteredPeak"]

    found = told(plan, "--settings", reference, "--users", "400", "--capacity", f"{peak + 1e-6:.6f}")["recommendation"]

    assert found["settings"] == {"pollIntervalMs": 10000, "maxPollAttempts": 60, "timeoutMs": 600000}


def test_the_json_has_every_figure(plan: Callable[..., Done], golden: Golden) -> None:
    done = plan("--users", "90", "--job-seconds", "60", "--capacity", "12", "--rtt", "250", "--format", "json")

    golden("plan/shop.json", done.out)


def test_every_field_of_the_json_is_documented(plan: Callable[..., Done], repository: Path) -> None:
    section = (
        (repository / "docs/reference/json.md")
        .read_text(encoding="utf-8")
        .partition("## chartgen plan")[2]
        .partition("\n## ")[0]
    )
    documented = {name.rpartition(".")[2] for name in re.findall(r"`([\w.]+)`", section)}

    document = told(plan, "--users", "9", "--capacity", "90")

    loads = [document["load"], document["recommendation"]["load"]]
    parts = [
        document,
        document["recommendation"],
        document["recommendation"]["binding"],
        *loads,
        *loads[0]["lastAttempt"],
    ]
    assert {name for part in parts for name in part} - documented == {"version"}


@pytest.mark.parametrize(
    ("arguments", "kind", "settings"),
    [
        (("--users", "1", "--capacity", "100"), "bound", (2, 250)),
        (("--users", "400", "--capacity", "120"), "peak", (5, 100)),
        (("--users", "400", "--capacity", "60"), "rule", (20, 20)),
        (("--users", "1", "--capacity", "100", "--rtt", "1500"), "rtt", (5, 100)),
        (("--users", "1", "--capacity", "100", "--job-seconds", "700"), "job", (5, 180)),
    ],
)
def test_what_binds_is_named(
    plan: Callable[..., Done], arguments: tuple[str, ...], kind: str, settings: tuple[int, int]
) -> None:
    found = told(plan, *arguments)["recommendation"]

    assert found["binding"]["kind"] == kind, found
    assert (found["settings"]["orders.every"], found["settings"]["orders.tries"]) == settings
    assert (found["binding"]["rule"] is not None) == (kind == "rule")


@pytest.mark.parametrize("capacity", [90, 92, 95])
def test_where_answers_are_slow_the_recommendation_keeps_within_the_capacity_too(
    plan: Callable[..., Done], repository: Path, capacity: int
) -> None:
    # Of intervals for which answers are too late, a shorter one may make fewer requests than a longer one.
    schema = str(repository / "schemas/async-job.schema.json")
    load = told(plan, "--settings", schema, "--users", "1000", "--rtt", "10000", "--capacity", str(capacity))[
        "recommendation"
    ]["load"]

    assert load["keepsPace"]
    assert capacity - 0.1 < load["jitteredPeak"] <= capacity


def test_few_requests_are_not_told_as_none(plan: Callable[..., Done]) -> None:
    done = plan("--users", "1", "--capacity", "0.003", "--rtt", "1")

    assert "0.0002 requests on average" in done.out
    assert "for at most 0.003 requests in a busy second" in done.out


@pytest.mark.parametrize(
    ("arguments", "kind", "says"),
    [
        (("--users", "9000", "--capacity", "10"), "peak", "even orders.every 20 makes a peak of"),
        (("--users", "1", "--capacity", "10", "--rtt", "60000"), "rtt", "an answer that takes 60 s can be too late"),
        (("--users", "1", "--capacity", "10", "--job-seconds", "4000"), "job", "wait for a job of 4000 s"),
    ],
)
def test_where_nothing_will_do_it_is_told_why(
    plan: Callable[..., Done], arguments: tuple[str, ...], kind: str, says: str
) -> None:
    done = plan(*arguments)
    found = told(plan, *arguments)["recommendation"]

    assert done.code == 1
    assert "no settings will do" in done.out
    assert (found["settings"], found["load"], found["binding"]["kind"]) == (None, None, kind)
    assert says in found["binding"]["message"]


def test_values_are_those_of_an_environment_a_file_a_profile(plan: Callable[..., Done]) -> None:
    assert told(plan, "--users", "9")["settings"] == {"orders.every": 5, "orders.tries": 100, "orders.patience": 10}
    of_prod = told(plan, "--users", "9", "--env", "prod")
    assert of_prod["settings"] == {"orders.every": 2, "orders.tries": 300, "orders.patience": 10}
    assert told(plan, "--users", "9", "-f", "envs/base.yaml")["settings"]["orders.every"] == 2
    assert told(plan, "--users", "9", "--profile", "sale")["settings"]["orders.tries"] == 300
    alone = told(plan, "--settings", "shop.yaml", "--users", "9", "--profile", "sale", "-f", "envs/prod.yaml")
    assert alone["settings"] == {"orders.every": 2, "orders.tries": 300, "orders.patience": 10}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Missing option '--users'"),
        (("--users", "0"), "0 is not in the range"),
        (("--users", "many"), "'many' is not a valid integer"),
        (("--users", "9", "--capacity", "0"), "0.0 is not in the range"),
        (("--users", "9", "--capacity", "nan"), "'nan' is not a number"),
        (("--users", "9", "--job-seconds", "inf"), "inf is not in the range"),
        (("--users", "9", "--rtt", "-1"), "-1.0 is not in the range"),
        (("--users", "9", "--write", "x.yaml"), "which takes a capacity: --capacity RPS"),
        (("--users", "9", "--profile", "sail"), 'did you mean "sale"?'),
        (("--users", "9", "--env", "prod", "--settings", "shop.yaml"), "names a schema alone"),
        (("--users", "9", "--env", "pord"), 'did you mean "prod"?'),
        (("--users", "9", "--settings", "none.yaml"), "cannot read none.yaml"),
    ],
)
def test_a_wrong_command_line_is_one_error(plan: Callable[..., Done], arguments: tuple[str, ...], says: str) -> None:
    done = plan(*arguments)

    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert "bug" not in done.err


def test_values_with_errors_are_no_ground_for_a_plan(plan: Callable[..., Done], tmp_path: Path) -> None:
    write(tmp_path, {"bad.yaml": "settings: {orders: {tries: 95}}\n"})

    for more in ((), ("--settings", "shop.yaml")):
        done = plan("--users", "9", "-f", "bad.yaml", *more)

        assert (done.code, done.out) == (1, "")
        assert "a multiple of 10" in done.err
        assert "the values have errors, so that there is nothing to plan with" in done.err


ROLES = {
    "poll-interval": "  every: {type: integer, default: 5, minimum: 1, maximum: 60, x-env: EVERY, x-unit: s, x-role: poll-interval}\n",
    "poll-attempts": "  tries: {type: integer, default: 9, minimum: 1, maximum: 60, x-env: TRIES, x-role: poll-attempts}\n",
    "poll-timeout": "  most: {type: integer, default: 9, minimum: 1, maximum: 60, x-env: MOST, x-unit: min, x-role: poll-timeout}\n",
}


def schema_with(folder: Path, *roles: str) -> str:
    text = "type: object\nproperties:\n  theme: {type: boolean, default: true, x-env: THEME}\n"
    (folder / "roles.yaml").write_text(text + "".join(ROLES[role] for role in roles))
    return "roles.yaml"


@pytest.mark.parametrize(
    ("roles", "says"),
    [
        ((), "no setting of roles.yaml has the role poll-interval (nor poll-attempts or poll-timeout)"),
        (("poll-attempts", "poll-timeout"), "no setting of roles.yaml has the role poll-interval, so"),
        (("poll-timeout",), "has the role poll-interval (nor poll-attempts)"),
    ],
)
def test_without_an_interval_there_is_nothing_to_plan(
    plan: Callable[..., Done], tmp_path: Path, roles: tuple[str, ...], says: str
) -> None:
    done = plan("--settings", schema_with(tmp_path, *roles), "--users", "9")

    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert 'help: give the setting that says how often a page asks "x-role": "poll-interval"' in done.err


def test_what_no_setting_says_is_the_clients_default(plan: Callable[..., Done], tmp_path: Path) -> None:
    schema = schema_with(tmp_path, "poll-interval")

    document = told(plan, "--settings", schema, "--users", "9", "--capacity", "5")

    assert document["missingRoles"] == ["poll-attempts", "poll-timeout"]
    assert (document["load"]["attempts"], document["load"]["timeoutSeconds"]) == (120, 600)
    assert list(document["recommendation"]["settings"]) == ["every"]
    shown = " ".join(plan("--settings", schema, "--users", "9").out.split())
    assert "no setting has the role poll-attempts and poll-timeout: the client's own default counts" in shown


def test_a_unit_that_is_no_time_is_an_error(plan: Callable[..., Done], tmp_path: Path) -> None:
    schema = schema_with(tmp_path, "poll-interval")
    (tmp_path / schema).write_text((tmp_path / schema).read_text().replace("x-unit: s", "x-unit: percent"))

    done = plan("--settings", schema, "--users", "9")

    assert done.code == 2
    assert 'the unit "percent", which is no time' in done.err


def test_a_rule_that_only_warns_gives_way_last(plan: Callable[..., Done], tmp_path: Path) -> None:
    schema = schema_with(tmp_path, "poll-interval", "poll-attempts")
    rule = "x-kubernetes-validations:\n  - {rule: self.every < 6, message: slow, x-severity: warning}\n"
    (tmp_path / schema).write_text((tmp_path / schema).read_text() + rule)

    within = told(plan, "--settings", schema, "--users", "400", "--capacity", "100")["recommendation"]
    beyond = told(plan, "--settings", schema, "--users", "400", "--capacity", "90")["recommendation"]

    assert (within["settings"]["every"], within["brokenWarnings"]) == (5, [])
    assert (beyond["settings"]["every"], beyond["brokenWarnings"]) == (6, ["slow"])
    shown = plan("--settings", schema, "--users", "400", "--capacity", "90").out
    assert "warning       this rule does not hold: slow" in shown


def test_the_page_is_opened(plan: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def browse(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", browse)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    done = plan("--users", "9", "--open")

    [file] = tmp_path.glob("chartgen-plan-*.html")
    assert (done.code, done.out, done.err) == (0, "", f"opened {file}\n")
    assert opened == [file.as_uri()]
    assert file.read_text(encoding="utf-8") == plan("--users", "9", "--format", "html").out


def test_without_a_browser_the_page_is_there_all_the_same(
    plan: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    done = plan("--users", "9", "--open")

    [file] = tmp_path.glob("chartgen-plan-*.html")
    assert done.code == 4
    assert f"no browser opens {file}" in done.err
