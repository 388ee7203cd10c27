"""Where the settings go in a page, and that nothing else in it changes."""

from __future__ import annotations

import re
import time
from typing import Any

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counts import examples
from tests.entrypoint import EP
from tests.unit.entrypoint.hostile_pages import ENCODINGS, PAGES, REFUSED

ELEMENT = EP.element_of("inline", b"window.__A__=1;", b"{}", "/")


def put(page: bytes, element: bytes = ELEMENT) -> bytes:
    return b"".join(EP.with_element(page, element))


def tree(page: bytes) -> Any:
    return html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)


def shape(node: Any) -> Any:
    """A tree as plain data, without our script."""
    children: list[Any] = []
    text = node.text or ""
    for child in node:
        if child.tag == "script" and "data-chartgen" in child.attrib:
            joined = child.tail or ""
            if children:
                children[-1] = (*children[-1][:3], children[-1][3] + joined)
            else:
                text += joined
        else:
            children.append((*shape(child), child.tail or ""))
    tag = node.tag if isinstance(node.tag, str) else "!"
    return tag, (text, tuple(sorted((str(key), value) for key, value in node.attrib.items()))), tuple(children)


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_the_settings_go_where_the_head_begins(page: bytes) -> None:
    assert page.replace(b"@", ELEMENT) == put(page.replace(b"@", b""))


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_a_parser_sees_one_script_more_in_the_head_and_nothing_else(page: bytes) -> None:
    before, after = tree(page.replace(b"@", b"")), tree(put(page.replace(b"@", b"")))

    assert shape(before) == shape(after)
    first = next(after.iter("script"))
    assert "data-chartgen" in first.attrib
    assert first in list(after.find("head"))


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_a_second_start_replaces_what_the_first_wrote(page: bytes) -> None:
    other = EP.element_of("inline", b"window.__B__=2;" * 100, b"{}", "/")
    bare = page.replace(b"@", b"")

    assert put(bare) == put(put(bare))
    assert put(bare) == put(put(bare, other))


@pytest.mark.parametrize("mode", ["inline", "file", "json"])
def test_a_start_in_another_mode_leaves_no_trace(mode: str) -> None:
    page = PAGES["a charset that begins the head"].replace(b"@", b"")

    assert put(page) == put(put(page, EP.element_of(mode, b"x=1;", b'{"A":1}', "/a&b/")))


@pytest.mark.parametrize(("page", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_a_page_that_cannot_be_used_is_refused_with_the_reason(page: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        put(page)


def test_chartgens_own_script_in_a_place_that_is_not_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="not where chartgen puts it"):
        put(b"<head><title>t</title>" + ELEMENT + b"</head>")


def test_a_second_script_of_chartgens_is_refused() -> None:
    with pytest.raises(ValueError, match="not of chartgen's making"):
        put(put(b"<head></head>") + ELEMENT)


@pytest.mark.parametrize(("page", "label"), ENCODINGS.values(), ids=ENCODINGS.keys())
def test_the_encoding_is_found_as_browsers_find_it(page: bytes, label: str) -> None:
    assert label == EP.declared_encoding(page)


@pytest.mark.parametrize("label", [b"windows-1252", b"ISO-8859-1", b"us-ascii", b"UTF8"])
def test_bytes_of_another_encoding_stay_as_they_are(label: bytes) -> None:
    page = b"<head><meta charset=" + label + b">@<title>caf\xe9 \x80</title></head>"

    assert page.replace(b"@", ELEMENT) == put(page.replace(b"@", b""))


PIECES = st.sampled_from(
    [
        b"<!doctype html>", b"<html>", b"<HTML a='>'>", b"<head>", b"<head/>", b"</head>", b"<body>", b"<title>t</title>",
        b"<meta charset=utf-8>", b"<meta name=a>", b"<!-- c -->", b"<!-->", b"<!--", b"-->", b"--!>", b"<!---", b">", b"<?x>",
        b"</p>", b"</br>", b"<script>'<head>'</script>", b"<script>", b"</script>", b"<template>", b'<p a="', b"'", b" ",
        b"\n", b"x", b"<", b"</", b"<textarea>", b"<noscript>", b"<base href=/>", b"=", b"/", b"<h",
        b"&#32;", b"&NewLine;", b"&#x", b"\0", b"<head a=b>",
    ]
)  # fmt: skip


@settings(max_examples=examples(5000))
@given(st.lists(PIECES, min_size=1, max_size=12).map(b"".join))
def test_in_any_page_a_parser_sees_one_script_more_and_nothing_else(page: bytes) -> None:
    try:
        after = put(page)
    except ValueError:
        return

    scripts = [node for node in tree(after).iter("script") if "data-chartgen" in node.attrib]
    assert after.replace(ELEMENT, b"") == page
    assert len(scripts) == 1
    assert shape(tree(page)) == shape(tree(after))
    assert next(tree(after).iter("script")).attrib == scripts[0].attrib


LONG = {
    "labels": b'<head><meta http-equiv=content-type content="' + b"charset" * 600_000 + b'"></head>',
    "blanks": b" " * 5_000_000 + b"<head></head>",
    "a value": b"<html a=" + b"x" * 5_000_000 + b"><head></head>",
    "a name": b"<html " + b"x" * 5_000_000 + b"><head></head>",
    "ends of nothing": b"</p>" * 2_000_000 + b"<head></head>",
    "zeros": b"&#" + b"0" * 5_000_000 + b"9;<head></head>",
    "digits": b"<head></head>&#" + b"9" * 5_000_000 + b";",
    "digits before the head": b"&#" + b"9" * 5_000_000 + b";<head></head>",
    "names of marks": b"<head></head>" + b"data-chartgen " * 400_000,
    "ends of scripts": b"<head><script>" + b"</" * 2_000_000 + b"</script></head>",
}


@pytest.mark.parametrize("page", LONG.values(), ids=LONG.keys())
def test_a_long_page_takes_a_moment(page: bytes) -> None:
    start = time.process_time()
    assert len(put(page)) == len(page) + len(ELEMENT)
    assert time.process_time() - start < 10  # a second at most is usual; what grows by the square takes minutes
