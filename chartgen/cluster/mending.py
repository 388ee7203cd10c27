"""What has to be written into a live ConfigMap so that all of it holds: one change, since the server judges the whole."""

from __future__ import annotations

from collections.abc import Mapping

from chartgen.cluster.judging import read_findings
from chartgen.cluster.live import LiveMap
from chartgen.documents.manifests import read_manifests
from chartgen.documents.nodes import Mapping as Node
from chartgen.documents.nodes import Scalar, find
from chartgen.edits import apply_edits
from chartgen.finding import is_error
from chartgen.settings.model import Settings
from chartgen.source import Source

_ROUNDS = 4
"""A text that is mended may break a rule that could not be judged before."""


def mended(settings: Settings, live: LiveMap) -> dict[str, str]:
    """The texts that mend all of it together; none where not all can be mended surely."""
    wanted: dict[str, str] = {}
    for _ in range(_ROUNDS):
        found = [each for each in read_findings(settings, live, wanted) if is_error(each)]
        if not found:
            return wanted
        edits = [edit for each in found for edit in each.edits]
        source = next((edit.span.source for edit in edits), None)
        if source is None:
            return {}
        try:
            data = _data(apply_edits(source.text, dict.fromkeys(edits)))
        except ValueError:  # two that are not of one mind: one after the other
            data = _data(apply_edits(source.text, edits[:1]))
        before = {**live.data, **wanted}
        changes = {key: text for key, text in data.items() if before.get(key) != text}
        if not changes:
            return {}
        wanted |= changes
    return {}


def _data(text: str) -> Mapping[str, str]:
    read = read_manifests(Source("configmap", text))
    node = find(read[0][0].node, ("data",)) if read is not None and read[0] else None
    entries = node.entries if isinstance(node, Node) else ()
    return {
        entry.key: entry.value.value
        for entry in entries
        if isinstance(entry.value, Scalar) and isinstance(entry.value.value, str)
    }
