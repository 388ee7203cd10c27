"""What the entrypoint wrote, nginx serves, and Chromium reads."""

from __future__ import annotations

import gzip
import os
import random
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Served
from tests.counts import examples
from tests.entrypoint import GOOD, run, text_schema, write_table

pytestmark = [pytest.mark.nginx, pytest.mark.browser]

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>app</title>
<link rel="icon" href="data:,">
<script src="/app.js"></script>
</head>
<body><p>caf\u00e9</p><script src="/app.js" defer></script></body>
</html>
"""
APP = "window.seen = window.seen || [];\nwindow.seen.push(window.__JOB_POLL_INTERVAL_MS__);\n"
PINNED = 1_600_000_000

HOSTILE = [
    "</script>", "</SCRIPT >", "<!--", "<!--<script>", "-->", "]]>", "<script>", "'", '"', "`", "\\", "\\u0041", "\\'", "$&", "$'",
    "$`", "$1", "$$", "${x}", "{{x}}", "%s", "&amp;", "&", "&#39;", "\n", "\r\n", "\r", "\t", "\0", "\x0b", "\x7f", "\x85", "\u2028",
    "\u2029", "\ufeff", "\ufffe", "\uffff", "\u200b", "\u202e", "e\u0301", "\u00e9", "\u6f22", "\U0001f600", "\U0010ffff", "\ue000",
    "javascript:", "it's", " ", "  ", "a", "0", "//", "/*", "*/", ";", "}", "x'+(globalThis.PWNED=1)+'y", "null", "undefined", "#", "=",
]  # fmt: skip


def write_site(folder: Path, table: dict[str, Any] | None = None) -> None:
    (folder / "source").mkdir(exist_ok=True)
    for name, text in (("index.html", PAGE), ("app.js", APP)):
        (folder / "source" / name).write_text(text, encoding="utf-8")
        os.utime(folder / "source" / name, (PINNED, PINNED))
    if table is None:
        write_table(folder / "settings.py")
    else:
        write_table(folder / "settings.py", table)


def start(folder: Path, *options: str | Path, environment: dict[str, str] | None = None) -> None:
    done = run(
        "--once", "--table", folder / "settings.py", "--source", folder / "source", "--output", folder / "site",
        "--csp-file", folder / "csp.conf", *options, environment=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def read(browser: Browser, served: Served, expression: str, argument: Any = None) -> tuple[Any, list[str]]:
    """What the page says, and every line of its console."""
    page = browser.new_page()
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text))
    page.on("pageerror", lambda error: console.append(str(error)))
    try:
        response = page.goto(f"{served.address}/index.html")
        assert response is not None
        assert response.status == 200
        assert "'self'" in response.headers["content-security-policy"]
        return page.evaluate(expression, argument), console
    finally:
        page.close()


@pytest.mark.parametrize("mode", ["inline", "file"])
def test_the_three_values_arrive_before_the_apps_first_script(
    serve: Callable[[], Served], chromium: Browser, tmp_path: Path, mode: str
) -> None:
    write_site(tmp_path)
    start(tmp_path, "--mode", mode, environment=GOOD)

    found, console = read(
        chromium,
        serve(),
        "[__JOB_POLL_INTERVAL_MS__, __JOB_MAX_POLL_ATTEMPTS__, __JOB_TIMEOUT_MS__, seen, document.scripts.length]",
    )

    assert (found, console) == ([4000, 100, 500000, [4000, 4000], 3], [])


def test_in_mode_json_the_page_holds_the_values_and_runs_nothing(
    serve: Callable[[], Served], chromium: Browser, tmp_path: Path
) -> None:
    write_site(tmp_path)
    start(tmp_path, "--mode", "json", environment=GOOD)

    found, console = read(
        chromium,
        serve(),
        "[JSON.parse(document.getElementById('chartgen-settings').textContent), seen, document.scripts.length]",
    )

    assert (found, console) == ([{name: int(text) for name, text in GOOD.items()}, [None, None], 3], [])


def test_a_policy_without_the_hash_refuses_the_script(
    serve: Callable[[], Served], chromium: Browser, tmp_path: Path
) -> None:
    write_site(tmp_path)
    start(tmp_path, environment=GOOD)
    (tmp_path / "csp.conf").write_text('set $chartgen_script_hash "";\n')

    found, console = read(chromium, serve(), "typeof __JOB_TIMEOUT_MS__")

    assert found == "undefined"
    assert "Content Security Policy" in console[0]


@pytest.mark.parametrize("mode", ["inline", "file", "json"])
def test_any_text_arrives_as_it_is(
    serve: Callable[[], Served], chromium: Browser, tmp_path: Path, mode: str, request: pytest.FixtureRequest
) -> None:
    count = examples(2000)
    chance = random.Random(f"{request.config.getoption('--hypothesis-seed')} {mode}")  # noqa: S311
    texts = [hostile(chance) for _ in range(count)]
    write_site(tmp_path, text_schema(count))
    (tmp_path / "volume").mkdir()
    for number, text in enumerate(texts):
        (tmp_path / "volume" / f"TEXT_{number}").write_bytes(text.encode())
    start(tmp_path, "--mode", mode, "--settings", tmp_path / "volume")

    holder = "JSON.parse(document.getElementById('chartgen-settings').textContent)" if mode == "json" else "window"
    name = "`TEXT_${n}`" if mode == "json" else "`__TEXT_${n}__`"
    found, console = read(
        chromium,
        serve(),
        f"count => {{ const all = {holder}; const points = n => Array.from(all[{name}], c => c.codePointAt(0));"
        " return [Array.from({length: count}, (_, n) => points(n)), document.scripts.length, typeof PWNED]; }",
        count,
    )

    assert [[ord(char) for char in text] for text in texts] == found[0]
    assert found[1:] == [3, "undefined"]
    assert console == []


def hostile(chance: random.Random) -> str:
    """A text that breaks those who paste it into a page; now and then one of any characters."""
    if chance.random() < 0.2:
        points = [
            chance.choice([chance.randrange(0xD800), chance.randrange(0xE000, 0x110000)])
            for _ in range(chance.randrange(9))
        ]
        return "".join(map(chr, points))
    return "".join(chance.choices(HOSTILE, k=chance.randrange(1, 6)))


def get(served: Served, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    request = urllib.request.Request(  # noqa: S310 - nginx of this test
        f"{served.address}/index.html", headers={key.replace("_", "-"): value for key, value in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - the same
            return response.status, response.read(), dict(response.headers)
    except urllib.error.HTTPError as error:
        return error.code, b"", dict(error.headers)


ENCODINGS = [
    "identity",
    "gzip",
    "br",
    "zstd",
    "gzip, deflate, br, zstd",
    "*",
    "gzip;q=0",
    "br;q=1.0, gzip;q=0.8, *;q=0.1",
]


def test_a_new_value_is_never_answered_by_304_and_never_by_an_old_twin(
    serve: Callable[[], Served], chromium: Browser, tmp_path: Path
) -> None:
    write_site(tmp_path)
    for ending in (".gz", ".br", ".zst"):
        (tmp_path / "source" / f"index.html{ending}").write_bytes(gzip.compress(b"old"))
    high = {"JOB_TIMEOUT_MS": "1080000"}
    start(tmp_path, environment={**high, "JOB_POLL_INTERVAL_MS": "5000"})
    served = serve()
    before = {encoding: get(served, Accept_Encoding=encoding) for encoding in ENCODINGS}

    for encoding, (status, _, headers) in before.items():
        again = get(
            served, Accept_Encoding=encoding, If_None_Match=headers["ETag"], If_Modified_Since=headers["Last-Modified"]
        )
        assert (status, again[0]) == (200, 304)

    start(tmp_path, environment={**high, "JOB_POLL_INTERVAL_MS": "9000"})

    for encoding, (_, old, headers) in before.items():
        for asked in ({"If_None_Match": headers["ETag"]}, {"If_Modified_Since": headers["Last-Modified"]}):
            status, body, after = get(served, Accept_Encoding=encoding, **asked)
            text = gzip.decompress(body) if after.get("Content-Encoding") == "gzip" else body
            assert (status, after.get("Content-Encoding", "gzip")) == (200, "gzip")
            assert b"__JOB_POLL_INTERVAL_MS__=9000;" in text
            assert old != body

    # An nginx of a new start, which has read the new hash.
    assert read(chromium, serve(), "[__JOB_POLL_INTERVAL_MS__, seen]") == ([9000, [9000, 9000]], [])


def test_two_replicas_give_the_same_tags(serve: Callable[[], Served], tmp_path: Path) -> None:
    write_site(tmp_path)
    start(tmp_path, environment=GOOD)
    first = get(serve())
    (tmp_path / "site" / "index.html").unlink()
    write_site(tmp_path)
    os.utime(tmp_path / "source" / "index.html", (PINNED + 7, PINNED + 7))
    start(tmp_path, environment=GOOD)

    second = get(serve())

    for name in ("ETag", "Last-Modified"):
        assert first[2][name] == second[2][name]
