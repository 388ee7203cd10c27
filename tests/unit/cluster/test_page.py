"""The settings of a page as it is served, in each mode in which the entrypoint writes them."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chartgen.cluster.page import Page, read_page
from tests import entrypoint
from tests.strategies import read

TEXTS = {"TITLE": "a \"b\" </script> 'c'; \\ €𝄞", "LIMIT": "9007199254740991", "RATE": "0.5", "DARK": "true"}
SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "default": "", "x-env": "TITLE"},
        "limit": {"type": "integer", "default": 0, "x-env": "LIMIT"},
        "rate": {"type": "number", "default": 1, "minimum": 0, "maximum": 9, "x-env": "RATE"},
        "dark": {"type": "boolean", "default": False, "x-env": "DARK"},
    },
}


class Quiet(http.server.SimpleHTTPRequestHandler):
    """The files of a folder; `/start` leads to the page, at another path."""

    def do_GET(self) -> None:
        if self.path != "/start":
            super().do_GET()
            return
        self.send_response(302)
        self.send_header("Location", "/app/index.html")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join(5)


def written(folder: Path, mode: str, *more: str) -> Path:
    """A site at /app, into whose page the entrypoint wrote the settings."""
    app = folder / "site" / "app"
    app.mkdir(parents=True)
    (app / "index.html").write_bytes(entrypoint.PAGE)
    table = entrypoint.write_table(folder / "settings.py", SCHEMA)
    words: tuple[str | Path, ...] = ("--html", app / "index.html", "--mode", mode, "--table", table, *more, "--once")
    done = entrypoint.run(*words, environment=TEXTS)
    assert done.returncode == 0, done.stderr
    return folder / "site"


def found(url: str) -> Page:
    settings = read(SCHEMA)
    assert settings is not None
    page = read_page(url, settings, 5)
    assert isinstance(page, Page), page
    return page


@pytest.mark.parametrize(("mode", "more"), [("inline", ()), ("json", ()), ("file", ("--public-path", "/app"))])
def test_each_text_is_read_as_it_was_set(tmp_path: Path, mode: str, more: tuple[str, ...]) -> None:
    with served(written(tmp_path, mode, *more)) as url:
        for path in ("/app/index.html", "/start"):
            page = found(url + path)
            assert (page.found, page.lost) == (TEXTS, "")


def test_of_a_script_that_is_not_served_the_page_says_so(tmp_path: Path) -> None:
    site = written(tmp_path, "file", "--public-path", "/other")
    with served(site) as url:
        page = found(f"{url}/app/index.html")

    assert page.found == {}
    assert page.lost.startswith(f"its script {url}/other/chartgen-settings.js")
    assert page.lost.endswith(" cannot be read: status 404")


def test_of_data_that_are_no_json_the_page_says_so(tmp_path: Path) -> None:
    site = written(tmp_path, "json")
    page = site / "app" / "index.html"
    page.write_bytes(page.read_bytes().replace(b'{"TITLE"', b'{"TITLE'))
    with served(site) as url:
        read_ = found(f"{url}/app/index.html")

    assert (read_.found, read_.lost) == ({}, "its data-chartgen script is no JSON object")
