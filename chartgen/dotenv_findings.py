"""What is wrong with the settings of a `.env` file: each key is a setting by its env name; others are allowed."""

from __future__ import annotations

from chartgen.documents.dotenv import dotenv_text, is_open, read_dotenv
from chartgen.documents.nodes import Entry, Scalar
from chartgen.edits import Edit
from chartgen.finding import Finding, is_error
from chartgen.misspelt import misspelt_keys
from chartgen.settings.model import Setting, Settings
from chartgen.source import Source, Span
from chartgen.text_findings import Texts, text_findings


def dotenv_findings(source: Source, settings: Settings) -> list[Finding]:
    """The findings of a `.env` file; of one that cannot be read only that is told."""
    entries, findings = read_dotenv(source)
    if any(map(is_error, findings)):
        return findings
    held = {entry.key: entry for entry in entries}
    missing = [setting for setting in settings.settings if setting.env not in held]
    envs = {setting.env for setting in settings.settings}
    misspelt = list(misspelt_keys((entry for entry in entries if entry.key not in envs), missing))
    doubtful = {finding.expected for finding in misspelt} | {entry.key for entry in entries if is_open(entry)}
    given = {
        setting.path: node
        for setting in settings.settings
        if setting.env in held and setting.env not in doubtful and isinstance(node := held[setting.env].value, Scalar)
    }
    unknown = frozenset(setting.path for setting in settings.settings if setting.env in doubtful)
    if not given:
        return [*findings, *misspelt]
    whole = Span(source, 0, len(source.text))

    def write(setting: Setting, text: str) -> Edit | None:
        return _edit(held, settings, setting, text)

    texts = Texts(given, whole, lambda setting: setting.env, write)
    return [*findings, *misspelt, *text_findings(settings, [texts], unknown)]


def _edit(held: dict[str, Entry], settings: Settings, setting: Setting, text: str) -> Edit | None:
    """The edit that writes a setting: in the place of its value, else in a line below another setting's."""
    entry = held.get(setting.env)
    if entry is not None:
        new = dotenv_text(text, entry.value.span.text)
        return Edit(entry.value.span, new) if new is not None else None
    new = dotenv_text(text, "")
    last = [held[other.env].value.span for other in settings.settings if other.env in held]
    if new is None or not last:
        return None
    span = max(last, key=lambda each: each.end)
    end = span.source.text.find("\n", span.end)
    at, line = (len(span.source.text), f"\n{setting.env}={new}") if end < 0 else (end + 1, f"{setting.env}={new}\n")
    return Edit(Span(span.source, at, at), line)
