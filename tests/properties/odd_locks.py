"""Texts of `Chart.lock` and `requirements.lock` that are odd in one way each."""

from __future__ import annotations

_TIMES = [
    "2024-01-01T00:00:00Z", "2024-01-01", "2024-01-01t00:00:00z", "2024-01-01 00:00:00Z", "2024-01-01T00:00:00",
    "2024-01-01T00:00:00.123456789+01:00", "2024-01-01T00:00:00,5Z", "2024-01-01T00:00:00.Z", "2024-01-01T1:00:00Z",
    "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00+24:60", "2024-01-01T00:00:00+25:00", "2024-01-01T00:00:00-00:61",
    "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T23:59:60Z", "2024-13-01T00:00:00Z", "2024-02-30T00:00:00Z",
    "2023-02-29T00:00:00Z", "0000-02-29T00:00:00Z", "10000-01-01T00:00:00Z", "2024-01-01T00:00:00z", "x", "",
]  # fmt: skip
LOCKS = [
    *(f"generated: '{time}'" for time in _TIMES),
    *(f"generated: {value}" for value in ("2024-01-01T00:00:00Z", "5", "~", "true", "[]", "2001-12-14 21:59:43.10 -5")),
    *(f"digest: {value}" for value in ("x", "5", "~", "true", "[]", "{}", "1.10")),
    *(f"dependencies: {value}" for value in ("[]", "~", "5", "{}", "a", "[a]", "[~]", "[5]", "[[]]")),
    *(f"dependencies: [{{{value}}}]" for value in ("name: []", "name: 5", "tags: a", "tags: [1, []]", "enabled: x")),
    *(f"dependencies: [{{{value}}}]" for value in ("import-values: 5", "import-values: [{}, 5]", "version: 1.10", "other: 5")),
    "DEPENDENCIES: 5", "generated: 2024-01-01T00:00:00Z\nGENERATED: x", "other: {a: [1]}", "", "~", "5", "--- \na: 1\n---\n[",
    "dependencies: 5\n---\na: 1", "digest: 1e400",
]  # fmt: skip
