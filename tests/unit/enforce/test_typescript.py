"""The generated job-config.ts: the same for the same schema, readable, strict, clean to prettier, typed as the schema."""

from __future__ import annotations

import itertools
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chartgen.enforce.typescript import reader_module, why_not_ours
from chartgen.settings.schema import load_settings
from tests.entrypoint import missing
from tests.reader import CLIENT, Readers
from tests.strategies import read

ROOT = CLIENT.parent
SCHEMAS = {
    "reference": ROOT / "schemas" / "async-job.schema.json",
    "storefront": ROOT / "examples" / "storefront" / "settings.schema.yaml",
}
STRICT = {
    "strict": True,
    "noEmit": True,
    "target": "ES2020",
    "module": "ESNext",
    "moduleResolution": "bundler",
    "lib": ["ES2020", "DOM"],
    "types": [],
    "noUnusedLocals": True,
    "noUnusedParameters": True,
    "noUncheckedIndexedAccess": True,
    "noPropertyAccessFromIndexSignature": True,
    "noImplicitReturns": True,
    "exactOptionalPropertyTypes": True,
    "isolatedModules": True,
    "verbatimModuleSyntax": True,
    "erasableSyntaxOnly": True,
}
"""The strictest that a project is likely to have."""


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    """JavaScript, which runs generated readers."""
    with Readers() as made:
        yield made


def npm_program(name: str) -> str:
    """A program of the client's own locked tools."""
    program = CLIENT / "node_modules" / ".bin" / name
    if not program.exists():
        missing("client/node_modules (make client)")
    return str(program)


def complaints(folder: Path) -> str:
    """What the strict compiler says of all modules in a folder."""
    config = folder / "tsconfig.json"
    config.write_text(json.dumps({"compilerOptions": STRICT, "include": ["*.ts"]}), encoding="utf-8")
    done = subprocess.run([npm_program("tsc"), "-p", str(config)], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def schema_with(properties: dict[str, Any], *rules: str, **keywords: Any) -> dict[str, Any]:
    made = {
        key: {"type": "string", "default": "", "x-env": key.upper(), **setting} for key, setting in properties.items()
    }
    checks = [{"rule": rule, "message": "m"} for rule in rules]
    return {"type": "object", "properties": made, "x-kubernetes-validations": checks, **keywords}


def module_of(schema: dict[str, Any]) -> str:
    settings = read(schema)
    assert settings is not None
    return reader_module(settings, "x")


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_reader_is_golden(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"client/{name}/job-config.ts", reader_module(load_settings(str(SCHEMAS[name])), name))


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_reader_is_clean_to_prettier(name: str, tmp_path: Path) -> None:
    file = tmp_path / "job-config.ts"
    file.write_text(reader_module(load_settings(str(SCHEMAS[name])), name), encoding="utf-8")

    done = subprocess.run([npm_program("prettier"), str(file)], capture_output=True, encoding="utf-8", check=True)

    assert file.read_text(encoding="utf-8") == done.stdout


def test_the_strict_compiler_takes_what_it_takes_for_mistakes_elsewhere(tmp_path: Path) -> None:
    integer = {"type": "integer", "default": 1, "minimum": -9, "maximum": 9}
    flags = {
        "a": integer,
        "f": {"type": "boolean", "default": True},
        "s": {"enum": ["", "x"]},
        "n": {"type": "number", "default": 0},
    }
    rules = [
        "self.a == 1 || self.a == 2 || !(self.a != 3 && self.a == 4)",
        "self.f && 1 == 1 && !(2 == 3)",
        "self.f && (true ? 1 : 2) == 1",
        "self.f == true || (self.f && false) == true",
        "!self.f || (!self.f && self.f) || self.f",
        "self.s != 'y' && 'y' != 'z' && self.s < 'y'",
        "self.s in ['', 'q'] || self.s.matches('^x$')",
        "- -self.a <= 9 && -(-9) == 9 && self.a - -9 >= 0",
        "self.n <= 0.000001 && 'a' + string(self.a) != '' && string(self.f) != '`${'",
    ]  # fmt: skip
    (tmp_path / "all.ts").write_text(module_of(schema_with(flags, *rules)), encoding="utf-8")
    for number, rule in enumerate(rules):
        (tmp_path / f"rule{number}.ts").write_text(module_of(schema_with(flags, rule)), encoding="utf-8")

    assert complaints(tmp_path) == ""


def test_the_strict_compiler_takes_random_readers(tmp_path: Path) -> None:
    from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415 - one test's own use of it

    from tests.strategies import schemas  # noqa: PLC0415 - the same

    numbers = itertools.count()

    @settings(max_examples=40, database=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck])
    @given(schemas())
    def collect(schema: dict[str, Any]) -> None:
        (tmp_path / f"r{next(numbers)}.ts").write_text(module_of(schema), encoding="utf-8")

    collect()

    assert complaints(tmp_path) == ""


def test_a_kind_that_no_setting_has_leaves_nothing_behind(tmp_path: Path) -> None:
    for kind, default in (("string", ""), ("boolean", False), ("number", 0), ("integer", 0)):
        schema = schema_with({"a": {"type": kind, "default": default}})
        (tmp_path / f"{kind}.ts").write_text(module_of(schema), encoding="utf-8")

    assert complaints(tmp_path) == ""


@pytest.mark.parametrize("told", ["*/ alert(1) /*", "a\nb", "\u2028", "\u202e", "${x}`", "é 😀", "\x1b[31m"])
def test_no_text_of_an_author_is_more_than_a_text(told: str, tmp_path: Path) -> None:
    setting = {"description": told, "title": told, "default": told, "enum": [told, "y"]}
    schema = schema_with(
        {"a": setting}, f"self.a != {json.dumps(told + '!', ensure_ascii=False)}", description=told, title=told
    )
    text = reader_module(read(schema), told)  # type: ignore[arg-type]
    (tmp_path / "x.ts").write_text(text, encoding="utf-8")

    assert complaints(tmp_path) == ""
    assert not [char for char in text if not char.isprintable() and char != "\n"]


def test_a_text_with_the_name_of_a_function_calls_none(tmp_path: Path) -> None:
    setting = {"enum": ["same(", "x"], "default": "x", "description": "before( size( matches( decimal("}
    schema = schema_with({"a": setting}, "!self.a.startsWith('same(before(')")
    schema["x-kubernetes-validations"][0]["message"] = "same(1) before(2) decimal(3)"
    (tmp_path / "x.ts").write_text(module_of(schema), encoding="utf-8")

    assert complaints(tmp_path) == ""


@pytest.mark.parametrize("told", ["*/", "`", "${1}", "\\", "\"'", "\u2028\n", "</script>", "é😀"])
def test_a_text_arrives_as_it_is(told: str, readers: Readers) -> None:
    schema = schema_with({"a": {"default": told}}, f"self.a == {json.dumps(told, ensure_ascii=False)}")
    schema["x-kubernetes-validations"][0]["message"] = f"it is {told}!"

    assert readers.judge(module_of(schema), {})["settings"] == {"a": told}
    assert readers.judge(module_of(schema), {"A": "x"})["refused"][0]["message"].startswith(
        " ".join(f"it is {told}!".split())
    )


def test_texts_of_a_page_follow_the_one_grammar(readers: Readers) -> None:
    reader = module_of(schema_with({"a": {"type": "integer", "default": 7}}))

    judged = {
        text: readers.judge(reader, {"A": text})["settings"]["a"] for text in ("5", "-0", "1e3", " 5", "5s", "\u0665")
    }

    assert judged == {"5": 5, "-0": 0, "1e3": 7, " 5": 7, "5s": 7, "\u0665": 7}


def test_a_group_of_settings_that_rules_join_falls_back_as_one(readers: Readers) -> None:
    reader = reader_module(load_settings(str(SCHEMAS["reference"])), "x")

    judged = readers.judge(
        reader, {"JOB_POLL_INTERVAL_MS": 10000, "JOB_MAX_POLL_ATTEMPTS": 60, "JOB_TIMEOUT_MS": "5 min"}
    )

    assert judged["settings"] == {"pollIntervalMs": 5000, "maxPollAttempts": 120, "timeoutMs": 600000}
    assert judged["refused"] == [
        {"settings": ["timeoutMs"], "env": ["JOB_TIMEOUT_MS"], "message": 'timeoutMs is "5 min"; expected an integer'}
    ]


def test_seconds_and_minutes_are_milliseconds_to_the_poller() -> None:
    number = {"type": "integer", "default": 5, "minimum": 1, "maximum": 60}
    schema = schema_with({
        "every": {**number, "x-unit": "s", "x-role": "poll-interval"},
        "longest": {**number, "x-unit": "min", "x-role": "poll-timeout"},
    })  # fmt: skip

    text = module_of(schema)

    assert "return { intervalMs: settings.every * 1000, timeoutMs: settings.longest * 60000 };" in text


def test_a_schema_without_those_roles_has_no_settings_for_a_poller() -> None:
    assert "pollSettings" not in module_of(schema_with({"a": {}}))


def test_a_reader_knows_itself_whatever_its_line_breaks() -> None:
    text = module_of(schema_with({"a": {}}))

    assert why_not_ours(text.encode()) == ""
    assert why_not_ours(text.replace("\n", "\r\n").encode()) == ""
    assert why_not_ours((text + "// more\n").encode()) == "was edited by hand"
    assert why_not_ours(b"export const a = 1;\n") == "was not written by chartgen"
