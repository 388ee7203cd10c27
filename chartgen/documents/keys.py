"""What Helm makes of a YAML key that is not a string: JSON has string keys only, so sigs.k8s.io/yaml prints them."""

from __future__ import annotations

import math
import struct

from chartgen.documents.scalars import MAX_INT64, Value, go_value


def key_text(value: Value) -> str | None:
    """The string that a key becomes, by its value in Go (True -> "true", 16 -> "16"), or None if Helm refuses it.

    Helm refuses null and integers above int64.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value <= MAX_INT64 else None
    return None if value is None else _float_text(value)


def _float_text(number: float) -> str:
    """Go's `FormatFloat(number, 'g', -1, 32)`: the shortest text that gives the same float32."""
    if math.isnan(number):
        return ".nan"
    single = _single(number)
    if math.isinf(single):
        return ".inf" if single > 0 else "-.inf"
    digits = next(text for precision in range(9) if _single(float(text := f"{single:.{precision}e}")) == single)
    mantissa, _, exponent = digits.partition("e")
    power = int(exponent)
    if not -4 <= power < 6:
        return f"{mantissa}e{exponent}"
    return f"{float(digits):.{max(0, len(mantissa.partition('.')[2]) - power)}f}"


def _single(number: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def key_kind(text: str) -> type:
    """The kind that Go gives a key, by the text in the file: keys of two kinds that print alike are two keys to it."""
    return str if text[:1] in ("'", '"') else type(go_value(text))
