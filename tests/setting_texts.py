"""Random texts for random settings, as ConfigMaps and environments hold them, and what chartgen says of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from chartgen.documents.nodes import Scalar
from chartgen.finding import Finding, Severity
from chartgen.settings.expression import Path, Type, Value
from chartgen.settings.judge import broken_rules
from chartgen.settings.model import Settings
from chartgen.settings.strings import HOW, WITHOUT_BLANKS, parse_text, render_text
from chartgen.source import Source, Span
from chartgen.text_findings import Texts, text_findings
from tests.strategies import TEXT, good, read, schemas

DIGITS = st.from_regex(r"\A-?[0-9]{1,17}(\.[0-9]{0,8})?\Z")
ODD = st.sampled_from(
    ["", "-", "-0", "0", "00", "1.0", "-0.0", "1e3", " 1", "1 ", "1\n", "+1", "1_0", "0x1", "\u0661", "\uff11", ".5", "5.", "1.5.5",
     "TRUE", "true ", "True", "false", "true", "yes", "null", "NaN", "inf", "1234567890123456", "12345678901234567", "²"]
)  # fmt: skip


def flat(node: dict[str, Any], above: Path = ()) -> dict[Path, dict[str, Any]]:
    """The settings of a schema by path."""
    found: dict[Path, dict[str, Any]] = {}
    for key, part in node["properties"].items():
        path = (*above, key)
        found |= flat(part, path) if "properties" in part else {path: part}
    return found


@st.composite
def texts_of(
    draw: st.DrawFn, settings: Settings, schema: dict[str, Any], odd: st.SearchStrategy[str] = ODD
) -> dict[str, str]:
    """A text for some of the settings, by their env names: mostly of good values, some of them odd."""
    texts: dict[str, str] = {}
    for path, part in flat(schema).items():
        setting = settings.setting(path)
        form = draw(st.integers(0, 9))
        if form == 1:
            texts[setting.env] = draw(st.one_of(odd, DIGITS, TEXT))
        elif form > 1:
            value = draw(good(part))
            texts[setting.env] = render_text(setting.type, float(value) if setting.type is Type.NUMBER else value)
    return texts


@st.composite
def texts_for(draw: st.DrawFn) -> tuple[Settings, dict[str, str]]:
    """Settings, and a text for some of them."""
    schema = draw(schemas())
    settings = read(schema)
    assert settings is not None
    return settings, draw(texts_of(settings, schema))


def findings_of(settings: Settings, texts: dict[str, str]) -> tuple[list[str], list[str]]:
    """What `chartgen validate` says of a ConfigMap with these texts, each as one line: the errors, the warnings."""
    span = Span(Source("configmap.yaml", "x"), 0, 1)
    given = {setting.path: Scalar(texts[setting.env], span) for setting in settings.settings if setting.env in texts}
    found = text_findings(settings, [Texts(given, span, lambda setting: setting.env, lambda *_: None)])
    types = {setting.env: setting.type for setting in settings.settings}
    wrong = [finding for finding in found if finding.code != "CG203"]
    wrong.sort(key=lambda finding: list(types).index(finding.path))  # in the order of the schema
    errors = [finding.message + _how(finding, types[finding.path]) for finding in wrong]
    lost = frozenset(setting.path for setting in settings.settings if setting.env in {each.path for each in wrong})
    values: dict[Path, Value] = {}
    for setting in settings.settings:
        value: Value | None = None
        if setting.env in texts and setting.path not in lost:
            value = parse_text(setting.type, texts[setting.env])
        value = setting.default if value is None else value
        values[setting.path] = float(value) if setting.type is Type.NUMBER else value
    broken = [*broken_rules(settings, values, lost)]
    errors += [each.text for each in broken if each.rule.severity is Severity.ERROR]
    return errors, [each.text for each in broken if each.rule.severity is not Severity.ERROR]


def _how(finding: Finding, type_: Type) -> str:
    """How the text is to be written, where that is what is wrong."""
    how = {"CG409": f"; write {HOW[type_]}", "CG414": f"; {WITHOUT_BLANKS}"}
    return how.get(finding.code, "")
