"""What `import chartgen` offers: every name, typed, and nothing loaded before it is used."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import chartgen

CONSUMER = """
import chartgen

settings = chartgen.load_settings("a.json")
project = chartgen.load_project("chartgen.yaml")
reveal_type(settings)
reveal_type(project)
reveal_type(chartgen.render_chart(settings, project))
reveal_type(chartgen.validate_values(settings, ["values.yaml"]))
chartgen.load_settings(5)
chartgen.nonsense
"""


def test_every_public_name_is_there() -> None:
    assert {name: getattr(chartgen, name, None) for name in chartgen.__all__ if not getattr(chartgen, name, None)} == {}
    assert set(chartgen.__all__) <= set(dir(chartgen))


def test_the_public_names_are_sorted_and_documented() -> None:
    functions = [getattr(chartgen, name) for name in chartgen.__all__ if callable(getattr(chartgen, name))]

    assert chartgen.__all__ == sorted(chartgen.__all__)
    assert [item.__name__ for item in functions if not item.__doc__] == []


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        chartgen.nonsense  # type: ignore[attr-defined]  # noqa: B018 - the access is the test


def test_the_version_is_the_installed_one() -> None:
    assert chartgen.__version__ == version("chartgen")


def test_importing_chartgen_loads_nothing_else_of_it_or_of_others() -> None:
    code = (
        "import sys; before = set(sys.modules); import chartgen; "
        "print(*{name for name in {*sys.modules} - before if name.partition('.')[0] not in sys.stdlib_module_names})"
    )
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert shown.stdout.split() == ["chartgen"]


def test_a_type_checker_sees_the_types(tmp_path: Path, repository: Path) -> None:
    file = tmp_path / "consumer.py"
    file.write_text(CONSUMER, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-incremental", str(file)]
    checked = subprocess.run(command, cwd=repository, check=False, capture_output=True, text=True)
    said = [line.partition(".py:")[2] for line in checked.stdout.splitlines() if "consumer.py" in line]

    assert said == [
        '6: note: Revealed type is "chartgen.settings.model.Settings"',
        '7: note: Revealed type is "chartgen.project_model.Project"',
        '8: note: Revealed type is "dict[str, str]"',
        '9: note: Revealed type is "list[chartgen.finding.Finding]"',
        '10: error: Argument 1 to "load_settings" has incompatible type "int"; expected "str"  [arg-type]',
        '11: error: Module has no attribute "nonsense"  [attr-defined]',
    ]
