"""libyaml's words for what is wrong, in plainer ones, with the way out."""

from __future__ import annotations

from chartgen.documents.limits import MAX_DEPTH
from chartgen.records import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, what to do, and whether it shows best where the value began, not where libyaml gave up."""

    message: str
    help: str = ""
    at_beginning: bool = False
    code: str = "CG102"


def problem(words: str, character: str) -> Problem:
    """A problem of libyaml's, by its words and the character that it stopped at."""
    if words == "found character that cannot start any token":
        return _cannot_start(character)
    return _PROBLEMS.get(words) or Problem(words)


def _cannot_start(character: str) -> Problem:
    if character == "\t":
        return Problem("found a tab where indentation has to be spaces", "indent with spaces")
    name = "a backtick" if character == "`" else f"`{character}`"
    return Problem(f"a value cannot begin with {name}", "put the value in quotes")


_QUOTE = "put the text in quotes"

_BEGINNINGS = {
    "while parsing a block mapping": "its mapping begins here",
    "while parsing a block collection": "its list begins here",
    "while parsing a flow mapping": "its mapping begins here",
    "while parsing a flow sequence": "its list begins here",
    "while scanning a quoted scalar": "the text begins here",
    "while scanning a block scalar": "the text begins here",
}


def beginning(words: str) -> str:
    """What began where libyaml says that it was at; empty where the place tells nothing."""
    return _BEGINNINGS.get(words, "")


_PROBLEMS = {
    # The scanner counts brackets ahead of us, up to 1000.
    "exceeded maximum nesting depth": Problem(
        f"the file is nested deeper than {MAX_DEPTH} levels", "keep the values flatter", code="CG105"
    ),
    "could not find expected ':'": Problem(
        "expected `key: value` here",
        "put a colon and a blank after the key, or indent the line as text",
        at_beginning=True,
    ),
    "mapping values are not allowed in this context": Problem(
        "a `key: value` cannot stand here", "quote a text that holds `: `, or check the indentation of this line"
    ),
    "mapping keys are not allowed in this context": Problem("a `?` key cannot stand here", _QUOTE),
    "block sequence entries are not allowed in this context": Problem(
        "a list item cannot begin here", "write `- ` on a line of its own"
    ),
    "did not find expected key": Problem(
        "expected a key here", "indent this line as the keys of its mapping, or quote the text before it"
    ),
    "did not find expected '-' indicator": Problem(
        "expected a list item, `- `, here", "indent this line as the items of its list, or as the keys around it"
    ),
    "did not find expected ',' or '}'": Problem("expected `,` or `}` here", "write what is missing, or quote the text"),
    "did not find expected ',' or ']'": Problem("expected `,` or `]` here", "write what is missing, or quote the text"),
    "did not find expected node content": Problem("expected a value here", "write one, or `null`"),
    "did not find expected <document start>": Problem(
        "the document has ended before this", "write `---` on a line between two documents"
    ),
    "found unexpected end of stream": Problem(
        "the text in quotes that begins here never ends", "close the quotes", at_beginning=True
    ),
    "found unexpected document indicator": Problem(
        "the text in quotes that begins here never ends", "close the quotes", at_beginning=True
    ),
    "found unexpected ':'": Problem(
        "a colon between brackets needs a blank behind it", "write `key: value`, or quote the text"
    ),
    "found unknown escape character": Problem(
        "this escape is unknown", r"write `\\` for a backslash, or use single quotes"
    ),
    "did not find expected hexdecimal number": Problem(
        "expected hexadecimal digits in this escape", r"`\x` takes two of them, `\u` four, `\U` eight"
    ),
    "found invalid Unicode character escape code": Problem(
        "this escape stands for no character", "write the character itself: YAML knows no pairs of surrogates"
    ),
    "found a tab character that violates indentation": Problem(
        "found a tab where indentation has to be spaces", "indent with spaces"
    ),
    "found a tab character where an indentation space is expected": Problem(
        "found a tab where indentation has to be spaces", "indent with spaces"
    ),
    "did not find expected alphabetic or numeric character": Problem(
        "a name has to follow `&` or `*`", "quote a value that begins with `&` or `*`", at_beginning=True
    ),
    "did not find expected comment or line break": Problem(
        "nothing but a comment can stand behind `|` or `>` on their line", "begin the text on the next line"
    ),
    "did not find expected whitespace or line break": Problem("expected a blank here", _QUOTE),
    "found undefined tag handle": Problem("this tag is not defined", "quote a value that begins with `!`"),
    "did not find expected tag URI": Problem("expected the name of a tag", "quote a value that begins with `!`"),
}
