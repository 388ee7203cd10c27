"""A pod without a cluster: its containers' own commands, in roots that hold what their images and volumes hold.

Bubblewrap makes the roots. Nothing in them can start a shell, since there is none.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.kubelet import Volume

PYTHON = os.path.realpath(sys.executable)
_PATH = f"{sys.base_prefix}/bin:/usr/bin"


def program(name: str) -> str:
    """The path of a program of this machine; in CI a missing one fails the test."""
    path = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"there is no {name}: run 'make tools'")
    return os.path.realpath(path)


@dataclass(frozen=True)
class Image:
    """A folder with the image's files, the programs it has beside them, its own command, and who runs it."""

    files: Path
    programs: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    user: int = 65532
    with_python: bool = False


@dataclass
class Pod:
    """A pod's specification, the ConfigMaps by name, the images by reference, and a folder for the volumes."""

    spec: dict[str, Any]
    config_maps: Mapping[str, Mapping[str, str]]
    images: Mapping[str, Image]
    folder: Path
    volumes: dict[str, Path] = field(default_factory=dict)
    _mounted: dict[str, Volume] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for volume in self.spec["volumes"]:
            path = self.folder / "volumes" / volume["name"]
            self.volumes[volume["name"]] = path
            if "emptyDir" in volume:
                path.mkdir(parents=True)
                path.chmod(0o777)
            elif "configMap" in volume:
                self._mounted[volume["name"]] = Volume(path, self.config_maps[volume["configMap"]["name"]])
            else:
                self.volumes[volume["name"]] = self.images[volume["image"]["reference"]].files

    def update(self, name: str, data: Mapping[str, str]) -> None:
        """Change a ConfigMap, and the files of its volume as the kubelet does some time later."""
        self.config_maps = {**self.config_maps, name: data}
        for volume in self.spec["volumes"]:
            if volume.get("configMap", {}).get("name") == name:
                self._mounted[volume["name"]].swap(data)

    def command(self, container: dict[str, Any], user: int | None = None, *more: str) -> list[str]:
        """What runs a container here: bubblewrap with `more` options, then the container's command as PID 1, by its user."""
        image = self.images[container["image"]]
        words = [*container.get("command", image.command), *container.get("args", [])]
        root = [*_root(image), *self._mounts(container), "--remount-ro", "/", "--unshare-pid", "--as-pid-1"]
        root += ["--die-with-parent", "--cap-add", "ALL", "--clearenv", "--setenv", "PATH", _PATH]
        for name, text in self.environment(container).items():
            root += ["--setenv", name, text]
        return [program("bwrap"), *more, *root, *_by_user(image.user if user is None else user), *words]

    def environment(self, container: dict[str, Any]) -> dict[str, str]:
        """The variables of a container; a key that its ConfigMap lacks is left out, since all are optional."""
        found = {}
        for variable in container.get("env", []):
            if "value" in variable:
                found[variable["name"]] = variable["value"]
                continue
            reference = variable["valueFrom"]["configMapKeyRef"]
            data = self.config_maps[reference["name"]]
            assert reference["optional"]
            if reference["key"] in data:
                found[variable["name"]] = data[reference["key"]]
        return found

    def _mounts(self, container: dict[str, Any]) -> list[str]:
        words = []
        for mount in container["volumeMounts"]:
            source = self.volumes[mount["name"]] / mount.get("subPath", "")
            assert source.is_dir(), source
            words += _reached(mount["mountPath"])
            words += ["--ro-bind" if mount.get("readOnly") else "--bind", str(source), mount["mountPath"]]
        return words


def _root(image: Image) -> list[str]:
    words = [*_bound("/usr/lib", "/usr/lib"), "--symlink", "usr/lib", "/lib", "--dev", "/dev", "--proc", "/proc"]
    words += ["--ro-bind", "/lib64", "/lib64"] if Path("/lib64").is_dir() else []
    for each in sorted([*image.files.glob("[!u]*"), *image.files.glob("usr/*")]):
        words += _bound(each, f"/{each.relative_to(image.files)}")
    for name in (*image.programs, *(["setpriv"] if os.geteuid() == 0 else [])):
        words += _bound(program(name), f"/usr/bin/{name}")
    if image.with_python:
        library = f"{sys.base_prefix}/lib"
        words += [] if library.startswith("/usr/lib") else _bound(library, library)
        words += _bound(PYTHON, f"{sys.base_prefix}/bin/python3")
    return words


def _bound(source: str | Path, target: str) -> list[str]:
    return [*_reached(target), "--ro-bind", str(source), target]


def _reached(target: str) -> list[str]:
    """Folders above a path that everybody may pass; bubblewrap's own are for the user who made them."""
    above = [parent for parent in reversed(Path(target).parents) if parent.name]
    return [word for folder in above for word in ("--perms", "0755", "--dir", str(folder))]


def _by_user(user: int) -> list[str]:
    """Only root can be another user; anybody else runs the pod as himself."""
    if os.geteuid() != 0:
        return []
    return ["/usr/bin/setpriv", "--reuid", str(user), "--regid", "0", "--clear-groups", "--no-new-privs"]
