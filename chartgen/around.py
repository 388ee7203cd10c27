"""The objects around a file: those that stand in it, beside it, and in what else is judged with it.

They are read only where a finding depends on them, and only from files that name what is looked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from chartgen.documents.content import is_manifest_name, manifest_files, may_hold_manifests
from chartgen.documents.manifests import Manifest, read_manifests, text_at
from chartgen.documents.nodes import Mapping, find
from chartgen.documents.nodes import Sequence as Items
from chartgen.documents.reading import STDIN
from chartgen.finding import Finding
from chartgen.records import dataclass
from chartgen.source import Source

_MOST = 2000
"""How many files around a file are looked at."""


class Objects:
    """The objects of files, each read at most once."""

    def __init__(self, read: Callable[[str], Source | Finding]) -> None:
        self.read = read
        self._texts: dict[str, str] = {}
        self._found: dict[str, list[Manifest]] = {}

    def of_file(self, file: str, words: Iterable[str]) -> list[Manifest]:
        """The objects of a file that holds one of the words; none of one that cannot be read."""
        if file not in self._texts:
            source = self.read(file)
            is_there = isinstance(source, Source) and may_hold_manifests(source.text)
            self._texts[file] = source.text if is_there and isinstance(source, Source) else ""
        text = self._texts[file]
        if not any(word in text for word in words):
            return []
        if file not in self._found:
            read = read_manifests(Source(file, text))
            self._found[file] = read[0] if read is not None else []
        return self._found[file]


@dataclass(frozen=True)
class Files:
    """Where objects are looked for, beside the file that is judged."""

    together: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    root: str = ""


class Around:
    """What is around a file with the objects `own`.

    `together` are the files that are judged as one set with it. Without them, the files in its folder count, and where
    those do not have what is looked for, the `others` that are judged, and what lies below the project's folder `root`.
    """

    def __init__(self, own: Sequence[Manifest], file: str, files: Files, objects: Objects) -> None:
        self.own, self._file, self._files, self._objects = own, file, files, objects

    def config_maps(self, name: str, namespace: str) -> list[Manifest]:
        """The ConfigMaps of a name, from the nearest place that has one."""
        for objects in self._places((name,)):
            found = [each for each in objects if _is_map(each, name, namespace)]
            if found:
                return found
        return []

    def is_generated(self, name: str) -> bool:
        """Whether a kustomization makes the ConfigMap of a name."""
        return any(name in _generated(each) for objects in self._places((name,)) for each in objects)

    def all(self, words: Iterable[str]) -> Iterator[Manifest]:
        """The objects that are judged together, those of files that hold one of the words."""
        words = tuple(words)
        yield from self.own
        for file in dict.fromkeys(self._files.together or self._beside()):
            if file != self._file:
                yield from self._objects.of_file(file, words)

    def all_config_maps(self, namespace: str, words: Iterable[str]) -> list[Manifest]:
        """The ConfigMaps that are judged together, those of files that hold one of the words."""
        return [each for each in self.all(words) if _is_map(each, each.name, namespace)]

    def _places(self, words: Sequence[str]) -> Iterator[list[Manifest]]:
        """The objects that may be meant, the nearest ones first."""
        yield list(self.own)
        folder = os.path.dirname(self._file)
        if self._files.together:
            yield self._of((file for file in self._files.together if os.path.dirname(file) == folder), words)
            yield self._of(self._files.together, words)
        elif self._file != STDIN:
            yield self._of(self._beside(), words)
            yield self._of((file for file in self._files.others if file != "-"), words)
            if self._files.root:
                yield self._of(islice(manifest_files(self._files.root), _MOST), words)

    def _beside(self) -> list[str]:
        if self._file == STDIN:
            return []
        folder = os.path.dirname(self._file)
        try:
            names = sorted(filter(is_manifest_name, os.listdir(folder or ".")))
        except OSError:
            return []
        return [os.path.join(folder, name) for name in names][:_MOST]

    def _of(self, files: Iterable[str], words: Sequence[str]) -> list[Manifest]:
        return [each for file in files if file != self._file for each in self._objects.of_file(file, words)]


def _is_map(manifest: Manifest, name: str, namespace: str) -> bool:
    same_place = not (namespace and manifest.namespace) or namespace == manifest.namespace
    return manifest.kind == "ConfigMap" and manifest.name == name and same_place


def _generated(manifest: Manifest) -> list[str]:
    """The names of the ConfigMaps that a kustomization makes."""
    made = find(manifest.node, ("configMapGenerator",)) if manifest.kind == "Kustomization" else None
    return [
        text_at(item, "name") for item in (made.items if isinstance(made, Items) else ()) if isinstance(item, Mapping)
    ]
