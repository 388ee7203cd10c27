"""chartgen: declare a frontend's runtime settings once; every place that reads or changes them agrees.

What is listed in `__all__` is the public API. Each name is loaded when it is first used, so that `import chartgen`
costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chartgen.chart.files import render_chart
    from chartgen.finding import Finding, InvalidStop, Severity, Stop
    from chartgen.project import Project, load_project
    from chartgen.settings.model import Settings
    from chartgen.settings.schema import load_settings
    from chartgen.validate import validate_values

__all__ = [
    "Finding",
    "InvalidStop",
    "Project",
    "Settings",
    "Severity",
    "Stop",
    "__version__",
    "load_project",
    "load_settings",
    "render_chart",
    "validate_values",
]

__version__ = "0.1.0"

_HOMES = {
    "Finding": "chartgen.finding",
    "InvalidStop": "chartgen.finding",
    "Project": "chartgen.project",
    "Settings": "chartgen.settings.model",
    "Severity": "chartgen.finding",
    "Stop": "chartgen.finding",
    "load_project": "chartgen.project",
    "load_settings": "chartgen.settings.schema",
    "render_chart": "chartgen.chart.files",
    "validate_values": "chartgen.validate",
}


if not TYPE_CHECKING:  # a checker would take any name for granted

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            message = f"module 'chartgen' has no attribute {name!r}"
            raise AttributeError(message)
        from importlib import import_module  # noqa: PLC0415 - the first use of a name pays, not the import

        value: object = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
