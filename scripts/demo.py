"""Show chartgen at work on the reference chart: each step with its command, and what the command said.

`make demo` runs it. A step may be meant to fail: the broken values file has to be refused. Exit 0 if every step went as
it should. With no Helm and no Go on the machine, Helm's steps are left out, and the last lines say so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHART = ".cache/demo/ideaforge-frontend"
GOOD = "examples/values/good.yaml"
BROKEN = "examples/values/broken.yaml"


@dataclass(frozen=True)
class Step:
    """One command: what it shows, its words as a person would type them, and whether it has to be refused."""

    title: str
    words: tuple[str, ...]
    refused: bool = False


CHARTGEN_STEPS = (
    Step("Render the chart that chartgen.yaml describes", ("chartgen", "render", "--output", CHART)),
    Step("Judge a good values file", ("chartgen", "validate", GOOD)),
    Step("Judge a broken one: it has to be refused", ("chartgen", "validate", BROKEN), refused=True),
)
TEMPLATE = ("helm", "template", "demo", CHART)
HELM_STEPS = (
    Step("Lint the chart with Helm", ("helm", "lint", "--strict", CHART)),
    Step(
        "Render the settings with the good values",
        (*TEMPLATE, "--values", GOOD, "--show-only", "templates/configmap.yaml"),
    ),
    Step("The chart itself refuses the broken values", (*TEMPLATE, "--values", BROKEN), refused=True),
    Step(
        "And it does so where schema validation is switched off",
        (*TEMPLATE, "--values", BROKEN, "--skip-schema-validation"),
        refused=True,
    ),
)


def built_helm() -> str | None:
    """The pinned Helm 4, if it is built or if Go is here to build it."""
    sys.path.insert(0, str(ROOT))
    from tests.tools import build  # noqa: PLC0415 - the tree's root is not on the path before this

    path = build.paths()["helm4"]
    if not path.exists() and shutil.which("go"):
        print(
            "There is no Helm on the PATH, but there is Go: building the pinned one, once (a few minutes).\n",
            flush=True,
        )
        subprocess.run([sys.executable, "tests/tools/build.py", "helm4"], cwd=ROOT, check=False)
        print()
    return str(path) if path.exists() else None


def find_helm() -> str | None:
    """A Helm to run: the one on the PATH, else the pinned one, else None."""
    return shutil.which("helm") or built_helm()


def took_place(step: Step, program: str) -> bool:
    """Run a step and show it; whether it ended as it should."""
    print(f"--- {step.title}\n$ {' '.join(step.words)}", flush=True)
    environment = {**os.environ, "GITHUB_ACTIONS": ""}  # what is refused here is no fault of a pull request
    done = subprocess.run([program, *step.words[1:]], cwd=ROOT, env=environment, stderr=subprocess.STDOUT, check=False)
    as_meant = (done.returncode == 1) if step.refused else (done.returncode == 0)
    verdict = "refused, as it should be" if step.refused else "as it should be"
    print(f"(exit {done.returncode}{', ' + verdict if as_meant else ': THIS IS NOT AS IT SHOULD BE'})\n", flush=True)
    return as_meant


def main() -> int:
    """Run the steps; 0 if all went as they should."""
    shutil.rmtree(ROOT / CHART, ignore_errors=True)
    suffix = ".exe" if os.name == "nt" else ""
    chartgen = str(Path(sys.executable).parent / f"chartgen{suffix}")
    results = [took_place(step, chartgen) for step in CHARTGEN_STEPS]
    helm = find_helm()
    if helm:
        results += [took_place(step, helm) for step in HELM_STEPS]
    else:
        print(f"Left out: {len(HELM_STEPS)} steps with Helm: there is none on the PATH, and no Go that could build it.")
        print("Install either (Helm 3.18.5 or newer; Go 1.26 or newer builds Helm) and run this again to see:")
        print("\n".join(f"  - {step.title}" for step in HELM_STEPS))
    print(f"demo: {sum(results)} of {len(results)} steps went as they should. The chart is in {CHART}")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
