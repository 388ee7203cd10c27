"""Mends of several findings, files and environments: all that agree are made, and nothing becomes worse."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from chartgen.documents.set_flags import Flag
from chartgen.edits import Edit
from chartgen.finding import Finding, OutsideStop, Severity, UsageStop
from chartgen.mend import Fixed, Read, diff, fix
from chartgen.settings.model import Settings
from chartgen.settings.schema import load_settings, read_settings
from chartgen.source import Source, Span
from chartgen.validate import Judge
from chartgen.write import has_mark, rewrite
from tests.charts import ASYNC_JOB

ASYNC = load_settings(str(ASYNC_JOB))


def mended(
    settings: Settings, texts: dict[str, str], *stacks: Sequence[str], flags: Sequence[Flag] = ()
) -> tuple[dict[str, str], Fixed]:
    """The texts after `--fix`, where each stack of files is judged on its own."""

    def judge_again(read: Read) -> list[Finding]:
        judge = Judge(settings, read=read)
        return list(dict.fromkeys(each for stack in stacks for each in judge.findings_of_stack(stack, flags)))

    made = fix(judge_again, lambda path: Source("<stdin>" if path == "-" else path, texts[path]))
    return texts | {name: text for name, (_, text) in made.texts.items()}, made


def test_what_only_one_environment_breaks_is_mended_in_its_own_file() -> None:
    base = "settings:\n  maxPollAttempts: 120\n  timeoutMs: 600000\n"
    texts = {"base.yaml": base, "prod.yaml": "settings:\n  pollIntervalMs: 10000\n", "dev.yaml": "settings: {}\n"}

    after, made = mended(ASYNC, texts, ["base.yaml", "prod.yaml"], ["base.yaml", "dev.yaml"])

    assert not made.findings
    assert after == texts | {"prod.yaml": "settings:\n  pollIntervalMs: 10000\n  timeoutMs: 1200000\n"}


def test_what_a_shared_file_itself_breaks_is_mended_there() -> None:
    texts = {"base.yaml": "settings:\n  pollIntervalMs: 9\n", "a.yaml": "settings: {}\n", "b.yaml": "settings: {}\n"}

    after, made = mended(ASYNC, texts, ["base.yaml", "a.yaml"], ["base.yaml", "b.yaml"])

    assert not made.findings
    assert after == texts | {"base.yaml": "settings:\n  pollIntervalMs: 2500\n"}
    assert made.applied == 1


def test_mends_that_contradict_each_other_are_not_made() -> None:
    """The file is one layer below the first flag's stack and the second's: each needs another timeout in it."""
    text = "settings:\n  timeoutMs: 600000\n"
    stacks = [[Flag("set", "settings.pollIntervalMs=10000")], [Flag("set", "settings.pollIntervalMs=60000")]]

    def judge_again(read: Read) -> list[Finding]:
        return [each for flags in stacks for each in Judge(ASYNC, read=read).findings_of_stack(["base.yaml"], flags)]

    made = fix(judge_again, lambda path: Source(path, text))

    assert not made.texts
    assert [finding.edits[0].text for finding in made.findings] == ["1200000", "7200000"]


def test_a_flag_is_told_what_to_pass_instead_and_no_file_is_changed_for_it() -> None:
    texts = {"a.yaml": "settings: {}\n"}

    after, made = mended(ASYNC, texts, ["a.yaml"], flags=[Flag("set", "settings.pollIntervalMs=5")])

    assert after == texts
    assert [finding.help for finding in made.findings] == ["pass --set settings.pollIntervalMs=2500"]


def test_a_rule_that_a_flag_breaks_is_mended_in_a_file_where_one_can() -> None:
    texts = {"a.yaml": "settings:\n  maxPollAttempts: 100\n"}

    after, made = mended(ASYNC, texts, ["a.yaml"], flags=[Flag("set", "settings.pollIntervalMs=10000")])

    assert not made.findings
    assert after == {"a.yaml": "settings:\n  maxPollAttempts: 100\n  timeoutMs: 1000000\n"}


@pytest.mark.parametrize("name", ["a.yaml", "./a.yaml"])
def test_one_file_by_two_names_is_mended_once(name: str) -> None:
    text = "settings:\n  pollIntervalMs: 9\n"

    after, made = mended(ASYNC, {"a.yaml": text, name: text}, ["a.yaml"], [name])

    assert made.applied == 1
    assert after["a.yaml"] == "settings:\n  pollIntervalMs: 2500\n"


def test_the_standard_input_is_read_once_and_its_mends_can_be_shown() -> None:
    reads: list[str] = []

    def read(path: str) -> Source:
        reads.append(path)
        return Source("<stdin>", "settings: {pollIntervalMs: 9}\n")

    made = fix(lambda again: Judge(ASYNC, read=again).findings_of_file("-"), read)

    assert reads == ["-"]
    assert diff(made) == (
        "--- a/<stdin>\n+++ b/<stdin>\n@@ -1 +1 @@\n-settings: {pollIntervalMs: 9}\n+settings: {pollIntervalMs: 2500}\n"
    )
    with pytest.raises(UsageStop, match="<stdin> cannot be changed"):
        rewrite(made.texts)


def worse(after: Callable[[str], list[str]]) -> Fixed:
    """A judge that says more the more the text is mended; `after` gives the paths of its findings."""

    def judge_again(read: Read) -> list[Finding]:
        source = read("a.yaml")
        assert isinstance(source, Source)
        return [
            Finding(
                "CG202", Severity.ERROR, path, Span(source, 0, 1), path=path, edits=(Edit(_digit(source, path), "9"),)
            )
            for path in after(source.text)
        ]

    return fix(judge_again, lambda path: Source(path, "a: 1\nb: 2\n"))


def _digit(source: Source, path: str) -> Span:
    place = source.text.index(f"{path}: ") + 3
    return Span(source, place, place + 1)


def test_a_mend_that_makes_it_worse_is_undone_and_the_others_are_made() -> None:
    def after(text: str) -> list[str]:
        return ["a"] * ("a: 1" in text) + ["b"] * (1 if "b: 2" in text else 3)

    made = worse(after)

    assert [text for _, text in made.texts.values()] == ["a: 9\nb: 2\n"]
    assert [finding.path for finding in made.findings] == ["b"]
    assert made.applied == 1


def test_a_mend_that_changes_nothing_is_undone() -> None:
    made = worse(lambda _: ["a"])

    assert not made.texts
    assert made.applied == 0


TWICE = {
    "type": "object",
    "properties": {
        name: {
            "type": "integer",
            "default": default,
            "minimum": 0,
            "maximum": 100,
            "x-env": name.upper(),
            "x-mend": rank,
        }
        for name, default, rank in (("a", 1, 1), ("b", 9, 3), ("c", 3, 2))
    },
    "x-kubernetes-validations": [
        {"rule": "self.a < self.b", "message": "a is not below b"},
        {"rule": "self.c < self.b", "message": "c is not below b"},
    ],
}


def test_one_change_that_mends_two_rules_goes_before_the_order_of_preference() -> None:
    model, _ = read_settings(Source("s.json", json.dumps(TWICE)))
    assert model is not None

    one, _ = mended(model, {"v": "settings: {a: 60, b: 50, c: 7}\n"}, ["v"])
    both, made = mended(model, {"v": "settings: {a: 60, b: 50, c: 70}\n"}, ["v"])

    assert one == {"v": "settings: {a: 49, b: 50, c: 7}\n"}
    assert both == {"v": "settings: {a: 60, b: 71, c: 70}\n"}
    assert made.applied == 1


def test_a_diff_has_the_mark_and_the_line_ends_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfsettings:\r\n  pollIntervalMs: 9")
    made = fix(lambda read: Judge(ASYNC, read=read).findings_of_file(str(path)))

    shown = diff(made, has_mark)

    name = str(path).lstrip("/")
    assert shown == (
        f"--- a/{name}\n+++ b/{name}\n@@ -1,2 +1,2 @@\n \ufeffsettings:\r\n"
        "-  pollIntervalMs: 9\n\\ No newline at end of file\n+  pollIntervalMs: 2500\n\\ No newline at end of file\n"
    )


def test_a_file_is_written_whole_with_its_mode_its_mark_and_by_its_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.write_bytes(b"\xef\xbb\xbfsettings: {pollIntervalMs: 9}\r\n")
    real.chmod(0o640)
    link.symlink_to(real)
    made = fix(lambda read: Judge(ASYNC, read=read).findings_of_file(str(link)))

    rewrite(made.texts)

    assert real.read_bytes() == b"\xef\xbb\xbfsettings: {pollIntervalMs: 2500}\r\n"
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.yaml", "real.yaml"]


def test_a_file_that_changed_meanwhile_is_not_written_nor_is_any_other(tmp_path: Path) -> None:
    one, two = tmp_path / "1.yaml", tmp_path / "2.yaml"
    one.write_text("settings: {pollIntervalMs: 9}\n")
    two.write_text("settings: {pollIntervalMs: 9}\n")
    made = fix(lambda read: Judge(ASYNC, read=read).findings_of_files([str(one), str(two)]))
    two.write_text("settings: {pollIntervalMs: 8}\n")

    with pytest.raises(UsageStop, match="has changed since it was read"):
        rewrite(made.texts)

    assert one.read_text() == "settings: {pollIntervalMs: 9}\n"


def test_a_disk_that_refuses_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("settings: {pollIntervalMs: 9}\n")
    made = fix(lambda read: Judge(ASYNC, read=read).findings_of_file(str(path)))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left on the disk")

    monkeypatch.setattr(os, "replace", full)

    with pytest.raises(OutsideStop, match=r"a\.yaml cannot be written: no space left on the disk"):
        rewrite(made.texts)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [
        ("a.yaml", "settings: {pollIntervalMs: 9}\n")
    ]
