"""A change, told as it goes on: to people line by line, to programs as one document at its end."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from chartgen.finding import Stop

if TYPE_CHECKING:
    from types import FrameType

    from chartgen.cluster.account import Account
    from chartgen.cluster.preparation import Prepared

_CLEAR = "\r\x1b[2K"


class Voice:
    """Tells of one change what its `account` has, and what is said on the way."""

    def __init__(self, account: Account, form: str, *, asks: bool) -> None:
        self.account = account
        self._is_json = form == "json"
        self._asks = asks

    def say(self, line: str) -> None:
        """A line for people. Beside a document only whoever is to say yes gets it."""
        if self._asks or not self._is_json:
            click.echo(line, err=self._is_json)

    @contextmanager
    def warnings(self, made: Prepared) -> Iterator[None]:
        """What the API server warned of meanwhile is told, also where it refused in the end."""
        from chartgen.report.printable import printable

        try:
            yield
        finally:
            for text in made.connection.api.new_warnings():
                self.account.warnings.append(text)
                click.echo(f"warning: the API server says: {printable(text)}", err=True)

    @contextmanager
    def ending(self) -> Iterator[Callable[[int], int]]:
        """What is given to it is the exit status of a good end; what is raised is told, too."""
        try:
            yield self._end
        except Stop as stop:
            self._end(stop.exit_code, stop)
            raise
        except OSError as error:  # of a values file that cannot be written
            self._end(4, error)
            raise

    def _end(self, exit_code: int, error: Exception | None = None) -> int:
        if self._is_json:
            click.echo(json.dumps(self.account.document(exit_code, error), indent=2, ensure_ascii=False))
        return exit_code


@contextmanager
def called_off() -> Iterator[None]:
    """SIGTERM, by which pipelines are called off, is an interruption like Ctrl-C while the context lasts."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


@contextmanager
def interrupted(made: Prepared, what: str) -> Iterator[None]:
    """Whoever presses Ctrl-C, or calls it off, is told how far it went."""
    try:
        yield
    except KeyboardInterrupt:
        live, context = made.live, made.connection.context
        look = f"kubectl get configmap {live.name} --namespace {live.namespace} --context {context} -o yaml"
        click.echo(f"interrupted: {what}\n  = help: look: {look}", err=True)
        raise


@contextmanager
def display() -> Iterator[Callable[[str], None]]:
    """How far a rollout is: one line that changes on a terminal, else a line for each change."""
    is_terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")
    last = ""

    def tell(words: str) -> None:
        nonlocal last
        if words != last:
            click.echo(f"{_CLEAR}{words}" if is_terminal else words, nl=not is_terminal, err=True)
        last = words

    try:
        yield tell
    finally:
        if is_terminal and last:
            click.echo(_CLEAR, nl=False, err=True)
