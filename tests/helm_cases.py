"""A chart with values laid over it: random ones, what Helm says of them, and what chartgen says."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from chartgen.documents.nodes import Plain
from chartgen.documents.set_flags import Flag
from chartgen.finding import Finding, InvalidStop, is_error
from chartgen.judges import judge_of_chart
from tests.foreign_schemas import root_schemas
from tests.foreign_schemas import roots as json_roots
from tests.input_texts import BASES, DOCUMENTS, FILES, SCALARS, WHOLE_FILES, flags, roots
from tests.oracle import CHART_YAML, Oracle
from tests.reading import REFUSED, STRICTER, STRICTER_FLAGS, whole

STRICTER_CASES = {
    "chartgen reads no other": "Helm would fetch a document, read a file at the root of the disk, or let `urn:` pass unread",
    "it.txt is not UTF-8": "Helm passes bytes of --set-file on, whatever they are; no manifest can hold them",
    "values.schema.json is not UTF-8": "Helm reads a replacement character instead; whoever wrote the schema meant another",
    "applies itself to the same value, without end": "Helm fails too, but only for values that get there",
    "applies more than": "no engine comes to an end",
    "chartgen does not judge by": "references that change with the caller, or two drafts, in one schema of several $ids",
}
"""Parts of messages for what chartgen refuses and Helm may take, and why."""


@dataclass(frozen=True)
class Case:
    """Texts of a chart's schema (None: it has none) and values.yaml, of -f files, flags, and files beside for --set-file."""

    schema: str | bytes | None
    defaults: str | bytes
    files: tuple[str | bytes, ...] = ()
    flags: tuple[tuple[str, str], ...] = ()
    extra: dict[str, str | bytes] = field(default_factory=dict)

    @property
    def chart(self) -> dict[str, str | bytes]:
        """The chart's files."""
        schema: dict[str, str | bytes] = {} if self.schema is None else {"values.schema.json": self.schema}
        return {"Chart.yaml": CHART_YAML, "values.yaml": self.defaults, **schema}


@dataclass(frozen=True)
class Said:
    """The effective values, or `REFUSED` and why."""

    values: Any
    why: str = ""


class _Seen:
    """A chart's checker that remembers the values it is asked of."""

    def __init__(self, checker: Any) -> None:
        self.checker = checker
        self.values: Plain = None

    def is_valid(self, values: Plain) -> bool:
        self.values = values
        return bool(self.checker.is_valid(values))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.checker, name)


def helm_says(oracle: Oracle, case: Case) -> Said:
    """Helm's verdict."""
    answer = oracle.ask(case.chart, case.files, case.flags, case.extra)
    return Said(answer.values) if answer.ok else Said(REFUSED, answer.error)


def chartgen_says(case: Case, helm_version: int) -> Said:
    """chartgen's verdict: accept is no finding that is an error."""
    with tempfile.TemporaryDirectory() as name:
        folder, here = Path(name), Path.cwd()
        for path, text in {**{f"chart/{path}": text for path, text in case.chart.items()}, **case.extra}.items():
            _write(folder / path, text)
        files = [f"{number}.yaml" for number in range(len(case.files))]
        for file, text in zip(files, case.files, strict=True):
            _write(folder / file, text)
        os.chdir(folder)
        try:
            return _judged(files, [Flag(kind, text) for kind, text in case.flags], helm_version)
        finally:
            os.chdir(here)


def _judged(files: list[str], used: list[Flag], helm_version: int) -> Said:
    try:
        judge = judge_of_chart("chart")
        seen = _Seen(judge.checker)
        judge = replace(judge, held_to=seen)  # type: ignore[arg-type]
        findings = judge.findings_of_stack(files, used, helm_version)
    except InvalidStop as stop:
        findings = list(stop.findings)
        seen = _Seen(None)
    errors = [finding for finding in findings if is_error(finding)]
    return Said(REFUSED, _told(errors)) if errors else Said(whole(seen.values))


def _told(errors: list[Finding]) -> str:
    return "; ".join(f"{error.code} {error.message}" for error in errors)


def is_stricter(said: Said) -> bool:
    """Whether chartgen refused on purpose what Helm may take."""
    known = (*STRICTER, *STRICTER_FLAGS, *STRICTER_CASES)
    return said.values is REFUSED and any(part in said.why for part in known)


def _write(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@st.composite
def spelled(draw: st.DrawFn) -> str:
    """A mapping with scalars of every spelling, a duplicate, a merge key, an anchor, a list."""
    scalar = st.sampled_from(SCALARS)
    lines = [f"{draw(st.sampled_from('abc'))}: {draw(scalar)}" for _ in range(draw(st.integers(1, 3)))]
    lines += draw(
        st.lists(
            st.sampled_from([
                "a: &x {k: 1, j: ~}", "b: {<<: *x, k: 2}", "b: {k: 2, <<: *x}", "c: *x", "a:\n- 1\n- {b: 0x10}", "c: {a: ~, b: {c: yes}}",
                "b: |\n  text\n", "'c': \"1\"", "a: !!str 1", "? b\n: 1", "a: {b: 1}\na: {c: 2}", "on: off", "1: 2", "a: []", "b: {}", "# a comment",
            ]),
            max_size=3,
        )
    )  # fmt: skip
    return "\n".join(lines) + "\n"


values_texts = st.one_of(
    json_roots.map(_as_json),
    json_roots.map(_as_json),
    roots.map(_as_json),
    spelled(),
    spelled(),
    st.sampled_from([*DOCUMENTS, *WHOLE_FILES, *BASES, *FILES]),
)


@st.composite
def files(draw: st.DrawFn) -> str | bytes:
    """A values file: one text or several documents, with a mark or line ends of other systems now and then."""
    text: str = draw(values_texts)
    if draw(st.integers(0, 5)) == 0:
        text += "\n---\n" + draw(values_texts)
    odd: dict[int, str | bytes] = {0: "\ufeff" + text, 1: text.replace("\n", "\r\n"), 2: text.encode() + b"# \xff\n"}
    return odd.get(draw(st.integers(0, 19)), text)


@st.composite
def schema_texts(draw: st.DrawFn) -> str | bytes | None:
    """A schema as text: JSON, or what someone made of it."""
    text = json.dumps(
        draw(root_schemas())[0], indent=draw(st.sampled_from([None, 2])), ensure_ascii=draw(st.booleans())
    )
    odd: dict[int, str | bytes | None] = {
        0: None,
        1: None,
        2: "\ufeff" + text,
        3: text.replace("{", '{"type": "string", "title": "\\/\\ud83d",', 1),
        4: text + draw(st.sampled_from(["x", "\n\n", "{}", "\x00", " "])),
        5: draw(st.sampled_from(["", " ", "null", "[]", "true", "false", "1", '"a"', "{", "# c\n" + text])),
        6: text.replace("\n", "\r\n").encode(),
        7: text.replace('"', "'"),
        8: text.encode().replace(b'"', b'"\xff', 1),
    }
    return odd.get(draw(st.integers(0, 59)), text)


CONTENTS: list[str | bytes] = ["text\n", "", "1", b"\xff", "\ufeffa"]
FILE_FLAGS = ["a=it.txt", "b.c=it.txt,a=it.txt", "a=missing.txt", "a[0]=it.txt", "a="]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case of any kind; most have a file or a flag."""
    used: list[tuple[str, str]] = []
    extra: dict[str, str | bytes] = {}
    if draw(st.integers(0, 2)) == 0:
        used = [(flag.kind, flag.text) for flag in draw(st.lists(flags, max_size=2))]
    if draw(st.integers(0, 9)) == 0:
        extra = {"it.txt": draw(st.sampled_from(CONTENTS))}
        used.append(("set-file", draw(st.sampled_from(FILE_FLAGS))))
    return Case(
        draw(schema_texts()),
        draw(st.just("") | files()),
        tuple(draw(st.lists(files(), max_size=2))),
        tuple(used),
        extra,
    )  # fmt: skip


def read_case(folder: Path) -> Case:
    """A case that was kept: the chart's schema and values.yaml, `0.yaml` and so on for -f, `flags.json`, other files."""
    texts = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "expected.json"}
    schema, defaults = texts.pop("values.schema.json", None), texts.pop("values.yaml", b"")
    used = json.loads(texts.pop("flags.json", b"[]"))
    numbers = sorted(name for name in texts if name.removesuffix(".yaml").isdigit())
    files = tuple(texts.pop(name) for name in numbers)
    return Case(schema, defaults, files, tuple((kind, text) for kind, text in used), {**texts})
