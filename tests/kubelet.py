"""A ConfigMap's volume, written as the kubelet does it: a new folder with all files, then a link that is renamed over the old."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Mapping
from pathlib import Path

_NUMBERS = itertools.count()


class Volume:
    """A mounted ConfigMap in a folder, which is made if it is not there."""

    def __init__(self, folder: Path, data: Mapping[str, str | bytes]) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.swap(data)

    @property
    def state(self) -> Path:
        """The folder that holds the files as they are now."""
        return self.folder / (self.folder / "..data").readlink()

    def swap(self, data: Mapping[str, str | bytes]) -> None:
        """Let the volume have these keys and no others: what Kubernetes' AtomicWriter does, step by step."""
        old = self.state if (self.folder / "..data").is_symlink() else None
        new = self.folder / f"..2026_11_28_04_10_09.{next(_NUMBERS):010}"
        new.mkdir()
        for name, text in data.items():
            (new / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        (self.folder / "..data_tmp").symlink_to(new.name)
        (self.folder / "..data_tmp").rename(self.folder / "..data")
        there = {path.name for path in self.folder.iterdir() if not path.name.startswith("..")}
        for name in data.keys() - there:
            (self.folder / name).symlink_to(f"..data/{name}")
        for name in there - data.keys():
            (self.folder / name).unlink()
        if old is not None:
            shutil.rmtree(old)
