"""Mends of several findings, files and environments: all that agree are made, and nothing becomes worse."""

from __future__ import annotations

import json

import pytest

from chartgen.documents.set_flags import Flag
from chartgen.finding import Finding, Severity
from chartgen.mend import fix
from chartgen.mend_desk import Read
from chartgen.records import replace
from chartgen.settings.schema import read_settings
from chartgen.source import Source
from chartgen.validate import Judge
from tests.mends import ASYNC, mended, pair


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
