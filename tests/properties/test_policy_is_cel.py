"""A real API server says of any ConfigMap what chartgen says of it, in the same words.

Policies come into force a second after they were made, so many schemas are judged at a time, with several ConfigMaps each.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chartgen.enforce.policy_findings import BETWEEN
from chartgen.settings.model import Settings
from tests.cluster.api import Reply
from tests.cluster.control_plane import ControlPlane
from tests.cluster.policies import Guarded, guard_all, message, warnings
from tests.counts import examples
from tests.setting_texts import findings_of, texts_of
from tests.strategies import read, schemas

MAPS = 10
"""ConfigMaps to a schema."""

NUMBERS = count()
_LONGEST_MESSAGE = 5000

Case = tuple[dict[str, Any], Settings, list[dict[str, str]]]


@st.composite
def batches(draw: st.DrawFn) -> Case:
    """A schema, half of whose rules are warnings, and texts for its settings."""
    schema = draw(schemas())
    for rule in schema.get("x-kubernetes-validations", []):
        rule["x-severity"] = draw(st.sampled_from(["error", "warning"]))
    found = read(schema)
    assert found is not None
    return schema, found, [draw(texts_of(found, schema)) for _ in range(MAPS)]


def collected(full: int) -> list[Case]:
    """Cases as Hypothesis makes them. What fails is not made smaller: each try would take a second."""
    cases: list[Case] = []

    @settings(
        max_examples=examples(full),
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(batches())
    def collect(case: Case) -> None:
        cases.append(case)

    collect()
    return cases


@pytest.fixture(scope="module")
def api_namespace(control_plane: ControlPlane) -> Iterator[str]:
    """A namespace of the module's own."""
    control_plane.api.call("POST", "/api/v1/namespaces", {"metadata": {"name": "any-texts"}})
    yield "any-texts"
    control_plane.api.call("DELETE", "/api/v1/namespaces/any-texts")


def test_the_api_server_says_what_chartgen_says(control_plane: ControlPlane, api_namespace: str) -> None:
    cases = collected(200)
    guarded = [Guarded(control_plane.api, api_namespace, f"s{next(NUMBERS)}", found) for _, found, _ in cases]
    guard_all(guarded)

    judged = [
        (schema, found, texts, each.judge(texts))
        for each, (schema, found, maps) in zip(guarded, cases, strict=True)
        for texts in maps
    ]

    assert len(judged) >= examples(2000)
    wrong = [
        (json.dumps(schema), texts, reply) for schema, found, texts, reply in judged if not agrees(found, texts, reply)
    ]
    assert wrong[:1] == []
    refused = sum(reply.status == 422 for *_, reply in judged)
    assert len(judged) // 10 < refused < len(judged) * 9 // 10


def agrees(found: Settings, texts: dict[str, str], reply: Reply) -> bool:
    """Whether the reply says all that chartgen says, in its order, and no more; but for what does not fit."""
    errors, warned = findings_of(found, texts)
    said, expected = message(reply), in_one_line(errors)
    if len(expected.encode()) > _LONGEST_MESSAGE:
        return expected.startswith(said.removesuffix(" ..."))
    return said.strip() == expected.strip() and (bool(errors) or shown(warnings(reply)) == shown([in_one_line(warned)]))


def in_one_line(lines: list[str]) -> str:
    """Findings as a policy tells them: with blanks for control characters."""
    return "".join(" " if unicodedata.category(char) == "Cc" else char for char in BETWEEN.join(lines))


def shown(lines: list[str]) -> str:
    """Warnings as far as a header of HTTP surely has them."""
    return "".join(char for char in BETWEEN.join(lines) if char.isprintable()).strip()


NUMBERS_AS_TEXTS = st.from_regex(r"\A-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?\Z")
ONE_NUMBER = {
    "type": "object",
    "properties": {
        "own": {"type": "number", "minimum": 0.5, "maximum": 0.5, "default": 0.5, "x-env": "OWN"},
        "ruled": {"type": "number", "default": 0.5, "x-env": "RULED"},
    },
    "x-kubernetes-validations": [{"rule": "self.ruled == 0.5", "message": "it is not a half"}],
}


def test_every_number_is_told_as_chartgen_tells_it(control_plane: ControlPlane, api_namespace: str) -> None:
    found = read(ONE_NUMBER)
    assert found is not None
    guarded = Guarded(control_plane.api, api_namespace, f"s{next(NUMBERS)}", found)
    guard_all([guarded])

    @settings(max_examples=examples(3000), suppress_health_check=list(HealthCheck))
    @given(NUMBERS_AS_TEXTS, NUMBERS_AS_TEXTS)
    def judge(own: str, ruled: str) -> None:
        texts = {"OWN": own, "RULED": ruled}
        assert agrees(found, texts, guarded.judge(texts))

    judge()
