"""Whatever a finding says, and wherever it is, every format's reader takes its report, and gets the finding back."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chartgen.edits import Edit
from chartgen.finding import CODES, Finding, Note, Severity
from chartgen.report.formats import FORMATS, Counts, Run, render
from chartgen.report.paint import coloured
from chartgen.report.places import is_file
from chartgen.report.step_summary import summary
from chartgen.resources import load_schema
from chartgen.source import Source, Span
from tests.counts import examples
from tests.report_readers import check_gitlab, check_junit, workflow_commands

texts = st.text(st.characters(), max_size=12) | st.sampled_from(
    ["", "::error::x", "%0A", "]]>", "[a](b)", "a\r\nb", "\t"]
)
names = texts.filter(bool).filter(lambda name: "\0" not in name)
sources = st.builds(Source, names, st.text(st.characters() | st.sampled_from("\r\n\t🙂e\u0301"), max_size=30))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    source = draw(sources)
    start = draw(st.integers(0, len(source.text)))
    return Span(source, start, draw(st.integers(start, len(source.text))))


edits = st.builds(Edit, spans(), texts)
findings = st.builds(
    Finding,
    st.sampled_from(sorted(CODES)),
    st.sampled_from(Severity),
    texts.filter(lambda text: bool(text.strip())),
    st.none() | spans(),
    label=texts,
    notes=st.lists(st.builds(Note, texts, st.none() | spans()), max_size=2).map(tuple),
    path=texts,
    help=texts,
    layer=texts,
    edits=st.lists(edits, max_size=2).map(tuple),
    alternatives=st.lists(st.lists(edits, max_size=2).map(tuple), max_size=1).map(tuple),
)
runs = st.builds(
    Run,
    st.none() | st.builds(Counts, st.integers(0, 3)),
    st.lists(names, max_size=2).map(tuple),
    st.lists(texts, max_size=1).map(tuple),
    st.integers(0, 2),
    st.booleans(),
)


@pytest.fixture(scope="session")
def sarif_schema(sarif_multitool: Path) -> jsonschema_rs.Validator:
    """The standard's schema, by the quick engine."""
    text = (sarif_multitool.parent / "sarif-2.1.0.json").read_text(encoding="utf-8-sig")
    return jsonschema_rs.validator_for(json.loads(text))


@given(found=st.lists(findings, max_size=3), run=runs)
@settings(max_examples=examples(300))
def test_every_reader_takes_every_finding(
    sarif_schema: jsonschema_rs.Validator, found: list[Finding], run: Run
) -> None:
    reports = {name: render(found, name, run).encode("utf-8", "backslashreplace").decode() for name in FORMATS}

    told = json.loads(reports["json"])
    jsonschema.validate(told, load_schema("report.schema.json"), jsonschema.Draft202012Validator)
    assert [each["message"] for each in told["findings"]] == [
        each.message for each in sorted(found, key=lambda each: each.order)
    ]
    sarif = json.loads(reports["sarif"].encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    assert [str(error) for error in sarif_schema.iter_errors(sarif)] == []
    assert len(sarif["runs"][0]["results"]) == len(found)
    cases = list(check_junit(reports["junit"]).iter("testcase"))
    assert len([case for case in cases if len(case)]) == len(found)
    issues = check_gitlab(reports["gitlab"])
    assert len({issue["fingerprint"] for issue in issues}) == len(found)
    commands = workflow_commands(reports["github"])
    files = [each.primary.source.name for each in found if each.primary is not None and is_file(each.primary)]
    assert len(commands) == len(found)
    assert len([command for command in commands if "file" in command.properties]) == len(files)
    assert len(reports["concise"].splitlines()) == len(found)


@given(found=st.lists(findings, max_size=3))
@settings(max_examples=examples(100))
def test_nothing_steers_the_terminal_but_our_colours(found: list[Finding]) -> None:
    painted = render(found, "text", paint=coloured)
    for code in ("1;31", "1;33", "1;34", "1", "0"):
        painted = painted.replace(f"\x1b[{code}m", "")

    assert [
        character
        for character in painted
        if not (character.isprintable() or character in "\n\t") and not "\ud800" <= character < "\ue000"
    ] == []


@given(found=st.lists(findings, max_size=20), room=st.integers(0, 3000))
@settings(max_examples=examples(100))
def test_a_summary_keeps_to_its_room(found: list[Finding], room: int) -> None:
    text = summary(found, Run(Counts(1)), room)

    assert len(text.encode("utf-8", "backslashreplace")) <= room
    assert all(line.startswith(("###", "| ")) or "more in the log" in line or not line for line in text.split("\n")[:1])
