"""One list of findings of every shape, for the reports."""

from __future__ import annotations

from chartgen.edits import Edit
from chartgen.finding import Finding, Note, Severity
from chartgen.source import Source, Span

PROD = Source("envs/prod.yaml", "settings:\n\tname: '日本語'\n  timeoutMs: 30000\n  text: |\n    a\n    b\n")
SCHEMA = Source("schema.json", '{"rule": "x"}')


def span(text: str) -> Span:
    start = PROD.text.index(text)
    return Span(PROD, start, start + len(text))


FINDINGS = [
    Finding(
        "CG203",
        Severity.ERROR,
        "timeoutMs is smaller than maxPollAttempts * pollIntervalMs",
        span("30000"),
        label="30000 < 20 * 2000 = 40000 (this layer overrides values.yaml:9)",
        notes=(Note("maxPollAttempts: 20", Span(SCHEMA, 0, 1)), Note("rule", Span(SCHEMA, 9, 12))),
        path="settings.timeoutMs",
        help="raise timeoutMs to 40000, or lower maxPollAttempts to 15",
        layer="envs/prod.yaml",
        edits=(Edit(span("30000"), "40000"),),
    ),
    Finding("CG201", Severity.ERROR, "a text under wide characters", span("語"), label="here"),
    Finding("CG207", Severity.WARNING, "over several lines", span("|\n    a\n    b")),
    Finding("CG101", Severity.ERROR, "no place at all", notes=(Note("a fact"),)),
    Finding("CG201", Severity.ERROR, "from a flag", Span(Source("--set a=1", "1"), 0, 1), layer="--set"),
]
