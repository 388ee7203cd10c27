"""`chartgen status --watch`, frame by frame: on a terminal it stays in place and within the window; elsewhere it goes on, plainly."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tests.cluster.live import DATA
from tests.cluster.scene import Scene
from tests.cluster.waiting import wait_for
from tests.command import PROGRAM

HOME, CLEAR_LINE, CLEAR_REST = "\x1b[H", "\x1b[K", "\x1b[J"
WATCH = ("status", "--watch", "--every", "0.2", "--env", "prod", "--request-timeout", "20")


class Terminal:
    """A terminal of so many lines and columns, on which the command runs."""

    def __init__(self, made: Scene, lines: int, columns: int) -> None:
        self._ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.process = subprocess.Popen(
            [str(PROGRAM), *WATCH, "--namespace", made.shop.namespace],
            cwd=made.shop.folder, env={**os.environ, **made.shop.env()}, stdin=theirs, stdout=theirs, stderr=theirs,
        )  # fmt: skip
        os.close(theirs)
        self._read = ""

    def frame(self, words: str = "", seconds: float = 60) -> str:
        """The next whole frame that has the words, without the way of the terminal's line ends."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            frame, found, rest = self._read.partition(CLEAR_REST)
            if found:
                self._read = rest
                if words in frame:
                    return (frame + found).replace("\r\n", "\n")
            elif select.select([self._ours], [], [], 1)[0]:
                self._read += os.read(self._ours, 65536).decode()
        raise TimeoutError(f"no frame has {words!r}; read was {self._read!r}")

    def ended(self, seconds: float = 30) -> int:
        """The command's exit code. Who does not read a terminal holds up whoever writes to it, until its end too."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            if select.select([self._ours], [], [], 0.1)[0]:
                with suppress(OSError):  # nobody is there any more
                    os.read(self._ours, 65536)
        return self.process.wait(0)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)


@contextmanager
def terminal(made: Scene, lines: int = 40, columns: int = 130) -> Iterator[Terminal]:
    shown = Terminal(made, lines, columns)
    try:
        yield shown
    finally:
        shown.close()


def visible(text: str) -> str:
    return text.replace("\x1b", "␛")


def test_on_a_terminal_each_frame_is_written_over_the_one_before(
    calm: Scene, golden: Callable[[str, str], None]
) -> None:
    with terminal(calm) as shown:
        first = shown.frame()
        time.sleep(1.1)  # times of the API server are whole seconds
        calm.apply(calm.map({**DATA, "INTERVAL_MS": "6000"}))
        second = shown.frame("older: 2 of 2")
        os.kill(calm.plane.processes.pids()["kube-apiserver"], signal.SIGKILL)
        try:
            third = shown.frame("no answer since ")
        finally:
            calm.plane.processes.restart("kube-apiserver")
        wait_for("it is back", lambda: calm.plane.api.call("GET", "/readyz").status == 200)
        shown.frame("INTERVAL_MS")
        shown.process.send_signal(signal.SIGINT)
        assert shown.ended() == 130

    frames = [calm.plain(visible(each)) for each in (first, second, third)]
    frames[2] = re.sub(r"since \d\d:\d\d:\d\d: .*␛\[K\n", "since 03:04:05: REASON␛[K\n", frames[2])
    assert all(each.startswith("␛[H") for each in frames)
    golden("status/watch-terminal.txt", "\n--- the next frame\n".join(frames) + "\n")


def test_what_the_window_is_too_small_for_is_cut_not_scrolled(calm: Scene) -> None:
    with terminal(calm, lines=8, columns=50) as shown:
        frame = shown.frame()

    lines = frame.removeprefix(HOME).removesuffix(CLEAR_REST).replace(CLEAR_LINE, "").split("\n")
    assert len(lines) <= 8
    assert max(map(len, lines)) <= 50
    assert re.fullmatch(r"\.\.\. and \d+ lines more: the window is too small", lines[-1]), lines


def test_elsewhere_frames_follow_each_other_without_a_terminals_signs(
    calm: Scene, golden: Callable[[str, str], None]
) -> None:
    with calm.shop.start(*WATCH) as running:
        assert running.stdout is not None
        text = ""
        while text.count("context tests") < 3:
            text += running.stdout.readline()
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)

    assert (running.returncode, said.strip()) == (130, "")
    assert "\x1b" not in text
    frames = text.split("\n\ncontext ")
    golden("status/watch-piped.txt", calm.plain("\n\ncontext ".join(frames[:2])) + "\n")
