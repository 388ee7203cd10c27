"""A fault of a chart's JSON Schema and the value that has it: what all findings of that kind are made of."""

from __future__ import annotations

from chartgen.documents.form import dotted
from chartgen.documents.json_schema import Fault
from chartgen.documents.layers import Layer, Leaf, View
from chartgen.documents.layers import Path as Steps
from chartgen.documents.nodes import Plain, plain
from chartgen.finding import Finding, Severity
from chartgen.records import dataclass
from chartgen.source import Span

CODES = {
    "type": "CG201",
    "minimum": "CG202",
    "maximum": "CG202",
    "exclusiveMinimum": "CG202",
    "exclusiveMaximum": "CG202",
    "multipleOf": "CG202",
    "minLength": "CG202",
    "maxLength": "CG202",
    "enum": "CG204",
    "const": "CG204",
    "pattern": "CG205",
    "additionalProperties": "CG206",
    "unevaluatedProperties": "CG206",
}
"""The codes of the keywords; all others are CG207."""

ALL = "the values"
"""The name of the values as a whole."""


@dataclass(frozen=True)
class Case:
    """A fault and the value that has it; `name` is the value's path for people, `found` the value as Helm has it."""

    fault: Fault
    view: View
    leaf: Leaf | None
    name: str
    found: Plain

    def verb(self, word: str) -> str:
        """A verb that agrees with the name: `image lacks`, `the values lack`; `is`, `has` and the regular ones."""
        if self.name == ALL:
            return {"is": "are", "has": "have"}.get(word, word.removesuffix("s"))
        return word

    @property
    def key_span(self) -> Span | None:
        """The place of the value's key."""
        return self.leaf.key_span if self.leaf is not None else None

    def finding(self, message: str, found: str = "", expected: str = "", help_: str = "") -> Finding:
        """The finding at the value's place."""
        near = self.leaf or self.view.nearest(self.fault.path)
        return Finding(
            CODES.get(self.fault.keyword, "CG207"),
            Severity.ERROR,
            message,
            near.node.span if near is not None else None,
            path=dotted((*self.view.prefix, *self.fault.path)),
            found=found,
            expected=expected,
            help=help_,
            layer=writer(near, self.view).name if near is not None else "",
        )


def case_of(fault: Fault, view: View) -> Case:
    """The case of a fault."""
    leaf = view.leaf(fault.path)
    name = dotted((*view.prefix, *fault.path)) or ALL
    return Case(fault, view, leaf, name, effective(leaf, view, fault.path))


def effective(leaf: Leaf | None, view: View, path: Steps) -> Plain:
    """The value at a path as Helm has it: of a mapping what all layers say, not the last one alone."""
    here: Plain = view.values
    for step in path:
        if isinstance(here, dict) and step in here:
            here = here[str(step)]
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            return plain(leaf.node) if leaf is not None else None
    return here


def writer(leaf: Leaf, view: View) -> Layer:
    """The layer in whose text a value stands: a flag that sets one item of a list carries the others along."""
    source = leaf.node.span.source
    if leaf.layer.node.span.source is source:
        return leaf.layer
    return next((layer for layer in view.layers if layer.node.span.source is source), leaf.layer)
