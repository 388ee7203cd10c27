"""Anchors, the aliases of them, and go-yaml's bound on what aliases may stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chartgen.documents.yaml_faults import fault
from chartgen.names import nearest
from chartgen.records import dataclass

if TYPE_CHECKING:
    from chartgen.documents.nodes import Node
    from chartgen.source import Span


@dataclass(slots=True)
class Anchor:
    """What an anchor names: no node while it is being read; `size` counts its nodes with aliases written out.

    `key` is what a scalar becomes as a key.
    """

    node: Node | None = None
    size: int = 0
    key: str | None = None


def anchored(anchors: dict[str, Anchor], name: str, span: Span) -> tuple[Anchor, Node]:
    """The anchor that an alias at `span` names, and its node.

    Raises:
        FaultError: there is none, or the alias stands inside of it.
    """
    anchor = anchors.get(name)
    if anchor is None:
        raise fault("CG102", f"no anchor `&{name}` stands before this alias", span, _where(anchors, name, span))
    if anchor.node is None:
        raise fault("CG102", f"the anchor `&{name}` contains itself", span, "write the values out")
    return anchor, anchor.node


def _where(anchors: dict[str, Anchor], name: str, span: Span) -> str:
    guess = nearest(name, anchors)
    if guess is not None:
        return f"did you mean `*{guess}`?"
    before = span.source.text.rfind(f"&{name}", 0, span.start)
    elsewhere = before >= 0 and "\n---" in span.source.text[before : span.start]
    return (
        "write the value out: an anchor is known in its own document alone" if elsewhere else "define the anchor above"
    )


def excessive(aliased: int, count: int) -> bool:
    """Whether go-yaml takes a document for a bomb: by the share of its nodes that aliases stand for."""
    if aliased <= 100 or count <= 1000:
        return False
    allowed = 0.99 - 0.89 * min(max((count - 400_000) / 3_600_000, 0.0), 1.0)
    return aliased / count > allowed
