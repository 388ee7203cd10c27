"""Which files are the site's: what patterns reach, and what comes along."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoint import GOOD, PAGE, run, run_as
from tests.unit.entrypoint.test_together import open_up


def start(site: Path, *options: str | Path, html: str = "*.html", **more: Any) -> Any:
    pages: tuple[str | Path, ...] = () if "--source" in options else ("--html", site / html)
    return run("--table", site.parent / "settings.py", "--once", *pages, *options, environment=GOOD, **more)


def start_as_another(site: Path, html: str) -> Any:
    table = site.parent / "settings.py"
    return run_as(65532, 65532, "--table", table, "--once", "--html", f"{site}/{html}", environment=GOOD)


def test_a_folder_that_no_pattern_reaches_need_not_be_readable(site: Path) -> None:
    (site / "lost+found").mkdir()
    open_up(site)
    (site / "lost+found").chmod(0o700)

    done = start_as_another(site, "*.html")

    assert (done.returncode, "lost+found" in done.stderr) == (0, False), done.stderr


def test_a_folder_that_may_not_be_read_is_left_out_with_a_warning(site: Path) -> None:
    (site / "lost+found").mkdir()
    open_up(site)
    (site / "lost+found").chmod(0o700)

    done = start_as_another(site, "**/*.html")

    assert done.returncode == 0, done.stderr
    assert f"warning: {site}/lost+found may not be read: no page in it gets the settings\n" in done.stderr


def test_a_page_that_may_not_be_read_is_said_without_advice_on_writing(site: Path) -> None:
    open_up(site)
    (site / "index.html").chmod(0o600)

    done = start_as_another(site, "*.html")

    assert (done.returncode, done.stderr) == (4, f"chartgen: error: {site}/index.html: Permission denied\n")


@pytest.fixture
def deep(site: Path) -> Iterator[Path]:
    """A site with folders nested 1,500 deep, which nobody but this can remove."""
    folders = [os.open(site, os.O_RDONLY)]
    for _ in range(1500):
        os.mkdir("d", dir_fd=folders[-1])
        folders.append(os.open("d", os.O_RDONLY, dir_fd=folders[-1]))
        os.close(folders.pop(-2))
    os.close(folders.pop())
    yield site
    subprocess.run(["/bin/rm", "-rf", str(site / "d")], check=True)


@pytest.mark.parametrize("html", ["*.html", "**/*.html"])
def test_folders_may_be_nested_as_deep_as_the_system_lets_them(deep: Path, html: str) -> None:
    done = start(deep, html=html)

    assert done.returncode == 0, done.stderr


def test_a_link_that_a_pattern_fits_and_that_leads_nowhere_is_an_error(site: Path) -> None:
    (site / "old.html").symlink_to("nowhere")

    for options in ((), ("--source", site, "--output", site.parent / "out")):
        done = start(site, *options)
        assert done.returncode == 4
        assert f"there is no page {site}/old.html: it is a link that leads nowhere\n" in done.stderr


def test_other_links_that_lead_nowhere_are_left_out_with_a_warning(site: Path) -> None:
    (site / "app.js").symlink_to("nowhere")
    (site / "round").symlink_to("round")

    done = start(site, "--source", site, "--output", site.parent / "out")

    assert done.returncode == 0
    for name in ("app.js", "round"):
        assert f"warning: {site}/{name} left out: it is a link that leads nowhere\n" in done.stderr
    assert start(site).returncode == 0


def test_folders_come_along_with_their_modes_and_if_they_are_empty(site: Path) -> None:
    (site / "assets" / "inner").mkdir(parents=True)
    (site / "empty").mkdir()
    (site / "assets" / "inner" / "app.js").write_text("1")
    for name, mode in (("assets", 0o750), ("assets/inner", 0o555), ("empty", 0o705)):
        (site / name).chmod(mode)
    site.chmod(0o751)
    output = site.parent / "out"

    done = start(site, "--source", site, "--output", output, umask=0o077)

    assert done.returncode == 0, done.stderr
    modes = {path.name: path.stat().st_mode & 0o7777 for path in [output, *output.rglob("*")] if path.is_dir()}
    assert modes == {"out": 0o751, "assets": 0o750, "inner": 0o755, "empty": 0o705}


def test_a_twin_that_is_left_out_is_said(site: Path) -> None:
    (site / "index.html.br").write_bytes(b"old")

    done = start(site, "--source", site, "--output", site.parent / "out")

    assert f"{site}/index.html.br left out: it holds the file as it was\n" in done.stderr


def test_a_manifest_comes_along_and_stays_right_over_restarts(site: Path) -> None:
    (site / "sw.js").write_text('precache([{url:"index.html",revision:"abc"}])')
    (site / "sw.js.gz").write_bytes(b"old")
    output, found = site.parent / "out", set()
    for _ in range(2):
        assert start(site, "--source", site, "--output", "out", cwd=site.parent).returncode == 0
        found.add(((output / "sw.js").read_text(), (output / "sw.js.gz").read_bytes()))

    assert len(found) == 1
    assert "abc" not in (output / "sw.js").read_text()
    assert (output / "sw.js.gz").read_bytes() != b"old"
    assert sorted(path.name for path in output.iterdir()) == ["index.html", "sw.js", "sw.js.gz"]


def test_a_page_without_settings_in_a_hidden_folder_comes_along(site: Path) -> None:
    (site / ".well-known").mkdir()
    (site / ".well-known" / "x.html").write_bytes(PAGE)
    output = site.parent / "out"

    assert start(site, "--source", site, "--output", output).returncode == 0

    assert (output / ".well-known" / "x.html").read_bytes() == PAGE


def test_starters_that_race_agree_on_a_manifest(site: Path) -> None:
    (site / "sw.js").write_text('precache([{url:"index.html",revision:"abc"}])')
    options = ("--source", "site", "--output", "out")
    for _ in range(3):
        with ThreadPoolExecutor(8) as pool:
            done = list(pool.map(lambda _: start(site, *options, cwd=site.parent), range(16)))

        assert {each.returncode for each in done} == {0}, [each.stderr for each in done]
        made = sha256((site.parent / "out" / "index.html").read_bytes()).hexdigest()[:32]
        assert (site.parent / "out" / "sw.js").read_text() == f'precache([{{url:"index.html",revision:"{made}"}}])'
