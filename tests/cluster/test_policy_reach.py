"""What the policies judge, and what they leave alone: never in silence where a setting changes."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from chartgen.enforce.policy import FOREIGN
from tests.cluster.api import MERGE, Reply
from tests.cluster.control_plane import ControlPlane
from tests.cluster.policies import RESOURCES, Guarded, errors, warnings
from tests.cluster.waiting import wait_for
from tests.strategies import read

SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "A shop",
    "properties": {
        "title": {"type": "string", "default": "", "maxLength": 9, "description": "Shown above.", "x-env": "TITLE"},
        "level": {"type": "integer", "minimum": 0, "maximum": 9, "default": 3, "x-env": "LEVEL"},
    },
    "x-kubernetes-validations": [{"rule": "self.level < 9", "message": "that is much", "x-severity": "warning"}],
}
ANNOTATION = "chartgen.dev/schema"


@pytest.fixture(params=[True, False], ids=["with a warning", "without one"])
def guarded(request: pytest.FixtureRequest, control_plane: ControlPlane) -> Iterator[Guarded]:
    """A ConfigMap that broke a limit before the policies came."""
    settings = read(SCHEMA if request.param else {**SCHEMA, "x-kubernetes-validations": []})
    assert settings is not None
    made = Guarded(control_plane.api, "default", f"reach-{secrets.token_hex(4)}", settings)
    assert made.api.call("POST", made.path, made.object({"LEVEL": "10"})).status == 201
    made.guard()
    made.wait()
    wait_for("both are in force", lambda: warnings(annotated(made, "other")) == [FOREIGN])
    yield made
    for each in made.objects():
        control_plane.api.call("DELETE", f"{RESOURCES[each['kind']]}/{each['metadata']['name']}")


def patch(guarded: Guarded, body: dict[str, Any], *, dry: bool = True) -> Reply:
    where = guarded.dry("PATCH") if dry else f"{guarded.path}/{guarded.name}"
    return guarded.api.call("PATCH", where, body, MERGE)


def annotated(guarded: Guarded, digest: str | None, data: dict[str, str] | None = None, *, dry: bool = True) -> Reply:
    body: dict[str, Any] = {"metadata": {"annotations": {ANNOTATION: digest}}}
    return patch(guarded, body | ({"data": data} if data else {}), dry=dry)


def test_a_broken_config_map_may_get_labels_and_be_deleted(guarded: Guarded) -> None:
    finalizer = {"metadata": {"labels": {"a": "b"}, "finalizers": ["example.com/wait"]}}
    reply = patch(guarded, finalizer, dry=False)
    assert (reply.status, reply.warnings) == (200, ())
    assert errors(patch(guarded, {"data": {"OTHER": "1"}})) == ["LEVEL is 10; expected at most 9"]

    guarded.api.call("DELETE", f"{guarded.path}/{guarded.name}")
    assert "deletionTimestamp" in guarded.api.call("GET", f"{guarded.path}/{guarded.name}").body["metadata"]
    assert patch(guarded, {"metadata": {"finalizers": None}}, dry=False).status == 200
    assert guarded.api.call("GET", f"{guarded.path}/{guarded.name}").status == 404


def test_a_config_map_of_another_version_is_not_judged_and_that_is_said(guarded: Guarded) -> None:
    digest = guarded.settings.verdict_digest
    assert annotated(guarded, digest, {"LEVEL": "3"}, dry=False).warnings == ()

    stale = annotated(guarded, "stale", {"LEVEL": "1e+06"}, dry=False)
    assert (stale.status, warnings(stale)) == (200, [FOREIGN])

    later = patch(guarded, {"data": {"LEVEL": "2e+06"}})
    assert (later.status, warnings(later)) == (200, [FOREIGN])
    assert errors(annotated(guarded, digest, {"LEVEL": "10"})) == ["LEVEL is 10; expected at most 9"]
    assert errors(annotated(guarded, None, {"LEVEL": "10"})) == ["LEVEL is 10; expected at most 9"]


PROSE = [
    {"title": "Another"},
    {"description": "More."},
    {"properties": {**SCHEMA["properties"], "level": {**SCHEMA["properties"]["level"], "description": "How loud."}}},
    {"x-profiles": {"loud": {"description": "Loud.", "values": {"level": 8}}}},
]
JUDGING = [
    {"properties": {"title": SCHEMA["properties"]["title"]}, "x-kubernetes-validations": []},
    {"properties": {"level": SCHEMA["properties"]["level"]}},
    {"properties": {**SCHEMA["properties"], "level": {**SCHEMA["properties"]["level"], "minimum": 1}}},
    {"x-kubernetes-validations": [{**SCHEMA["x-kubernetes-validations"][0], "message": "that is too much"}]},
]


@pytest.mark.parametrize("change", PROSE + JUDGING, ids=json.dumps)
def test_better_words_about_a_setting_make_no_new_version(change: dict[str, Any]) -> None:
    before, after = read(SCHEMA), read({**SCHEMA, **change})
    assert before is not None
    assert after is not None

    assert before.digest != after.digest
    assert (before.verdict_digest == after.verdict_digest) is (change in PROSE)
