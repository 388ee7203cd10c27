"""What its author most probably did wrong where libyaml gave up: often it is another place, and it needs other words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chartgen.documents.yaml_problems import Problem
from chartgen.source import Source, Span

_CONFLICT = re.compile(r"^(?:<<<<<<<|>>>>>>>) .*$", re.MULTILINE)
_DIRECTIVE = re.compile(r"^%.*$", re.MULTILINE)
_NO_BLANK = re.compile(r"(\s*(?:- +)*)([\w./-]+):(\S.*)")
_NO_COLON = re.compile(r"(\s*(?:- +)*)([^\s:#-][^:#]*)")
_TWO_COLONS = re.compile(r"\s*(?:- +)*(?:[^\s:#][^:#]*|\"[^\"]*\"|'[^']*'):\s+([^\s'\"#].*)")
_CLOSING = {"[": "]", "{": "}"}
_KINDS = {"[": "bracket", "{": "brace"}
_QUOTES = {"'": "''", '"': '\\"'}
_SHOWN = 60

Guess = tuple[Problem, Span]


def guess(source: Source, piece: Span, words: str, begun: int, offset: int) -> Guess | None:
    """A better problem than libyaml's `words` at an offset, with its place; None where those say it well.

    `begun` is where the value began that libyaml was reading.
    """
    conflict = _CONFLICT.search(source.text, piece.start, piece.end)
    if conflict is not None:
        problem = Problem("a merge conflict is left in this file", "decide for one side and remove the marks")
        return problem, Span(source, *conflict.span())
    match words:
        case "did not find expected <document start>":
            return _directive(source, piece, offset)
        case "mapping values are not allowed in this context":
            return _second_colon(source, offset)
        case "did not find expected key" | "did not find expected '-' indicator":
            return _ended(source, offset) or _indentation(source, piece, words, offset)
        case "did not find expected ',' or '}'" | "did not find expected ',' or ']'":
            is_other = source.text[offset : offset + 1] in _CLOSING.values()
            return None if is_other else _never_closed(source, piece, begun)
        case "did not find expected node content":
            opening = max(source.text.rfind(character, piece.start, piece.end) for character in _CLOSING)
            at_end = not source.text[offset : piece.end].strip()
            return _never_closed(source, piece, opening) if at_end and opening >= 0 else None
        case _:
            return None


def _directive(source: Source, piece: Span, offset: int) -> Guess | None:
    for match in _DIRECTIVE.finditer(source.text, piece.start, offset):
        help_text = "remove it: Helm cuts the file at every `---`, so that the line stands alone"
        return Problem("Helm cannot read a line that begins with `%`", help_text), Span(source, *match.span())
    return None


def _second_colon(source: Source, offset: int) -> Guess | None:
    """`: ` where no key can be: in a text, or because the line above was not what it looks like."""
    number, column = source.line_column(offset)
    line = source.line(number)
    text = _TWO_COLONS.fullmatch(line)
    if text is not None and text.start(1) < column:
        return Problem("a text that holds `: ` needs quotes", _quoted(text[1])), _span(source, offset, 1)
    above = number - 1
    while above and (not source.line(above).strip() or source.line(above).lstrip().startswith("#")):
        above -= 1
    return _line_above(source, above, offset - column + 1, line) if above else None


def _line_above(source: Source, above: int, start: int, line: str) -> Guess | None:
    written = source.line(above).rstrip()
    first = _line_start(source, above, start)
    if match := _NO_BLANK.fullmatch(written):
        help_text = f"write `{match[2]}: {_cut(match[3])}`"
        return Problem("a blank has to follow this colon", help_text), _span(source, first + match.end(2), 1)
    if match := _NO_COLON.fullmatch(written):
        key, _, value = match[2].partition(" ")
        help_text = f"write `{key}: {_cut(value.strip())}`" if value.strip() else "write `key: value`"
        return Problem("there is no colon in this line", help_text), _span(
            source, first + match.start(2), len(match[2])
        )
    indent, indent_above = (len(text) - len(text.lstrip(" ")) for text in (line, written))
    if indent > indent_above:
        problem = Problem(
            "this line is indented further than the one above, whose value is complete",
            f"indent it by {_blanks(indent_above)}, like the one above",
        )
        return problem, _span(source, start + indent, len(line.strip()))
    return None


def _ended(source: Source, offset: int) -> Guess | None:
    """Something stands behind a value, on its line."""
    number, column = source.line_column(offset)
    before = source.line(number)[: column - 1]
    character = source.text[offset : offset + 1]
    if character in _CLOSING.values():
        kind = next(kind for opening, kind in _KINDS.items() if _CLOSING[opening] == character)
        return Problem(f"this {kind} closes nothing", "remove it, or quote the text"), _span(source, offset, 1)
    last = before.rstrip()[-1:]
    if last in _QUOTES and before.strip() != last:
        help_text = f"write `{_QUOTES[last]}` for a quote inside the text"
        return Problem("the text in quotes has ended before this", help_text), _span(source, offset, 1)
    if last in ("]", "}"):
        return Problem("the value has ended before this", "remove it, or quote the whole text"), _span(
            source, offset, 1
        )
    return None


def _indentation(source: Source, piece: Span, words: str, offset: int) -> Guess | None:
    number, column = source.line_column(offset)
    line = source.line(number)
    if line[: column - 1].strip(" "):
        return None
    if line[column - 1] == ":":
        return Problem("there is no key before this colon", "write one, in quotes if it is to be empty"), _span(
            source, offset, 1
        )
    open_ = list(_open_indents(source, piece, number))
    if column - 1 in open_ and words.endswith("key") and line[column - 1 :].startswith("- "):
        help_text = "write a key, or indent the item as part of the list above"
        return Problem("a list item cannot stand between keys", help_text), _span(
            source, offset, len(line) - column + 1
        )
    if column - 1 in open_:
        return None
    ways = " or ".join(map(str, open_[:2]))
    problem = Problem(
        "no line above is indented like this one", f"indent it by {ways} blank{'' if ways == '1' else 's'}"
    )
    return problem, _span(source, offset, len(line.rstrip()) - column + 1)


def _open_indents(source: Source, piece: Span, number: int) -> Iterator[int]:
    """How far lines above are indented whose mappings and lists are still open, nearest first."""
    least = None
    for above in range(number - 1, source.line_column(piece.start)[0] - 1, -1):
        text = source.line(above)
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        here = len(text) - len(text.lstrip(" "))
        if least is None or here < least:
            least = here
            yield here
        if here == 0:
            return


def _never_closed(source: Source, piece: Span, begun: int) -> Guess | None:
    opening = source.text[begun : begun + 1]
    if opening not in _CLOSING:
        return None
    if source.text.count(opening, begun, piece.end) <= source.text.count(_CLOSING[opening], begun, piece.end):
        return None
    problem = Problem(f"this {_KINDS[opening]} is never closed", f"write `{_CLOSING[opening]}`, or quote the text")
    return problem, _span(source, begun, 1)


def _line_start(source: Source, number: int, before: int) -> int:
    """The offset where a line begins that lies before an offset."""
    start = before
    while source.line_column(start)[0] > number:
        start = source.text.rfind("\n", 0, start - 1) + 1
    return start


def _span(source: Source, start: int, length: int) -> Span:
    return Span(source, start, min(start + max(length, 1), len(source.text)))


def _quoted(text: str) -> str:
    written = text.rstrip()
    return f'write "{_cut(written)}"' if not set(written) & set('"\\#') else "put the text in quotes"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _blanks(number: int) -> str:
    return f"{number} blank{'' if number == 1 else 's'}"
