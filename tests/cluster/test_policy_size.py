"""The largest schemas: the API server bounds what a policy may cost, and everybody who edits waits for it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import pytest

from chartgen.settings.expression import Type
from chartgen.settings.model import Settings
from chartgen.settings.strings import render_text
from tests.cluster.api import Reply
from tests.cluster.control_plane import ControlPlane
from tests.cluster.policies import RESOURCES, Guarded, errors, message
from tests.cluster.waiting import wait_for
from tests.large_schema import RULES, SETTINGS, large_schema
from tests.setting_texts import findings_of
from tests.strategies import read

SLOWEST = 0.2
"""Seconds that a request may take on a busy machine."""


@pytest.fixture(scope="module")
def large(control_plane: ControlPlane) -> Iterator[Guarded]:
    """A ConfigMap of 200 settings and 50 rules."""
    settings = read(large_schema())
    assert settings is not None
    guarded = Guarded(control_plane.api, "default", "large", settings)
    guarded.guard()
    guarded.wait()
    yield guarded
    for each in guarded.objects():
        control_plane.api.call("DELETE", f"{RESOURCES[each['kind']]}/{each['metadata']['name']}")


def defaults(settings: Settings) -> dict[str, str]:
    return {setting.env: render_text(setting.type, setting.default) for setting in settings.settings}


def timed(judge: Callable[[], Reply]) -> tuple[Reply, float]:
    """A reply, and the seconds that the quickest of several such requests took: others may keep the machine busy."""
    seconds = []
    reply = judge()
    for _ in range(30):
        start = time.perf_counter()
        judge()
        seconds.append(time.perf_counter() - start)
    return reply, min(seconds)


def test_a_large_schema_is_judged_within_the_clusters_limits(
    large: Guarded, record_property: Callable[[str, object], None]
) -> None:
    assert (len(large.settings.settings), len(large.settings.rules)) == (SETTINGS, RULES)
    unguarded = large.object(defaults(large.settings)) | {"metadata": {"name": "another"}}

    reply, seconds = timed(lambda: large.judge(defaults(large.settings)))
    _, without = timed(lambda: large.api.call("POST", large.dry("POST"), unguarded))

    assert (reply.status, reply.warnings) == (201, ())
    assert seconds - without < SLOWEST
    record_property(f"an admission with {SETTINGS} settings and {RULES} rules, ms", round(seconds * 1000, 1))
    record_property("the same without policies, ms", round(without * 1000, 1))


def test_its_types_are_checked_and_right(large: Guarded) -> None:
    for each in large.objects():
        if each["kind"] == "ValidatingAdmissionPolicy":
            policy = f"{RESOURCES[each['kind']]}/{each['metadata']['name']}"
            status = wait_for("it is checked", lambda policy=policy: large.api.call("GET", policy).body.get("status"))  # type: ignore[misc]
            assert status["typeChecking"] == {}


@pytest.mark.parametrize(
    "text", ["x" * 3000, "\U0001f600" * 1000, '"\n\x01' * 1000, " 1 "], ids=["long", "wide", "odd", "blank"]
)
def test_every_setting_wrong_at_once_is_told_as_far_as_there_is_room(large: Guarded, text: str) -> None:
    texts = dict.fromkeys(defaults(large.settings), text)

    said = message(large.judge(texts))

    expected = findings_of(large.settings, texts)[0]
    assert " | ".join(expected).startswith(said.removesuffix(" ..."))
    assert 1000 < len(said.encode()) <= 5120


def test_every_rule_broken_at_once_is_told_as_far_as_there_is_room(large: Guarded) -> None:
    texts = {setting.env: "1000" for setting in large.settings.settings if setting.path[-1] == "timeoutMs"}

    said = errors(large.judge(texts))

    assert len(said) > 10
    assert said[:-1] == findings_of(large.settings, texts)[0][: len(said) - 1]


@pytest.mark.parametrize(
    "text", ["https://" + "a" * 1_000_000, "\u00e9" * 500_000, " " * 1_000_000], ids=["text", "wide", "blanks"]
)
@pytest.mark.parametrize("type_", Type)
def test_one_text_as_large_as_a_config_map_may_be_is_told(large: Guarded, type_: Type, text: str) -> None:
    env = next(setting.env for setting in large.settings.settings if setting.type is type_)

    said = errors(large.judge({env: text}))

    shown = json.dumps(text, ensure_ascii=False)[:77]
    assert [line.split(", which")[0].split("; expected")[0].split(", with")[0] for line in said] == [
        f"{env} is {shown}..."
    ] * len(said)
    assert said
