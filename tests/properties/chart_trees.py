"""Random charts with charts in them, as files, and random layers for them: for the tests that compare with Helm."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Mapping
from typing import Any, TypeAlias

from hypothesis import strategies as st

Files: TypeAlias = "dict[str, str | bytes]"

NAMES = ["a", "b", "c", "db", "my.sub"]
KEYS = [*NAMES, "x", "y", "global", "enabled", "exports", "tags", "settings"]
VERSIONS = ["1.2.3", "0.1.0", "1.0.0-rc.1", "v2.0"]
RANGES = ["*", "1.2.3", "^1.0.0", "~0.1", ">=0.0.0-0", "1.x", "0.1.0", "", "1 - 3", ">0.5, <2 || 2.0.0"]

scalars: st.SearchStrategy[Any] = st.sampled_from(
    [None, None, 0, 1, 2.5, "t", "", True, False, [], [1, {"x": None}], {}]
)
trees = st.recursive(scalars, lambda inner: st.dictionaries(st.sampled_from(KEYS), inner, max_size=3), max_leaves=6)
maps = st.dictionaries(st.sampled_from(KEYS), trees, max_size=5)
conditions = st.sampled_from(
    ["", "", "db.enabled", "a.enabled", "enabled,b.enabled", "x", "global.x,c.enabled", "y.enabled"]
)
paths = st.sampled_from(["x", "y", "x.y", "global", "db", "exports", "exports.x", "."])
exported = st.sampled_from(["x", "y", "db"])
imports: st.SearchStrategy[Any] = st.lists(exported | st.builds(dict, child=paths, parent=paths), max_size=2)


@st.composite
def values(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    """Values in which what decides about subcharts is likely."""
    made: dict[str, Any] = draw(maps)
    for name in names:
        if draw(st.booleans()):
            made[name] = draw(maps)
        elif name in made and draw(st.integers(0, 4)):
            del made[name]
    if draw(st.booleans()):
        made["global"] = {"x": draw(trees), "y": draw(trees)}
    if draw(st.integers(0, 3)) == 0:
        made["tags"] = draw(st.dictionaries(st.sampled_from(["t1", "t2"]), st.sampled_from([True, False, 1])))
    return made


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, Any]:
    """Schemas that are often kept."""
    made: dict[str, Any] = {}
    types = st.sampled_from(
        ["object", "integer", "boolean", "null", "string", ["object", "null"], ["number", "string"]]
    )
    for key in draw(st.lists(st.sampled_from(KEYS), max_size=2)):
        made.setdefault("properties", {})[key] = {"type": draw(types)}
    if draw(st.integers(0, 5)) == 0:
        made["required"] = [draw(st.sampled_from(KEYS))]
    if draw(st.integers(0, 7)) == 0:
        made["additionalProperties"] = False
    return made


@st.composite
def dependencies(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """One line of a chart's dependencies."""
    made: dict[str, Any] = {
        "name": name,
        "version": draw(st.sampled_from(RANGES[:5] if draw(st.integers(0, 3)) else RANGES)),
    }
    if draw(st.integers(0, 2)) == 0:
        made["alias"] = draw(st.sampled_from(["c", "db", "other", "more"]))
    made["condition"] = draw(conditions)
    if draw(st.integers(0, 2)) == 0:
        made["tags"] = draw(st.lists(st.sampled_from(["t1", "t2"]), min_size=1, max_size=2))
    if draw(st.booleans()):
        made["import-values"] = draw(imports)
    return {key: value for key, value in made.items() if value or draw(st.booleans())}


@st.composite
def chart_files(draw: st.DrawFn, depth: int = 2, name: str = "c") -> Files:
    """A chart's files; those of a subchart in a folder, or an archive."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3)) if depth else []
    facts: dict[str, Any] = {"apiVersion": "v2", "name": name, "version": draw(st.sampled_from(VERSIONS))}
    if depth < 2 and draw(st.integers(0, 4)) == 0:
        facts["type"] = "library"
    files: Files = {}
    listed = [draw(dependencies(inner)) for inner in names if draw(st.integers(0, 4))]
    listed += [draw(dependencies(inner)) for inner in names if draw(st.integers(0, 2)) == 0]
    if draw(st.integers(0, 19)):
        listed = list({line.get("alias", line["name"]): line for line in listed}.values())
    if draw(st.integers(0, 9)):
        facts["dependencies"] = listed
    elif listed:
        facts["apiVersion"] = "v1"
        files["requirements.yaml"] = json.dumps({"dependencies": listed})
    files["Chart.yaml"] = json.dumps(facts)
    if draw(st.integers(0, 9)):
        files["values.yaml"] = json.dumps(draw(values(names)))
    if draw(st.integers(0, 4)) == 0:
        files["values.schema.json"] = json.dumps(draw(schemas()))
    for inner in names:
        below = draw(chart_files(depth - 1, inner))
        if draw(st.integers(0, 3)):
            files |= {f"charts/{inner}/{path}": text for path, text in below.items()}
        else:
            files[f"charts/{inner}-1.tgz"] = packed(below, inner)
    return files


def packed(files: Mapping[str, str | bytes], folder: str) -> bytes:
    """The archive of a chart's files, in one folder."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path, text in files.items():
            data = text.encode() if isinstance(text, str) else text
            member = tarfile.TarInfo(f"{folder}/{path}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


flags = st.tuples(
    st.sampled_from(["set", "set-string", "set-json"]),
    st.builds(
        "{}={}".format,
        st.sampled_from(["x", "db.enabled", "a.x", "global.x", "global.x.y", "tags.t1", "c", "b.global.y", "a.db.x"]),
        st.sampled_from(["1", "true", "false", "null"]),
    ),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Files, list[str], list[tuple[str, str]]]:
    """A chart, values files and flags."""
    files = draw(chart_files())
    names = sorted({path.split("/")[1].removesuffix("-1.tgz") for path in files if path.startswith("charts/")})
    layers = [json.dumps(draw(values(names))) for _ in range(draw(st.integers(0, 2)))]
    return files, layers, draw(st.lists(flags, max_size=2))
