"""How many examples a property test tries: all of them in `make prove`, a tenth otherwise."""

from __future__ import annotations

from hypothesis import settings

PROVE = "prove"
"""The Hypothesis profile of `make prove`."""


def examples(full: int) -> int:
    """The number of examples to try where the full proof tries `full`; at least 1.

    For `@settings(max_examples=examples(1000))`.
    """
    return full if settings.get_current_profile_name() == PROVE else max(1, full // 10)
