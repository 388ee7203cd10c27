"""Fill in what the documentation says and the program knows better: commands, codes, keywords, examples of findings.

`python -m scripts.reference_pages`, from the root of the tree, with chartgen installed. In each page of `PAGES`, the lines
between `<!-- begin NAME -->` and `<!-- end NAME -->` are written by the function that `BLOCKS` names. A block named
`example CASE FILE...` is written by `scripts/finding_examples.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from chartgen.cli import COMMANDS, root
from chartgen.explain.pages import codes_by_group
from chartgen.finding import CODES
from chartgen.report.formats import FORMATS
from chartgen.schema_diff import changes
from scripts.finding_examples import example

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "README.md",
    "docs/reference/commands.md",
    "docs/reference/findings.md",
    "docs/reference/json.md",
    "docs/reference/project-file.md",
    "docs/reference/reports.md",
    "docs/reference/settings-schema.md",
    *(f"docs/reference/findings/{path.name}" for path in sorted((ROOT / "docs/reference/findings").glob("*.md"))),
)
WIDTH = 100
KINDS = ("integer", "number", "boolean", "string", "group")


def schema(name: str) -> dict[str, Any]:
    """A schema of the tree, as plain JSON."""
    found: dict[str, Any] = json.loads((ROOT / "schemas" / name).read_text(encoding="utf-8"))
    return found


def cell(text: str) -> str:
    """A text that stands in a table's cell."""
    return text.replace("|", r"\|").replace("\n", " ")


def findings() -> Iterator[str]:
    """Each code of a finding, by group."""
    for title, about, codes in codes_by_group():
        yield from (f"## {title}", "", about, "", "| code | what it says |", "|---|---|")
        yield from (f"| [`{code}`](findings/{code}.md) | {cell(CODES[code])} |" for code in codes)
        yield ""


def helps(context: click.Context) -> Iterator[tuple[str, str]]:
    """What `--help` prints of a command and of all below it, each with its name, in a terminal of `WIDTH` columns."""
    yield context.command_path, context.get_help()
    command = context.command
    if not isinstance(command, click.Group):
        return
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        if below is None:
            message = f"the table of commands lists {name}, which is not there"
            raise LookupError(message)
        yield from helps(below.make_context(name, [], parent=context, resilient_parsing=True))


def commands() -> Iterator[str]:
    """The help of chartgen and of each command."""
    top = root.make_context("chartgen", [], resilient_parsing=True, terminal_width=WIDTH, max_content_width=WIDTH)
    for name, text in helps(top):
        yield from (f"## {name}", "", "```text", text, "```", "")


def command_table() -> Iterator[str]:
    """Each command in one line."""
    yield from ("| command | what it does |", "|---|---|")
    yield from (f"| `chartgen {name}` | {cell(text)} |" for name, text in COMMANDS.items())


def keywords() -> Iterator[str]:
    """Each keyword of a setting, with the types that have it."""
    definitions = schema("settings-schema.json")["$defs"]
    by_name: dict[str, tuple[list[str], str]] = {}
    for kind in KINDS:
        for name, keyword in definitions[kind]["properties"].items():
            kinds, _ = by_name.setdefault(name, ([], keyword.get("description", "")))
            kinds.append(kind)
    yield from ("| keyword | of | what it says |", "|---|---|---|")
    for name, (kinds, text) in by_name.items():
        of = "all" if kinds == list(KINDS) else "all settings" if kinds == list(KINDS[:-1]) else ", ".join(kinds)
        yield f"| `{name}` | {of} | {cell(text)} |"


def rule_keywords() -> Iterator[str]:
    """Each keyword of a rule."""
    definitions = schema("settings-schema.json")["$defs"]
    yield from ("| keyword | what it says |", "|---|---|")
    for name, keyword in definitions["rule"]["properties"].items():
        yield f"| `{name}` | {cell(keyword.get('description', ''))} |"


def kinds_of_changes() -> Iterator[str]:
    """Each kind of change that `chartgen schema diff` tells."""
    yield from ("| kind | what it says |", "|---|---|")
    yield from (f"| `{kind}` | {cell(text)} |" for kind, text in changes.KINDS.items())


def project_rows(node: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The rows of an object of the project's schema, and of the objects in it."""
    required = set(node.get("required", ()))
    for key, child in node["properties"].items():
        name = f"{path}{key}"
        mark = ", required" if key in required else ""
        yield f"| `{name}`{mark} | {cell(child.get('description', ''))} |"
        inner = child.get("additionalProperties") or child.get("items")
        if "properties" in child:
            yield from project_rows(child, f"{name}.")
        elif isinstance(inner, dict) and "properties" in inner:
            yield from project_rows(inner, f"{name}.NAME." if child.get("type") == "object" else f"{name}[].")


def project_keys() -> Iterator[str]:
    """Each key of chartgen.yaml."""
    yield from ("| key | what it says |", "|---|---|")
    yield from project_rows(schema("project.schema.json"))


def formats() -> Iterator[str]:
    """Each format of a report."""
    yield from ("| format | what it is |", "|---|---|")
    yield from (f"| `{name}` | {cell(each.about)} |" for name, each in FORMATS.items())


def report_rows(node: Mapping[str, Any], definitions: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The rows of an object of the report's schema, and of the objects in it."""
    for key, child in node["properties"].items():
        yield f"| `{path}{key}` | {cell(child['description'])} |"
        inner = child.get("items", child)
        if "$ref" in inner:
            inner = definitions[inner["$ref"].rpartition("/")[2]]
        if "properties" in inner:
            yield from report_rows(inner, definitions, f"{path}{key}{'[]' if 'items' in child else ''}.")


def report_fields() -> Iterator[str]:
    """Each field of the JSON report."""
    whole = schema("report.schema.json")
    yield from ("| field | what it says |", "|---|---|")
    yield from report_rows(whole, whole["$defs"])


BLOCKS = {
    "command table": command_table,
    "commands": commands,
    "findings": findings,
    "formats": formats,
    "keywords": keywords,
    "kinds of changes": kinds_of_changes,
    "project keys": project_keys,
    "report fields": report_fields,
    "rule keywords": rule_keywords,
}


def filled(text: str) -> str:
    """A page's text with each of its blocks written anew."""

    def fill(match: re.Match[str]) -> str:
        kind, _, rest = match[2].partition(" ")
        written = example(*rest.split()) if kind == "example" else BLOCKS[match[2]]()
        lines = "\n".join(written).rstrip("\n")
        return f"{match[1]}\n{lines}\n{match[3]}"

    return re.sub(r"(<!-- begin (.+?) -->)\n.*?(<!-- end \2 -->)", fill, text, flags=re.DOTALL)


def main() -> None:
    """Write the pages."""
    for name in PAGES:
        page = ROOT / name
        page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
