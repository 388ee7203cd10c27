"""What does not keep a schema from being used is told all the same."""

from __future__ import annotations

from chartgen.settings.schema import read_settings
from chartgen.source import Source

TEXT = "type: object\nproperties:\n  a:\n    type: integer\n    default: 1\n    default: 2\n    x-env: A\n"


def test_a_usable_schema_keeps_its_warnings() -> None:
    settings, findings = read_settings(Source("schema.yaml", TEXT))

    assert settings is not None
    assert [finding.code for finding in findings] == ["CG103"]
    assert tuple(findings) == settings.warnings
