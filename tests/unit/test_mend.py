"""Mends of several findings, files and environments: all that agree are made, and nothing becomes worse."""

from __future__ import annotations

import errno
import json
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from chartgen.documents.set_flags import Flag
from chartgen.edits import Edit
from chartgen.finding import Finding, OutsideStop, Severity, UsageStop
from chartgen.mend import Fixed, fix
from chartgen.mend_desk import Read
from chartgen.mend_diff import diff
from chartgen.records import replace
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


def test_a_mend_that_leaves_a_warning_is_better_than_errors_in_two_stacks() -> None:
    """The file is one layer below the first flag's stack and the second's: each needs another timeout in it."""
    text = "settings:\n  timeoutMs: 600000\n"
    stacks = [[Flag("set", "settings.pollIntervalMs=10000")], [Flag("set", "settings.pollIntervalMs=60000")]]

    def judge_again(read: Read) -> list[Finding]:
        return [each for flags in stacks for each in Judge(ASYNC, read=read).findings_of_stack(["base.yaml"], flags)]

    made = fix(judge_again, lambda path: Source(path, text))

    assert [new for _, new in made.texts.values()] == ["settings:\n  timeoutMs: 7200000\n"]
    assert [finding.severity for finding in made.findings] == [Severity.WARNING]


def pair(rule: str, *more: str, defaults: tuple[int, int] = (10, 20)) -> Settings:
    """Two whole numbers from 0 to 1000 and rules between them."""
    limits = {"type": "integer", "minimum": 0, "maximum": 1000}
    document = {
        "type": "object",
        "properties": {
            name: limits | {"default": default, "x-env": name.upper()}
            for name, default in zip(("low", "high"), defaults, strict=True)
        },
        "x-kubernetes-validations": [{"rule": each, "message": "it is broken"} for each in (rule, *more)],
    }
    model, faults = read_settings(Source("s.json", json.dumps(document)))
    assert model is not None, faults
    return model


def test_of_mends_that_contradict_each_other_the_one_that_mends_all_is_made() -> None:
    model = pair("self.low <= self.high")

    def judge_again(read: Read) -> list[Finding]:
        stacks = [[Flag("set", "settings.high=90")], [Flag("set", "settings.high=40")]]
        return [each for flags in stacks for each in Judge(model, read=read).findings_of_stack(["base.yaml"], flags)]

    made = fix(judge_again, lambda path: Source(path, "settings: {low: 100}\n"))

    assert not made.findings
    assert [new for _, new in made.texts.values()] == ["settings: {low: 40}\n"]


TENS = ("self.low < self.high", "(self.high + self.low) % 10 == 0")


def test_what_hides_rules_is_mended_even_where_more_rules_are_then_broken() -> None:
    """Nor does it matter what else is named."""
    texts = {"q.yaml": 'settings:\n  low: "641"\n', "other.yaml": "settings:\n  low: 641\n"}

    alone, _ = mended(pair(*TENS), texts, ["q.yaml"])
    both, _ = mended(pair(*TENS), texts, ["q.yaml"], ["other.yaml"])

    assert alone["q.yaml"] == both["q.yaml"] == "settings:\n  low: 10\n"


def test_a_file_is_left_alone_where_it_would_end_with_more_errors_than_it_had() -> None:
    """What the flag sets cannot be mended in a file, so that two rules would be broken instead of one type."""
    model = pair("self.low > self.high - 500", "self.low * 2 > self.high - 400")
    texts = {"a.yaml": "settings:\n  high: '1000'\n", "b.yaml": "settings:\n  high: '7'\n"}

    def judge_again(read: Read) -> list[Finding]:
        judge, flags = Judge(model, read=read), [Flag("set", "settings.low=1")]
        found = [*judge.findings_of_stack(["a.yaml"], flags), *judge.findings_of_stack(["b.yaml"])]
        return [replace(each, edits=()) if each.code == "CG203" else each for each in found]

    made = fix(judge_again, lambda path: Source(path, texts[path]))

    assert {name: text for name, (_, text) in made.texts.items()} == {"b.yaml": "settings:\n  high: 7\n"}
    assert [finding.code for finding in made.findings] == ["CG201"]


def test_a_value_that_is_out_of_bounds_for_all_becomes_one_that_fits_all() -> None:
    model = pair("self.low <= self.high")
    texts = {
        "a.yaml": "settings:\n  low: 5000\n",
        "small.yaml": "settings:\n  high: 100\n",
        "big.yaml": "settings:\n  high: 900\n",
    }
    for stacks in (["small.yaml", "big.yaml"], ["big.yaml", "small.yaml"]):
        after, made = mended(model, texts, *(["a.yaml", name] for name in stacks))

        assert after == texts | {"a.yaml": "settings:\n  low: 100\n"}
        assert not made.findings


def test_what_another_mend_makes_needless_is_taken_back() -> None:
    """Both stacks would be mended in their own file; the first file's mend does for both."""
    model = pair("self.low >= self.high", defaults=(20, 10))
    texts = {"a.yaml": "settings:\n  low: 150\n  high: 300\n", "b.yaml": "settings:\n  high: 300\n"}

    after, made = mended(model, texts, ["a.yaml"], ["a.yaml", "b.yaml"])

    assert not made.findings
    assert after == texts | {"a.yaml": "settings:\n  low: 300\n  high: 300\n"}
    assert made.applied == 1


def test_the_help_names_each_setting_once_with_what_mends_all_rules() -> None:
    found = Judge(pair(*TENS), read=lambda name: Source(name, "settings: {low: 25}\n")).findings_of_file("a.yaml")

    assert [finding.help for finding in found] == ["lower low to 10, or raise high to 35"] * 2


def test_where_the_first_mend_breaks_another_stack_another_one_is_made() -> None:
    model = pair("self.low + self.high == 100", defaults=(30, 70))
    texts = {"a.yaml": "settings: {low: 5}\n", "b.yaml": "settings: {high: 95}\n"}

    after, made = mended(model, texts, ["a.yaml", "b.yaml"], ["b.yaml"])

    assert not made.findings
    assert after == {"a.yaml": "settings: {low: 5}\n", "b.yaml": "settings: {high: 95, low: 5}\n"}


def test_the_help_for_a_value_out_of_bounds_names_the_one_that_is_written() -> None:
    model = pair("self.low >= self.high - 15")

    found = Judge(model, read=lambda name: Source(name, "settings: {low: -1}\n")).findings_of_file("a.yaml")

    assert [finding.help for finding in found] == ["write 5, or another value that is at least 0"]


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


def test_one_file_that_cannot_be_mended_does_not_make_the_others_wait() -> None:
    """Of more files than are tried one by one."""
    judged = 0

    def judge_again(read: Read) -> list[Finding]:
        nonlocal judged
        judged += 1
        found = []
        for number in range(150):
            source = read(f"{number}.yaml")
            assert isinstance(source, Source)
            errors = 1 if source.text.endswith("1\n") else 2 if number < 2 else 0
            span, edits = Span(source, 3, 4), (Edit(Span(source, 3, 4), "9"),)
            found += [
                Finding("CG202", Severity.ERROR, "no", span, path=f"p{each}", edits=edits) for each in range(errors)
            ]
        return found

    made = fix(judge_again, lambda path: Source(path, "a: 1\n"))

    assert sorted({finding.primary.source.name for finding in made.findings if finding.primary}) == ["0.yaml", "1.yaml"]
    assert len(made.texts) == 148
    assert judged < 10


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


def shown_in(folder: Path, *names: str) -> str:
    for name in names:
        (folder / name).write_text("settings: {pollIntervalMs: 9}\n")
    return diff(fix(lambda read: Judge(ASYNC, read=read).findings_of_files(names)), has_mark)


@pytest.mark.parametrize("name", ["my file.yaml", "na\nme.yaml", 't\tab "é.yaml', "b\\.yaml", "./sub/../a.yaml"])
def test_patch_finds_the_file_whatever_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)

    shown = shown_in(tmp_path, name)
    subprocess.run(["patch", "-p1"], input=shown.encode(), cwd=tmp_path, check=True, capture_output=True)

    assert (tmp_path / name).read_text() == "settings: {pollIntervalMs: 2500}\n"


def test_patch_finds_the_file_behind_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "real.yaml").touch()
    (tmp_path / "link.yaml").symlink_to("real.yaml")

    shown = shown_in(tmp_path, "link.yaml")

    assert shown.splitlines()[:2] == ["--- a/real.yaml", "+++ b/real.yaml"]


def test_a_file_outside_the_working_folder_has_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")

    shown = shown_in(tmp_path / "sub", "../a.yaml")
    subprocess.run(["patch", "-d", "/", "-p1"], input=shown.encode(), check=True, capture_output=True)

    assert (tmp_path / "a.yaml").read_text() == "settings: {pollIntervalMs: 2500}\n"


def test_a_diff_has_the_mark_and_the_line_ends_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfsettings:\r\n  pollIntervalMs: 9")
    made = fix(lambda read: Judge(ASYNC, read=read).findings_of_file(str(path)))

    shown = diff(made, has_mark)

    assert shown == (
        f"--- {path}\n+++ {path}\n@@ -1,2 +1,2 @@\n \ufeffsettings:\r\n"
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


def test_a_file_with_two_names_has_the_new_text_by_both(tmp_path: Path) -> None:
    one, two = tmp_path / "1.yaml", tmp_path / "2.yaml"
    one.write_text("settings: {pollIntervalMs: 9}  # long before\n")
    two.hardlink_to(one)

    rewrite({str(one): (Source(str(one), one.read_text()), "short\n")})

    assert two.read_text() == "short\n"
    assert one.samefile(two)


def test_a_read_only_file_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    one, two = tmp_path / "1.yaml", tmp_path / "2.yaml"
    one.write_text("a: 1\n")
    two.write_text("a: 1\n")
    two.chmod(0o444)

    with pytest.raises(OutsideStop, match=r"2\.yaml is read-only; nothing is written"):
        rewrite({str(path): (Source(str(path), "a: 1\n"), "a: 2\n") for path in (one, two)})

    assert (one.read_text(), two.read_text()) == ("a: 1\n", "a: 1\n")


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
