r"""The lines of a `.env` file, with the place of each key and value.

A line is blank, a comment, or `KEY=value`, with or without `export` in front and blanks around the parts. A value in
single quotes stands as it is; in double quotes `\n`, `\r`, `\t`, `\"`, `\\` and `\$` are escapes, and lines may follow.
Without quotes it ends before ` #` or with its line, its blanks trimmed. A `KEY` alone is passed on from outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chartgen.documents.limits import MAX_TOLD
from chartgen.documents.nodes import Entry, Scalar
from chartgen.finding import Finding, Note, Severity
from chartgen.source import Source, Span

_BLANK = re.compile(r"[ \t\r]*(#[^\n]*)?(?:\n|\Z)")
_KEY = re.compile(r"[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*")
_SINGLE = re.compile(r"'([^']*)'")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_BARE = re.compile(r"(?:[^\n#]|(?<![ \t=])#)*+")
_ESCAPE = re.compile(r'\\([nrt"\\$])')
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_LINE_END = re.compile(r"\n|\Z")


def read_dotenv(source: Source) -> tuple[list[Entry], list[Finding]]:
    """The entries of a `.env` file, of each key the last one; and what there is to say.

    CG102: a line that is no `KEY=value`, or a quote that is not closed; CG103 (warning): a key written twice. A value's
    span holds its quotes.
    """
    entries: dict[str, Entry] = {}
    findings: list[Finding] = []
    for item in _items(source):
        if isinstance(item, Finding):
            findings.append(item)
            if len(findings) == MAX_TOLD:
                break
        elif isinstance(item, Entry):
            if item.key in entries:
                findings.append(_twice(item, entries.pop(item.key)))
            entries[item.key] = item
    return list(entries.values()), findings


def dotenv_comments(source: Source) -> list[Span]:
    """The comments, each from its `#` to the end of its line."""
    return [item for item in _items(source) if isinstance(item, Span)]


def is_open(entry: Entry) -> bool:
    """Whether a value depends on another variable: `$NAME` outside of single quotes."""
    written = entry.value.span.text
    return not written.startswith("'") and re.search(r"(?<!\\)\$[A-Za-z_{(]", written) is not None


def dotenv_text(text: str, old: str) -> str | None:
    """The value that stands for a text on one line, in the quotes of the old one; None where there is none."""
    if not text.isprintable():
        return None
    if old.startswith("'") and "'" not in text:
        return f"'{text}'"
    if not old.startswith('"') and re.fullmatch(r"[\w.:/+,@%-]*", text):
        return text
    return '"' + re.sub(r'(["\\$])', r"\\\1", text) + '"'


def _items(source: Source) -> Iterator[Entry | Span | Finding]:
    text, at = source.text, 0
    while at < len(text):
        blank = _BLANK.match(text, at)
        if blank is not None:
            if blank[1] is not None:
                yield Span(source, blank.start(1), blank.end(1))
            at = blank.end()
            continue
        key = _KEY.match(text, at)
        if key is None or text[key.end() : key.end() + 1] not in ("=", "\n", "\r", "#", ""):
            yield _no_entry(source, at)
        elif text[key.end() : key.end() + 1] == "=":
            start = key.end() + 1
            while text[start : start + 1] in (" ", "\t"):
                start += 1
            found = _value(source, start)
            yield found if isinstance(found, Finding) else Entry(key[1], Span(source, *key.span(1)), found)
            at = found.span.end if isinstance(found, Scalar) else start
            rest = _BLANK.match(text, at)
            if rest is not None and rest[1] is not None:
                yield Span(source, rest.start(1), rest.end(1))
            elif rest is None and isinstance(found, Scalar):
                yield _behind(source, at)
        at = _next_line(text, at)


def _value(source: Source, start: int) -> Scalar | Finding:
    """The value that begins at a place."""
    text = source.text
    quote = text[start : start + 1]
    if quote not in ("'", '"') or not quote:
        bare = _BARE.match(text, start)
        assert bare is not None
        value = bare[0].rstrip(" \t\r")
        return Scalar(value, Span(source, start, start + len(value)))
    quoted = (_SINGLE if quote == "'" else _DOUBLE).match(text, start)
    if quoted is None:
        message = "this quote is never closed"
        return Finding("CG102", Severity.ERROR, message, Span(source, start, start + 1), help=f"close it by {quote}")
    value = quoted[1] if quote == "'" else _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[1]), quoted[1])
    return Scalar(value, Span(source, *quoted.span()))


def _next_line(text: str, at: int) -> int:
    end = _LINE_END.search(text, at)
    return end.end() if end is not None and end.end() > at else len(text)


def _no_entry(source: Source, at: int) -> Finding:
    end = source.text.find("\n", at)
    line = source.text[at : end if end >= 0 else len(source.text)]
    start = at + len(line) - len(line.lstrip())
    help_ = "write `KEY=value`, or `#` in front of a comment"
    place = Span(source, start, at + len(line.rstrip()))
    return Finding("CG102", Severity.ERROR, "this line is not KEY=value", place, help=help_)


def _behind(source: Source, at: int) -> Finding:
    end = source.text.find("\n", at)
    place = Span(source, at, end if end >= 0 else len(source.text))
    return Finding(
        "CG102", Severity.ERROR, "more text stands behind the closing quote", place, help="quote it with the rest"
    )


def _twice(entry: Entry, first: Entry) -> Finding:
    return Finding(
        "CG103",
        Severity.WARNING,
        f"the key {entry.key} is written twice; the last one counts",
        entry.key_span,
        notes=(Note("the first one", first.key_span),),
        path=entry.key,
        found=entry.key,
        help="remove one of them",
    )
