"""How much chartgen reads: more than any values that Helm could keep in a release."""

from __future__ import annotations

MAX_BYTES = 5 * 1024 * 1024
"""Helm refuses a chart's file above this size; chartgen reads no larger one, whatever it is."""

MAX_DOCUMENTS = 1000
"""Documents of one YAML file."""

MAX_DEPTH = 100
"""Levels of nesting; what reads a tree may recurse."""

MAX_NODES = 500_000
"""Values of a document, with every alias written out."""

MAX_NULLS = 500_000
"""Nulls that all flags of a run may fill lists with: a few bytes, `a[65536]=1`, ask for 65,536 of them."""

MAX_TOLD = 1000
"""How many findings of one kind a text has; then it is said that there are more."""
