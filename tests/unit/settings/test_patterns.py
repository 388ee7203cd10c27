"""Which regular expressions every enforcer reads alike, and what is said of the others."""

from __future__ import annotations

import re
import time

import jsonschema_rs
import pytest
import re2

from chartgen.settings.patterns import MAX_SIZE, check_pattern, to_javascript, to_python
from tests.javascript import Javascript, wanted

SOUND = [
    "",
    "abc",
    "^[a-z][a-z0-9-]{0,62}$",
    r"^\d{1,3}(\.\d{1,3}){3}$",
    r"^https?://[^/?#]+(/.*)?$",
    "(?:a|b|)c",
    "a*?b+?c??d{2,3}?",
    r"[\w.-]+",
    r"[^\W\d]",
    "[a^$.*+?(){}|/]",
    r"[\]\[\\^-]",
    r"[-a]|[a-]|[\d-]|[-a-z-9]",
    r"\^\$\\\.\*\+\?\(\)\[\]\{\}\|\/",
    r"\n\r\t\f\v\x41\xe9",
    "([a-z]+,)*[a-z]+",
    "((a{10}){10}){10}",
    "^" + "(-[a-z])?" * 20 + "$",
    "^" + "".join(f"{letter}?" for letter in "abcdefghijklmnopqrstuvwxyz") + "$",
    "^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$",
    r"^(25[0-5]|2[0-4]\d|[01]?\d\d?)(\.(25[0-5]|2[0-4]\d|[01]?\d\d?)){3}$",
    "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z.-]+)?$",
    "^([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}$",
    r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
    r"^[^@ ]+@[^@ ]+\.[^@ ]+$",
    r"^(\d+(ms|s|m|h))+$",
    "^(en|de|fr)(,(en|de|fr))*$",
    "a{0}",
    "é😀[é-ü😀-😂]",
    "(\\d+\\.?){3}",
]

REFUSED = [
    # pattern, index, a part of the message, a part of the help
    ("a(?=b)", 1, "lookahead", "what must match"),
    ("a(?!b)", 1, "lookahead", "matches("),
    ("(?<=a)b", 0, "lookbehind", "before"),
    ("(?<!a)b", 0, "lookbehind", "before"),
    ("(?<n>a)", 0, "named groups", "(?:"),
    ("(?P<n>a)", 0, "named groups", "(?:"),
    ("(?P=n)", 0, "backreferences", "repeated part"),
    ("(?>a)", 0, "atomic", "(?:"),
    ("(?i)a", 0, "flags", "[Aa]"),
    ("(?i:a)", 0, "flags", "[Aa]"),
    ("(?s).", 0, "flags", "[Aa]"),
    ("(?#c)", 0, "comments", "$comment"),
    ("(a)(?(1)b)", 3, "conditions", "|"),
    (r"(a)\1", 3, "backreferences", "repeated part"),
    (r"\k<n>", 0, "backreferences", "repeated part"),
    (r"\0", 0, "octal", r"\x00"),
    (r"\012", 0, "octal", r"\x00"),
    (r"a\s", 1, r"\s is not the same", r"[ \t\r\n\f\v]"),
    (r"\S", 0, r"\S is not the same", r"[^ \t\r\n\f\v]"),
    (r"[\s]", 1, r"\s is not the same", r"[ \t"),
    (r"\bword", 0, r"\b is not the same", "^ and $"),
    (r"\B", 0, r"\B is not the same", "beside"),
    (r"[\b]", 1, r"\b is not the same", ""),
    (r"\Aa", 0, r"\A is not known to JavaScript", "^"),
    (r"a\Z", 1, r"\Z is not known", "$"),
    (r"a\z", 1, r"\z is not known to JavaScript", "$"),
    (r"\p{L}", 0, r"\p is not known to Python", "class"),
    (r"\PL", 0, r"\P is not known to Python", "class"),
    (r"\u0041", 0, r"\u is not known to RE2", r"\xHH"),
    (r"\U00000041", 0, r"\U is not known", "itself"),
    (r"\x4", 0, "two hexadecimal digits", r"\x41"),
    (r"\x{41}", 0, "two hexadecimal digits", r"\x41"),
    (r"\Qa\E", 0, r"\Q", "backslash"),
    (r"\a", 0, r"\a is not the same", "write a"),
    (r"\cA", 0, r"\c is not the same", "write c"),
    (r"\-", 0, "refused by JavaScript", "write - without"),
    (r"\ ", 0, "refused by JavaScript", "without"),
    (r"[\_]", 1, "refused by JavaScript", "without"),
    ("\\é", 0, "not the same everywhere", "é"),
    ("a\\", 1, "ends in a backslash", r"\\"),
    ("x{,3}", 1, "begins no count", "{2,5}"),
    ("x{a}", 1, "begins no count", "{2,5}"),
    ("x{01}", 1, "begins no count", "{2,5}"),
    ("x{1, 2}", 1, "begins no count", "{2,5}"),
    ("{2}", 0, "nothing that { could repeat", "backslash"),
    ("a}", 1, "closes nothing", "backslash"),
    ("a]", 1, "closes nothing", "backslash"),
    ("*a", 0, "nothing that * could repeat", "backslash"),
    ("(+a)", 1, "nothing that + could repeat", "backslash"),
    ("a|?", 2, "nothing that ? could repeat", "backslash"),
    ("^*", 1, "nothing here that could be repeated", "leave"),
    ("(?:)+", 4, "nothing here that could be repeated", "leave"),
    ("(^|$){2}", 5, "nothing here that could be repeated", "leave"),
    ("a**", 2, "cannot be repeated", "(?: )"),
    ("a++", 2, "possessive", "(?: )"),
    ("a{2}{3}", 4, "cannot be repeated", "(?: )"),
    ("a??+", 3, "possessive", "(?: )"),
    ("a{1001}", 1, "larger than RE2's 1000", "lower"),
    ("a{0,1001}", 1, "larger than RE2's 1000", "lower"),
    ("(a{100}){11}", 8, "multiply to more than RE2's 1000", "lower"),
    ("(a{100,}b){11}", 10, "multiply to more than RE2's 1000", "lower"),
    ("a{3,2}", 1, "wrong order", "{2,3}"),
    ("(a", 0, "not closed", "\\("),
    ("a)", 1, "closes no group", "backslash"),
    ("[a", 0, "not closed", "\\["),
    (r"[a\]", 0, "not closed", "\\["),
    ("[]a]", 1, "empty in JavaScript", "\\]"),
    ("[^]a]", 2, "empty in JavaScript", "\\]"),
    ("[]", 1, "empty in JavaScript", "\\]"),
    ("[[:alpha:]]", 1, "not read alike", "\\["),
    ("[a[b]]", 2, "not read alike", "\\["),
    ("[a&&b]", 2, "operation on sets", "once"),
    ("[a||b]", 2, "operation on sets", "\\|"),
    ("[a~~b]", 2, "operation on sets", "once"),
    ("[a--b]", 2, "operation on sets", "\\-"),
    ("[--a]", 1, "operation on sets", "\\-"),
    ("[+--]", 2, "operation on sets", "\\-"),
    ("[b-a]", 1, "wrong order", "a-b"),
    (r"[\d-z]", 3, "a character at each end", "\\-"),
    (r"[a-\d]", 2, "a character at each end", "\\-"),
    ("a\0", 1, "cannot stand", "\\x00"),
    ("\ud83d", 0, "cannot stand", ""),
    ("(a+)+", 4, "exponential", "between"),
    ("(a*)*", 4, "exponential", "between"),
    (r"(\w+,?)*x", 7, "exponential", "between"),
    ("(?:a|b+)*", 8, "exponential", "between"),
    ("(a+){11}", 4, "exponential", "between"),
    ("((a+)?b?)*", 9, "exponential", "between"),
    ("(a?b?)*", 6, "so many ways", "end at a character"),
    ("^([a-z]{1,20}){1,20}$", 14, "so many ways", "end at a character"),
    ("^(a|a)*$", 6, "so many ways", "end at a character"),
    ("(a|aa)+$", 6, "so many ways", "end at a character"),
    (r"^(\w+\d+)+$", 9, "so many ways", "end at a character"),
    (r"^(\w+){1,10}$", 6, "so many ways", "end at a character"),
    ("^(a?){20,50}$", 5, "so many ways", "end at a character"),
    ("^(.*,){10}x", 6, "so many ways", "end at a character"),
    (r"^\d+\d+\d+\d+$", 3, "so many ways", "end at a character"),
    ("^" + "a?" * 30 + "$", 60, "so many ways", "end at a character"),
    ("^(((a?){3}){3}){3}$", 5, "so many ways", "end at a character"),
    ("(a|b|ab)*", 8, "so many ways", "end at a character"),
    ("(" * 51 + ")" * 51, 50, "deeper", "flatter"),
    ("a{1000}" * 6, 0, "larger", "lower"),
]


@pytest.mark.parametrize("pattern", SOUND)
def test_what_all_engines_read_alike_is_accepted(pattern: str) -> None:
    assert check_pattern(pattern) is None


@pytest.mark.parametrize(("pattern", "index", "message", "help_text"), REFUSED)
def test_anything_else_is_refused_at_its_place_with_what_to_write(
    pattern: str, index: int, message: str, help_text: str
) -> None:
    fault = check_pattern(pattern)

    assert fault is not None
    assert fault.index == index
    assert message in fault.message
    assert help_text in fault.help


def test_a_dollar_is_the_very_end_in_python_too() -> None:
    assert to_python(r"a$|\$[$]") == r"a\Z|\$[$]"
    assert re.search(to_python("^a$"), "a\n", re.ASCII) is None


def test_a_dot_takes_what_it_takes_in_re2_in_javascript_too() -> None:
    assert to_javascript(r".\.[.\]]") == r"[^\n]\.[.\]]"


def test_exponential_time_is_what_the_refusal_saves_from() -> None:
    """The refused pattern really is slow in Python, and what the help proposes is not."""
    text = "a" * 20 + "!"
    started = time.thread_time()
    re.search(to_python(r"^\w+(,\w+)*$"), text, re.ASCII)
    sound = time.thread_time() - started
    started = time.thread_time()
    re.search(to_python(r"^(\w+,?)*$"), text, re.ASCII)

    assert time.thread_time() - started > 100 * sound


LARGEST = [
    "[^\U00010401]{1000}" * 5,
    "[^\xe9\u0803\U00010401]{1000}" + "[^\U00010401]{1000}" * 2,
    r"\W{1000}" * 5,
    r"[\W\D]{1000}" * 2 + r"\D{1000}",
    ".{1000}" * 5,
    "([^\U00010400-\U0001f000\u0800-\u0900]{31}){31}" * 2,
    "a" * MAX_SIZE,
    "|".join(["a"] * (MAX_SIZE // 2)),
]


@pytest.mark.parametrize("pattern", LARGEST, ids=range(len(LARGEST)))
def test_the_largest_patterns_compile_everywhere(pattern: str) -> None:
    assert check_pattern(pattern) is None
    re.compile(to_python(pattern), re.ASCII)
    re2.compile(pattern)
    jsonschema_rs.validator_for({"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions())


@pytest.mark.skipif(not wanted(), reason="there is no node here")
def test_the_largest_patterns_compile_in_javascript() -> None:
    with Javascript() as javascript:
        for pattern in LARGEST:
            assert isinstance(javascript.search(to_javascript(pattern), ["b" * 99]), list)
