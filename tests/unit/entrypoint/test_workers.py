"""Service workers that pin pages: which manifests are found, and what in them is known."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha1, sha256, sha384, sha512
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoint import EP, GOOD, PAGE, run

UNKNOWN = "in a way that chartgen does not know"


def start(site: Path, *options: str, html: str = "**/*.html") -> Any:
    done = run("--table", site.parent / "settings.py", "--once", "--html", site / html, *options, environment=GOOD)
    assert done.returncode == 0, done.stderr
    return done


def revision(page: Path) -> str:
    return sha256(page.read_bytes()).hexdigest()[:32]


def write_pages(site: Path, *names: str) -> None:
    for name in names:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(PAGE + name.encode())


SPELLINGS = [
    "/",
    "./",
    "index.html",
    "/index.html",
    "about",
    "/about.html",
    "./about",
    "docs/",
    "docs/index.html",
    "/docs",
]


@pytest.mark.parametrize("url", SPELLINGS)
@pytest.mark.parametrize(
    "entry", ['{url:"%s",revision:"old"}', '{"revision": "old", "url": "%s"}', "{url:`%s`,revision:`old`}"]
)
def test_a_page_is_known_by_each_url_that_servers_find_it_by(site: Path, url: str, entry: str) -> None:
    write_pages(site, "about.html", "docs/index.html")
    text = f"e.precacheAndRoute([{{url:'a.js',revision:'old'}},{entry % url}],{{}})"
    (site / "sw.js").write_text(text)

    done = start(site)

    name = "about.html" if "about" in url else "docs/index.html" if "docs" in url else "index.html"
    page = site / name
    pinned = entry % url
    assert text.replace(pinned, pinned.replace("old", revision(page))) == (site / "sw.js").read_text()
    assert f"sw.js pins {name} by its new hash" in done.stderr
    assert UNKNOWN not in done.stderr


def test_a_public_path_is_taken_from_the_urls(site: Path) -> None:
    (site / "sw.js").write_text('precache([{url:"/app/",revision:"old"}])')

    start(site, "--public-path", "/app")

    assert f'precache([{{url:"/app/",revision:"{revision(site / "index.html")}"}}])' == (site / "sw.js").read_text()


@pytest.mark.parametrize(
    "entry",
    [
        '{url:"/app/index.html",revision:"def"}',
        '{url:"/app/",revision:"def"}',
        '{url:"index.html",revision:null}',
        '{url:"index.html",revision:"def",integrity:"md5-x"}',
        '{url:"index.html",revision:"def",integrity:x}',
    ],
)
def test_an_entry_that_is_not_known_is_reported_beside_one_that_is(site: Path, entry: str) -> None:
    write_pages(site, "about.html")
    (site / "sw.js").write_text(f'precache([{entry},{{url:"about.html",revision:"abc"}}])')

    done = start(site)

    assert f"sw.js names index.html {UNKNOWN}" in done.stderr
    assert (
        f'precache([{entry},{{url:"about.html",revision:"{revision(site / "about.html")}"}}])'
        == (site / "sw.js").read_text()
    )


def test_a_page_that_gets_no_settings_stays_pinned_as_it_is(site: Path) -> None:
    write_pages(site, "other/index.html", "other/about.html")
    text = 'precache([{url:"other/index.html",revision:"a"},{url:"/other/",revision:"a"},{url:"other/about",revision:"a"}])'
    (site / "sw.js").write_text(text)

    done = start(site, html="index.html")

    assert (site / "sw.js").read_text() == text
    assert UNKNOWN not in done.stderr


def test_an_integrity_is_made_anew(site: Path) -> None:
    (site / "sw.js").write_text(
        's.precacheAndRoute([{url:"index.html",integrity:"sha384-xx sha512-yy sha256-zz",revision:"abc"}])'
    )

    start(site)

    page = (site / "index.html").read_bytes()
    hashes = (("sha384", sha384), ("sha512", sha512), ("sha256", sha256))
    words = " ".join(f"{name}-{b64encode(hash_of(page).digest()).decode()}" for name, hash_of in hashes)
    assert (site / "sw.js").read_text() == (
        f's.precacheAndRoute([{{url:"index.html",integrity:"{words}",revision:"{revision(site / "index.html")}"}}])'
    )


@pytest.mark.parametrize("name", ["serviceworker.js", "my-sw.js", "worker.js"])
@pytest.mark.parametrize("call", ["precacheAndRoute(%s)", 'self["workbox:precaching:7.0.0"];f(%s)'])
def test_a_worker_of_another_name_is_known_by_what_is_in_it(site: Path, name: str, call: str) -> None:
    (site / name).write_text(call % '[{url:"index.html",revision:"abc"}]')

    start(site)

    assert (site / name).read_text() == call % f'[{{url:"index.html",revision:"{revision(site / "index.html")}"}}]'


def test_a_script_of_the_app_is_left_alone(site: Path) -> None:
    text = 'var a={url:"index.html",revision:"abc"}'
    (site / "main.js").write_text(text)
    (site / "folder.js").mkdir()
    (site / "lost.js").symlink_to("nowhere")

    done = start(site)

    assert (site / "main.js").read_text() == text
    assert UNKNOWN not in done.stderr


def test_what_lies_beside_a_link_to_the_page_is_brought_up_to_date(site: Path) -> None:
    (site.parent / "real").mkdir()
    (site / "index.html").rename(site.parent / "real" / "page.html")
    (site / "index.html").symlink_to("middle.html")
    (site / "middle.html").symlink_to("../real/page.html")
    old = sha1(PAGE).hexdigest()  # noqa: S324 - Angular's
    (site / "ngsw.json").write_text(f'{{"index":"/index.html","hashTable":{{"/index.html":"{old}"}}}}')
    (site / "sw.js").write_text('precache([{url:"index.html",revision:"abc"},{url:"middle",revision:"abc"}])')
    for name in ("index.html.gz", "middle.html.gz", "index.html.br"):
        (site / name).write_bytes(b"old")

    done = start(site, html="index.html")

    page = site.parent / "real" / "page.html"
    new = sha1(page.read_bytes()).hexdigest()  # noqa: S324 - Angular's
    assert new in (site / "ngsw.json").read_text()
    assert (site / "sw.js").read_text().count(revision(page)) == 2
    for name in ("index.html.gz", "middle.html.gz"):
        assert (site / name).read_bytes() == b"".join(EP.compressed([page.read_bytes()]))
        assert f"{site}/{name} made anew" in done.stderr
    assert not (site / "index.html.br").exists()
    assert (site / "index.html").is_symlink()


def test_a_twin_that_is_a_link_to_the_twin_stays_one(site: Path) -> None:
    (site / "404.html").symlink_to("index.html")
    (site / "404.html.gz").symlink_to("index.html.gz")
    (site / "index.html.gz").write_bytes(b"old")

    start(site)

    assert (site / "404.html.gz").is_symlink()
    assert (site / "404.html.gz").read_bytes() == b"".join(EP.compressed([(site / "index.html").read_bytes()]))


def test_each_manifest_is_read_once_for_all_pages(site: Path) -> None:
    names = [f"p{number}/index.html" for number in range(300)]
    write_pages(site, *names)
    entries = ",".join(f"{{url:{name!r},revision:'a'}}" for name in names)
    (site / "sw.js").write_text(f"precache([{entries}])")
    (site / "worker.js").write_text("precache()" + " " * 1_000_000)

    done = start(site)

    pinned = re.findall(r"url:'(.*?)',revision:'(.*?)'", (site / "sw.js").read_text())
    assert pinned == [(name, revision(site / name)) for name in names]
    assert "sw.js pins p0/index.html and 299 others by their new hashes" in done.stderr
    assert done.stderr.count("sw.js") == 1
