"""A plan as one page that needs nothing else: sliders, charts, and the reader's own rules."""

from __future__ import annotations

import html
import json
import pathlib
import tempfile
import webbrowser
from importlib.resources import files
from typing import Any

from chartgen.enforce.javascript import reader_script
from chartgen.finding import OutsideStop
from chartgen.plan import SECONDS
from chartgen.planning.plan import Plan
from chartgen.planning.polls import CLIENT_DEFAULTS
from chartgen.planning.text import rate
from chartgen.settings.first import axis
from chartgen.settings.model import Setting
from chartgen.templates import render


def page(plan: Plan) -> str:
    """The text of the page."""
    title = plan.settings.title or plan.settings.source.name
    return render(
        "planning/page.html",
        title=html.escape(f"{title}: {plan.situation.users:,} users"),
        style=_file("page.css"),
        data=_embedded(_data(plan)),
        rules=reader_script(plan.settings).replace("</", "<\\/").replace("<!--", "<\\!--"),
        model=_file("model.js"),
        script=_file("page.js"),
    )


def opened(plan: Plan) -> str:
    """The path of the page, which is written for the browser that it is opened in.

    Raises:
        OutsideStop: there is no browser.
    """
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="chartgen-plan-", suffix=".html", delete=False
    ) as file:
        file.write(page(plan))
    if not webbrowser.open(pathlib.Path(file.name).as_uri()):
        raise OutsideStop(f"no browser opens {file.name}", "open it yourself, or print the page: --format html")
    return file.name


def _file(name: str) -> str:
    return files("chartgen").joinpath("planning", name).read_text(encoding="utf-8").strip()


def _embedded(data: dict[str, Any]) -> str:
    """JSON that stands in a script: nothing in it ends that, or begins a comment."""
    text = json.dumps(data, ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _data(plan: Plan) -> dict[str, Any]:
    asked, values = plan.situation, plan.values
    envs = {setting.path: setting.env for setting in plan.settings.settings}
    choices = [["as they are", {envs[path]: value for path, value in values.items()}]]
    choices += [
        [each.name, {envs[path]: value for path, value in each.values.items()}] for each in plan.settings.profiles
    ]
    found = plan.recommendation
    if found is not None and found.values is not None:
        choices.append(["recommended", {envs[path]: value for path, value in found.values.items()}])
    return {
        "situation": {
            "users": asked.users,
            "rtt": asked.rtt,
            "job": asked.job,
            "capacity": plan.capacity,
            "pollBytes": asked.poll_bytes,
        },
        "values": {envs[path]: value for path, value in values.items()},
        "roles": [_role(setting) for setting in plan.roles.settings],
        "clientDefaults": {
            "interval": CLIENT_DEFAULTS.interval,
            "attempts": CLIENT_DEFAULTS.attempts,
            "timeout": CLIENT_DEFAULTS.timeout,
        },
        "choices": choices,
        "advice": _advice(plan),
    }


def _role(setting: Setting) -> dict[str, Any]:
    """A setting as its slider needs it; `choices` instead of ends where it has no range."""
    own, is_time = axis(setting).from_first(lambda value: float(value) > 0), setting.role != "poll-attempts"
    return {
        "role": setting.role,
        "env": setting.env,
        "name": setting.name,
        "unit": setting.unit if is_time else "",
        "seconds": SECONDS[setting.unit] if is_time else 1,
        "low": setting.default if own.is_empty else own.value(own.low),
        "high": setting.default if own.is_empty else own.value(own.high),
        "step": setting.bounds.multiple_of or 1,
        "choices": list(own.choices) or None,
    }


def _advice(plan: Plan) -> str:
    found = plan.recommendation
    if found is None:
        return ""
    head = f"For {plan.situation.users:,} users and at most {rate(plan.capacity or 0)} requests in a busy second"
    if found.values is None:
        return f"{head}, no settings will do: {found.binding.message}."
    named = ", ".join(f"{setting.name} {found.values[setting.path]}" for setting in plan.roles.settings)
    return f"{head}: {named}. What keeps the interval from being shorter: {found.binding.message}."
