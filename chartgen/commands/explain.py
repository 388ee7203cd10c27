"""`chartgen explain`: what a finding's code means, or what a setting is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chartgen.finding import CODES, InvalidStop, UsageStop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chartgen.settings.model import Setting, Settings

_EXAMPLES = """\b
Examples:
  chartgen explain                           (all codes, and the settings of the project)
  chartgen explain CG203
  chartgen explain refreshInterval           (also settings.refreshInterval)
  chartgen explain REFRESH_INTERVAL          (also window.__REFRESH_INTERVAL__)
  chartgen explain --settings settings.schema.json --format json darkMode
"""
_WIDEST = 100


@click.command(epilog=_EXAMPLES, short_help="Explain a finding's code, or a setting.")
@click.option("--settings", "settings_file", metavar="FILE", default="", help="The settings of this settings schema.")
@click.option("--chart", metavar="DIR|TGZ", default="", help="The settings of this chart.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text for people, json for programs.",
)
@click.argument("topic", default="", metavar="[CODE|SETTING|FILE:LINE[:COLUMN]]")
def command(settings_file: str, chart: str, format_: str, topic: str) -> int:
    """Explain the code of a finding, or a setting.

    Of a CODE: what it says, why it matters, an example, how to mend it. Of a SETTING: what it is, its unit, bounds and
    names, the rules that read it, its values in profiles. A setting may be named by its path, its environment name or
    its name in the page. Of FILE:LINE[:COLUMN] in the settings schema, as reports tell places: the rule there, what it
    says and the settings that it reads; or the setting whose keyword stands there.

    The settings are those of the chartgen.yaml or Chart.yaml here or in a folder above, unless --settings or --chart
    names others.
    """
    if chart and settings_file:
        message = "--chart and --settings exclude each other: a chart has its settings in it"
        raise click.UsageError(message)
    from chartgen.explain.pages import code_page
    from chartgen.explain.setting import as_json

    if not topic:
        return _list(settings_file, chart, format_)
    if topic.upper() in CODES:
        page = code_page(topic.upper())
        parts = {name: getattr(page, name) for name in ("code", "title", "says", "why", "example", "mend")}
        click.echo(as_json("code", parts) if format_ == "json" else _shown(page.text), nl=False)
        return 0
    from chartgen.explain.place import at_place
    from chartgen.explain.rule import rule_page, rule_with_operands
    from chartgen.explain.setting import setting_data, setting_page

    settings = _settings(settings_file, chart)
    if settings is None or _is_like_a_code(topic):
        raise _unknown(topic)
    at = at_place(topic, settings)
    if at.rule is not None:
        data, text = rule_with_operands(at.rule), rule_page(at.rule, settings)
        click.echo(as_json("rule", data) if format_ == "json" else _shown(text), nl=False)
        return 0
    setting = _one(topic, at.settings) or _setting(topic, settings)
    data, text = setting_data(setting, settings), setting_page(setting, settings)
    click.echo(as_json("setting", data) if format_ == "json" else _shown(text), nl=False)
    return 0


def _list(settings_file: str, chart: str, format_: str) -> int:
    from chartgen.explain.pages import codes_by_group
    from chartgen.explain.setting import as_json

    try:
        settings, problem = _settings(settings_file, chart), ""
    except InvalidStop as stop:  # who is told so by a finding has come to look up its code
        settings, problem = None, stop.message
    found = settings.settings if settings is not None else ()
    if format_ == "json":
        click.echo(as_json("list", {"codes": dict(CODES), "settings": [setting.name for setting in found]}), nl=False)
        return 0
    parts = []
    for title, about, codes in codes_by_group():
        parts += [f"## {title}", about, "\n".join(f"- {code}: {CODES[code]}" for code in codes)]
    if found:
        lines = (f"- {setting.name}: {setting.title or setting.env}" for setting in found)
        parts += ["## Settings", "\n".join(lines)]
    parts += [f"Settings: {problem}"] if problem else []
    click.echo(_shown("\n\n".join(parts)), nl=False)
    return 0


def _settings(settings_file: str, chart: str) -> Settings | None:
    """The settings that are named, else those of the working folder; None where there are none."""
    from chartgen.homes import Homes, Kind
    from chartgen.judges import judge_of_chart
    from chartgen.settings.schema import load_settings

    if settings_file:
        return load_settings(settings_file)
    homes = Homes()
    home = homes.named(Kind.CHART, chart) if chart else homes.of_folder("")
    if home is None:
        return None
    if home.kind is Kind.PROJECT:
        return load_settings(homes.project(home.path).settings)
    return judge_of_chart(home.path).settings


def _is_like_a_code(topic: str) -> bool:
    return topic[:2].upper() == "CG" and topic[2:].isdigit()


def _unknown(topic: str) -> UsageStop:
    from chartgen.names import did_you_mean

    message = f"{topic} is not a code of chartgen's findings"
    if _is_like_a_code(topic):
        return UsageStop(message, did_you_mean(topic.upper(), CODES))
    message += ", and there is no chartgen.yaml and no Chart.yaml here or in a folder above"
    return UsageStop(message, "to explain a setting, say whose: --settings FILE or --chart DIR")


def _setting(topic: str, settings: Settings) -> Setting:
    """The setting that the topic names.

    Raises:
        UsageStop: there is none, or there are several.
    """
    from chartgen.explain.setting import find_settings, names
    from chartgen.names import did_you_mean

    found = _one(topic, find_settings(topic, settings))
    if found is not None:
        return found
    message = f"{topic} is neither a code of chartgen's findings nor a setting of {settings.source.name}"
    help_ = did_you_mean(topic.removeprefix("settings."), names(settings))
    raise UsageStop(message, help_ or "run 'chartgen explain' for all that there are")


def _one(topic: str, found: Sequence[Setting]) -> Setting | None:
    """The one setting of those that the topic names, None where it names none.

    Raises:
        UsageStop: there are several.
    """
    if len(found) > 1:
        message = f"{topic} names several settings"
        raise UsageStop(message, f"name one of them: {', '.join(setting.name for setting in found)}")
    return found[0] if found else None


def _shown(page: str) -> str:
    """The page for this terminal; what is not one gets no bold letters, by click."""
    from shutil import get_terminal_size

    from chartgen.explain.terminal import plain_text
    from chartgen.report.printable import printable

    width = min(get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    return plain_text(printable(page), width, lambda text: click.style(text, bold=True))
