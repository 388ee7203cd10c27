"""The objects around a file: those that stand in it, beside it, and in what else is judged with it.

They are read only where a finding depends on them, and only from files that seem to hold what is looked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice

from chartgen.documents.content import is_kustomization, is_manifest_name, manifest_files, may_hold_manifests
from chartgen.documents.manifests import Manifest, read_kustomization, read_manifests, text_at
from chartgen.documents.nodes import Mapping, find
from chartgen.documents.nodes import Sequence as Items
from chartgen.documents.pods import Pod, pod_of
from chartgen.documents.reading import STDIN
from chartgen.finding import Finding
from chartgen.records import dataclass, field
from chartgen.source import Source

_MOST = 2000
"""How many files around a file are looked at."""
_OF_MAPS = ("ConfigMap", "configMapGenerator", "patches")
_KUSTOMIZE = ("Kustomization", "Component")


@dataclass(frozen=True)
class Maps:
    """ConfigMaps by their names, the names of those that kustomizations make, and the files that these take as patches."""

    by_name: dict[str, list[Manifest]] = field(default_factory=dict)
    generated: set[str] = field(default_factory=set)
    patches: set[str] = field(default_factory=set)

    def add(self, manifests: Iterable[Manifest]) -> Maps:
        """This, with those among some objects."""
        for manifest in manifests:
            if manifest.kind == "ConfigMap":
                self.by_name.setdefault(manifest.name, []).append(manifest)
            elif manifest.kind in _KUSTOMIZE:
                self.generated.update(_generated(manifest))
                self.patches.update(_patches(manifest))
        return self


@dataclass(frozen=True)
class Files:
    """Where objects are looked for, beside the file that is judged.

    `together` are the files that are judged as one set with it. Without them, the files in its folder count, and where
    those do not have what is looked for, the `others` that are judged, and what lies below the project's folder `root`.
    """

    together: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    root: str = ""


class Objects:
    """The objects of files, each read and looked through at most once."""

    def __init__(self, read: Callable[[str], Source | Finding]) -> None:
        self.read = read
        self._texts: dict[str, str] = {}
        self._found: dict[str, list[Manifest]] = {}
        self._maps: dict[tuple[str, ...], Maps] = {}
        self._pods: dict[tuple[str, ...], list[Pod]] = {}
        self._beside: dict[str, tuple[str, ...]] = {}
        self._below: dict[str, tuple[str, ...]] = {}

    def maps(self, files: tuple[str, ...]) -> Maps:
        """The ConfigMaps of files."""
        if files not in self._maps:
            self._maps[files] = Maps().add(each for file in files for each in self.of_file(file, _OF_MAPS))
        return self._maps[files]

    def pods(self, files: tuple[str, ...], words: Sequence[str]) -> list[Pod]:
        """The workloads of files that hold one of the words, which are always the same."""
        if files not in self._pods:
            found = (each for file in files for each in self.of_file(file, words))
            self._pods[files] = [pod for each in found if (pod := pod_of(each)) is not None]
        return self._pods[files]

    def beside(self, file: str) -> tuple[str, ...]:
        """The files in a file's folder that may hold objects."""
        folder = os.path.dirname(file)
        if folder not in self._beside:
            try:
                names = sorted(filter(is_manifest_name, os.listdir(folder or ".")))
            except OSError:
                names = []
            self._beside[folder] = tuple(os.path.join(folder, name) for name in names[:_MOST])
        return self._beside[folder]

    def below(self, folder: str) -> tuple[str, ...]:
        """The files below a folder that may hold objects."""
        if folder not in self._below:
            self._below[folder] = tuple(islice(manifest_files(folder), _MOST))
        return self._below[folder]

    def keep(self, file: str, text: str, manifests: list[Manifest]) -> None:
        """Remember the objects of a file that somebody has read already."""
        self._texts[file], self._found[file] = text, manifests

    def of_file(self, file: str, words: Sequence[str]) -> list[Manifest]:
        """The objects of a file that holds one of the words; none of one that cannot be read."""
        if file not in self._texts:
            source = self.read(file)
            text = source.text if isinstance(source, Source) else ""
            self._texts[file] = text if is_kustomization(file) or may_hold_manifests(text) else ""
        text = self._texts[file]
        if not any(word in text for word in words):
            return []
        if file not in self._found:
            source = Source(file, text)
            read = read_manifests(source)
            bare = read_kustomization(source) if is_kustomization(file) else []
            self._found[file] = [*(read[0] if read is not None else ()), *bare]
        return self._found[file]


@dataclass(frozen=True)
class Around:
    """What is around a file with the objects `own`."""

    own: list[Manifest]
    file: str
    files: Files
    objects: Objects
    _known: dict[tuple[str, str], list[Manifest]] = field(default_factory=dict, repr=False, compare=False)

    def config_maps(self, name: str, namespace: str) -> list[Manifest]:
        """The ConfigMaps of a name, from the nearest place that has one."""
        if (name, namespace) not in self._known:
            places = (_of_namespace(maps.by_name.get(name, ()), namespace) for maps in self._places())
            self._known[name, namespace] = self._nearest(next(filter(None, places), []))
        return self._known[name, namespace]

    def is_generated(self, name: str) -> bool:
        """Whether a kustomization makes the ConfigMap of a name."""
        return any(name in maps.generated for maps in self._places())

    def is_patch(self, file: str) -> bool:
        """Whether a kustomization takes a file as a patch."""
        return any(os.path.abspath(file) in maps.patches for maps in self._places())

    def of_name(self, name: str, namespace: str) -> list[Manifest]:
        """The ConfigMaps of a name, from all places, each once."""
        found = [each for maps in self._places() for each in maps.by_name.get(name, ())]
        by_place = {(os.path.abspath(each.file), each.written.start, each.path): each for each in found}
        return _of_namespace(by_place.values(), namespace)

    def all_config_maps(self, namespace: str) -> list[Manifest]:
        """The ConfigMaps in the file, and in those that are judged with it."""
        found = [each for maps in (self._own, self.objects.maps(self._set)) for each in maps.by_name.values()]
        return [each for those in found for each in self._nearest(_of_namespace(those, namespace))]

    def pods(self, words: Sequence[str]) -> list[Pod]:
        """The workloads that are judged with the file, of those that hold one of the words, which are always the same."""
        return self.objects.pods(self._set, words)

    @cached_property
    def _own(self) -> Maps:
        return Maps().add(self.own)

    @cached_property
    def _set(self) -> tuple[str, ...]:
        if self.files.together or self.file == STDIN:
            return self.files.together
        return self.objects.beside(self.file)

    def _places(self) -> Iterator[Maps]:
        """The ConfigMaps that may be meant, the nearest ones first."""
        yield self._own
        yield self.objects.maps(self._set)
        if not self.files.together and self.file != STDIN:
            yield self.objects.maps(self.files.others)
            if self.files.root:
                yield self.objects.maps(self.objects.below(self.files.root))

    def _nearest(self, manifests: list[Manifest]) -> list[Manifest]:
        """Of several objects those that lie in the folder of the file, if any do."""
        folder = os.path.dirname(self.file)
        near = [each for each in manifests if os.path.dirname(each.file) == folder] if len(manifests) > 1 else []
        return near or manifests


def _of_namespace(manifests: Iterable[Manifest], namespace: str) -> list[Manifest]:
    """Those that are of a namespace, as far as both are known."""
    return [each for each in manifests if not (namespace and each.namespace) or each.namespace == namespace]


def _generated(manifest: Manifest) -> Iterator[str]:
    """The names of the ConfigMaps that a kustomization makes."""
    made = find(manifest.node, ("configMapGenerator",))
    for item in made.items if isinstance(made, Items) else ():
        if isinstance(item, Mapping):
            yield text_at(item, "name")


def _patches(manifest: Manifest) -> Iterator[str]:
    """The files that a kustomization takes as patches."""
    folder = os.path.dirname(manifest.file)
    for field_ in ("patches", "patchesStrategicMerge"):
        given = find(manifest.node, (field_,))
        for item in given.items if isinstance(given, Items) else ():
            path = text_at(item, "path") if isinstance(item, Mapping) else text_at(item)
            if path and "\n" not in path:
                yield os.path.abspath(os.path.join(folder, path))
