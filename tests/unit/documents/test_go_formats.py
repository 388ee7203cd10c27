"""`format` of the drafts 4 to 7 is what Helm's checks take, which is not what others take."""

from __future__ import annotations

import pytest

from chartgen.documents.go_formats import FORMATS
from chartgen.documents.go_urls import UrlError, parse_url

TAKEN = {
    "date": ["2024-02-29", "0000-02-29"],
    "date-time": ["2024-02-29t12:00:00z", "1998-12-31T15:59:60-08:00", "2024-02-29T12:00:00.5-00:00"],
    "time": ["23:59:60Z", "+1:00:00Z"],
    "duration": ["P1W", "P1YT1H1S"],
    "email": ["root@localhost", '"a b"@c.d', "a@[IPv6:::1]"],
    "hostname": ["a", "a.", "A.1"],
    "ipv4": ["1.2.3.4", "+1.2.3.4"],
    "ipv6": ["::ffff:1.2.3.4"],
    "uri": ["http://", "urn:x:y", "http://a/b c", "a:\u00e9"],
    "uri-reference": ["", "#a", "a b"],
    "uri-template": ["http://a/{b}", "a/{b}/c"],
    "uuid": ["2EB8AA08-AA98-11EA-B4AA-73B441D16380"],
    "json-pointer": ["", "/a~0"],
    "relative-json-pointer": ["0#", "1/a"],
    "regex": ["[[:alpha:]]", "\\pL"],
    "semver": ["1.2.3-a.b+c"],
    "period": ["P1D/2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z/P1D"],
}
REFUSED = {
    "date": ["2023-02-29", "2024-2-9", "2024-13-01"],
    "date-time": ["2024-02-29 12:00:00Z", "2024-02-29T12:00:00", "2016-12-31T22:59:60Z"],
    "time": ["12:00:00", "24:00:00Z", "12:00:00.Z"],
    "duration": ["P", "1D", "P1M1Y", "P1W2D", "P1DT"],
    "email": ["a", "a..b@c.d", "a@-b.c", "\u00e9@b.c"],
    "hostname": ["", "a_b", "-a", "a" * 64, "\u00e9.b"],
    "ipv4": ["01.2.3.4", "256.1.1.1", "1.2.3"],
    "ipv6": ["fe80::1%eth0", "1::2::3", "[::1]"],
    "uri": ["a", "/a", "http://a b", "http://a/%zz", "http://[::1", "http://a:b"],
    "uri-reference": ["a\\b", "%zz", ":a", "1:a"],
    "uri-template": ["http://a/{b", "a}"],
    "uuid": ["2eb8aa08aa9811eab4aa73b441d16380"],
    "json-pointer": ["a", "/~2"],
    "relative-json-pointer": ["01", "-1", "#"],
    "regex": ["(?=a)", "("],
    "semver": ["v1.2.3", "1.2", "1.2.3-01"],
    "period": ["P1D/P1D", "a"],
}


@pytest.mark.parametrize("name", sorted(TAKEN))
def test_a_format_takes_and_refuses_what_helms_does(name: str) -> None:
    check = FORMATS[name]

    assert [text for text in TAKEN[name] if not check(text)] == []
    assert [text for text in REFUSED[name] if check(text)] == []


@pytest.mark.parametrize(
    ("base", "reference", "expected"),
    [
        ("file:///values.schema.json", "a.json", "file:///a.json"),
        ("http://a/b/c", "../d", "http://a/d"),
        ("http://a/b/c", "./d/.", "http://a/b/d/"),
        ("http://a/b/c", "//e/f", "http://e/f"),
        ("http://a/b/c?q", "", "http://a/b/c?q"),
        ("http://a/b/c?q", "?r", "http://a/b/c?r"),
        ("http://a/b", "urn:x:y", "urn:x:y"),
        ("urn:x:y", "a.json", "urn:x:y"),
    ],
)
def test_a_reference_is_resolved_as_go_resolves_it(base: str, reference: str, expected: str) -> None:
    assert str(parse_url(base).join(parse_url(reference))) == expected


@pytest.mark.parametrize("text", [":a", "http://a\x7f", "a b:c", "http://a@b[::1]"])
def test_what_is_no_url_to_go_is_none(text: str) -> None:
    with pytest.raises(UrlError):
        parse_url(text)
