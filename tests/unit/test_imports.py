"""A clean `chartgen validate` is quick, because it loads little: this list is the whole of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# PyYAML's C loader brings Cython's own two modules.
ALLOWED = {"_yaml", "cel_expr_python", "chartgen", "click", "cython_runtime", "jsonschema_rs", "yaml"}

# The CEL extension takes protobuf in where it is installed. chartgen does not depend on it, the tests do: it is hidden.
LOADED = """
import sys
sys.modules["google"] = None
before = set(sys.modules)
{code}
print(*{{name.partition(".")[0] for name in set(sys.modules) - before}} - sys.stdlib_module_names)
"""


def loaded(code: str, folder: Path) -> set[str]:
    """The packages, the standard library's apart, that a fresh interpreter loads for a piece of code."""
    command = [sys.executable, "-c", LOADED.format(code=code)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return {name for name in done.stdout.splitlines()[-1].split() if not name.startswith("_cython_")}


def test_loading_the_command_loads_only_what_it_needs(repository: Path) -> None:
    assert loaded("import chartgen.commands.validate", repository) <= ALLOWED


def test_a_clean_validate_loads_only_what_it_needs(repository: Path) -> None:
    code = "from chartgen.__main__ import main\nassert main(['validate', 'examples/values/good.yaml']) == 0"

    assert loaded(code, repository) <= ALLOWED


def test_asking_for_help_loads_click_alone(repository: Path) -> None:
    code = "from chartgen.__main__ import main\nassert main(['--help']) == 0"

    assert loaded(code, repository) == {"chartgen", "click"}


def test_a_clean_manifest_loads_only_what_it_needs(repository: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "config.yaml"
    manifest.write_text('apiVersion: v1\nkind: ConfigMap\ndata: {SHOP_REFRESH_MS: "5000"}\n')
    schema = repository / "tests/cases/beside/settings.schema.yaml"
    code = (
        "from chartgen.__main__ import main\n"
        f"assert main(['validate', '--settings', {str(schema)!r}, {str(manifest)!r}]) == 0"
    )

    assert loaded(code, repository) <= ALLOWED


def test_what_asks_no_cluster_loads_no_client_of_one(repository: Path) -> None:
    code = "from chartgen.__main__ import main\nassert main(['rbac']) == 0\nassert main(['set', 'no=1', '--yes']) == 2"

    assert loaded(code, repository) & {"kubernetes", "urllib3"} == set()


# Of the standard library and of chartgen's own, what only findings, flags, patterns, digests or helpers need.
NOT_FOR_CLEAN_FILES = {
    "chartgen.documents.dotenv",
    "chartgen.documents.manifests",
    "chartgen.documents.set_flags",
    "chartgen.documents.text_offset",
    "chartgen.documents.yaml_guesses",
    "chartgen.entered_values",
    "chartgen.ignore_comments",
    "chartgen.mend",
    "chartgen.mend_findings",
    "chartgen.objects",
    "chartgen.plan",
    "chartgen.planning",
    "chartgen.report.github",
    "chartgen.report.gitlab",
    "chartgen.report.junit",
    "chartgen.report.places",
    "chartgen.report.sarif",
    "chartgen.settings.first",
    "chartgen.settings.search",
    "chartgen.settings.solve",
    "chartgen.value_findings",
    "dataclasses",
    "hashlib",
    "pathlib",
    "pickle",
    "urllib.parse",
    "xml",
    "subprocess",
    "unicodedata",
}


def test_a_clean_validate_loads_nothing_that_only_faults_need(repository: Path) -> None:
    code = (
        "import sys, click, yaml, jsonschema_rs\nfrom cel_expr_python import cel\nsys.modules['google'] = None\n"
        "before = set(sys.modules)\n"
        "from chartgen.__main__ import main\nassert main(['validate', 'examples/values/good.yaml']) == 0\n"
        "print(*set(sys.modules) - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=True)

    assert set(done.stdout.splitlines()[-1].split()) & NOT_FOR_CLEAN_FILES == set()
