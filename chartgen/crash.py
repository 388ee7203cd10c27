"""What the user sees of a bug in chartgen: a short text; the traceback goes into a file that a report can carry."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback

from chartgen import __version__

SHOW = "CHARTGEN_TRACEBACK"
"""The environment variable that brings the traceback to the screen."""

_TEXT = """\
error: this is a bug in chartgen {version}, not in your files: {name}
  = note: {kept}
  = help: please report it in chartgen's issue tracker, with that {what} and the command line
  = help: {show}=1 shows the traceback here
"""


def crash_text(error: BaseException) -> str:
    """The text for the screen. Writes the traceback to a new file in the system's temporary folder, if it can."""
    trace = "".join(traceback.format_exception(error))
    if os.environ.get(SHOW) == "1":
        return trace
    path = _keep(_header() + trace)
    return _TEXT.format(
        version=__version__,
        name=type(error).__name__,
        kept=f"the traceback is in {path}" if path else f"it happened at {_last_place(error)}",
        what="file" if path else "place",
        show=SHOW,
    )


def _header() -> str:
    words = " ".join([f"chartgen {__version__}", f"Python {platform.python_version()}", platform.platform()])
    return f"{words}\narguments: {sys.argv[1:]!r}\n\n"


def _keep(text: str) -> str | None:
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", errors="backslashreplace", prefix="chartgen-", suffix=".log", delete=False
        ) as file:
            file.write(text)
    except OSError:
        return None
    return file.name


def _last_place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "an unknown place"
