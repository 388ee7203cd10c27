"""A file or the standard input becomes a `Source`, or one finding that says why it cannot."""

from __future__ import annotations

import codecs
import errno
import os
import stat
import sys

from chartgen.documents.limits import MAX_BYTES
from chartgen.finding import Finding, Severity
from chartgen.source import Source, Span

STDIN = "<stdin>"

_BOM = "\ufeff"
# That of UTF-32 begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def read_source(path: str, *, keep_mark: bool = False) -> Source | Finding:
    """The text of a file, `-` being the standard input, or the finding that it cannot be read.

    The name is the path as given; line breaks stay as they are, so that offsets are those of the file; a byte order
    mark is dropped, unless `keep_mark`. CG101: missing, unreadable or not UTF-8; CG105: larger than `MAX_BYTES`.
    """
    name = STDIN if path == "-" else path
    try:
        data = _read_bytes(path)
    except (OSError, ValueError) as error:
        return _unreadable(name, error)
    found = source_of(name, data)
    if keep_mark and isinstance(found, Source) and data.startswith(_BOM.encode()):
        return Source(name, _BOM + found.text)
    return found


def is_stream(path: str) -> bool:
    """Whether a path leads to what can be read once only: a pipe, a terminal, a device."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def read_content(path: str) -> Source | Finding:
    """As `read_source`, with the byte order mark: `--set-file` passes it on."""
    return read_source(path, keep_mark=True)


def source_of(name: str, data: bytes) -> Source | Finding:
    """The text that bytes are, under a name, or the finding that they are none; as `read_source`."""
    if len(data) > MAX_BYTES:
        message = f"{name} is larger than {MAX_BYTES // 1024 // 1024} MiB"
        return Finding("CG105", Severity.ERROR, message, _start(name), help="make it smaller: chartgen reads no more")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(name, data, error.start)
    return Source(name, text.removeprefix(_BOM))


def _read_bytes(path: str) -> bytes:
    # One byte more than allowed is enough to know, even of an endless device.
    if path == "-":
        if sys.stdin is None:
            raise OSError(errno.EBADF, "it is closed")
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with open(path, "rb") as file:
        return file.read(MAX_BYTES + 1)


def _start(name: str) -> Span:
    return Span(Source(name, ""), 0, 0)


def _unreadable(name: str, error: OSError | ValueError) -> Finding:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Finding("CG101", Severity.ERROR, f"cannot read {name}: {reason[:1].lower()}{reason[1:]}", _start(name))


def _not_utf8(name: str, data: bytes, offset: int) -> Finding:
    before = data[:offset].decode("utf-8").removeprefix(_BOM)
    place = Span(Source(name, before), len(before), len(before))
    message = f"{name} is not UTF-8: byte {offset} is 0x{data[offset]:02x}"
    looks_like = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "")
    return Finding(
        "CG101",
        Severity.ERROR,
        message,
        place,
        help=f"the file looks like {looks_like}: save it as UTF-8" if looks_like else "save the file as UTF-8",
    )
