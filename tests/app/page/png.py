"""Pictures of pages, made small: a palette instead of three bytes a point."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

Colour = tuple[int, int, int]
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def small(png: bytes) -> bytes:
    """The same picture with at most 256 colours: those that most points have as they are, of the others the nearest ones."""
    width, height, channels = _header(png)
    rows = [_points(_opaque(row, channels)) for row in _rows(png, width, height, channels)]
    counts = Counter(point for row in rows for point in row)
    palette = [colour for colour, _ in counts.most_common(256)]
    places = {colour: number for number, colour in enumerate(palette)}
    for colour in counts.keys() - places.keys():
        places[colour] = min(range(len(palette)), key=lambda number: _distance(palette[number], colour))
    lines = b"".join(b"\0" + bytes(places[point] for point in row) for row in rows)
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(map(bytes, palette))),
            _chunk(b"IDAT", zlib.compress(lines, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _distance(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _points(row: bytes) -> list[Colour]:
    return list(zip(row[0::3], row[1::3], row[2::3], strict=True))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _header(png: bytes) -> tuple[int, int, int]:
    width, height, bits, kind, _, _, interlaced = struct.unpack(">IIBBBBB", dict(_chunks(png))[b"IHDR"])
    assert (bits, interlaced) == (8, 0)
    return width, height, {2: 3, 6: 4}[kind]


def _rows(png: bytes, width: int, height: int, channels: int) -> Iterator[bytes]:
    """The points of each row, without the filter that it was stored by (PNG, 9)."""
    data = zlib.decompress(b"".join(part for kind, part in _chunks(png) if kind == b"IDAT"))
    above, length = bytes(width * channels), width * channels
    for number in range(height):
        start = number * (length + 1)
        row = bytearray(data[start + 1 : start + 1 + length])
        _unfilter(data[start], row, above, channels)
        above = bytes(row)
        yield above


def _unfilter(kind: int, row: bytearray, above: bytes, channels: int) -> None:
    for at in range(len(row) if kind else 0):
        left, up = (row[at - channels] if at >= channels else 0), above[at]
        match kind:
            case 1:
                guess = left
            case 2:
                guess = up
            case 3:
                guess = (left + up) // 2
            case _:
                guess = _paeth(left, up, above[at - channels] if at >= channels else 0)
        row[at] = (row[at] + guess) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda each: abs(guess - each))


def _opaque(row: bytes, channels: int) -> bytes:
    return row if channels == 3 else bytes(value for at, value in enumerate(row) if at % 4 != 3)
