"""The entrypoint beside what else puts settings into a page when a container starts."""

from __future__ import annotations

import os
import py_compile
import shutil
import statistics
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Command, expect
from tests.tools import build

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "entrypoint" / "entrypoint.py"
TABLE = ROOT / "tests" / "golden" / "entrypoint" / "reference" / "settings.py"
PAGE = ROOT / "tests" / "browser" / "frameworks" / "vite.html"
PEER = "@import-meta-env/cli@0.7.4"
SETTINGS = {"JOB_POLL_INTERVAL_MS": "5000", "JOB_MAX_POLL_ATTEMPTS": "120", "JOB_TIMEOUT_MS": "600000"}

# What nginx's image does at its start, 20-envsubst-on-templates.sh, for one template: the names that are defined are
# listed, so that no other `$` is touched; then envsubst writes the file.
ENVSUBST = """\
set -eu
export {exports}
defined=$(printf '${{%s}} ' $(awk 'END {{ for (name in ENVIRON) print name }}' </dev/null))
envsubst "$defined" <index.template >index.html
"""
SED = "set -eu\n{exports}\nexec sed -i {edits} index.html\n"


@dataclass(frozen=True)
class Contest:
    """A folder with the page as each way needs it, and the commands; each run begins with the page as it was."""

    folder: Path
    commands: Mapping[str, Command]

    def reset(self) -> None:
        """Put the pristine page back."""
        shutil.copyfile(self.folder / "pristine.html", self.folder / "index.html")

    def medians(self, rounds: int) -> dict[str, float]:
        """The median seconds of each command, one of each in turn; a first round is not counted."""
        seconds: dict[str, list[float]] = {name: [] for name in self.commands}
        for counted in range(-1, rounds):
            for name, command in self.commands.items():
                self.reset()
                result = expect(command, folder=self.folder)
                if counted >= 0:
                    seconds[name].append(result.seconds)
        return {name: statistics.median(values) for name, values in seconds.items()}


def import_meta_env() -> Path:
    """The peer's command, installed once into the cache by npm."""
    folder = build.cache_root() / "import-meta-env"
    program = folder / "node_modules" / ".bin" / "import-meta-env"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["/usr/bin/env", "npm", "install", "--no-audit", "--no-fund", "--prefix", folder, PEER], check=True
        )
    return program


def prepared(folder: Path) -> Contest:
    """The pages and commands, in a new folder."""
    folder.mkdir()
    page = PAGE.read_text(encoding="utf-8")
    for name, script in (
        ("template", "".join(f"window.__{name}__=${{{name}}};" for name in SETTINGS)),
        ("sed", "".join(f"window.__{name}__=@{name}@;" for name in SETTINGS)),
        ("meta", "globalThis.import_meta_env = JSON.parse('\"import_meta_env_placeholder\"')"),
    ):
        (folder / f"{name}.html").write_text(
            page.replace("<head>", f"<head><script>{script}</script>"), encoding="utf-8"
        )
    shutil.copyfile(folder / "template.html", folder / "index.template")
    # One page for all: it has what each of them looks for.
    both = f"<head><script>{(folder / 'sed.html').read_text().split('<script>')[1].split('</script>')[0]}</script>"
    meta = (folder / "meta.html").read_text().split("<head>")[1].split("</script>")[0] + "</script>"
    (folder / "pristine.html").write_text(page.replace("<head>", both + meta), encoding="utf-8")
    (folder / ".env.example").write_text("".join(f"{name}=\n" for name in SETTINGS))
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in SETTINGS.items()))
    shutil.copyfile(TABLE, folder / "settings.py")
    shutil.copyfile(SCRIPT, folder / "entrypoint.py")
    compiled = py_compile.compile(str(SCRIPT), cfile=str(folder / "entrypoint.pyc"), doraise=True)
    exports = " ".join(f"{name}={value}" for name, value in SETTINGS.items())
    edits = " ".join(f'-e "s/@{name}@/${{{name}}}/"' for name in SETTINGS)
    (folder / "envsubst.sh").write_text(ENVSUBST.format(exports=exports))
    (folder / "sed.sh").write_text(SED.format(exports=exports, edits=edits))
    python = [os.path.realpath(sys.executable), "-I", "-S"]
    options: list[str | Path] = ["--once", "--table", folder / "settings.py", "--html", "index.html"]
    return Contest(
        folder,
        {
            "entrypoint.py": [*python, folder / "entrypoint.py", *options],
            "entrypoint.pyc": [*python, str(compiled), *options],
            "its modules' import": [*python, "-c", f"import {', '.join(modules(python, folder, options))}"],
            "nginx's envsubst script": ["/bin/sh", folder / "envsubst.sh"],
            "import-meta-env": ["node", import_meta_env(), "-x", ".env.example", "-p", "index.html"],
            "sh and sed": ["/bin/sh", folder / "sed.sh"],
        },
    )


def modules(python: list[str], folder: Path, options: list[str | Path]) -> list[str]:
    """What a run loads, by Python's own list."""
    shutil.copyfile(folder / "pristine.html", folder / "index.html")
    command = [*python, "-X", "importtime", folder / "entrypoint.py", *options]
    lines = expect(command, folder=folder).output.splitlines()
    names = [line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")]
    known = [name for name in dict.fromkeys(names) if name.isidentifier() and not name.startswith("_frozen")]
    test = "import os, sys\nfor n in sys.argv[1:]:\n try: n in sys.modules or (__import__(n), print(n))\n except ImportError: pass"
    return ["os", *expect([*python, "-c", test, *known], folder=folder).output.split()]
