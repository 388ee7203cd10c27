"""What a finding is known by from run to run, whatever moves in its file."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence

from chartgen.finding import Finding
from chartgen.report.places import file_path
from chartgen.report.run import Run


def fingerprints(findings: Sequence[Finding], run: Run) -> list[str]:
    """One for each finding, no two alike: of its code, file, path and message, without the message's numbers.

    Lines do not count, and neither do the numbers in a message: a value that is still wrong is the same finding. Of
    those that would be alike, the place in the list counts.
    """
    seen: Counter[str] = Counter()
    found = []
    for finding in findings:
        parts = (finding.code, file_path(finding, run), finding.path, re.sub(r"\d+", "0", finding.message))
        key = "\0".join(parts)
        seen[key] += 1
        text = f"{key}\0{seen[key]}"
        found.append(hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest())
    return found
