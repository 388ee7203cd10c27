"""Several files: all of them are written, or none; and what takes a mode's place leaves nothing of the other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.waiting import wait_for
from tests.entrypoint import EP, GOOD, PAGE, SCRIPT, hold, run, run_as


def start(site: Path, *options: str | Path, html: str = "**/*.html", **more: Any) -> Any:
    pages = () if "--source" in options else ("--html", site / html)
    return run("--table", site.parent / "settings.py", "--once", *pages, *options, environment=GOOD, **more)


def texts(site: Path) -> dict[str, bytes]:
    return {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def open_up(site: Path) -> None:
    """Let any user reach and write the site, and all that is there so far."""
    for folder in [*site.rglob("*"), site]:
        folder.chmod(0o777 if folder.is_dir() else 0o666)
    for folder in site.parents:
        if folder.stat().st_uid == os.geteuid() and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o055)


def test_a_folder_that_cannot_be_written_leaves_the_other_pages_as_they_were(site: Path) -> None:
    (site / "z").mkdir()
    (site / "z" / "index.html").write_bytes(PAGE)
    (site / "index.html.br").write_bytes(b"old")
    open_up(site)
    (site / "z").chmod(0o755)
    before = texts(site)

    done = run_as(
        65532, 65532, "--table", site.parent / "settings.py", "--once", "--html", f"{site}/**/*.html", environment=GOOD
    )  # fmt: skip

    assert done.returncode == 4
    assert f"{site}/z/index.html: Permission denied\n" in done.stderr
    assert "--source and --output write it elsewhere" in done.stderr
    assert "has the settings" not in done.stderr
    assert texts(site) == before


def test_a_folder_in_the_place_of_a_page_leaves_the_other_pages_as_they_were(site: Path) -> None:
    (site / "z.html").write_bytes(PAGE)
    output = site.parent / "out"
    start(site, "--source", site, "--output", output, "--mode=file")
    (output / "z.html").unlink()
    (output / "z.html").mkdir()
    before = texts(output)

    done = start(site, "--source", site, "--output", output)

    assert done.returncode == 4
    assert "z.html: Is a directory" in done.stderr
    assert texts(output) == before


def test_a_script_is_there_as_long_as_a_page_asks_for_it(site: Path) -> None:
    asked_in_vain, outcomes = 0, set()
    command = [sys.executable, "-I", "-S", str(SCRIPT), "--once", "--table", str(site.parent / "settings.py")]
    for delay in [*(step / 200 for step in range(30)), 30]:
        (site / "index.html").write_bytes(PAGE + b"x" * 3_000_000)
        assert start(site, "--mode=file").returncode == 0
        child = subprocess.Popen([*command, "--html", str(site / "index.html")], stderr=subprocess.DEVNULL)
        try:
            child.wait(delay)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        asks = b"chartgen-settings.js" in (site / "index.html").read_bytes()
        outcomes.add(asks)
        asked_in_vain += asks and not (site / "chartgen-settings.js").exists()

    assert asked_in_vain == 0
    assert outcomes == {False, True}


def test_a_full_disk_leaves_the_script_that_the_page_asks_for(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(site, "--mode=file")
    before = texts(site)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    options, _ = EP.parse(["--once", "--html", f"{site}/index.html"], {})
    table = EP.load_table(str(site.parent / "settings.py"))
    values = EP.judge(table, {})[0]
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space left"):
            EP.render(options, table, values, lambda *_: None)

    assert texts(site) == before


def test_nothing_of_mode_file_stays(site: Path) -> None:
    start(site, "--mode=file")
    for ending in (".gz", ".br", ".zst"):
        (site / f"chartgen-settings.js{ending}").write_bytes(b"old")

    start(site)

    assert list(texts(site)) == ["index.html"]


def test_a_signal_leaves_no_part_of_several_pages(site: Path) -> None:
    for number in range(3):
        (site / f"{number}.html").write_bytes(PAGE)
    hold(site.parent / "settings.py", site.parent, files=2)
    (site.parent / "hold").touch()
    command = [sys.executable, "-I", str(SCRIPT), "--once", "--table", str(site.parent / "settings.py")]
    child = subprocess.Popen([*command, "--html", f"{site}/*.html"], stderr=subprocess.DEVNULL)
    wait_for("two pages are written", (site.parent / "held").exists)
    assert len(list(site.glob(".*.chartgen"))) == 2
    child.send_signal(signal.SIGTERM)

    assert child.wait(20) == 143
    assert list(site.glob(".*.chartgen")) == []
    assert not any(b"data-chartgen" in text for text in texts(site).values())


def test_names_may_have_255_bytes(site: Path) -> None:
    for name in ("\u8a2d" * 80 + ".html", "\u8a2d" * 83 + ".html", "x" * 250 + ".html"):
        (site / name).write_bytes(PAGE)

    done = start(site)

    assert done.returncode == 0, done.stderr
    assert all(b"data-chartgen" in text for text in texts(site).values())


def test_a_twin_keeps_its_own_mode_and_the_page_the_bit_of_its_group(site: Path) -> None:
    (site / "index.html.gz").write_bytes(b"old")
    (site / "index.html.gz").chmod(0o604)
    (site / "index.html").chmod(0o2640)

    start(site)

    assert (site / "index.html").stat().st_mode & 0o7777 == 0o2640
    assert (site / "index.html.gz").stat().st_mode & 0o7777 == 0o604
