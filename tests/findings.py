"""One list of findings of every shape, for the reports."""

from __future__ import annotations

from chartgen.edits import Edit
from chartgen.finding import Finding, Note, Severity
from chartgen.source import Source, Span

PROD = Source("envs/prod.yaml", "settings:\n\tname: '日本語'\n  timeoutMs: 30000\n  text: |\n    a\n    b\n")
ODD = Source("envs/50% #1/é 日本.yaml", "🙂: 👍🏽 ❤️ x, {y: 1}\nthe: rest\n")
SCHEMA = Source("schema.json", '{"rule": "x"}')


def span(text: str, source: Source = PROD) -> Span:
    start = source.text.index(text)
    return Span(source, start, start + len(text))


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
    Finding(
        "CG206",
        Severity.WARNING,
        "50% of <b>: a|b, [x](y)\nis `not` a \x1b[31mkey\n::error::none",
        span("{y: 1}", ODD),
        label="behind emoji",
        notes=(Note("known: z"), Note("defined here", span("the", ODD))),
        help="remove it, or write z",
        edits=(Edit(span(", {y: 1}", ODD), ""), Edit(Span(ODD, len(ODD.text), len(ODD.text)), "z: 1\n")),
        alternatives=((Edit(span("y", ODD), "z"),),),
    ),
    Finding("CG101", Severity.ERROR, "cannot read gone.yaml", Span(Source("gone.yaml", ""), 0, 0), help="look"),
]
