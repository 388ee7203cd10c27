"""The report for the test views of CI servers: JUnit's XML, as Jenkins' xUnit plugin defines it and GitLab reads it.

A file is a suite, a finding a case that fails; a file without findings has one case that passes. A warning fails nothing,
so it is a case that is skipped, unless warnings fail the run, too. There are no times: the same files give the same report.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from chartgen.finding import Finding, is_error
from chartgen.report.printable import printable
from chartgen.report.run import Run
from chartgen.report.text import finding_text

_NO_FILE = "chartgen"
"""The suite of what is in no file."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write."""


def render(findings: Sequence[Finding], run: Run) -> str:
    """One XML document, also when there are no findings."""
    root = Element("testsuites", name="chartgen")
    for name, own in _by_file(findings, run.judged).items():
        _suite(root, name, own, run)
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    root.set("time", "0")
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _by_file(findings: Iterable[Finding], judged: Iterable[str]) -> dict[str, list[Finding]]:
    """The findings of each file, by its name; none of a file that was judged and has none."""
    by_file: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda finding: finding.order):
        name = finding.primary.source.name if finding.primary else _NO_FILE
        by_file.setdefault(name, []).append(finding)
    for name in judged:
        if not any(file == name or file.startswith(f"{name}/") for file in by_file):
            by_file[name] = []
    return dict(sorted(by_file.items()))


def _suite(root: Element, name: str, findings: Sequence[Finding], run: Run) -> None:
    cases = [(finding, is_error(finding) or run.strict) for finding in findings]
    failures = sum(fails for _, fails in cases)
    suite = SubElement(root, "testsuite", name=_xml(name), tests=str(len(cases) or 1), failures=str(failures))
    suite.attrib |= {"errors": "0", "skipped": str(len(cases) - failures), "time": "0"}
    if not cases:
        _case(suite, name, "no findings")
    seen: Counter[str] = Counter()
    for finding, fails in cases:
        title = " ".join(f"{finding.code} {finding.path or finding.message}".split())
        seen[title] += 1
        again = f" ({seen[title]})" if seen[title] > 1 else ""
        case = _case(suite, name, title + again)
        told = SubElement(case, "failure" if fails else "skipped", type=finding.severity.value)
        told.set("message", _xml(finding.message))
        told.text = _xml(finding_text(finding))


def _case(suite: Element, file: str, name: str) -> Element:
    return SubElement(suite, "testcase", classname=_xml(file), name=_xml(name), time="0")


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", printable(text))
