"""jinja2's one door: a template that travels with the package, filled in.

The delimiters `<% %>`, `<%= %>` and `<%# %>` leave alone what the results use themselves: `{{ }}` of Helm and GitHub,
`<<:` of YAML, TypeScript.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined


def render(name: str, **context: object) -> str:
    """The text of a template, by its path below the package: `render("chart/templates/Chart.yaml", project=project)`.

    Raises:
        jinja2.TemplateError: the template is not there, or uses a name that the context lacks.
    """
    return _environment().get_template(name).render(context)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_read),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<%=",
        variable_end_string="%>",
        comment_start_string="<%#",
        comment_end_string="%>",
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        autoescape=False,  # noqa: S701 - the results are YAML, Markdown and code; none is HTML
    )


def _read(name: str) -> str | None:
    file = files("chartgen").joinpath(name)
    return file.read_text(encoding="utf-8") if file.is_file() else None
