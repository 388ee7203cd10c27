"""Charts that are odd in one way each: trees of files, and archives, for the tests that compare with Helm."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Sequence

from tests.oracle import TEMPLATE
from tests.properties.chart_trees import Files, packed

CHART = "apiVersion: v2\nname: c\nversion: 0.1.0\n"
SUB = "apiVersion: v2\nname: sub\nversion: 1.0.0\n"
LISTED = f"{CHART}dependencies:\n- name: sub\n  version: '*'\n"


def tree(chart: str = CHART, **more: str) -> Files:
    """A chart; `charts__sub__values` is the key of `charts/sub/values`; `_` before an ending is a dot."""
    return {"Chart.yaml": chart, **{name.replace("__", "/"): text for name, text in more.items()}}


def sub(chart: str = CHART, below: str = SUB, values: str = "x: 1\n") -> Files:
    """A chart with one in it."""
    return {"Chart.yaml": chart, "charts/sub/Chart.yaml": below, "charts/sub/values.yaml": values}


TREES: dict[str, Files] = {
    "a library": tree(f"{CHART}type: library\n"),
    "another type": tree(f"{CHART}type: app\n"),
    "an API version of tomorrow": tree("apiVersion: v3\nname: c\nversion: 0.1.0\n"),
    "no API version": tree("name: c\nversion: 0.1.0\n"),
    "an empty API version": tree("apiVersion: ''\nname: c\nversion: 0.1.0\n"),
    "an API version of nobody": tree("apiVersion: v9\nname: c\nversion: 0.1.0\n"),
    "a subchart of an API version of nobody": sub(below="apiVersion: v9\nname: sub\nversion: 1.0.0\n"),
    "no name": tree("apiVersion: v2\nversion: 0.1.0\n"),
    "no version": tree("apiVersion: v2\nname: c\n"),
    "a number for a version": tree("apiVersion: v2\nname: c\nversion: 1\n"),
    "a fraction for a version": tree("apiVersion: v2\nname: c\nversion: 1.10\n"),
    "a version that is none": tree("apiVersion: v2\nname: c\nversion: one\n"),
    "a version with leading zeros": tree("apiVersion: v2\nname: c\nversion: 01.02.03\n"),
    "a suffix with leading zeros": tree("apiVersion: v2\nname: c\nversion: 1.0.0-01\n"),
    "a number for a name": tree("apiVersion: v2\nname: 5\nversion: 0.1.0\n"),
    "a word for a name": tree("apiVersion: v2\nname: yes\nversion: 0.1.0\n"),
    "a list for a name": tree("apiVersion: v2\nname: [c]\nversion: 0.1.0\n"),
    "a path for a name": tree("apiVersion: v2\nname: a/c\nversion: 0.1.0\n"),
    "dots for a name": tree("apiVersion: v2\nname: ..\nversion: 0.1.0\n"),
    "a name with a dot": sub(below="apiVersion: v2\nname: a.b\nversion: 1.0.0\n"),
    "a name with blanks": sub(below='apiVersion: v2\nname: "a\\tb"\nversion: 1.0.0\n'),
    "keys in capitals": tree("APIVersion: v2\nName: c\nVERSION: 0.1.0\n"),
    "a key twice": tree(f"{CHART}name: d\n"),
    "unknown keys": tree(f"{CHART}nonsense: {{a: [1]}}\n"),
    "an empty file": tree(""),
    "a list": tree("- a\n"),
    "broken YAML": tree("a: [\n"),
    "two documents": tree(f"{CHART}---\nname: [\n"),
    "keywords that are a text": tree(f"{CHART}keywords: a\n"),
    "keywords with a number": tree(f"{CHART}keywords: [1, true, ~]\n"),
    "keywords with a list": tree(f"{CHART}keywords: [[a]]\n"),
    "deprecated": tree(f"{CHART}deprecated: true\n"),
    "deprecated in quotes": tree(f"{CHART}deprecated: 'true'\n"),
    "annotations with a number": tree(f"{CHART}annotations: {{a: 1, b: true, c: ~}}\n"),
    "annotations with a mapping": tree(f"{CHART}annotations: {{a: {{}}}}\n"),
    "annotations that are a list": tree(f"{CHART}annotations: []\n"),
    "a maintainer that is a text": tree(f"{CHART}maintainers: [a]\n"),
    "a maintainer that is null": tree(f"{CHART}maintainers: [~]\n"),
    "a maintainer with a number": tree(f"{CHART}maintainers: [{{name: 1}}]\n"),
    "a maintainer with a list": tree(f"{CHART}maintainers: [{{name: []}}]\n"),
    "sources that are null": tree(f"{CHART}sources: ~\n"),
    "a list for an icon": tree(f"{CHART}icon: []\n"),
    "no dependencies": sub(f"{CHART}dependencies:\n"),
    "an empty list of dependencies": sub(f"{CHART}dependencies: []\n"),
    "a dependency that is null": sub(f"{CHART}dependencies: [~]\n"),
    "a dependency that is a text": sub(f"{CHART}dependencies: [sub]\n"),
    "a dependency without a name": sub(f"{CHART}dependencies: [{{version: '*'}}]\n"),
    "a dependency without a version": sub(f"{CHART}dependencies: [{{name: sub, condition: sub.x}}]\n"),
    "a dependency with an alias and no version": sub(f"{CHART}dependencies: [{{name: sub, alias: other}}]\n"),
    "a dependency that is missing": tree(LISTED),
    "a dependency that is missing and off": tree(f"{LISTED}  condition: sub.enabled\n", **{"values.yaml": "sub: {enabled: false}\n"}),
    "a dependency of a dependency that is missing": sub(LISTED, f"{SUB}dependencies: [{{name: more, version: '*'}}]\n"),
    "an alias with a dot": sub(f"{LISTED}  alias: a.b\n"),
    "an alias with a blank": sub(f"{LISTED}  alias: 'a b'\n"),
    "two of one name": sub(f"{LISTED}- name: sub\n  version: '*'\n"),
    "two of one name and two aliases": sub(f"{LISTED}  alias: a\n- name: sub\n  version: '*'\n  alias: b\n"),
    "one under its name and under an alias": sub(f"{LISTED}- name: sub\n  version: '*'\n  alias: b\n"),
    "tags that are a text": sub(f"{LISTED}  tags: a\n"),
    "tags that are null": sub(f"{LISTED}  tags: ~\n"),
    "a tag that is a number": {**sub(f"{LISTED}  tags: [1]\n"), "values.yaml": "tags: {'1': false}\n"},
    "a condition that is a number": {**sub(f"{LISTED}  condition: 1\n"), "values.yaml": "'1': false\n"},
    "a condition with blanks": {**sub(f"{LISTED}  condition: ' a, b '\n"), "values.yaml": "a: 1\nb: false\n' b': false\n"},
    "a condition that is a text": {**sub(f"{LISTED}  condition: a,b\n"), "values.yaml": "a: 'false'\nb: false\n"},
    "a condition in the subchart's own values": sub(f"{LISTED}  condition: sub.x\n", values="x: false\n"),
    "a condition and a tag that differ": {**sub(f"{LISTED}  condition: on\n  tags: [t]\n"), "values.yaml": "'on': 1\n'true': true\ntags: {t: false}\n"},
    "enabled: false in Chart.yaml": sub(f"{LISTED}  enabled: false\n"),
    "enabled is a text": sub(f"{LISTED}  enabled: 'no'\n"),
    "imports that are a mapping": sub(f"{LISTED}  import-values: {{a: b}}\n"),
    "imports of odd items": sub(f"{LISTED}  import-values: [1, ~, [a], {{child: 1}}, {{child: x, parent: .}}]\n", values="x: {y: 1}\n"),
    "imports of what is no mapping": sub(f"{LISTED}  import-values: [x, {{child: x, parent: y}}]\n"),
    "imports to a path": sub(f"{LISTED}  import-values: [{{child: a.b, parent: q.r}}]\n", values="a: {b: {c: 1}}\n"),
    "imports of all": sub(f"{LISTED}  import-values: [{{child: a, parent: sub}}]\n", values="a: {x: 1, a: {y: 2}}\n"),
    "requirements beside an old chart": {**sub(CHART.replace("v2", "v1")), "requirements.yaml": "dependencies:\n- {name: sub, version: '*', alias: s}\n"},
    "requirements beside a new chart": {**sub(f"{LISTED}  condition: q\n"), "values.yaml": "q: false\n", "requirements.yaml": "dependencies:\n- {name: sub, version: 1.x}\n"},
    "requirements that change the name": {**tree(), "requirements.yaml": "name: d\nversion: 2.0.0\n"},
    "requirements of an API version of nobody": {**tree(), "requirements.yaml": "apiVersion: v9\n"},
    "requirements that are broken": {**tree(), "requirements.yaml": "a: [\n"},
    "requirements without dependencies": {**sub(LISTED), "requirements.yaml": "dependencies: ~\n"},
    "a lock that is broken": tree(**{"Chart.lock": "a: [\n"}),
    "a lock that is a list": tree(**{"Chart.lock": "[]\n"}),
    "a lock": tree(**{"Chart.lock": "dependencies: []\ndigest: x\ngenerated: '2024-01-01T00:00:00Z'\n"}),
    "an old lock that is broken": tree(**{"requirements.lock": "a: [\n"}),
    "a file in charts/": tree(charts__README="hello\n"),
    "a hidden file in charts/": tree(**{"charts/.gitkeep": "", "charts/_notes": "", "charts/_off/values.yaml": "a: ["}),
    "a signature in charts/": tree(**{"charts/sub-1.0.0.tgz.prov": "x", "charts/deep/a.prov": "x"}),
    "a folder without a chart in charts/": tree(**{"charts/sub/values.yaml": "a: 1\n"}),
    "a folder named as an archive": tree(**{"charts/sub.tgz/Chart.yaml": SUB}),
    "an archive that is none": tree(**{"charts/sub.tgz": "hello"}),
    "a subchart's chart of another name": {**sub(), "charts/other/Chart.yaml": "apiVersion: v2\nname: third\nversion: 1.0.0\n"},
    "a subchart that is off and broken": {**sub(f"{LISTED}  condition: on\n", values="a: ["), "values.yaml": "{'true': false}\n"},
    "a subchart that is off with a broken schema": {**sub(f"{LISTED}  condition: q\n"), "values.yaml": "q: false\n", "charts/sub/values.schema.json": "{"},
    "a subchart with a broken schema": {**sub(LISTED), "charts/sub/values.schema.json": "{"},
    "a subchart with an empty schema": {**sub(LISTED), "charts/sub/values.schema.json": ""},
    "a library below": {**sub(LISTED, f"{SUB}type: library\n"), "charts/sub/values.schema.json": '{"required": ["y"]}'},
    "a subchart's values that are a text": {**sub(LISTED), "values.yaml": "sub: text\n"},
    "a subchart's values that are null": {**sub(LISTED), "values.yaml": "sub: ~\n"},
    "a subchart's values that are a list": {**sub(LISTED), "values.yaml": "sub: []\n"},
    "an alias's values that are a text": {**sub(f"{LISTED}  alias: s\n"), "values.yaml": "s: text\nsub: 1\n"},
    "globals that are a text": {**sub(LISTED), "values.yaml": "global: text\n"},
    "globals of a subchart that are a text": sub(LISTED, values="global: text\n"),
    "globals below globals": {**sub(LISTED, values="global: {a: {b: {y: 2}}}\n"), "values.yaml": "global: {a: {b: {x: 1}}}\n"},
    "a subchart called settings": sub(below="apiVersion: v2\nname: settings\nversion: 1.0.0\n"),
    "a closed schema above a subchart": {**sub(LISTED), "values.schema.json": '{"additionalProperties": false}'},
    "a mark at the start of every file": {name: f"\ufeff{text!s}" for name, text in {**sub(LISTED), "values.yaml": "a: 1\n", "values.schema.json": "{}"}.items()},
    "lines of Windows": {name: str(text).replace("\n", "\r\n") for name, text in {**sub(LISTED), "values.yaml": "a: 1\nb:\n  c: 2\n"}.items()},
    "a schema that is true": tree(**{"values.schema.json": "true"}),
    "a schema that is false": tree(**{"values.schema.json": "false"}),
    "a schema that is a list": tree(**{"values.schema.json": "[]"}),
    "a schema that is null": tree(**{"values.schema.json": "null"}),
    "several documents of defaults": {**sub(LISTED, values="x: 1\n---\ny: 2\n"), "values.yaml": "a: 1\n---\nb: 2\n"},
    "a broken second document of defaults": tree(**{"values.yaml": "a: 1\n---\nb: [\n"}),
    "defaults that are a list": tree(**{"values.yaml": "[]\n"}),
    "defaults that are null": tree(**{"values.yaml": "~\n"}),
    "nulls of defaults": {**sub(LISTED, values="x: ~\ny: {z: ~}\n"), "values.yaml": "a: ~\nsub: {x: ~, q: ~}\n"},
    "an ignored values.yaml": tree(**{"values.yaml": "a: 1\n", ".helmignore": "values.yaml\n"}),
    "an ignored subchart": {**sub(), ".helmignore": "# none\n/charts/sub\n"},
    "an ignored Chart.yaml": tree(**{".helmignore": "Chart.yaml\n"}),
    "stars in .helmignore": tree(**{".helmignore": "a/**/b\n"}),
    "bytes of no text in .helmignore": {**tree(**{"values.yaml": "a: 1\n"}), ".helmignore": b"\xff\nvalues.yaml\n[\xff]\n"},
    "a .helmignore in UTF-16": {**tree(**{"values.yaml": "a: 1\n"}), ".helmignore": "values.yaml\n".encode("utf-16")},
    "a mark in .helmignore": {**tree(**{"values.yaml": "a: 1\n"}), ".helmignore": "\ufeffvalues.yaml\n"},
    "blanks of Go's in .helmignore": tree(**{"values.yaml": "a: 1\n", ".helmignore": "\u2003values.yaml\x85\r\n"}),
    "a separator in .helmignore": tree(**{"values.yaml": "a: 1\n", ".helmignore": "values.yaml\x1c\n"}),
    "a line of .helmignore that is long": tree(**{".helmignore": f"# {'x' * 65533}\n"}),
    "a line of .helmignore that is too long": tree(**{".helmignore": f"# {'x' * 65534}\n"}),
    "an ending in .helmignore": tree(**{"values.yaml": "a: 1\n", ".helmignore": "*.yml\n*s.yaml\n"}),
    "a range of Kubernetes' versions": tree(f"{CHART}kubeVersion: '>=1.20.0-0 <9'\n"),
    "an empty range of Kubernetes' versions": tree(f"{CHART}kubeVersion: ''\n"),
    "a range of Kubernetes' versions that is none": tree(f"{CHART}kubeVersion: abc\n"),
    "a range of Kubernetes' versions that is a blank": tree(f"{CHART}kubeVersion: ' '\n"),
    "a range of Kubernetes' versions that is a tab": tree(f'{CHART}kubeVersion: ">=1.20\\t<9"\n'),
    "a range of a subchart that is none": sub(below=f"{SUB}kubeVersion: abc\n"),
    "a file of 5 MiB": tree(blob="x" * 5 * 1024 * 1024),
    "a file beyond 5 MiB": tree(blob="x" * (5 * 1024 * 1024 + 1)),
    "an ignored file beyond 5 MiB": tree(blob="x" * (5 * 1024 * 1024 + 1), **{".helmignore": "blob\n"}),
    "a file beyond 5 MiB in a subchart": {**sub(), "charts/sub/docs/blob": "x" * (5 * 1024 * 1024 + 1)},
    "an archive below with a file beyond 5 MiB": {**tree(), "charts/sub.tgz": packed({"Chart.yaml": SUB, "blob": "x" * (5 * 1024 * 1024 + 1)}, "sub")},
    "a hidden template beyond 5 MiB": tree(**{"templates/.blob": "x" * (5 * 1024 * 1024 + 1)}),
    "a subchart's own .helmignore": {**sub(), "charts/sub/.helmignore": "values.yaml\n"},
    "a name in capitals": tree(**{"Values.yaml": "a: 1\n", "values.yml": "b: 1\n"}),
}  # fmt: skip


def archive(*members: tuple[str, str], kind: bytes = tarfile.REGTYPE, form: int = tarfile.PAX_FORMAT) -> bytes:
    """An archive of a chart whose members are named so, with the oracle's template."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", format=form) as file:
        for name, text in (("c/Chart.yaml", CHART), *((f"c/{name}", text) for name, text in TEMPLATE.items())):
            _add(file, name, text, tarfile.REGTYPE)
        for name, text in members:
            _add(file, name, text, kind)
    return buffer.getvalue()


def _add(file: tarfile.TarFile, name: str, text: str, kind: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.type = kind
    if kind == tarfile.REGTYPE:
        member.size = len(text.encode())
    else:
        member.linkname = text
    file.addfile(member, io.BytesIO(text.encode()) if kind == tarfile.REGTYPE else None)


def _raw(data: Sequence[bytes]) -> bytes:
    return gzip.compress(b"".join(data))


PLAIN = archive(("c/values.yaml", "a: 1\n"))
_TAR = gzip.decompress(PLAIN)

ARCHIVES: dict[str, bytes] = {
    "plain": PLAIN,
    "another folder for each file": archive(("d/values.yaml", "a: 1\n"), ("e/charts/sub/Chart.yaml", SUB)),
    "the old format": archive(("c/values.yaml", "a: 1\n"), form=tarfile.USTAR_FORMAT),
    "GNU's format and a long name": archive((f"c/charts/sub/{'x' * 200}", ""), ("c/charts/sub/Chart.yaml", SUB), form=tarfile.GNU_FORMAT),
    "a folder above": archive(("c/../values.yaml", "a: 1\n")),
    "two folders above": archive(("c/../../values.yaml", "a: 1\n")),
    "a way that comes back": archive(("c/x/../values.yaml", "a: 1\n")),
    "an absolute name": archive(("/c/values.yaml", "a: 1\n")),
    "an absolute name below": archive(("c//values.yaml", "a: 1\n")),
    "a drive": archive(("c/d:/values.yaml", "a: 1\n")),
    "backslashes": archive(("c\\values.yaml", "a: 1\n")),
    "backslashes in folders": archive(("c\\charts\\sub\\Chart.yaml", SUB)),
    "a file beside the folder": archive(("values.yaml", "a: 1\n")),
    "Chart.yaml beside the folder": archive(("Chart.yaml", CHART)),
    "a folder called Chart.yaml": archive(("Chart.yaml/values.yaml", "a: 1\n")),
    "a dot before the names": archive(("./c/values.yaml", "a: 1\n")),
    "a link": archive(("c/values.yaml", "/etc/hostname"), kind=tarfile.SYMTYPE),
    "a hard link": archive(("c/values.yaml", "c/Chart.yaml"), kind=tarfile.LNKTYPE),
    "a file beyond 5 MiB": archive(("c/blob", "x" * (5 * 1024 * 1024 + 1))),
    "values.yaml twice": archive(("c/values.yaml", "a: 1\n"), ("c/values.yaml", "b: 1\n")),
    "values.yaml twice, the first broken": archive(("c/values.yaml", "a: ["), ("c/values.yaml", "b: 1\n")),
    "values.yaml twice, the first no text": archive(("c/values.yaml", "a: \x01\n"), ("c/./values.yaml", "b: 1\n")),
    "values.yaml twice, a document broken": archive(("c/values.yaml", "a: 1\n---\nb: ["), ("c/values.yaml", "b: 1\n")),
    "a schema twice, the first broken": archive(("c/values.schema.json", "{"), ("c/values.schema.json", "{}")),
    "a schema twice, the last broken": archive(("c/values.schema.json", "{}"), ("c/values.schema.json", "{")),
    "Chart.yaml twice, the last a part": archive(("c/Chart.yaml", "name: d\n")),
    "Chart.yaml twice, the last a library": archive(("c/Chart.yaml", "type: library\n")),
    "Chart.yaml twice, the last another version": archive(("c/Chart.yaml", "apiVersion: v9\n")),
    "Chart.yaml twice, the first with dependencies": archive(("c/Chart.yaml", f"{CHART}dependencies: [{{name: x, version: '1'}}]\n"), ("c/Chart.yaml", CHART)),
    "Chart.yaml twice, the last broken": archive(("c/Chart.yaml", "a: [")),
    "Chart.lock twice, the first broken": archive(("c/Chart.lock", "a: ["), ("c/Chart.lock", "a: 1\n")),
    "a subchart's files twice": archive(("c/charts/sub/Chart.yaml", SUB), ("c/charts/sub/values.yaml", "x: 1\n"), ("c/charts/sub/values.yaml", "x: 2\n")),
    "requirements twice": archive(("c/requirements.yaml", "dependencies: [{name: x, version: '1'}]\n"), ("c/requirements.yaml", "dependencies: []\n")),
    "an archive below twice": archive(("c/charts/sub.tgz", "hello"), ("c/charts/sub.tgz", "hello")),
    "an archive in it": archive(("c/charts/README.prov", "x")),
    "no files": _raw([b"\0" * 1024]),
    "nothing": _raw([]),
    "no tar": _raw([b"hello, this is not an archive of anybody"]),
    "cut off": PLAIN[: len(PLAIN) // 2],
    "cut off inside a file": _raw([_TAR[: _TAR.index(b"a: 1") + 2]]),
    "cut off behind a file": _raw([_TAR[: _TAR.index(b"a: 1") + 512]]),
    "junk behind the files": _raw([_TAR[: _TAR.index(b"a: 1") + 512], b"junk" * 300]),
    "junk behind the archive": PLAIN + b"junk",
    "two gzip files": gzip.compress(_TAR[:1000]) + gzip.compress(_TAR[1000:]),
    "a checksum that is wrong": PLAIN[:-8] + b"\0\0\0\0" + PLAIN[-4:],
    "a checksum that is wrong and no end": _raw([_TAR[: _TAR.index(b"a: 1") + 512]])[:-8] + b"\0" * 8,
    "a length that is wrong and no end": _raw([_TAR[: _TAR.index(b"a: 1") + 512]])[:-4] + b"\0" * 4,
    "one empty block at the end": _raw([_TAR[: _TAR.index(b"a: 1") + 512], b"\0" * 512]),
    "one empty block before junk": _raw([_TAR[: _TAR.index(b"a: 1") + 512], b"\0" * 512, b"junk" * 300]),
    "a gzip file with a name and a comment": gzip.compress(b"")[:3] + b"\x1e" + gzip.compress(b"")[4:10] + b"\x02\0abname\0comment\0\0\0" + PLAIN[10:],
    "a gzip file of another method": PLAIN[:2] + b"\x07" + PLAIN[3:],
    "a deflated part that is broken": PLAIN[:40] + b"\xff" * 20 + PLAIN[60:],
    "no gzip": _TAR,
    "a text": b"a: 1\n",
    "an empty file": b"",
    "a chart without Chart.yaml": packed({"values.yaml": "a: 1\n", **TEMPLATE}, "c"),
    "folders alone": archive(("c/charts/", ""), kind=tarfile.DIRTYPE),
}  # fmt: skip
