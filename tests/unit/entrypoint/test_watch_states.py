"""Live reload, look by look: which states of a mounted ConfigMap are served, and which are refused."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoint import EP, GOOD, STOREFRONT, write_table
from tests.kubelet import Volume
from tests.unit.entrypoint.watching import Followed

Follow = Callable[..., Followed]
SLOWER = {**GOOD, "JOB_TIMEOUT_MS": "600000"}
WRONG = {**GOOD, "JOB_POLL_INTERVAL_MS": "6000"}


def test_a_swap_that_changes_nothing_is_no_change(follow: Follow) -> None:
    each = follow()
    before = (each.output / "settings.json").stat().st_ino

    each.volume.swap(GOOD)

    assert each.look() == ""
    assert each.counts == (0, 0, 0)
    assert (each.output / "settings.json").stat().st_ino == before


def test_there_and_back_between_two_looks_is_no_change(follow: Follow) -> None:
    each = follow()

    for state in (SLOWER, GOOD, SLOWER, WRONG, GOOD):
        each.volume.swap(state)

    assert each.look() == ""
    assert each.counts == (0, 0, 0)


def test_there_and_back_look_by_look_is_served_each_time(follow: Follow) -> None:
    each = follow()

    seen = []
    for state in (SLOWER, GOOD, SLOWER):
        each.volume.swap(state)
        each.look()
        seen.append(each.timeout)

    assert seen == ["600000", "500000", "600000"]
    assert each.counts == (3, 0, 0)


def test_a_volume_that_goes_while_it_is_looked_at_is_told_and_what_is_served_stays(
    follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    each = follow()

    def gone(path: str) -> str:
        """What the kubelet's link leads to; but the volume goes first."""
        shutil.rmtree(each.volume.folder, ignore_errors=True)
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "readlink", gone)
        said = each.look() + each.look(10)
    assert "changed settings cannot be served, 1 so far" in said
    assert each.timeout == "500000"

    Volume(each.volume.folder, SLOWER)
    each.look(20)
    assert each.timeout == "600000"


def test_a_key_that_is_removed_takes_its_default(follow: Follow) -> None:
    each = follow()

    each.volume.swap({name: text for name, text in GOOD.items() if name != "JOB_TIMEOUT_MS"})
    each.look()

    assert each.timeout == "600000"


def test_a_key_that_is_no_setting_changes_nothing(follow: Follow) -> None:
    each = follow()

    each.volume.swap({**GOOD, "JOB_TIMEOUT_PORT": "tcp://10.1.2.3:80"})

    assert each.look() == ""


def test_an_optional_config_map_that_is_deleted_leaves_the_defaults(follow: Follow) -> None:
    each = follow()

    each.volume.swap({})  # as the kubelet has it: the link stays, and leads to an empty folder
    each.look()

    assert each.timeout == "600000"


def test_what_was_refused_is_judged_and_counted_once(follow: Follow) -> None:
    each = follow()

    for expected in ("refused, 1 so far", "", ""):
        each.volume.swap(WRONG)
        assert expected in each.look() if expected else each.look() == ""

    assert each.timeout == "500000"
    assert each.counts == (0, 1, 0)


def test_after_a_refused_change_what_is_served_is_welcome_again(follow: Follow) -> None:
    each = follow()
    each.volume.swap(WRONG)
    each.look()

    each.volume.swap(GOOD)
    assert "info: the settings are again those that are served" in each.look()
    each.volume.swap(WRONG)
    assert "refused, 2 so far" in each.look()
    assert each.counts == (0, 2, 0)


def test_defaults_never_take_the_place_of_what_is_served(follow: Follow) -> None:
    each = follow("--on-invalid=defaults")

    each.volume.swap(WRONG)
    each.look()

    assert each.timeout == "500000"


@pytest.mark.parametrize(
    "text", ["6000\n", "tcp://10.0.0.1:80", "", b"\xff", "1" * (1 << 21)], ids=lambda text: repr(text[:9])
)
def test_no_value_of_a_refused_change_is_said(follow: Follow, text: str | bytes) -> None:
    each = follow()

    each.volume.swap({**GOOD, "JOB_POLL_INTERVAL_MS": text})

    said = each.look()
    assert "JOB_POLL_INTERVAL_MS (pollIntervalMs): expected " in said
    assert "10.0.0.1" not in said
    assert "1111" not in said


def test_a_swap_in_the_middle_of_reading_gives_one_state_or_the_other(
    follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    each = follow()
    states = iter([{**SLOWER, "JOB_MAX_POLL_ATTEMPTS": "101"}, {**SLOWER, "JOB_MAX_POLL_ATTEMPTS": "102"}])
    read = EP._read_text

    def swap_first(path: str) -> Any:
        if path.endswith("JOB_MAX_POLL_ATTEMPTS") and (state := next(states, None)):
            each.volume.swap(state)
        return read(path)

    monkeypatch.setattr(EP, "_read_text", swap_first)
    each.volume.swap(SLOWER)
    each.look()  # meanwhile it is another one
    each.look()

    assert b'"JOB_MAX_POLL_ATTEMPTS":102,"JOB_TIMEOUT_MS":600000' in (each.output / "settings.json").read_bytes()
    assert each.counts == (1, 0, 0)


def test_a_mount_that_vanishes_leaves_what_is_served_and_counts_again_when_it_is_back(follow: Follow) -> None:
    each = follow()
    each.volume.folder.rename(each.volume.folder.with_name("elsewhere"))

    assert each.look(now=0) == ""
    assert f"cannot be served, 1 so far: the settings in {each.volume.folder} cannot be read: No such" in each.look(
        now=1
    )
    assert [each.look(now) for now in (2, 3, 1000)] == [""] * 3
    assert each.timeout == "500000"

    Volume(each.volume.folder, SLOWER)
    each.look(now=1000)

    assert each.timeout == "600000"
    assert each.counts == (1, 0, 1)


def test_an_empty_place_where_the_mount_was_is_no_config_map_without_keys(follow: Follow) -> None:
    each = follow()
    shutil.rmtree(each.volume.folder)
    each.volume.folder.mkdir()

    each.look(now=0)
    assert "nothing is mounted there" in each.look(now=2)
    assert each.timeout == "500000"


def test_files_that_change_one_by_one_are_read_once_they_are_calm(follow: Follow) -> None:
    each = follow()
    shutil.rmtree(each.volume.folder)
    each.volume.folder.mkdir()
    file = each.volume.folder / "JOB_TIMEOUT_MS"

    seen = []
    for now, text in ((10, "8"), (10.5, "80"), (11, "80000"), (11.5, "800000"), (12, None), (12.6, None)):
        if text:
            file.write_text(text)
        each.look(now)
        seen.append(each.timeout)

    assert seen == ["500000"] * 5 + ["800000"]
    assert each.counts == (1, 0, 0)


def test_a_fault_in_a_rule_leaves_what_is_served(follow: Follow) -> None:
    each = follow()
    severity, names, _, *words = each.live.table["RULES"][0]
    rule = (severity, names, lambda values: 1 // (values["timeoutMs"] - 600000), *words)
    each.live.table["RULES"] = (rule,)

    each.volume.swap(SLOWER)

    assert "a fault of chartgen's own: ZeroDivisionError at line" in each.look()
    assert each.timeout == "500000"


def test_a_setting_of_text_is_followed_with_all_its_characters(follow: Follow, tmp_path: Path) -> None:
    write_table(tmp_path / "settings.py", STOREFRONT)
    text = "\u2028</script>'\"\\ \U0001f600\n"
    each = follow()

    each.volume.swap({"SHOP_BANNER": "true", "SHOP_BANNER_TEXT": text})
    each.look()
    again = EP.Live(each.live.options, each.live.table, lambda *_: None)

    assert text in again.earlier().values()


def test_a_limit_of_the_kernels_notices_that_is_reached_is_said_once(
    follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_folder: str) -> int:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(EP, "notices_of", refuse)
    each = follow()

    for _ in range(2):
        each.live.listen()
        each.volume.folder.rename(each.volume.folder.with_name("elsewhere"))
        each.live.listen()
        each.volume.folder.with_name("elsewhere").rename(each.volume.folder)

    assert each.said[2:] == [
        "info: the kernel tells of no changes (Too many open files): they are looked for every 2 s"
    ]


def test_a_wall_clock_that_jumps_changes_nothing(follow: Follow, monkeypatch: pytest.MonkeyPatch) -> None:
    each = follow()
    times = itertools.cycle((0.0, 4e9, time.time(), 1e8))
    monkeypatch.setattr(time, "time", lambda: next(times))

    for state, expected in ((SLOWER, "600000"), (GOOD, "500000")):
        each.volume.swap(state)
        each.look()
        assert each.timeout == expected
