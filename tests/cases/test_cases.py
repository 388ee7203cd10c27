"""A folder is a test: files, the arguments of `chartgen validate`, and the whole of what its user reads.

`command` holds one run a line; one of `render` begins so. Files of `beside/` lie beside every case's own; what git cannot hold well is made here.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from chartgen.__main__ import main
from chartgen.documents.limits import MAX_BYTES, MAX_DOCUMENTS, MAX_NODES
from chartgen.finding import CODES
from tests.golden_text import Golden

FOLDER = Path(__file__).parent
CASES = sorted(path.parent for path in FOLDER.glob("*/*/command"))
MADE = {
    "CG105-too-large": lambda: "#" * (MAX_BYTES + 1),
    "CG105-too-many-documents": lambda: "---\na: 1\n" * (MAX_DOCUMENTS + 1),
    "CG105-too-many-values": lambda: "a:\n" + "- 1\n" * MAX_NODES,
    "CG105-too-deep-by-indentation": lambda: "".join(f"{' ' * level}k:\n" for level in range(102)),
}
"""The `values.yaml` of cases in which it is large."""
STALE = {
    "CG353-out-of-date": ("chartgen.yaml", "r.example/shop", "r.example/web"),
    "CG354-changed-by-hand": ("charts/shop/values.yaml", "  mode: file", "  mode: json"),
    "CG353-edited-by-hand": ("charts/shop/templates/service.yaml", "kind: Service", "kind: Services"),
}
"""What is changed after the chart of a case was written."""


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_the_user_reads(
    folder: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for beside in (FOLDER / "beside", folder):
        shutil.copytree(beside, tmp_path, dirs_exist_ok=True)
    if folder.name in MADE:
        (tmp_path / "values.yaml").write_text(MADE[folder.name](), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    if folder.name in STALE:
        render_and_change(*STALE[folder.name], capsys)
    golden = Golden(folder, update=bool(request.config.getoption("--update-golden")))
    commands = (folder / "command").read_text(encoding="utf-8").splitlines()

    said = "\n".join(run(line, capsys) for line in commands)

    golden("expected.txt", said)
    assert f"[{folder.name[:5]}]" in said


def run(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What one run says, on both streams, and its exit code."""
    whole = command if command.startswith("render") else f"validate {command}"
    code = main(shlex.split(whole))
    out, err = capsys.readouterr()
    stderr = f"--- stderr\n{err}" if err else ""
    return f"$ chartgen {whole}\n{out}{stderr}--- exit {code}\n"


def render_and_change(file: str, old: str, new: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Write the chart of the case, and then change a file."""
    assert main(["render"]) == 0
    capsys.readouterr()
    text = Path(file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    Path(file).write_text(text.replace(old, new), encoding="utf-8")


def test_every_code_has_a_case() -> None:
    texts = [path.read_text(encoding="utf-8") for path in FOLDER.glob("*/*/expected.txt")]
    told = {code for text in texts for code in re.findall(r"^(?:error|warning)\[(CG[0-9]{3})\]", text, re.MULTILINE)}

    assert sorted(CODES) == sorted(told)
