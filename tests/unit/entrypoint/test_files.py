"""Files as containers have them: links, read-only folders, other users, earlier starts, compressed twins."""

from __future__ import annotations

import gzip
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoint import EP, GOOD, INLINE, PAGE, SCRIPT, run, run_as

OURS = INLINE % (4000, 100, 500000)


def start(site: Path, *options: str | Path, html: str = "index.html", **more: Any) -> Any:
    pages = () if "--source" in options else ("--html", site / html)
    return run("--table", site.parent / "settings.py", "--once", *pages, *options, environment=GOOD, **more)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.name.endswith(".chartgen"))


def test_a_page_that_is_a_link_stays_one_and_what_it_leads_to_gets_the_settings(site: Path) -> None:
    (site / "real").mkdir()
    (site / "index.html").rename(site / "real" / "page.html")
    (site / "index.html").symlink_to("real/page.html")

    assert start(site).returncode == 0

    assert (site / "index.html").is_symlink()
    assert OURS in (site / "real" / "page.html").read_bytes()


def test_a_site_of_the_kubelets_links_is_written_as_files_elsewhere(site: Path) -> None:
    (site / "..data_1").mkdir()
    (site / "index.html").rename(site / "..data_1" / "index.html")
    (site / "..data_1" / "app.js").write_text("1")
    (site / "..data").symlink_to("..data_1")
    (site / "index.html").symlink_to("..data/index.html")
    (site / "app.js").symlink_to("..data/app.js")
    output = site.parent / "out"

    assert start(site, "--source", site, "--output", output).returncode == 0

    assert sorted(path.name for path in output.iterdir()) == ["app.js", "index.html"]
    assert OURS in (output / "index.html").read_bytes()
    assert not (output / "index.html").is_symlink()


FITS = [
    ("index.html", "index.html", True), ("index.html", "*.html", True), ("index.html", "*", True), ("index.html", "i*x.h?ml", True),
    ("index.html", "**/*.html", True), ("a/b/c.html", "**/*.html", True), ("a/b/c.html", "a/**", True), ("a/b/c.html", "a/*/c.html", True),
    ("a/b/c.html", "a/**/b/**/c.html", True), ("a/b/c.html", "**/**/c.html", True), ("aXbXc", "a*b*c", True), ("abc", "a*b*c", True),
    ("a/b/c.html", "*.html", False), ("a/b/c.html", "a/*.html", False), ("index.html", "*.htm", False), ("index.html", "?.html", False),
    ("ab", "a*b*b", False), ("ba", "*ab", False), (".x.html", "*.html", False), (".git/x.html", "**/*.html", False), (".x.html", ".*", True),
    ("[slug].html", "[slug].html", True), ("s.html", "[slug].html", False), ("aa", "a*a*a", False), ("aaa", "a*a*a", True),
]  # fmt: skip


@pytest.mark.parametrize(("path", "pattern", "expected"), FITS)
def test_pages_are_named_by_patterns_as_in_a_shell(path: str, pattern: str, *, expected: bool) -> None:
    assert EP.fits(path.split("/"), pattern.split("/")) is expected


@pytest.mark.parametrize(
    ("source", "html"), [("{}", "./index.html"), ("{}/", "index.html"), ("{}//", ".//*.html"), ("{}/./", "**/*.html")]
)
def test_odd_spellings_of_folders_change_nothing(site: Path, source: str, html: str) -> None:
    (site / "index.html.br").write_bytes(b"old")
    output = site.parent / "out"

    done = start(site, "--source", source.format(site), "--output", f"{output}/", "--html", html)

    assert done.returncode == 0, done.stderr
    assert [path.name for path in output.iterdir()] == ["index.html"]
    assert OURS in (output / "index.html").read_bytes()


def test_a_link_that_leads_nowhere_is_no_page(site: Path) -> None:
    (site / "index.html").unlink()
    (site / "index.html").symlink_to("nowhere")

    done = start(site)

    assert done.returncode == 4
    assert "there is no page" in done.stderr


def test_a_link_that_leads_nowhere_beside_the_pages_is_left_out(site: Path) -> None:
    (site / "old.css").symlink_to("nowhere")

    assert start(site, html="*.html").returncode == 0
    assert start(site, "--source", site, "--output", site.parent / "out").returncode == 0


def test_links_that_lead_round_come_to_an_end(site: Path) -> None:
    (site / "loop").symlink_to(".")
    output = site.parent / "out"

    assert start(site, html="**/*.html").returncode == 0
    assert start(site, "--source", site, "--output", output).returncode == 0
    assert [path.name for path in output.rglob("*")] == ["index.html"]


def test_the_other_name_of_a_page_keeps_the_page_as_it_was(site: Path) -> None:
    os.link(site / "index.html", site / "other")

    assert start(site).returncode == 0

    assert (site / "other").read_bytes() == PAGE
    assert OURS in (site / "index.html").read_bytes()


def start_as(uid: int, gid: int, site: Path) -> Any:
    return run_as(
        uid, gid, "--table", site.parent / "settings.py", "--once", "--html", site / "index.html", environment=GOOD
    )


def open_up(site: Path) -> None:
    """Let any user reach the folder."""
    for folder in [site, *site.parents]:
        closed = 0o055 & ~folder.stat().st_mode
        if closed & 0o011 and Path(tempfile.gettempdir()) in folder.parents:
            folder.chmod(folder.stat().st_mode | closed)


def test_a_folder_that_may_not_be_written_ends_it_with_4_and_says_what_to_do(site: Path) -> None:
    open_up(site)

    done = start_as(65532, 65532, site)

    assert done.returncode == 4
    assert f"{site}/index.html: Permission denied\n" in done.stderr
    assert "--source and --output write it elsewhere" in done.stderr
    assert (site / "index.html").read_bytes() == PAGE


def test_any_user_of_the_group_may_write_and_the_next_may_again(site: Path) -> None:
    open_up(site)
    site.chmod(0o775)

    for uid in (1000650000, 1000660000):
        done = start_as(uid, 0, site)
        assert done.returncode == 0, done.stderr

    assert OURS in (site / "index.html").read_bytes()
    assert (site / "index.html").stat().st_mode & 0o777 == PAGE_MODE


PAGE_MODE = 0o644


def test_starters_that_race_agree(site: Path) -> None:
    (site / "index.html.gz").write_bytes(b"old")
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: start(site), range(16)))

    assert {each.returncode for each in done} == {0}, [each.stderr for each in done]
    assert (site / "index.html").read_bytes().replace(EP.element_of("inline", OURS, b"", "/"), b"") == PAGE
    assert gzip.decompress((site / "index.html.gz").read_bytes()) == (site / "index.html").read_bytes()
    assert left(site) == []


def test_what_a_killed_start_left_is_removed_once_it_is_old(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (site / ".index.html.0123.chartgen").write_bytes(b"part")
    EP.sweep(str(site))
    assert left(site) == [".index.html.0123.chartgen"]

    later = time.time() + 700
    monkeypatch.setattr(time, "time", lambda: later)
    EP.sweep(str(site))
    assert left(site) == []


def test_compressed_twins_never_hold_the_old_page(site: Path) -> None:
    for ending in (".gz", ".br", ".zst"):
        (site / f"index.html{ending}").write_bytes(b"old")

    done = start(site)

    assert sorted(path.name for path in site.iterdir()) == ["index.html", "index.html.gz"]
    assert gzip.decompress((site / "index.html.gz").read_bytes()) == (site / "index.html").read_bytes()
    assert (site / "index.html.gz").stat().st_mtime_ns == (site / "index.html").stat().st_mtime_ns
    assert "index.html.gz made anew" in done.stderr
    assert "index.html.br removed" in done.stderr
    assert "made anew" not in start(site).stderr


def test_a_twin_that_a_killed_start_left_behind_is_made_anew(site: Path) -> None:
    start(site)
    (site / "index.html.gz").write_bytes(b"old")

    start(site)

    assert gzip.decompress((site / "index.html.gz").read_bytes()) == (site / "index.html").read_bytes()


def test_the_whole_site_comes_along_with_its_times_and_a_second_start_writes_nothing(site: Path) -> None:
    (site / "assets").mkdir()
    (site / "assets" / "app.js").write_text("1")
    os.utime(site / "assets" / "app.js", ns=(1, 1_600_000_000_123_456_789))
    (site / "index.html.gz").write_bytes(b"old")
    (site / "index.html.br").write_bytes(b"old")
    output = site.parent / "out"

    start(site, "--source", site, "--output", output)
    first = {path: os.stat(path) for path in output.rglob("*") if path.is_file()}
    inodes = {path: status.st_ino for path, status in first.items()}
    start(site, "--source", site, "--output", output)

    assert sorted(path.name for path in first) == ["app.js", "index.html", "index.html.gz"]
    assert first[output / "assets" / "app.js"].st_mtime_ns == 1_600_000_000_123_456_789
    assert inodes == {path: os.stat(path).st_ino for path in first}
    assert (site / "index.html").read_bytes() == PAGE


def test_a_file_of_a_new_image_with_pinned_times_comes_along_too(site: Path) -> None:
    output = site.parent / "out"
    for text in ("1", "2"):
        (site / "app.js").write_text(text)
        os.utime(site / "app.js", (1, 1))
        start(site, "--source", site, "--output", output)

    assert (output / "app.js").read_text() == "2"


def test_an_image_of_other_pages_leaves_nothing_of_the_settings(site: Path) -> None:
    output = site.parent / "out"
    (site / "other.html").write_bytes(PAGE)
    start(site, "--source", site, "--output", output)
    start(site, "--source", site, "--output", output, "--html", "index.html")

    assert (output / "other.html").read_bytes() == PAGE


def test_a_config_map_that_changes_while_it_is_read_is_read_in_one_state(tmp_path: Path) -> None:
    settings = {"SETTINGS": [(name, name) for name in ("A", "B", "C", "D")]}
    done = threading.Event()
    seen: set[bytes] = set()

    def change() -> None:
        for number in range(100_000):
            if number >= 2000 and len(seen) > 10:
                break
            state = tmp_path / f"..{number}"
            state.mkdir()
            for name in "ABCD":
                (state / name).write_text(str(number))
            (tmp_path / "..data_tmp").symlink_to(state.name)
            (tmp_path / "..data_tmp").rename(tmp_path / "..data")
            if number > 1:  # the kubelet removes what no link leads to any more
                shutil.rmtree(tmp_path / f"..{number - 1}")
        done.set()

    writer = threading.Thread(target=change)
    writer.start()
    while not done.is_set():
        if (tmp_path / "..data").exists():
            try:
                found = EP.read_texts(settings, str(tmp_path))
            except EP.Stop:
                continue  # five changes in the time of one look: the container starts again
            assert len(found) == 4
            assert len(set(found.values())) == 1
            seen |= set(found.values())
    writer.join()

    assert len(seen) > 10


def test_angulars_worker_learns_the_pages_new_hash_and_nothing_else_changes(site: Path) -> None:
    old = sha1(PAGE).hexdigest()  # noqa: S324 - Angular's
    text = (
        '{\n  "configVersion": 1,\n  "index": "/app/index.html",\n  "assetGroups": [{"urls": ["/app/index.html"]}],\n'
        f'  "hashTable": {{\n    "/app/index.html": "{old}",\n    "/app/sub/index.html": "{old}"\n  }}\n}}\n'
    )
    (site / "ngsw.json").write_text(text)
    (site / "ngsw.json.gz").write_bytes(b"old")

    done = start(site)

    new = sha1((site / "index.html").read_bytes()).hexdigest()  # noqa: S324 - Angular's
    assert (
        text.replace(f'"/app/index.html": "{old}"', f'"/app/index.html": "{new}"') == (site / "ngsw.json").read_text()
    )
    assert gzip.decompress((site / "ngsw.json.gz").read_bytes()) == (site / "ngsw.json").read_bytes()
    assert "ngsw.json pins index.html by its new hash" in done.stderr


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"hashTable": {"/elsewhere/index.html": "x"}}', '{"hashTable": {"/index.html": 1}}']
)
def test_a_manifest_that_is_not_known_is_reported(site: Path, text: str) -> None:
    (site / "ngsw.json").write_text(text)

    done = start(site)

    assert done.returncode == 0
    assert "ngsw.json names index.html in a way that chartgen does not know" in done.stderr
    assert (site / "ngsw.json").read_text() == text


WORKERS = {
    "plain": ('precache([{"url":"index.html","revision":"%s"},{"url":"a.js","revision":null}])', True),
    "minified": ('e.precacheAndRoute([{url:"a.js",revision:"1"},{url:"index.html",revision:"%s"}],{})', True),
    "turned round": ("[{'revision': '%s', 'url': '/index.html'}]", True),
    "the folder": ('[{url:"/",revision:"%s"},{url:"other/index.html",revision:"2"}]', True),
    "unknown": ('f("index.html", 1)', False),
}


@pytest.mark.parametrize(("text", "known"), WORKERS.values(), ids=WORKERS.keys())
def test_workboxs_worker_learns_the_pages_revision_or_is_reported(site: Path, text: str, known: bool) -> None:
    (site / "sw.js").write_text(text.replace("%s", "0123"))

    done = start(site)

    written = (site / "sw.js").read_text()
    if known:
        made = EP.sha256((site / "index.html").read_bytes()).hexdigest()[:32]
        assert written == text.replace("%s", made)
    else:
        assert written == text
        assert "sw.js names index.html in a way that chartgen does not know" in done.stderr


def test_a_page_of_50_mb_takes_linear_time_and_bounded_memory(site: Path) -> None:
    heads = [b"<head>", b"<!-- > -- -->" * 1_500_000 + b"<head>", b"<!--" + b"-> " * 6_000_000 + b"--><head>"]
    for head in heads:
        (site / "index.html").write_bytes(b"<!doctype html>" + head + b"<p>x</p>" * (50_000_000 // 8))
        size = (site / "index.html").stat().st_size

        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        done = start(site, preexec_fn=limit_memory)
        seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before

        assert done.returncode == 0, done.stderr
        assert (site / "index.html").stat().st_size > size
        assert seconds < 30  # some two are usual; what grows by the square takes hours


def limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (300_000_000, 300_000_000))


def test_a_disk_that_is_full_leaves_the_old_page(site: Path) -> None:
    page = PAGE + b"x" * 1_000_000
    (site / "index.html").write_bytes(page)

    done = start(site, preexec_fn=limit_files)

    assert done.returncode == 4
    assert f"{site}/index.html: File too large" in done.stderr
    assert (site / "index.html").read_bytes() == page
    assert left(site) == []


def limit_files() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))


def test_a_killed_start_leaves_the_old_or_the_new_page(site: Path) -> None:
    page = PAGE + b"x" * 20_000_000
    new = b"".join(EP.with_element(page, EP.element_of("inline", OURS, b"", "/")))
    outcomes = set()
    command = [
        sys.executable,
        "-I",
        str(SCRIPT),
        "--once",
        "--table",
        str(site.parent / "settings.py"),
        "--html",
        str(site / "index.html"),
    ]
    (site / "index.html").write_bytes(page)
    for delay in [*(step / 200 for step in range(24)), 30]:
        child = subprocess.Popen(command, env=GOOD, stderr=subprocess.DEVNULL)
        try:
            child.wait(delay)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        written = (site / "index.html").read_bytes()
        assert written in (page, new)
        outcomes.add(written == new)
        (site / "index.html").write_bytes(page)

    assert outcomes == {False, True}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_ends_it_at_once_and_leaves_no_part(site: Path, number: signal.Signals) -> None:
    page = PAGE + b"x" * 20_000_000
    (site / "index.html").write_bytes(page)
    command = [
        sys.executable,
        "-I",
        str(SCRIPT),
        "--table",
        str(site.parent / "settings.py"),
        "--html",
        str(site / "index.html"),
        "--",
        "/bin/sleep",
        "9",
    ]
    child = subprocess.Popen(command, env=GOOD, stderr=subprocess.DEVNULL)
    for _ in range(2000):
        if left(site) or child.poll() is not None:
            break
        time.sleep(0.001)
    child.send_signal(number)

    assert child.wait(20) in (128 + number, -number)
    assert left(site) == []
