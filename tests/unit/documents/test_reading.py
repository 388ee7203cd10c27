"""A file becomes a text, or one finding that says why not."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import pytest

from chartgen.documents.limits import MAX_BYTES
from chartgen.documents.reading import read_source
from chartgen.finding import Finding
from chartgen.source import Source


def refused(path: str) -> Finding:
    found = read_source(path)
    assert isinstance(found, Finding)
    return found


def test_a_text_keeps_its_name_and_line_breaks_and_loses_its_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "values.yaml"
    path.write_bytes("\ufeffa: é\r\n".encode())

    assert Source(str(path), "a: é\r\n") == read_source(str(path))


def test_a_dash_is_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"a: 1\n")))

    assert Source("<stdin>", "a: 1\n") == read_source("-")


@pytest.mark.parametrize(("path", "reason"), [("no/such.yaml", "no such file or directory"), (".", "is a directory")])
def test_a_file_that_cannot_be_opened_is_a_finding(path: str, reason: str) -> None:
    finding = refused(path)

    assert ("CG101", f"cannot read {path}: {reason}") == (finding.code, finding.message)


def test_a_path_that_no_system_has_is_a_finding() -> None:
    assert refused("a\0b").code == "CG101"


@pytest.mark.parametrize(
    ("content", "message", "place"),
    [
        (b"a: 1\nb: \xff\n", "byte 8 is 0xff", (2, 4)),
        ("\ufeffé: ".encode() + b"\xc3(", "byte 7 is 0xc3", (1, 4)),
        (b"a: \xe2\x82", "byte 3 is 0xe2", (1, 4)),
    ],
)
def test_the_first_byte_that_is_not_utf8_is_named_and_placed(
    tmp_path: Path, content: bytes, message: str, place: tuple[int, int]
) -> None:
    path = tmp_path / "values.yaml"
    path.write_bytes(content)

    finding = refused(str(path))

    assert finding.primary is not None
    assert ("CG101", f"{path} is not UTF-8: {message}") == (finding.code, finding.message)
    assert place == (finding.primary.line, finding.primary.column)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_file_of_another_encoding_is_named_by_its_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "values.yaml"
    path.write_bytes("\ufeffa: 1\n".encode(encoding))

    assert refused(str(path)).help == f"the file looks like {encoding[:6].upper()}: save it as UTF-8"


def test_a_file_is_read_up_to_helms_own_limit(tmp_path: Path) -> None:
    path = tmp_path / "values.yaml"
    path.write_bytes(b"#" * MAX_BYTES)
    assert isinstance(read_source(str(path)), Source)

    path.write_bytes(b"#" * (MAX_BYTES + 1))
    assert refused(str(path)).code == "CG105"


def test_an_endless_file_ends() -> None:
    assert refused("/dev/zero").code == "CG105"
