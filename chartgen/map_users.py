"""Who uses a ConfigMap that is judged: workloads and releases beside it, in which its change may break something."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from chartgen.around import Objects
from chartgen.documents.manifests import Manifest, text_at
from chartgen.documents.nodes import Sequence, find
from chartgen.documents.pods import pod_of
from chartgen.finding import Finding
from chartgen.records import replace

_REFERENCES = ("configMapKeyRef", "configMapRef", "valuesFrom")
_NO_MAP = "CG401"


class MapUsers:
    """The findings of the files that use ConfigMaps, each file's told once; `judge` gives those of one file.

    A file for which `is_judged` holds is left out: it tells its findings itself.
    """

    def __init__(
        self, objects: Objects, judge: Callable[[str], Iterable[Finding]], is_judged: Callable[[str], bool]
    ) -> None:
        self._objects = objects
        self._judge = judge
        self._is_judged = is_judged
        self._by_folder: dict[str, dict[str, list[str]]] = {}
        self._found: dict[str, tuple[Finding, ...]] = {}
        self._told: set[str] = set()

    def findings(self, file: str, names: Iterable[str]) -> Iterator[Finding]:
        """What is wrong with the users of the ConfigMaps of these names, which stand in a file.

        Whose ConfigMap is nowhere is told, too: one of these may have had its name.
        """
        folder = os.path.dirname(file)
        is_first = folder not in self._by_folder
        if is_first:
            self._by_folder[folder] = self._users(self._objects.beside(file))
        users = self._by_folder[folder]
        for user in [user for name in names for user in users.get(name, ())]:
            if user not in self._told:
                self._told.add(user)
                yield from self._of(user)
        if is_first:
            others = dict.fromkeys(user for those in users.values() for user in those if user not in self._told)
            yield from (finding for user in others for finding in self._of(user) if finding.code == _NO_MAP)

    def _of(self, user: str) -> tuple[Finding, ...]:
        if user not in self._found:
            self._found[user] = tuple(map(self._in_place, self._judge(user)))
        return self._found[user]

    def _in_place(self, finding: Finding) -> Finding:
        """The finding, without the mends that change a file that nobody named as one to be changed."""
        edits, *alternatives = (
            change if all(self._is_judged(edit.span.source.name) for edit in change) else ()
            for change in (finding.edits, *finding.alternatives)
        )
        return replace(finding, edits=edits, alternatives=tuple(filter(None, alternatives)))

    def _users(self, files: Iterable[str]) -> dict[str, list[str]]:
        """The files by the names of the ConfigMaps that they use."""
        users: dict[str, list[str]] = {}
        for file in files:
            manifests = [] if self._is_judged(file) else self._objects.of_file(file, _REFERENCES)
            for name in dict.fromkeys(name for manifest in manifests for name in _used(manifest)):
                users.setdefault(name, []).append(file)
        return users


def _used(manifest: Manifest) -> Iterator[str]:
    """The names of the ConfigMaps that an object takes env or values from."""
    pod = pod_of(manifest)
    for container in pod.containers if pod is not None else ():
        yield from (env.ref.name for env in container.env if env.ref is not None)
        yield from (given.name for given in container.env_from)
    values = find(manifest.node, ("spec", "valuesFrom"))
    for item in values.items if isinstance(values, Sequence) else ():
        yield text_at(item, "name")
