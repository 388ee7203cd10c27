"""The settings that a page shows its visitors, as it is served."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import urljoin

from chartgen.cluster.seen import Unseen
from chartgen.finding import UsageStop
from chartgen.records import dataclass, field
from chartgen.settings.model import Settings
from chartgen.settings.strings import render_text

MOST_BYTES = 5 * 2**20
"""How much of a page is read."""

_ELEMENT = re.compile(r"<script\b([^>]*\bdata-chartgen=[^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_SRC = re.compile(r"""\bsrc=["']?([^"'\s>]+)""")
_STATEMENT = r"""window(?:\.__ENV__|\[["']__ENV__["']\])\s*=\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^;\s<]+)"""


@dataclass(frozen=True)
class Page:
    """A page: its address, its text, and the texts of the settings that it has, by their environment names.

    `lost` says what it refers to for them, or has, and cannot be read.
    """

    url: str
    text: str = field(repr=False)
    found: Mapping[str, str] = field(hash=False)
    lost: str = ""


def read_page(url: str, settings: Settings, seconds: float) -> Page | Unseen:
    """The page at an address, or why there is none.

    Raises:
        UsageStop: it is no address of a page.
    """
    if not url.startswith(("http://", "https://")):
        raise UsageStop(f"--page-url {url} is no address of a page", "write http:// or https:// before it")
    served = _fetched(url, seconds)
    if isinstance(served, Unseen):
        return Unseen(f"the page {served.why}", is_refused=False)
    scripts, given, lost = served.text, dict[str, object](), ""
    for attributes, content in _ELEMENT.findall(served.text):
        if source := _SRC.search(attributes):
            file = _fetched(urljoin(served.url, unescape(source[1])), seconds)
            if isinstance(file, Unseen):
                lost = f"its script {file.why}"
            else:
                scripts += file.text
        elif "json" in attributes:
            found = _object(content)
            lost = "its data-chartgen script is no JSON object" if found is None else lost
            given |= found or {}
    return Page(url, served.text, _values(scripts, given, settings), lost)


def _values(scripts: str, given: Mapping[str, object], settings: Settings) -> dict[str, str]:
    values: dict[str, str] = {}
    for setting in settings.settings:
        value = given.get(setting.env)
        statement = re.search(_STATEMENT.replace("ENV", re.escape(setting.env)), scripts) if value is None else None
        value = _literal(statement[1]) if statement else value
        if value is not None:
            is_text = isinstance(value, str)
            values[setting.env] = str(value) if is_text else render_text(setting.type, value)  # type: ignore[arg-type]
    return values


def _object(text: str) -> dict[str, object] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _literal(text: str) -> object:
    """What a literal of JavaScript says, where JSON has it, too; else its text."""
    try:
        found: object = json.loads(text)
    except ValueError:
        return text[1:-1] if text[0] in "'\"" else text
    return found if isinstance(found, (str, int, float, bool)) else text


@dataclass(frozen=True)
class _Served:
    """A text, and the address that it came from in the end."""

    url: str
    text: str = field(repr=False)


def _fetched(url: str, seconds: float) -> _Served | Unseen:
    import urllib3

    try:
        with urllib3.PoolManager() as pool:
            response = pool.request(
                "GET",
                url,
                timeout=seconds,
                retries=urllib3.Retry(connect=0, read=0, redirect=5),
                headers={"Cache-Control": "no-cache"},
                preload_content=False,
            )
            text = response.read(MOST_BYTES).decode(errors="replace")
            status, end = response.status, urljoin(url, response.geturl() or "")
            response.release_conn()
    except urllib3.exceptions.HTTPError as error:
        reason = str(getattr(error, "reason", None) or error).rpartition(": ")[2]
        return Unseen(f"{url} cannot be read: {reason}", is_refused=False)
    if status != 200:
        return Unseen(f"{url} cannot be read: status {status}", is_refused=False)
    return _Served(end, text)
