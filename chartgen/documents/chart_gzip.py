"""Gzip as Go unpacks it: what stands before a fault is there, and the fault counts only for who reads up to it."""

from __future__ import annotations

import zlib

_RAW = -15
"""The window bits by which zlib reads what is deflated, without a header."""

_HEADER = 10
_TRAILER = 8
_CHECKED, _EXTRA, _NAME, _COMMENT = 2, 4, 8, 16
_EARLY = "it ends too early"


def gunzipped(data: bytes, limit: int) -> tuple[bytes, str]:
    """The bytes that gzip files, one behind the other, hold, up to one more than `limit`; and what is wrong behind them."""
    parts: list[bytes] = []
    left = limit + 1
    while data and left:
        start = _behind_header(data)
        if start < 0:
            return b"".join(parts), "it is no gzip file, or goes on with what is none"
        part, data, fault = _inflated(data[start:], left)
        parts.append(part)
        left -= len(part)
        if fault:
            return b"".join(parts), fault
    return b"".join(parts), ""


def _behind_header(data: bytes) -> int:
    """The offset of what is deflated; negative where there is no header of gzip's."""
    if len(data) < _HEADER or data[:3] != b"\x1f\x8b\x08":
        return -1
    flags, at = data[3], _HEADER
    if flags & _EXTRA:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            end = data.find(b"\0", at)
            if end < 0:
                return -1
            at = end + 1
    if flags & _CHECKED:
        if data[at : at + 2] != (zlib.crc32(data[:at]) & 0xFFFF).to_bytes(2, "little"):
            return -1
        at += 2
    return at


def _inflated(data: bytes, limit: int) -> tuple[bytes, bytes, str]:
    """What is unpacked, the data behind the file's end, and a fault."""
    engine = zlib.decompressobj(_RAW)
    try:
        part = engine.decompress(data, limit)
    except zlib.error as error:
        return b"", b"", str(error)
    if not engine.eof:
        return part, b"", "" if len(part) == limit else _EARLY
    rest = engine.unused_data
    sums = zlib.crc32(part).to_bytes(4, "little") + (len(part) % 2**32).to_bytes(4, "little")
    if rest[:_TRAILER] != sums:
        return part, b"", "its checksum is wrong" if len(rest) >= _TRAILER else _EARLY
    return part, rest[_TRAILER:], ""
