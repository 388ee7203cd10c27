"""The one door: every way out of chartgen, as an exit code and a text that says what to do next."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

try:
    import click

    from chartgen.cli import root
    from chartgen.finding import InvalidStop, Stop
except KeyboardInterrupt:
    sys.exit(130)

COMPLETION = "_CHARTGEN_COMPLETE"
"""The environment variable by which a shell asks for completions."""

INTERRUPTED = 130
OUTSIDE = 4
BUG = 3
USAGE = 2


def run() -> int:
    """The whole process: `main`, with the garbage collector held back, which would only look for what is not there.

    What is loaded stays; a run that reads much is collected now and then.
    """
    gc.set_threshold(100_000, 20, 100)
    code = main()
    gc.freeze()  # else the interpreter would walk all that is about to go
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (the process's own by default) and return its exit code; nothing is raised."""
    _open_closed_streams()
    _print_any_text()
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_left()
    except SystemExit as left:  # click's, where a shell's question is answered or the reader of its output has left
        return int(left.code or 0) if os.environ.get(COMPLETION) else _reader_left()
    except Exception as error:  # noqa: BLE001 - this is the door
        return _tell(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _run(arguments: Sequence[str] | None) -> int:
    given = None if arguments is None else list(arguments)
    result = root.main(args=given, prog_name="chartgen", complete_var=COMPLETION, standalone_mode=False)
    return result if isinstance(result, int) else 0


def _open_closed_streams() -> None:
    """Who closed a stream (`>&-`) wants nothing of it: what is printed goes nowhere, and the exit code tells."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - open until the process ends
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - the same


def _print_any_text() -> None:
    """A file's name or a value may hold what the terminal's encoding does not: show it escaped, never fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _reader_left() -> int:
    """`chartgen … | head`: no one reads on. Python flushes once more at its end, and must not fail at it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return OUTSIDE


def _tell(error: Exception) -> int:
    match error:
        case InvalidStop():
            return _tell_findings(error)
        case Stop():
            _say(error.message, error.next_step)
            return error.exit_code
        case click.exceptions.Abort():
            return INTERRUPTED
        case click.ClickException():
            error.show()
            return USAGE
        case OSError():
            _say(_outside(error))
            return OUTSIDE
        case _:
            return _tell_bug(error)


def _tell_findings(stop: InvalidStop) -> int:
    from chartgen.report.text import render  # noqa: PLC0415 - clean runs do not pay for it

    click.echo(render(stop.findings), err=True, nl=False)
    _say(stop.message)
    return stop.exit_code


def _tell_bug(error: Exception) -> int:
    from chartgen.crash import crash_text  # noqa: PLC0415 - the same

    click.echo(crash_text(error), err=True, nl=False)
    return BUG


def _outside(error: OSError) -> str:
    reason = error.strerror or str(error) or type(error).__name__
    return f"{error.filename}: {reason}" if error.filename else reason


def _say(message: str, next_step: str = "") -> None:
    click.echo(f"error: {message}", err=True)
    if next_step:
        click.echo(f"  = help: {next_step}", err=True)


if __name__ == "__main__":
    sys.exit(run())
