"""What is the user's in a chart's folder, copied."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chartgen.finding import OutsideStop
from chartgen.manifests.own_files import copy_files
from tests.projects import write


def test_all_files_are_copied_but_those_that_are_left_out(tmp_path: Path) -> None:
    write(tmp_path / "from", {"a": "1", "b/c": "2", "b/d": "3", ".git/config": "4"})
    (tmp_path / "from" / "b").chmod(0o555)

    copy_files(tmp_path / "from", tmp_path / "to", {"b/d"})

    copied = {path.relative_to(tmp_path / "to").as_posix() for path in (tmp_path / "to").rglob("*") if path.is_file()}
    assert copied == {"a", "b/c"}
    (tmp_path / "to" / "b" / "new").write_text("", encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Windows asks for a right to make links")
@pytest.mark.parametrize("to", ["nothing", "/dev/zero", "."])
def test_a_link_that_leads_nowhere_or_without_end_is_one_error(tmp_path: Path, to: str) -> None:
    (tmp_path / "from").mkdir()
    for name in ("one", "other"):
        (tmp_path / "from" / name).symlink_to(to)

    with pytest.raises(OutsideStop, match="one"):
        copy_files(tmp_path / "from", tmp_path / "to", ())
