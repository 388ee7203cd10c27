from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from chartgen.documents.json_schema import compile_schema
from chartgen.enforce.values_schema import DIALECT, values_schema
from chartgen.settings.schema import load_settings
from tests.charts import ASYNC_JOB, EVERYTHING, STOREFRONT


@pytest.fixture(params=[ASYNC_JOB, STOREFRONT], ids=["async-job", "storefront"])
def schema(request: pytest.FixtureRequest) -> dict[str, Any]:
    return cast("dict[str, Any]", values_schema(load_settings(str(request.param))))


@pytest.fixture
def storefront() -> dict[str, Any]:
    return cast("dict[str, Any]", values_schema(load_settings(str(STOREFRONT))))


def mappings(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from mappings(part)
    if isinstance(value, list):
        for part in value:
            yield from mappings(part)


def accepts(schema: dict[str, Any], values: object) -> bool:
    """Whether values fit, by the two libraries that chartgen knows; they must agree."""
    one = compile_schema(schema).is_valid(cast("Any", values))
    assert one == jsonschema.Draft202012Validator(schema).is_valid(values)
    return one


def test_it_is_a_schema_of_2020_12_that_needs_no_other_file(schema: dict[str, Any]) -> None:
    assert schema["$schema"] == DIALECT
    jsonschema.Draft202012Validator.check_schema(schema)
    assert not any({"$ref", "$dynamicRef", "$id"} & each.keys() for each in mappings(schema))


def test_nothing_is_required_and_every_group_is_closed(schema: dict[str, Any]) -> None:
    groups = [each for each in mappings(schema) if isinstance(each.get("properties"), dict)]

    assert not any("required" in each for each in mappings(schema))
    assert groups
    assert all(each["type"] == "object" for each in groups)
    assert all(each["additionalProperties"] is False for each in groups)


def test_every_value_has_a_type_and_a_description(schema: dict[str, Any]) -> None:
    def check(properties: dict[str, Any], path: str) -> None:
        for key, part in properties.items():
            assert {"type", "enum", "anyOf"} & part.keys(), f"{path}.{key}"
            assert part.get("description") or part.get("title"), f"{path}.{key}"
            check(part.get("properties", {}), f"{path}.{key}")

    check(schema["properties"], "")


def test_every_default_and_example_fits(schema: dict[str, Any]) -> None:
    for part in mappings(schema["properties"]):
        if "description" in part and "default" in part:
            assert accepts(part, part["default"])
        for example in part.get("examples", []) if isinstance(part.get("examples"), list) else []:
            assert accepts(part, example)


def test_a_parent_chart_may_add_global_and_enabled(schema: dict[str, Any]) -> None:
    assert accepts(schema, {"global": {"region": "eu"}, "enabled": True})
    assert not accepts(schema, {"global": "eu"})
    assert not accepts(schema, {"enabled": "yes"})
    assert not accepts(schema, {"tags": {}})


def test_everything_at_once_fits(schema: dict[str, Any]) -> None:
    assert accepts(schema, EVERYTHING)


def test_the_settings_are_the_settings_schemas_own(storefront: dict[str, Any]) -> None:
    settings = storefront["properties"]["settings"]
    api = settings["properties"]["api"]

    assert settings["title"] == "Storefront"
    assert not {"$schema", "$id", "x-profiles"} & settings.keys()
    assert api["x-kubernetes-validations"][0]["rule"] == "self.timeoutMs * (self.retries + 1) <= 300000"
    assert api["properties"]["timeoutMs"]["x-env"] == "SHOP_API_TIMEOUT_MS"


@pytest.mark.parametrize(
    "wrong",
    [
        {"api": {"retries": 11}},
        {"api": {"retries": 1.5}},
        {"api": {"retries": "2"}},
        {"api": {"timeoutMs": 750}},
        {"api": {"other": 1}},
        {"other": 1},
        {"ui": {"theme": "pink"}},
        {"ui": {"banner": True}},
        {"ui": {"discount": 0.1234567}},
    ],
)
def test_settings_that_break_a_bound_are_refused(storefront: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert not compile_schema(storefront).is_valid({"settings": wrong})


@pytest.mark.parametrize("discount", [0, 0.1, 0.3, 0.123456, 0.000001, 0.9])
def test_numbers_of_six_decimals_are_accepted(storefront: dict[str, Any], discount: float) -> None:
    assert compile_schema(storefront).is_valid({"settings": {"ui": {"discount": discount}}})


def test_integers_without_bounds_stay_exact(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    count = {"type": "integer", "default": 1, "x-env": "COUNT"}
    ratio = {"type": "number", "default": 1, "x-env": "RATIO"}
    file.write_text(json.dumps({"type": "object", "properties": {"count": count, "ratio": ratio}}), encoding="utf-8")

    schema = cast("dict[str, Any]", values_schema(load_settings(str(file))))

    for value in (2**53 - 1, 1 - 2**53):
        assert accepts(schema, {"settings": {"count": value}})
    for value in (2**53, -(2**53)):
        assert not accepts(schema, {"settings": {"count": value}})
    assert not accepts(schema, {"settings": {"ratio": 2 * 10**15}})


@pytest.mark.parametrize(
    "wrong",
    [
        {"image": {"tag": 1.1}},
        {"image": {"tag": "a tag"}},
        {"image": {"digest": "sha256:abc"}},
        {"image": {"pullPolicy": "always"}},
        {"names": {"service": "1st"}},
        {"names": {"deployment": "Shop"}},
        {"names": {"configMap": "a_b"}},
        {"replicaCount": -1},
        {"replicaCount": 1.5},
        {"containerPort": 0},
        {"service": {"type": "ExternalName"}},
        {"extraData": {"a key": "x"}},
        {"extraData": {"key": 1}},
        {"podAnnotations": {"a": True}},
        {"podDisruptionBudget": {"minAvailable": "50"}},
        {"podDisruptionBudget": {"minAvailable": 1.5}},
        {"emptyDirs": {"tmp": {"mountPath": "tmp"}}},
        {"emptyDirs": {"Tmp": {"mountPath": "/cache"}}},
        {"env": {"A": "b"}},
        {"injection": {"mode": "sidecars"}},
        {"injection": {"script": "none"}},
        {"injection": {"copy": "cp -R"}},
        {"page": {"folder": "site"}},
        {"page": {"html": ["/index.html"]}},
        {"page": {"publicPath": "/a b"}},
        {"ingress": {"hosts": ["a.example"]}},
        {"ingress": {"hosts": [{"host": "a", "paths": [{"path": "/", "pathType": "prefix"}]}]}},
        {"resources": "none"},
    ],
)
def test_other_values_are_as_narrow_as_kubernetes(schema: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert not accepts(schema, wrong)
