"""What `check_pattern` accepts, RE2, Python, JavaScript and Rust give one verdict on; what one of them refuses, it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import jsonschema_rs
import pytest
import re2
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from chartgen.documents.re2 import re2_pattern
from chartgen.settings.patterns import check_pattern, to_javascript, to_python
from tests.counts import examples
from tests.javascript import Javascript, wanted

Engine = Callable[[str, list[str]], "list[bool] | str"]

# Few characters, so that patterns and texts meet; those on which engines differ are among them.
LITERALS = [
    "a",
    "b",
    "-",
    "_",
    "0",
    ",",
    ":",
    "/",
    " ",
    "=",
    "&",
    "~",
    "<",
    "é",
    "😀",
    "\n",
    "\u2028",
    "\x85",
    "\u212a",
]
TEXTS = st.text(st.sampled_from([*LITERALS, "]", "\\", "^", ".", "\r", "٣", "\x0b", "|", "\u017f"]), max_size=6)
ESCAPES = [
    "\\.",
    "\\\\",
    "\\^",
    "\\$",
    "\\]",
    "\\[",
    "\\x61",
    "\\xe9",
    "\\x85",
    "\\n",
    "\\r",
    "\\t",
    "\\v",
    "\\f",
    "\\/",
]
SETS = ["\\d", "\\D", "\\w", "\\W"]
RANGES = ["a-b", "0-9", "a-é", "\\x00-\\x7f", "\\u212a-😀".replace("\\u212a", "\u212a"), "\\--9", " -~", "+-/"]
QUANTIFIERS = ["*", "+", "?", "{0}", "{2}", "{1,}", "{0,2}", "{2,3}"]
# For patterns of any kind, most of which are refused.
NOISE = "ab0^$.*+?()[]{}|\\-dwDWsSbBAzZxuUpnvk:=!<>P&~,i12\n/'\"é"


@st.composite
def classes(draw: st.DrawFn) -> str:
    items = draw(st.lists(st.sampled_from([*LITERALS, *ESCAPES, "\\-", *SETS, *RANGES]), min_size=1, max_size=4))
    return f"[{draw(st.sampled_from(['', '^', '-', '^-']))}{''.join(items)}{draw(st.sampled_from(['', '-']))}]"


def atoms() -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from([*LITERALS, *ESCAPES, *SETS, ".", "^", "$"]), classes())


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.tuples(st.sampled_from(["(", "(?:"]), st.lists(inner, max_size=3)).map(
        lambda parts: f"{parts[0]}{'|'.join(parts[1])})"
    )
    repeated = st.tuples(st.one_of(atoms(), group), st.sampled_from(QUANTIFIERS), st.sampled_from(["", "?"])).map(
        "".join
    )
    return st.one_of(group, repeated, st.lists(inner, min_size=2, max_size=3).map("".join))


STRUCTURED = st.recursive(atoms(), larger, max_leaves=8)
ANY = st.one_of(STRUCTURED, st.text(st.sampled_from(NOISE), max_size=10))


def with_python(pattern: str, texts: list[str]) -> list[bool] | str:
    try:
        compiled = re.compile(to_python(pattern), re.ASCII)
    except (re.error, FutureWarning) as error:
        return str(error)
    return [compiled.search(text) is not None for text in texts]


def with_re2(pattern: str, texts: list[str]) -> list[bool] | str:
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        return str(error)
    return [compiled.search(text) is not None for text in texts]


def with_rust(pattern: str, texts: list[str]) -> list[bool] | str:
    try:
        compiled = jsonschema_rs.validator_for(
            {"pattern": re2_pattern(pattern)}, pattern_options=jsonschema_rs.RegexOptions()
        )
    except jsonschema_rs.ValidationError as error:
        return str(error)
    return [compiled.is_valid(text) for text in texts]


@pytest.fixture(scope="module", params=["with JavaScript" if wanted() else "WITHOUT JavaScript: no node here"])
def engines() -> Iterator[dict[str, Engine]]:
    """Each engine's search, by its name."""
    found: dict[str, Engine] = {"python": with_python, "re2": with_re2, "rust": with_rust}
    if not wanted():
        yield found
        return
    with Javascript() as javascript:
        yield found | {"javascript": lambda pattern, texts: javascript.search(to_javascript(pattern), texts)}


@settings(max_examples=examples(20_000))
@given(pattern=ANY, texts=st.lists(TEXTS, min_size=4, max_size=4))
@example(pattern=".", texts=["\r", "\u2028", "\n", ""])
@example(pattern="^a$", texts=["a\n", "a", "\na", ""])
@example(pattern="(|a)+$", texts=["aa", "b", "", "ab"])
@example(pattern="(a?b??)*$", texts=["aab", "ba", "", "c"])
@example(pattern=r"[\W_]", texts=["é", "\u017f", "\u212a", "a"])
@example(pattern=r"[\d-]", texts=["٣", "-", "0", "d"])
def test_an_accepted_pattern_has_one_verdict(engines: dict[str, Engine], pattern: str, texts: list[str]) -> None:
    assume(check_pattern(pattern) is None)
    verdicts = {name: search(pattern, texts) for name, search in engines.items()}

    assert verdicts == dict.fromkeys(engines, verdicts["re2"])
    assert isinstance(verdicts["re2"], list)


@settings(max_examples=examples(5_000))
@given(pattern=st.text(max_size=12))
def test_any_text_at_all_has_an_answer(pattern: str) -> None:
    fault = check_pattern(pattern)

    assert fault is None or (0 <= fault.index <= len(pattern) and fault.message != "")


@settings(max_examples=examples(2_000))
@given(pattern=STRUCTURED)
def test_a_pattern_of_the_common_syntax_is_refused_for_a_reason_alone(pattern: str) -> None:
    """The generator makes few mistakes: nothing to repeat, sets of doubled signs, ranges, exponential time."""
    fault = check_pattern(pattern)
    reasons = (
        "could be repeated",
        "operation on sets",
        "exponential",
        "so many ways",
        "at each end",
        "wrong order",
        "cannot be repeated",
    )

    assert fault is None or any(reason in fault.message for reason in reasons)
