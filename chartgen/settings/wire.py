"""Protocol Buffers' wire format, as far as reading goes (https://protobuf.dev/programming-guides/encoding/)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, TypeVar

Field: TypeAlias = "tuple[int, int | bytes]"
V = TypeVar("V")


def map_of(fields: list[Field], number: int, read: Callable[[bytes], V]) -> dict[int, V]:
    """A map field: integer keys, values read by a function."""
    entries = (fields_of(value) for value in all_of(fields, number))
    return {last_int(entry, 1): read(last(entry, 2)) for entry in entries}


def fields_of(data: bytes) -> list[Field]:
    """The fields of one message, in order: varints as int, all else as bytes."""
    result: list[Field] = []
    position = 0
    while position < len(data):
        key, position = _varint(data, position)
        match key & 7:
            case 0:
                value, position = _varint(data, position)
                result.append((key >> 3, value))
                continue
            case 1:
                length = 8
            case 2:
                length, position = _varint(data, position)
            case 5:
                length = 4
            case wire_type:
                message = f"unknown wire type {wire_type}"
                raise ValueError(message)
        result.append((key >> 3, data[position : position + length]))
        position += length
    return result


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7


def all_of(fields: list[Field], number: int) -> list[bytes]:
    """Every value of a repeated field, in order."""
    return [value for key, value in fields if key == number and isinstance(value, bytes)]


def last(fields: list[Field], number: int) -> bytes:
    """The value of a field of bytes, the last one written; empty where there is none."""
    found = all_of(fields, number)
    return found[-1] if found else b""


def last_int(fields: list[Field], number: int) -> int:
    """The value of an integer field; 0 where there is none."""
    return next((value for key, value in reversed(fields) if key == number and isinstance(value, int)), 0)
