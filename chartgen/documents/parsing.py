"""The reader that a file's name asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chartgen.documents.json_tree import parse_json
from chartgen.documents.yaml_tree import parse_yaml

if TYPE_CHECKING:
    from chartgen.documents.nodes import Node
    from chartgen.finding import Finding
    from chartgen.source import Source


def parse(source: Source) -> tuple[Node | None, list[Finding]]:
    """`.json` by JSON's rules, everything else as Helm reads YAML. No tree if a finding is an error."""
    if source.name.lower().endswith(".json"):
        return parse_json(source)
    return parse_yaml(source)
