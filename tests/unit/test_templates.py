from __future__ import annotations

import pytest
from jinja2 import DictLoader, Environment, TemplateNotFound, UndefinedError

from chartgen import templates
from chartgen.chart.files import _TEMPLATED
from chartgen.templates import render


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Templates by name, in place of those of the package."""
    texts: dict[str, str] = {}
    real = templates._environment()

    def environment() -> Environment:
        return real.overlay(loader=DictLoader(texts))

    monkeypatch.setattr(templates, "_environment", environment)
    return texts


def test_what_the_results_use_themselves_is_left_alone(given: dict[str, str]) -> None:
    text = (
        "a: {{ .Values.a }} ${{ secrets.A }} [[ b ]]\n<<: *c\n{% raw %}{# d #}\nconst e: Array<string> = f as <T>g;\n"
    )
    given["t"] = text

    assert text == render("t")


def test_values_are_filled_in_as_they_are(given: dict[str, str]) -> None:
    given["t"] = "a: <%= a %>\n"

    assert render("t", a='<b> & "c" {{ d }} <%= e %>') == 'a: <b> & "c" {{ d }} <%= e %>\n'


def test_lines_of_blocks_and_comments_leave_nothing_behind(given: dict[str, str]) -> None:
    given["t"] = "a\n  <% for each in items %>\n- <%= each %>\n  <% endfor %>\n  <%# a comment %>\nb\n"

    assert render("t", items=[1, 2]) == "a\n- 1\n- 2\nb\n"


@pytest.mark.parametrize("text", ["<%= missing %>", "<% if missing %><% endif %>", "<%= there.missing %>"])
def test_a_name_that_is_not_given_is_an_error(given: dict[str, str], text: str) -> None:
    given["t"] = text

    with pytest.raises(UndefinedError):
        render("t", there={})


def test_a_template_that_does_not_travel_with_the_package_is_an_error() -> None:
    with pytest.raises(TemplateNotFound):
        render("chart/templates/missing.yaml")


def test_every_template_of_the_chart_travels_with_the_package() -> None:
    for name in _TEMPLATED:
        assert templates._read(f"chart/templates/{name}")
