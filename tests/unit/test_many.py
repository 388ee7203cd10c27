"""Work shared among processes comes back as if one had done it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from chartgen import many
from chartgen.many import on_all_cores
from tests.cluster.waiting import wait_for

HERE = os.getpid()
ITEMS = list(range(1000))


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Test runners may have threads, and machines one core."""
    monkeypatch.setattr(many, "_cores", lambda: 2)


def squares(items: Sequence[int]) -> list[int]:
    return [item * item for item in items]


def flat(results: list[list[int]]) -> list[int]:
    return [item for part in results for item in part]


def test_the_results_are_in_order() -> None:
    assert flat(on_all_cores(squares, ITEMS, patience=0)) == squares(ITEMS)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 65, 129])
def test_few_items_are_done_once_each(count: int) -> None:
    assert flat(on_all_cores(squares, ITEMS[:count], patience=0)) == squares(ITEMS[:count])


def test_another_process_has_its_part(tmp_path: Path) -> None:
    def who(items: Sequence[int]) -> set[int]:
        (tmp_path / str(os.getpid())).touch()
        if len(items) > 1:  # the first share may be done before there is another process
            wait_for("two processes work", lambda: len(list(tmp_path.iterdir())) == 2)
        return {os.getpid()}

    assert len(set().union(*on_all_cores(who, ITEMS, patience=0))) == 2


def test_small_work_stays_here() -> None:
    assert set().union(*on_all_cores(lambda _: {os.getpid()}, ITEMS, patience=60)) == {HERE}


def test_a_program_with_threads_is_not_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        assert many._cores() == 1
    finally:
        end.set()
        thread.join()


def test_the_work_of_a_process_that_dies_is_done_anew() -> None:
    def fatal(items: Sequence[int]) -> list[int]:
        if os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return squares(items)

    assert flat(on_all_cores(fatal, ITEMS, patience=0)) == squares(ITEMS)


def test_a_large_result_comes_whole() -> None:
    results = on_all_cores(lambda items: [str(item) * 10_000 for item in items], ITEMS, patience=0)

    assert [len(text) for part in results for text in part] == [len(str(item)) * 10_000 for item in ITEMS]


def test_what_fails_elsewhere_fails_here() -> None:
    def picky(items: Sequence[int]) -> list[int]:
        if 777 in items:
            raise ValueError("777")
        return squares(items)

    with pytest.raises(ValueError, match="777"):
        on_all_cores(picky, ITEMS, patience=0)


def children() -> list[str]:
    """The processes that this one has started and not waited for: a browser's driver, say."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()


def test_no_process_is_left_behind() -> None:
    before = children()

    on_all_cores(squares, ITEMS, patience=0)

    assert children() == before


def test_no_file_is_left_open() -> None:
    before = os.listdir("/proc/self/fd")
    on_all_cores(squares, ITEMS, patience=0)

    assert os.listdir("/proc/self/fd") == before


@pytest.mark.parametrize("target", ["group", "process"])
def test_an_interrupt_ends_all_of_it(target: str, tmp_path: Path, repository: Path) -> None:
    code = """
        import os, time
        from chartgen import many
        many._cores = lambda: 2
        def slow(items):
            with open(f"{os.getpid()}.began", "w"):
                time.sleep(0.2)
            return []
        try:
            many.on_all_cores(slow, range(1000), patience=0)
        except KeyboardInterrupt:
            print("interrupted")
    """
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        while len(list(tmp_path.glob("*.began"))) < 2:
            assert child.poll() is None
        (os.killpg if target == "group" else os.kill)(child.pid, signal.SIGINT)
        output, errors = child.communicate(timeout=20)

    assert (output, errors) == ("interrupted\n", "")
    with pytest.raises(ProcessLookupError):
        os.killpg(child.pid, 0)
