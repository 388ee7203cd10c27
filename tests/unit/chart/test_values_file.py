from __future__ import annotations

from typing import Any, cast

from chartgen.chart.values_file import first_values, profile_values, properties, settings_lines, with_defaults
from chartgen.documents.nodes import Plain, plain
from chartgen.documents.parsing import parse
from chartgen.enforce.values_schema import values_schema
from chartgen.settings.model import Settings
from chartgen.settings.schema import load_settings
from chartgen.source import Source
from chartgen.validate import Judge
from tests.charts import STOREFRONT, project
from tests.unit.chart.small import settings_of

STORE = load_settings(str(STOREFRONT))


def read(text: str) -> dict[str, Any]:
    root, findings = parse(Source("values.yaml", text))
    assert root is not None
    assert findings == []
    return cast("dict[str, Any]", plain(root))


def defaults(schema: dict[str, Any]) -> dict[str, Plain]:
    """The defaults of a schema, nested, where it has any."""
    found: dict[str, Plain] = {}
    for key, part in properties(schema).items():
        if "properties" in part:
            found[key] = defaults(dict(part))
        elif "default" in part:
            found[key] = part["default"]
    return found


def first(settings: Settings) -> dict[str, Any]:
    return read(first_values(settings, values_schema(settings), project()))


def test_the_first_values_are_the_defaults_of_the_schema() -> None:
    schema = values_schema(STORE) | {"properties": with_defaults(values_schema(STORE), project())}

    assert first(STORE) == defaults(cast("dict[str, Any]", schema))


def test_the_first_values_have_nothing_to_find_fault_with() -> None:
    text = first_values(STORE, values_schema(STORE), project())
    root, _ = parse(Source("values.yaml", text))
    assert root is not None

    from chartgen.documents.layers import Layer  # noqa: PLC0415

    assert Judge(STORE).findings([Layer("values.yaml", root)]) == []


def test_the_projects_names_image_and_port_are_the_first_values() -> None:
    values = first(STORE)

    assert values["names"] == {
        "configMap": "shop-config",
        "deployment": "shop",
        "container": "page",
        "service": "shop-service",
    }
    assert values["image"] == {
        "repository": "registry.example.com/shop/frontend",
        "tag": "1.10",
        "digest": "",
        "pullPolicy": "IfNotPresent",
    }
    assert values["containerPort"] == 8080


def test_editors_find_the_schema_in_the_first_line() -> None:
    text = first_values(STORE, values_schema(STORE), project())

    assert text.splitlines()[0] == "# yaml-language-server: $schema=values.schema.json"


def test_settings_nest_as_in_the_schema_under_comments_that_say_all() -> None:
    lines = settings_lines(STORE)

    expected = """\
  # What the page looks like.
  ui:
    # The colours of the page.
    # String, one of "auto", "light", "dark"; default "auto"; environment variable SHOP_THEME
    theme: "auto"
"""
    assert expected in "\n".join(lines)


def test_rules_are_told_where_their_group_begins() -> None:
    lines = settings_lines(STORE)

    place = lines.index("  # Rule (error): self.timeoutMs * (self.retries + 1) <= 300000")
    assert lines[place + 1] == "  api:"


def test_keys_and_texts_that_yaml_would_change_are_kept() -> None:
    given = {"y": True, "on": "off", "no": "1e3", "s": 'a"b\\c\n\u2028\x7f', "n": 1e-06}

    assert first(settings_of(given))["settings"] == given


def test_a_description_cannot_leave_its_comment() -> None:
    settings = settings_of({"a": 1}, title="a\n\nb: 1", description="x\r\ninjected: 1\u2028injected: 2\n\nc: 3\n")

    assert set(first(settings)) == set(first(settings_of({"a": 1})))


def test_a_profile_is_a_values_file_of_its_settings_alone() -> None:
    text = profile_values(STORE, STORE.profiles[0])

    assert text.splitlines()[0] == "# yaml-language-server: $schema=../values.schema.json"
    assert "# The week of the sale." in text.splitlines()
    assert read(text) == {
        "settings": {
            "ui": {
                "theme": "dark",
                "discount": 0.5,
                "banner": {"enabled": True, "text": "Sale: everything must go"},
            }
        }
    }
