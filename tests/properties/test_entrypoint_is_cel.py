"""The entrypoint says of any texts what chartgen says of them, in the same words."""

from __future__ import annotations

from hypothesis import given, settings

from chartgen.finding import Severity
from chartgen.settings.components import components
from chartgen.settings.expression import Path, Type, Value
from chartgen.settings.judge import broken_rules, violations
from chartgen.settings.model import Settings
from chartgen.settings.strings import parse_text
from tests.counts import examples
from tests.entrypoint import EP, table_of
from tests.setting_texts import texts_for


def cli_verdict(settings_: Settings, texts: dict[str, str]) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """The wrong settings with what was expected, the broken rules of severity error, and those that are warnings."""
    values: dict[Path, Value] = {}
    wrong: list[tuple[str, str]] = []
    for setting in settings_.settings:
        values[setting.path] = setting.default
        if setting.type is Type.NUMBER:
            values[setting.path] = float(setting.default)
        if setting.env not in texts:
            continue
        value = parse_text(setting.type, texts[setting.env])
        said = [each.expected for each in violations(setting, value)]
        wrong += [(setting.env, expected) for expected in said]
        if not said and value is not None:
            values[setting.path] = value
    lost = frozenset(setting.path for setting in settings_.settings if setting.env in dict(wrong))
    broken = [*broken_rules(settings_, values, lost)]
    errors = [each.text for each in broken if each.rule.severity is Severity.ERROR]
    return wrong, errors, [each.text for each in broken if each.rule.severity is not Severity.ERROR]


@settings(max_examples=examples(5000))
@given(texts_for())
def test_the_entrypoint_says_what_chartgen_says(case: tuple[Settings, dict[str, str]]) -> None:
    settings_, texts = case
    encoded = {name: text.encode() for name, text in texts.items()}

    values, errors, warnings = EP.judge(table_of(settings_), encoded, str)

    wrong, broken, warned = cli_verdict(settings_, texts)
    plain = ", in plain digits: no blanks, no exponent"
    limits = [
        text.removesuffix(plain).split(" (")[0]
        for _, text in errors
        if ": expected " in text and text.split(" (")[0] in texts
    ]
    assert [name for name, _ in wrong] == limits
    said = [text for _, text in errors]
    names = {setting.env: setting.name for setting in settings_.settings}
    expected = [f"{env} ({names[env]}): expected {words}" for env, words in wrong]
    assert [*expected, *broken] == [text.removesuffix(plain) for text in said]
    assert warned == warnings
    assert set(values) == {setting.name for setting in settings_.settings}


@settings(max_examples=examples(1000))
@given(texts_for())
def test_with_defaults_no_error_is_left_and_good_settings_stay(case: tuple[Settings, dict[str, str]]) -> None:
    settings_, texts = case
    table = table_of(settings_)
    values, errors, _ = EP.judge(table, {name: text.encode() for name, text in texts.items()})

    fallen, lost = EP.fall_back(table, values, errors)

    by_path = {setting.path: fallen[setting.name] for setting in settings_.settings}
    assert [each for each in broken_rules(settings_, by_path) if each.rule.severity is Severity.ERROR] == []
    assert not [each for setting in settings_.settings for each in violations(setting, by_path[setting.path])]
    touched = {name for names, _ in errors for name in names}
    for component in components(settings_):
        names = {".".join(path) for path in component}
        assert names <= lost or not names & lost
        assert not names & lost or names & touched


@settings(max_examples=examples(1000))
@given(texts_for())
def test_what_settings_json_says_is_read_back_as_it_was(case: tuple[Settings, dict[str, str]]) -> None:
    settings_, texts = case
    table = table_of(settings_)
    values, errors, _ = EP.judge(table, {name: text.encode() for name, text in texts.items()})
    right, _ = EP.fall_back(table, values, errors)
    document = EP.document_of(EP.data_of(table, right))

    again = EP.judge(table, EP.texts_in(document))

    assert again[:2] == (right, [])
    assert EP.document_of(EP.data_of(table, again[0])) == document
