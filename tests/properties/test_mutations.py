"""Whatever lies in a file or on the command line, `chartgen validate` ends soon, by one of its own ways, and says why.

Real files are mutated and judged through the one door, in this process, since a process for each of 100,000 would take
hours. Two alarms of the operating system, not assertions on time, find what hangs.
"""

from __future__ import annotations

import faulthandler
import gzip
import io
import json
import os
import re
import shutil
import signal
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from chartgen.__main__ import main
from chartgen.finding import CODES
from tests.counts import PROVE, examples
from tests.mutations import Mutation, grown, mutated, mutations

ALL = 100_000
"""The full number of mutated inputs, over all doors."""

BUSY, STUCK = 2.0, 30.0
"""Seconds of work, and of waiting, after which one run counts as a hang."""

AGAIN = 0.2
"""Seconds until the next alarm."""

SOME_SECONDS = 1.5
"""How long each door is tried in CI."""

SPOONFUL = 50
"""How many examples are drawn in one go."""

FOLDER = Path(__file__).parent / "mutations"


@dataclass(frozen=True)
class Door:
    """A way in for a mutated text: the file that gets it, the arguments, and its weight among all doors."""

    name: str
    file: str
    bases: str
    arguments: tuple[str, ...]
    weight: int


SETTINGS = ("--settings", "settings.json")
FOREIGN = ("--chart", "foreign")
DOORS = [
    Door("values", "mutated.yaml", "values", (*FOREIGN, "mutated.yaml"), 16),
    Door("values of settings", "mutated.yaml", "values", (*SETTINGS, "mutated.yaml"), 6),
    Door("values of a project", "mutated.yaml", "values", ("mutated.yaml",), 2),
    Door("values to mend", "mutated.yaml", "values", (*SETTINGS, "mutated.yaml", "--fix"), 4),
    Door("values to show mends of", "mutated.yaml", "values", (*FOREIGN, "mutated.yaml", "--diff"), 4),
    Door("one of two files", "mutated.yaml", "values", (*FOREIGN, "-f", "base.yaml", "-f", "mutated.yaml"), 14),
    Door("settings in JSON", "settings.json", "settings", (*SETTINGS, "base.yaml"), 12),
    Door("settings in YAML", "settings.yaml", "settings", ("--settings", "settings.yaml", "base.yaml"), 5),
    Door("a chart's schema", "foreign/values.schema.json", "schemas", (*FOREIGN, "base.yaml"), 10),
    Door("a chart's values", "foreign/values.yaml", "values", FOREIGN, 5),
    Door("a subchart's values", "foreign/charts/sub/values.yaml", "values", ("foreign",), 2),
    Door("Chart.yaml", "foreign/Chart.yaml", "charts", (*FOREIGN, "base.yaml"), 4),
    Door("an archive", "chart.tgz", "archives", ("chart.tgz", "-f", "base.yaml"), 3),
    Door("the project file", "chartgen.yaml", "projects", (), 5),
    Door("an environment's file", "base.yaml", "values", ("base.yaml", "--env", "dev", "--set", "a=1"), 2),
]
FLAGS_WEIGHT = 6


@dataclass(frozen=True)
class Run:
    """What one run of the command left."""

    code: int
    out: str
    err: str


class HungError(BaseException):
    """A run took too long; no `except Exception` may catch it."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[Path]:
    """A project with a chart of its own and a foreign one; the working folder."""
    folder = tmp_path_factory.mktemp("mutations")
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    shutil.copy(repository / "schemas/async-job.schema.json", folder / "settings.json")
    before = Path.cwd()
    os.chdir(folder)
    yield folder
    os.chdir(before)


@pytest.fixture(scope="module")
def bases(repository: Path) -> dict[str, list[bytes]]:
    """Real texts of each kind, small ones more often than whole files."""
    chart = repository / "charts/ideaforge-frontend"
    corpus = [path.read_bytes() for path in sorted((repository / "tests/verdict").glob("*.yaml"))]
    values = [path.read_bytes() for path in sorted((FOLDER / "texts").glob("*"))]
    whole = (chart / "values.yaml").read_bytes()
    return {
        "values": [*values, whole[:1500], whole[3000:5000], *(text[:1500] for text in corpus), whole],
        "settings": [
            (repository / "schemas/async-job.schema.json").read_bytes(),
            (repository / "examples/storefront/settings.schema.yaml").read_bytes(),
            (FOLDER / "settings.yaml").read_bytes(),
        ],
        "schemas": [(FOLDER / "foreign/values.schema.json").read_bytes()] * 8
        + [(chart / "values.schema.json").read_bytes()],
        "charts": [(FOLDER / "foreign/Chart.yaml").read_bytes(), (chart / "Chart.yaml").read_bytes()],
        "archives": [archive()],
        "projects": [(FOLDER / "chartgen.yaml").read_bytes(), (repository / "chartgen.yaml").read_bytes()],
    }


def archive() -> bytes:
    """The foreign chart, packed, but not compressed: what is mutated is the tar file, or the whole."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:") as tar:
        tar.add(FOLDER / "foreign", "foreign")
    return packed.getvalue()


@contextmanager
def alarms() -> Iterator[None]:
    """Raise `HungError` in what works or waits for too long, again and again: in a callback of the collector it is lost."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    before = [signal.signal(number, _hung) for number in (signal.SIGPROF, signal.SIGALRM)]
    signal.setitimer(signal.ITIMER_PROF, BUSY, AGAIN)
    signal.setitimer(signal.ITIMER_REAL, STUCK, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in zip((signal.SIGPROF, signal.SIGALRM), before, strict=True):
            signal.signal(number, handler)


def _hung(number: int, _frame: object) -> None:
    raise HungError(signal.Signals(number).name)


def validate(*arguments: str) -> Run:
    """One run, with streams as a terminal's, in UTF-8."""
    streams = sys.stdin, sys.stdout, sys.stderr
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2))
    sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(b"a: 1\n")), out, err
    try:
        with alarms():
            code = main(["validate", *arguments])
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams
    return Run(code, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


HEAD = re.compile(r"^(error|warning)\[(CG[0-9]{3})\]: \S", re.MULTILINE)
LINE = re.compile(r"(?:.*?:[0-9]+:[0-9]+: )?(?:error|warning) CG[0-9]{3} \S.*")


def check(arguments: tuple[str, ...], format_: str) -> None:
    """See that a run ends well: nothing but 0, 1 and 2, and a report that says why."""
    run = validate(*arguments, "--format", format_)

    assert run.code in {0, 1, 2}, run.err
    assert "Traceback" not in run.err
    if run.code == 0 and format_ == "concise":
        assert " error CG" not in run.out
    elif "--diff" not in arguments and not run.out:  # a diff takes the place of the report
        assert run.code == 2
        assert run.err.startswith(("error: ", "Usage: "))
    elif "--diff" not in arguments:
        check_report(run, format_)


def check_report(run: Run, format_: str) -> None:
    """See that a report says why, in each of its findings."""
    if format_ == "json":
        check_json(run)
    elif format_ == "concise":
        lines = run.out.splitlines()
        assert [line for line in lines if not LINE.fullmatch(line)] == []
        assert any(" error CG" in f" {line}" for line in lines) == (run.code > 0)
    else:
        codes = HEAD.findall(run.out)
        assert {code for _, code in codes} <= set(CODES)
        assert codes or run.out.startswith("no findings"), run.out
        assert any(severity == "error" for severity, _ in codes) == (run.code > 0)


def check_json(run: Run) -> None:
    """See that a report for programs is whole, and that its places are."""
    report = json.loads(run.out)
    findings = report["findings"]
    assert report["summary"]["errors"] + report["summary"]["warnings"] == len(findings)
    assert bool(report["summary"]["errors"]) == (run.code > 0)
    for finding in findings:
        assert finding["code"] in CODES
        assert finding["message"].strip()
        for place in (finding, *finding["notes"], *finding["edits"]):
            if place["file"] is not None:
                assert (1, 1) <= (place["line"], place["column"]) <= (place["endLine"], place["endColumn"])


WAYS = st.tuples(st.sampled_from(["text", "text", "json", "concise"]), st.sampled_from(["4", "4", "3"]))
PLACE = st.integers(0, 2**16 - 1)


@cache
def as_json(text: bytes) -> bytes:
    """The first document of a real text as JSON; nothing of a broken one."""
    try:
        return json.dumps(next(yaml.safe_load_all(text)), default=str).encode()
    except yaml.YAMLError:
        return b"{}"


def tried(count: int, base: str, test: Callable[..., None], **strategies: st.SearchStrategy[Any]) -> None:
    """Try a test with so many examples, by the spoonful: in CI, no new one is begun when the time is over."""
    end = time.monotonic() + SOME_SECONDS
    for number in range(0, examples(count), SPOONFUL):
        if settings.get_current_profile_name() != PROVE and time.monotonic() > end:
            return
        some = settings(max_examples=min(SPOONFUL, count), suppress_health_check=list(HealthCheck))
        seed(f"{base}:{number}")(some(given(**strategies)(test)))()


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_a_mutated_file_is_judged_or_refused_in_words(
    door: Door, workspace: Path, bases: dict[str, list[bytes]], request: pytest.FixtureRequest
) -> None:
    texts = bases[door.bases]
    file = workspace / door.file
    original = file.read_bytes() if file.exists() else b""

    def judged(which: int, other: int, changes: list[Mutation], by_tree: bool, way: tuple[str, str]) -> None:
        text = texts[which % len(texts)]
        if by_tree and door.bases != "archives":
            file.write_bytes(grown(as_json(text), changes))
        else:
            changed = mutated(text, texts[other % len(texts)], changes)
            file.write_bytes(gzip.compress(changed, 1) if by_tree else changed)
        check((*door.arguments, "--helm-version", way[1]), way[0])

    base = str(request.config.getoption("--hypothesis-seed"))
    draws = {"which": PLACE, "other": PLACE, "changes": mutations(), "by_tree": st.booleans(), "way": WAYS}
    try:
        tried(ALL * door.weight // 100, base, judged, **draws)
    finally:
        file.write_bytes(original)


FLAGS = [
    b"a=1", b"settings.timeoutMs=1", b"settings.pollIntervalMs=null", b"list[1].x=y", b"list={a,b}", b"m.n[0][1]=2", b"a\\.b=c\\,d",
    b'{"a": [1, {"b": null}]}', b'a={"b":1},c=[1]', b"a=settings.json", b"extraData.x=yes", b"text.deep.er=1", b"a=b=c", b"=", b"a[65536]=1",
]  # fmt: skip


FLAG = st.tuples(
    st.sampled_from(["--set", "--set", "--set-string", "--set-json", "--set-file", "--set-literal"]),
    st.sampled_from(FLAGS),
    st.sampled_from(FLAGS),
    mutations(2),
)


@pytest.mark.usefixtures("workspace")
def test_a_mutated_flag_is_judged_or_refused_in_words(request: pytest.FixtureRequest) -> None:
    def judged(flags: list[tuple[str, bytes, bytes, list[Mutation]]], way: tuple[str, str]) -> None:
        # As the operating system hands them over: no NUL, and what is no UTF-8 as lone surrogates.
        texts = [
            (kind, os.fsdecode(mutated(text, other, changes).replace(b"\0", b"0")))
            for kind, text, other, changes in flags
        ]
        given_flags = tuple(f"{kind}={text}" for kind, text in texts)
        check((*FOREIGN, "-f", "base.yaml", *given_flags, "--helm-version", way[1]), way[0])

    base = str(request.config.getoption("--hypothesis-seed"))
    tried(ALL * FLAGS_WEIGHT // 100, base, judged, flags=st.lists(FLAG, min_size=1, max_size=3), way=WAYS)


faulthandler.enable()
