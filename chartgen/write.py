"""{path: text} in memory becomes files on a disk, and nothing that is the user's is lost.

`plan` reads the disk and lets `write_plan` decide; `apply` writes. The lock is written last, so that a write cut short
is seen by the next plan and finished by the next apply.
"""

from __future__ import annotations

import errno
import glob
import os
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from chartgen.documents.reading import STDIN, is_stream
from chartgen.finding import OutsideStop, UsageStop
from chartgen.source import Source
from chartgen.write_plan import LOCK, USER_FILES, Action, Change, Disk, Plan, Refusal, decide, diff, parse_lock

__all__ = [
    "LOCK",
    "USER_FILES",
    "Action",
    "Change",
    "Plan",
    "Refusal",
    "apply",
    "check_place",
    "diff",
    "plan",
    "write_whole",
]


def plan(
    output: Path, files: Mapping[str, str], *, force: bool = False, edited: Mapping[str, str] | None = None
) -> Plan:
    """What it takes to make a folder hold the files (POSIX paths below it -> text). Nothing is written.

    `edited` has new texts for the user's own files, made of what is there; without them those stay as they are.
    With `force`, files that were edited by hand are overwritten, and removed.

    Raises:
        UsageStop: a path, or a link on its way, leads out of the folder.
        OutsideStop: the disk cannot be read.
    """
    lock_bytes = _read(output, LOCK)
    lock = parse_lock(lock_bytes)
    found = {path: _read(output, path) for path in [*files, *(lock or {})]} | {LOCK: lock_bytes}
    links = frozenset(path for path in found if (output / path).is_symlink())
    return decide(output, Disk(found, links, lock), files, edited or {}, force=force)


def owned_files(output: Path) -> frozenset[str]:
    """The paths of the files that chartgen wrote into a folder, as its lock lists them; none for a damaged lock.

    Raises:
        OutsideStop: the disk cannot be read.
    """
    return frozenset(parse_lock(_read(output, LOCK)) or ())


def plan_marked(
    output: Path, files: Mapping[str, str], refusal: Callable[[bytes], str], *, force: bool = False
) -> Plan:
    """The same for a folder without a lock: `refusal` says why a text may not be overwritten, nothing where it may.

    Raises:
        UsageStop: a path leads out of the folder.
        OutsideStop: the disk cannot be read, or a file is a link.
    """
    changes, refused, unchanged = [], [], []
    for path, text in sorted(files.items()):
        change = Change(path, _read(output, path), text.encode())
        if (output / path).is_symlink():
            message = f"{output / path} cannot be written: it is a link"
            raise OutsideStop(message, "remove the link, or write elsewhere")
        if change.is_needless:
            unchanged.append(path)
        elif change.old is not None and not force and (reason := refusal(change.old)):
            refused.append(Refusal(change, reason))
        else:
            changes.append(change)
    return Plan(output, tuple(changes), tuple(refused), tuple(unchanged))


def apply(made: Plan) -> None:
    """Write the plan: each file whole, by a temporary file beside it; the lock last.

    Raises:
        UsageStop: the plan refuses something; nothing is written.
        OutsideStop: the disk refuses something; what is written until then stays, and the next run finishes.
    """
    if made.refused:
        names = ", ".join(no.change.path for no in made.refused)
        message = f"{made.output}: not overwritten: {names}"
        raise UsageStop(message, "undo the edits, or overwrite them with --force")
    with _outside(made.output, "written"):
        made.output.mkdir(parents=True, exist_ok=True)
    for change in made.changes:
        target = made.output / change.path
        with _outside(target, "written"):
            if change.new is None:
                _remove(made.output, target)
            else:
                _replace(target, change.new)


def rewrite(texts: Mapping[str, tuple[Source, str]]) -> None:
    """Give files, by their paths, new texts: each whole, by a temporary file beside it, its mode kept.

    Each comes with the text that was read; a link is followed, a byte order mark stays. A file with several names (hard
    links) is written in its place, so that all of them have the new text. Nothing is written if one of the files cannot
    be read, is read-only, or has changed since it was read.

    Raises:
        UsageStop: a file is none (the standard input, a pipe), or has changed.
        OutsideStop: a file is read-only, or the disk refuses something; what is written until then stays.
    """
    contents: dict[Path, bytes] = {}
    for name, (source, text) in texts.items():
        target = Path(name)
        check_regular(name)
        _check_writable(target)
        with _outside(target, "read"):
            old = target.read_bytes()
        mark = b"\xef\xbb\xbf" if old.startswith(b"\xef\xbb\xbf") else b""
        if old != mark + source.text.encode():
            message = f"{name} has changed since it was read; nothing is written"
            raise UsageStop(message, "run the command again")
        contents[target.resolve()] = mark + text.encode()
    for target, content in contents.items():
        with _outside(target, "written"):
            if target.stat().st_nlink > 1:
                _overwrite(target, content)
            else:
                _replace(target, content)


def write_whole(name: str, content: bytes) -> None:
    """Write a file whole or not at all, by a temporary file beside it; into a pipe or a device, straight.

    A link is followed. A file with several names (hard links) is written in its place.

    Raises:
        OutsideStop: the disk refuses it.
    """
    check_place(name)
    target = Path(os.path.realpath(name))
    with _outside(Path(name), "written"):
        if is_stream(name):
            Path(name).write_bytes(content)
        elif target.exists() and target.stat().st_nlink > 1:
            _overwrite(target, content)
        else:
            _replace(target, content)


def check_place(name: str) -> None:
    """Refuse what cannot become a file: its folder is not there, or takes none.

    Raises:
        OutsideStop: it is so.
    """
    target = os.path.realpath(name)
    folder = os.path.dirname(target)
    if os.path.isdir(target):
        raise OutsideStop(f"{name} cannot be written: it is a folder", "name a file in it")
    if not is_stream(name) and not os.path.isdir(folder):
        raise OutsideStop(f"{name} cannot be written: its folder is not there", f"make the folder {folder} first")
    if not os.access(name if os.path.exists(name) else folder, os.W_OK):
        raise OutsideStop(f"{name} cannot be written: permission denied", "check the rights of its folder")


def check_regular(name: str, instead: str = "look at the changes with --diff") -> None:
    """Refuse what cannot be changed, since it is read once only: the standard input, a pipe, a device.

    `instead` is what else its user can do.

    Raises:
        UsageStop: it is one of them.
    """
    if name in {STDIN, "-"} or is_stream(name):
        message = f"{STDIN if name == '-' else name} cannot be changed: it is no file"
        raise UsageStop(message, f"name a file, or {instead}")


def why_not_rewritable(name: str) -> str:
    """Why `rewrite` would not give a file a new text, as far as is seen beforehand; empty where it would."""
    target = Path(os.path.realpath(name))
    if not target.is_file():
        return "it is no file"
    if _is_read_only(target):
        return "it is read-only"
    if target.stat().st_nlink == 1 and not os.access(target.parent, os.W_OK):
        return "its folder is read-only"
    return ""


def _is_read_only(target: Path) -> bool:
    return not target.stat().st_mode & 0o222 or not os.access(target, os.W_OK)


def _check_writable(target: Path) -> None:
    with _outside(target, "read"):
        is_read_only = _is_read_only(target)
    if is_read_only:
        message = f"{target} is read-only; nothing is written"
        raise OutsideStop(message, "make it writable")


def has_mark(path: str) -> bool:
    """Whether a file begins with a byte order mark; false for what cannot be read, or only once."""
    try:
        if is_stream(path):
            return False
        with open(path, "rb") as file:
            return file.read(3) == b"\xef\xbb\xbf"
    except (OSError, ValueError):
        return False


def _read(output: Path, path: str) -> bytes | None:
    """The bytes of a file below the output, None if there is none."""
    _check_inside(output, path)
    target = output / path
    with _outside(target, "read"):
        try:
            regular = stat.S_ISREG(target.stat().st_mode)
        except FileNotFoundError:
            return None
        if not regular:  # a pipe would be waited for without end
            raise OSError(errno.EINVAL, "it is not a regular file")
        return target.read_bytes()


def _check_inside(output: Path, path: str) -> None:
    pure = PurePosixPath(path)
    inside = str(pure) == path and not pure.is_absolute() and not {"", ".", ".."} & set(path.split("/"))
    with _outside(output / path, "read"):
        root = output.resolve()
        inside = inside and "\\" not in path and ":" not in path and (root / path).parent.resolve().is_relative_to(root)
    if not inside:
        message = f"{path!r} leads out of {output}"
        raise UsageStop(message, "a chart is written into its own folder only: rename the file, or remove the link")


def _replace(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f".{glob.escape(target.name)}.{'[0-9a-f]' * 8}.tmp"):
        left.unlink(missing_ok=True)  # by a write that was killed
    temporary = target.parent / f".{target.name}.{secrets.token_hex(4)}.tmp"
    try:
        with temporary.open("xb") as file:
            file.write(content)
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def _overwrite(target: Path, content: bytes) -> None:
    """Write a file in its place; what was there comes back where the disk refuses."""
    with target.open("r+b") as file:
        old = file.read()
        try:
            _refill(file, content)
        except OSError:
            _refill(file, old)
            raise


def _refill(file: BinaryIO, content: bytes) -> None:
    file.seek(0)
    file.write(content)
    file.truncate()
    file.flush()


def _remove(output: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    for folder in target.relative_to(output).parents:
        if folder != Path():
            with suppress(OSError):  # it holds something else
                (output / folder).rmdir()


@contextmanager
def _outside(path: Path, done: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = f"{path} cannot be {done}: {error.strerror or error}"
        raise OutsideStop(message, "check the path, its rights and the space on the disk") from error
