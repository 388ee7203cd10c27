"""A chart's archive (`.tgz`) as its files, in memory: nothing is ever written, and no name leads out of the chart."""

from __future__ import annotations

import io
import posixpath
import re
import tarfile
from collections.abc import Iterator

from chartgen.documents.chart_files import INSIDE, MAX_CHART_BYTES, MAX_FILES, ChartError, ChartFile, refusal
from chartgen.documents.chart_gzip import gunzipped

_BLOCK = 512
_DRIVE = re.compile(r"[a-zA-Z]:/")


def archive_files(shown: str, data: bytes, limit: int = MAX_CHART_BYTES) -> tuple[list[ChartFile], int]:
    """The files of an archive, in its order, and the bytes that it unpacks to; `shown` is its name for people.

    Raises:
        ChartError: it is broken or too large, or Helm refuses a name in it.
    """
    tar, fault = gunzipped(data, limit)
    if len(tar) > limit:
        most = MAX_CHART_BYTES // 1024 // 1024
        raise refusal(shown, f"{shown} unpacks to more than {most} MiB", code="CG105", help_="so Helm refuses it, too")
    if fault and not tar:
        raise _broken(shown, fault)
    files = list(_members(shown, tar, fault))
    if not files:
        raise refusal(shown, f"{shown} holds no files")
    return files, len(tar)


def _members(shown: str, tar: bytes, fault: str) -> Iterator[ChartFile]:
    try:
        with tarfile.open(fileobj=io.BytesIO(tar), mode="r:", encoding="utf-8", errors="replace") as archive:
            for number, member in enumerate(archive):
                if number == MAX_FILES:
                    raise refusal(shown, f"{shown} holds more than {MAX_FILES} files", code="CG105")
                if not member.isdir():
                    yield _member(shown, tar, member)
            end = archive.offset
    except (tarfile.TarError, ValueError, OverflowError) as error:
        raise _broken(shown, str(error)) from None
    # Behind its end nobody looks, so that what is wrong there is not seen.
    if any(tar[end : end + 2 * _BLOCK]):
        raise _broken(shown, "a file's header cannot be read")
    if fault and not tar[end : end + _BLOCK]:
        raise _broken(shown, fault)


def _member(shown: str, tar: bytes, member: tarfile.TarInfo) -> ChartFile:
    name = _name(shown, member.name)
    start, end = member.offset_data, member.offset_data + (member.size if member.isreg() else 0)
    if end > len(tar):
        raise _broken(shown, "it ends too early")
    return ChartFile(name, f"{shown}{INSIDE}{member.name}", lambda: tar[start:end], end - start)


def _name(shown: str, given: str) -> str:
    """The name below the archive's one folder; Helm takes the first part off, whatever it is."""
    delimiter = "\\" if "\\" in given else "/"
    first, _, rest = given.partition(delimiter)
    rest = rest.replace(delimiter, "/")
    name = posixpath.normpath(rest)
    if first == "Chart.yaml":
        raise refusal(shown, f"{shown} holds Chart.yaml beside its folder, not in it")
    if not rest or name == "." or name.startswith(("..", "/")) or _DRIVE.match(name):
        raise refusal(shown, f"{shown} holds {given}, which leads out of the chart", help_="Helm refuses it, too")
    return name


def _broken(shown: str, reason: str) -> ChartError:
    return refusal(shown, f"{shown} is not an archive that can be read: {reason}")
