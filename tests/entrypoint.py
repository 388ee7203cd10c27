"""The entrypoint as tests use it: as a module, and as the program that a container runs."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import pytest

from chartgen.enforce.python import settings_module
from chartgen.settings.model import Settings
from chartgen.settings.schema import load_settings
from tests.strategies import read

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "entrypoint" / "entrypoint.py"
REFERENCE = ROOT / "schemas" / "async-job.schema.json"
STOREFRONT = ROOT / "examples" / "storefront" / "settings.schema.yaml"
PAGE = b'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>t</title>\n</head>\n<body></body>\n</html>\n'
GOOD = {"JOB_POLL_INTERVAL_MS": "4000", "JOB_MAX_POLL_ATTEMPTS": "100", "JOB_TIMEOUT_MS": "500000"}
INLINE = b"window.__JOB_POLL_INTERVAL_MS__=%d;window.__JOB_MAX_POLL_ATTEMPTS__=%d;window.__JOB_TIMEOUT_MS__=%d;"


def module() -> Any:
    """The entrypoint, imported; it has no types."""
    spec = importlib.util.spec_from_file_location("entrypoint_under_test", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


EP = module()


def table_of(settings: Settings) -> dict[str, Any]:
    """The names of the generated settings.py."""
    names: dict[str, Any] = {}
    exec(settings_module(settings, "test"), names)  # noqa: S102 - what chartgen generates
    return names


def write_table(path: Path, schema: Path | dict[str, Any] = REFERENCE) -> Path:
    """Write settings.py for a schema; its path."""
    settings = read(schema) if isinstance(schema, dict) else load_settings(str(schema))
    assert settings is not None
    path.write_text(settings_module(settings, "test"), encoding="utf-8")
    return path


def run(
    *arguments: str | Path,
    environment: Mapping[str, str | bytes] | None = None,
    python: str = sys.executable,
    **options: Any,
) -> subprocess.CompletedProcess[str]:
    """Run the entrypoint with a clean environment."""
    command = [python, "-I", str(SCRIPT), *map(str, arguments)]
    return subprocess.run(
        command, env=environment or {}, capture_output=True, encoding="utf-8", check=False, timeout=120, **options
    )


def text_schema(count: int) -> dict[str, Any]:
    """A schema of so many settings of type string without limits: `TEXT_0`, and so on."""
    properties = {
        f"text{number}": {"type": "string", "default": "", "x-env": f"TEXT_{number}"} for number in range(count)
    }
    return {"type": "object", "properties": properties}


AS_USER = """
import os, sys, binascii, hashlib, re, time, zlib
script, uid, gid = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
code = compile(open(script).read(), script, "exec")
os.setgroups([]); os.setgid(gid); os.setuid(uid)
sys.argv[:4] = [script]
exec(code, {"__name__": "__main__", "__file__": script})
"""


def run_as(uid: int, gid: int, *arguments: str | Path, environment: Mapping[str, str]) -> Any:
    """Run the entrypoint as another user, by an interpreter that only root may reach."""
    if os.geteuid() != 0:
        missing("root, to be another user")
    command = [sys.executable, "-I", "-c", AS_USER, str(SCRIPT), str(uid), str(gid), *map(str, arguments)]
    return subprocess.run(
        command, env=dict(environment), capture_output=True, encoding="utf-8", check=False, timeout=120
    )


def missing(part: str) -> NoReturn:
    """A real part is not there: in CI that fails the test; by hand it skips it, and says so."""
    if os.environ.get("CI"):
        pytest.fail(f"there is no {part}: run 'make tools'")
    pytest.skip(f"there is no {part}: run 'make tools'")


def hold(table: Path, folder: str | Path, files: int) -> None:
    """Have the entrypoint with this table stop for a while behind the so manieth file that it has written, and not shown yet.

    They are counted from when there is a file `hold` in the folder (as the entrypoint sees it); `held` is there when it stops.
    """
    table.write_text(f"{table.read_text()}\n{_HOLD}\n_hold({str(folder)!r}, {files})\n")


_HOLD = """
def _hold(folder, files):
    import os
    import time

    sync, written = os.fsync, []

    def held(descriptor):
        sync(descriptor)
        if os.path.exists(folder + "/hold"):
            written.append(descriptor)
        if len(written) == files:
            open(folder + "/held", "w").close()
            time.sleep(30)

    os.fsync = held
"""
