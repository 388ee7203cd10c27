"""What a file holds, told apart by what is in it, and judged as that: values, or Kubernetes' objects."""

from __future__ import annotations

from collections.abc import Callable

from chartgen.documents.content import may_hold_manifests
from chartgen.finding import Finding
from chartgen.project_model import Names
from chartgen.records import dataclass
from chartgen.source import Source
from chartgen.subjects import Subject
from chartgen.validate import Judge


@dataclass(frozen=True)
class Contents:
    """Judges each subject by what it holds. `names` are those of the project's objects, where there is a project."""

    judge: Judge
    read: Callable[[str], Source | Finding]
    helm_version: int = 4
    names: Names | None = None

    def findings(self, subject: Subject) -> list[Finding]:
        """The findings of a subject; a file that stands on its own may hold something else than values."""
        sources = [self.read(file) for file in subject.files]
        if len(sources) == 1 and not subject.flags and not subject.environment:
            found = self._of_no_values(sources[0])
            if found is not None:
                return found
        return self.judge.findings_of_sources(sources, subject.flags, self.helm_version)

    def _of_no_values(self, source: Source | Finding) -> list[Finding] | None:
        """The findings of a file that holds no values; None for one that does."""
        if isinstance(source, Finding) or not may_hold_manifests(source.text):
            return None
        from chartgen.manifest_findings import manifest_findings  # noqa: PLC0415 - values need it not

        return manifest_findings(source, self.judge.settings, self.names)
