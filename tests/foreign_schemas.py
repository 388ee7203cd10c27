"""Random JSON Schemas of every draft as people write them for Helm charts, good and bad, and values for them.

The pools are small on purpose: a schema and values that share keys, texts and numbers meet in the verdict about half of
the time, and each pool holds the odd members of its kind.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from hypothesis import strategies as st

DRAFTS = {
    4: "http://json-schema.org/draft-04/schema#",
    6: "http://json-schema.org/draft-06/schema#",
    7: "http://json-schema.org/draft-07/schema#",
    2019: "https://json-schema.org/draft/2019-09/schema",
    2020: "https://json-schema.org/draft/2020-12/schema",
}
OTHER_DRAFTS = [
    "http://json-schema.org/draft-07/schema", "https://json-schema.org/draft-07/schema#", "http://json-schema.org/schema#",
    "https://json-schema.org/draft/2020-12/schema#", "http://json-schema.org/draft-03/schema#", "http://nowhere.invalid/schema",
    "draft-07", "", 7,
]  # fmt: skip

KEYS = ["a", "b", "c", "é", "x-y", "a/b", "a~b", ""]
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]
NUMBERS = [
    0, 1, 2, 3, -1, 1.0, -0.0, 1.5, 0.1, 0.3, 0.7, 19.99, 100, 1e300, 1e-7, 5e-324, 2**53, 2**53 + 1, 2**63, 2**64, 10**22, 1e22,
    4.35, 0.01, -2.5, 1e16, 123456789012345680000,
]  # fmt: skip
COUNTS = [0, 1, 2, 3, 2.0, 1e0]
TEXTS = [
    "", "a", "b", "ab", "abc", "1", "é", "😀", "e\u0301", "a\nb", "a\n", " ", "\u00a0", "A", "٣", "-", "a b", "null", "ß", "\u017f", "K",
    "\u2028", "\r", "\x0b", "abab", "foo.bar", "v1.2.3", "_", "\\d",
]  # fmt: skip
FORMATS = {
    "date": ["2024-02-29", "2023-02-29", "2024-2-9", "2024-02-30", "0000-01-01", "2024-01-01T00:00:00Z"],
    "date-time": [
        "2024-02-29T12:00:00Z", "2024-02-29t12:00:00z", "2024-02-29T24:00:00Z", "2016-12-31T23:59:60Z", "2024-02-29 12:00:00Z",
        "2024-02-29T12:00:00+01:00", "2024-02-29T12:00:00.5Z", "2024-02-29T12:00:00", "2024-02-29T12:00:00.Z", "2016-12-31T22:59:60Z",
        "2024-02-29T12:00:00+24:00", "2024-02-29T12:00:00-00:00", "1998-12-31T15:59:60-08:00", "2024-02-29T12:00:00+0100",
    ],
    "time": ["12:00:00Z", "12:00:00", "24:00:00Z", "23:59:60Z", "12:00Z", "12:00:00.123+01:30", "1:00:00Z", "22:59:60-01:00", "+1:00:00Z"],
    "duration": ["P1D", "PT1H", "P1W", "P", "PT", "P1Y2M3DT4H5M6S", "P1DT", "P1M1Y", "1D", "P1.5D", "P1YT1H1S", "P1W2D", "PT1S1H"],
    "email": ["a@b.c", "a", "a@b", "a.@b.c", ".a@b.c", "a..b@c.d", '"a b"@c.d', "a@[127.0.0.1]", "a@[IPv6:::1]", "a@-b.c", "a b@c.d", "a@b_c.d", "é@b.c", "a@é.c"],
    "hostname": ["a.b", "a", "-a", "a-", "a_b", "a..b", "a.", "A.B", "é.b", "xn--a", "1.2.3.4", "a" * 64, "", "a." + "b" * 250],
    "ipv4": ["1.2.3.4", "1.2.3", "01.2.3.4", "256.1.1.1", "1.2.3.4/24", "+1.2.3.4", " 1.2.3.4", "1.2.3.-4"],
    "ipv6": ["::1", "::", "1::2::3", "::ffff:1.2.3.4", "fe80::1%eth0", "12345::", "1:2:3:4:5:6:7:8", "1.2.3.4", "[::1]", "::1/64"],
    "uri": ["http://a.b/c", "a", "/a", "urn:x:y", "http://", "http:", "http://a b", "http://[::1]", "http://a:b", "//a", "http://a/%zz", "mailto:a@b", "http://a\\b", "1a:b", "a:é", "http://é", "http://::1", ":a", "http://a:99999/", "a:%zz"],
    "uri-reference": ["http://a.b/c", "a", "/a", "#a", "a\\b", "%zz", "a b", "", "a:b", ":a", "?q", "//[::1", "1:a", "a#b#c"],
    "uri-template": ["http://a/{b}", "http://a/{b", "{a}", "a}", "http://a/{b{c}}", "a/{b}/c", "%7B"],
    "iri": ["http://é/ü", "é", "urn:é"],
    "iri-reference": ["é", "#é", "é\\"],
    "uuid": ["2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2EB8AA08-AA98-11EA-B4AA-73B441D16380", "2eb8aa08aa9811eab4aa73b441d16380", "2eb8aa08-aa98-11ea-b4aa-73b441d1638"],
    "json-pointer": ["", "/", "/a", "/a~0", "/a~", "a", "/~2", "/a/b", "#/a"],
    "relative-json-pointer": ["0", "1/a", "01", "0#", "#", "/a", "-1", "1#a", "1~"],
    "regex": ["a", "(", "[", "a{2,1}", "(?=a)", "\\d", "[[:alpha:]]", "\\Q(\\E", "\\pL", "(?<n>a)", "(?P<n>a)", "\\Z", "a{1001}"],
    "semver": ["1.2.3", "v1.2.3", "1.2", "01.2.3", "1.2.3-a.b", "1.2.3-01", "1.2.3+b", "1.2.3+", "1.2.3-", "1.0.0-a+b.c"],
    "period": ["2024-01-01T00:00:00Z/P1D", "P1D/2024-01-01T00:00:00Z", "a/b", "P1D/P1D", "2024-01-01T00:00:00Z/2024-01-02T00:00:00Z", "a"],
    "idn-email": ["a", "é@é.é"],
    "idn-hostname": ["é", "-", "〮"],
    "color": ["red", "1"],
    "byte": ["YQ==", "?"],
    "int32": ["1", "99999999999"],
    "password": ["x"],
    "unknown": ["x"],
}  # fmt: skip
PATTERNS = [
    "^a", "a$", "^a$", "^[a-z]+$", "^.$", ".", "", "^$", "a|b", "(ab)+", "[^a]", "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\b", "^\\w+$",
    "é", "\\u00e9", "\\x61", "\\x{1F600}", "\\p{L}", "\\pL", "\\p{Greek}", "\\P{Lu}", "\\PL", "\\p{^L}", "\\p{Letter}", "\\p{Script=Greek}",
    "[[:alpha:]]", "[[:^alpha:]]", "[[:word:]]", "[[:foo:]]", "\\Qa.b\\E", "\\Qa", "\\C", "\\A", "\\z", "\\Z", "\\a", "\\f\\t\\n\\r\\v", "\\0",
    "\\1", "(a)\\1", "\\7", "\\e", "\\cA", "\\/", "\\-", "\\_", "\\é", "\\<", "(?i)A", "(?i)k", "(?i)ß", "(?s).", "(?m)^b", "(?U)a+", "(?x)a b", "(?i:A)b", "(?-i)a",
    "(?=a)", "(?!a)", "(?<=a)", "(?<n>a)", "(?P<n>a)", "(?P=n)", "(?P<n>a)(?P<n>b)", "(?#c)", "(?>a)", "a++", "a*?", "a{2}", "a{2,}", "a{,2}", "a{1,2}", "a{2,1}", "a{",
    "a{1000}", "a{1001}", "(a{100}){100}", "a**", "*", "+a", "a|*", "(", ")", "[", "]", "[]a]", "[^]a]", "[a", "[z-a]", "[a-\\d]", "[\\d-z]", "[a-c-e]", "[-a]", "[a-]",
    "[\\b]", "[\\w-]", "[\\]]", "[\\s\\S]", "[^\\s]", "[\\D]", "[&&]", "[a&&b]", "[a--b]", "[a~~b]", "[[a]", "[a[b]]", "[\\pL]", "[\\p{Lu}a]", "[\\x{61}-\\x62]", "[\\Qa\\E]", "[\\A]", "[\\B]",
    "{", "}", "a}", "{1}", "^*", "$*", "\\b+", "()", "(|a)", "(?:)", "(?:a|)", "^^a$$", "a$b", "(?i)(?-i)A", "\\", "a\\", "\\x", "\\xg", "\\x{110000}", "\\u{61}", "\\U0001F600",
    "\\pX", "\\p{Foo}", "\\pé", "\\p", "\\p{Any}", "\\p{Cn}", "\\p{Lc}", "\\p{LC}", "\\p{Zyyy}", "\\R", "\\X", "\\h", "\\N", "\\K", "\\G", "\\B", "(?i)\u017f", "(?i)[k]", "[^\\n]", "a.b", "\\.", "\\#", "\\ ", "#", "\\&", "\\~",
    "^([a-z0-9]([-a-z0-9]*[a-z0-9])?)$", "^v?\\d+\\.\\d+\\.\\d+$", "(?i)^(a|b)$", "😀", "^\\S+$",
]  # fmt: skip

scalars = st.one_of(
    st.sampled_from(NUMBERS),
    st.sampled_from(TEXTS),
    st.sampled_from([text for texts in FORMATS.values() for text in texts]),
    st.sampled_from([None, True, False]),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=6,
)
roots = st.dictionaries(st.sampled_from(KEYS[:3]), values, max_size=3)

REFERENCES = [
    "#", "#/definitions/d", "#/$defs/d", "#/properties/a", "#d", "#nope", "#/nope", "#/definitions", "#/$defs/d/x", "other.json", "d.json",
    "http://nowhere.invalid/s.json", "http://nowhere.invalid/d.json", "urn:example:d", "file:///nowhere/s.json", "/abs.json", "#/definitions/a~1b", "#/$defs/a%2Fb", "#/x-d", "ftp://a/b", "%zz", "#%zz",
    "http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2020-12/schema", "#/definitions/d/", "#/allOf/0", "values.schema.json#", "",
]  # fmt: skip
IDENTIFIERS = [
    "http://nowhere.invalid/s.json",
    "d.json",
    "#d",
    "urn:example:d",
    "",
    "http://nowhere.invalid/d.json",
    "%zz",
    "x#d",
]


@st.composite
def keyword(draw: st.DrawFn, draft: int, depth: int) -> tuple[str, Any]:
    """A keyword and its value; most are of the draft, some of another."""
    strategies = {**_values(draft), **_schemas(draft, depth - 1), **_SAID}
    if depth <= 0:
        strategies = {name: strategies[name] for name in _FLAT}
    name = draw(st.sampled_from(sorted(strategies)))
    return name, draw(strategies[name])


_Strategies: TypeAlias = dict[str, st.SearchStrategy[Any]]
_keys = st.lists(st.sampled_from(KEYS[:4]), max_size=2, unique=True)


def _values(draft: int) -> _Strategies:
    """The keywords that bound a value."""
    counts, numbers = st.sampled_from(COUNTS), st.sampled_from(NUMBERS)
    exclusive = st.booleans() if draft == 4 else numbers
    return {
        "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True),
        "enum": st.lists(scalars | values, min_size=1, max_size=4),
        "const": values,
        "multipleOf": st.sampled_from([number for number in NUMBERS if number > 0]),
        **dict.fromkeys(("maximum", "minimum"), numbers),
        **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum"), exclusive),
        **dict.fromkeys(_COUNTED, counts),
        "pattern": st.sampled_from(PATTERNS),
        "format": st.sampled_from(sorted(FORMATS)),
        "uniqueItems": st.booleans(),
        "required": st.lists(st.sampled_from(KEYS[:4]), min_size=int(draft == 4), max_size=2, unique=True),
        "dependentRequired": st.dictionaries(st.sampled_from(KEYS[:3]), _keys, max_size=2),
    }


def _schemas(draft: int, depth: int) -> _Strategies:
    """The keywords that hold schemas, or refer to them."""
    below = schemas(draft, depth)
    named = st.dictionaries(st.sampled_from(KEYS), below, max_size=3)
    some = st.lists(below, min_size=1, max_size=3)
    return {
        **dict.fromkeys(("not", "contains", "propertyNames", "if", "then", "else", "additionalItems"), below),
        **dict.fromkeys(("additionalProperties", "unevaluatedProperties", "unevaluatedItems"), st.booleans() | below),
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), some),
        **dict.fromkeys(("properties", "definitions", "$defs"), named),
        "items": below | (some if draft < 2020 else below),
        "patternProperties": st.dictionaries(st.sampled_from(PATTERNS[:30]), below, max_size=2),
        "dependencies": st.dictionaries(st.sampled_from(KEYS[:3]), below | _keys, max_size=2),
        "dependentSchemas": st.dictionaries(st.sampled_from(KEYS[:3]), below, max_size=2),
        "$ref": st.sampled_from(REFERENCES[:4]) | st.sampled_from(REFERENCES),
        "$dynamicRef": st.sampled_from(["#d", "#", "#/$defs/d"]),
        "$recursiveRef": st.just("#"),
        **dict.fromkeys(("id", "$id"), st.sampled_from(IDENTIFIERS)),
        **dict.fromkeys(("$anchor", "$dynamicAnchor"), st.just("d")),
        "$recursiveAnchor": st.booleans(),
    }


_SAID: _Strategies = {
    "contentEncoding": st.sampled_from(["base64", "none"]),
    "contentMediaType": st.sampled_from(["application/json", "text/plain"]),
    "default": values,
    "description": st.sampled_from(TEXTS),
    "examples": st.lists(values, max_size=1),
    "x-unknown": values,
    **dict.fromkeys(("readOnly", "deprecated", "nullable"), st.booleans()),
    "$comment": st.just("c"),
}
_COUNTED = (
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains",
)  # fmt: skip
_FLAT = [
    "type", "enum", "multipleOf", "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "minLength", "maxLength", "pattern",
    "minItems", "maxItems", "uniqueItems", "required", "minProperties", "maxProperties", "format", "const", "$ref",
]  # fmt: skip


@st.composite
def schemas(draw: st.DrawFn, draft: int, depth: int) -> Any:
    """A schema below the root: a few keywords, or a boolean."""
    if draft > 4 and draw(st.integers(0, 7)) == 0:
        return draw(st.booleans())
    return dict(draw(st.lists(keyword(draft, depth), max_size=3)))


BROKEN: list[tuple[str, Any]] = [
    ("type", "strin"), ("type", []), ("type", ["string", "string"]), ("type", None), ("minimum", "1"), ("minimum", None), ("required", "a"),
    ("required", ["a", "a"]), ("required", [1]), ("properties", []), ("properties", {"a": 1}), ("properties", {"a": "string"}), ("enum", {}), ("enum", []),
    ("enum", [1, 1.0]), ("multipleOf", 0), ("multipleOf", -1), ("minLength", -1), ("minLength", 1.5), ("pattern", 1), ("items", 1), ("items", []), ("allOf", []),
    ("anyOf", {}), ("not", 1), ("$ref", 1), ("$id", 1), ("$defs", []), ("definitions", {"a": 1}), ("additionalProperties", "no"), ("uniqueItems", "yes"),
    ("format", 1), ("title", 1), ("description", 1), ("exclusiveMaximum", True), ("exclusiveMaximum", 1), ("maxItems", 10**30), ("patternProperties", {"(": {}}),
    ("default", None), ("if", 1), ("then", 1), ("const", None), ("dependentRequired", {"a": "b"}), ("prefixItems", []), ("prefixItems", {}), ("$anchor", "1 a"), ("$schema", 1),
    ("dependencies", {"a": "b"}), ("examples", 1), ("deprecated", "yes"), ("$comment", 1), ("$vocabulary", 1), ("$vocabulary", {"urn:x": True}), ("$vocabulary", {"x": True}), ("$dynamicRef", "%zz"), ("$recursiveRef", "%zz"), ("contentEncoding", 1), ("readOnly", 1),
    ("propertyNames", 1), ("contains", 1), ("minContains", -1), ("unevaluatedProperties", 1), ("$dynamicRef", 1), ("$recursiveRef", 1), ("$recursiveRef", "#/a"), ("required", True),
    ("required", []), ("dependencies", {"a": []}), ("dependentSchemas", {"a": 1}), ("x-a", 1), ("divisibleBy", 2), ("disallow", "string"), ("extends", {}), ("items", True), ("additionalItems", 1),
    ("$ref", None), ("id", 1), ("nullable", "x"), ("minProperties", "1"),
]  # fmt: skip


@st.composite
def root_schemas(draw: st.DrawFn) -> tuple[Any, int]:
    """A whole schema and the draft that it was written for; a few are broken in one place."""
    draft = draw(st.sampled_from([*DRAFTS, 2020]))
    definitions = "definitions" if draft < 2019 else "$defs"
    schema: dict[str, Any] = {}
    if draft != 2020 or draw(st.booleans()):
        schema["$schema"] = DRAFTS[draft] if draw(st.integers(0, 15)) else draw(st.sampled_from(OTHER_DRAFTS))
    schema["properties"] = draw(st.dictionaries(st.sampled_from(KEYS[:3]), schemas(draft, 2), max_size=3))
    schema |= dict(draw(st.lists(keyword(draft, 2), max_size=2)))
    if draw(st.booleans()):
        schema[definitions] = {"d": draw(schemas(draft, 1))}
    if draw(st.integers(0, 9)) == 0:
        name, value = draw(st.sampled_from(BROKEN))
        place = draw(st.sampled_from(_places(schema)))
        place[name] = value
    return schema, draft


def _places(schema: Any) -> list[dict[str, Any]]:
    """Every mapping of a schema, the root first."""
    if isinstance(schema, list):
        return [place for item in schema for place in _places(item)]
    if not isinstance(schema, dict):
        return []
    return [schema, *(place for item in schema.values() for place in _places(item))]
