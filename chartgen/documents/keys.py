"""What Helm makes of a YAML key that is not a string: JSON has string keys only, so sigs.k8s.io/yaml prints them."""

from __future__ import annotations

import struct

from chartgen.documents.scalars import go_integer, resolve_plain

_MAX_INT64 = 2**63 - 1


def plain_key(text: str) -> str | None:
    """The string that a plain key becomes (`y` -> "true", `0x10` -> "16"), or None if Helm refuses the key.

    Helm refuses null and integers above int64.
    """
    value = resolve_plain(text)
    if isinstance(value, str):
        return value
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    integer = go_integer(text.replace("_", "")) if text[0] != "." else None
    if integer is not None:
        return str(integer) if integer <= _MAX_INT64 else None
    return _float_key(float(value))


def _float_key(number: float) -> str:
    """Go's `FormatFloat(number, 'g', -1, 32)`: the shortest text that gives the same float32; whole ones as integers."""
    if number != number:
        return ".nan"
    single = _single(number)
    if single in (float("inf"), float("-inf")):
        return ".inf" if single > 0 else "-.inf"
    digits = next(text for precision in range(9) if _single(float(text := f"{single:.{precision}e}")) == single)
    mantissa, _, exponent = digits.partition("e")
    power = int(exponent)
    if power < -4 or power >= 6:
        return f"{mantissa}e{exponent}"
    return f"{float(digits):.{max(0, len(mantissa.partition('.')[2]) - power)}f}"


def _single(number: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")
