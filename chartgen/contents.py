"""What a file holds, told apart by its text, and judged as that: values, Kubernetes' objects, or the lines of a `.env`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from chartgen.documents.content import is_dotenv, may_hold_manifests
from chartgen.documents.reading import STDIN
from chartgen.finding import Finding, Severity
from chartgen.records import dataclass
from chartgen.source import Source, Span
from chartgen.subjects import Subject, Subjects
from chartgen.validate import Judge

if TYPE_CHECKING:
    from chartgen.around import Objects
    from chartgen.map_users import MapUsers


@dataclass(frozen=True)
class Contents:
    """Judges each subject by what it holds. `read` gives the texts of subjects, `look` those of other files."""

    judge: Judge
    subjects: Subjects
    read: Callable[[str], Source | Finding]
    look: Callable[[str], Source | Finding]
    helm_version: int = 4

    def findings(self, subject: Subject) -> list[Finding]:
        """The findings of a subject; a file that stands on its own may hold something else than values."""
        sources = [self.read(file) for file in subject.files]
        if subject.is_alone:
            found = self._of_no_values(subject, sources[0])
            if found is not None:
                return found
        own = self.judge.findings_of_sources(sources, subject.flags, self.helm_version)
        return [*own, *_nothing(sources[0])] if subject.is_alone else own

    def _of_no_values(self, subject: Subject, source: Source | Finding) -> list[Finding] | None:
        """The findings of a file that holds no values; None for one that does."""
        if isinstance(source, Finding):
            return None
        if is_dotenv(source.name):
            from chartgen.dotenv_findings import dotenv_findings  # noqa: PLC0415 - values need it not

            return dotenv_findings(source, self.judge.settings)
        if not may_hold_manifests(source.text):
            return None
        found = self._of_objects(source, subject.together)
        return found if found is None or subject.together else [*found, *self._of_users(source.name)]

    def _of_objects(self, source: Source, together: tuple[str, ...] = ()) -> list[Finding] | None:
        from chartgen.around import Files  # noqa: PLC0415 - values need it not
        from chartgen.gitops import Held  # noqa: PLC0415
        from chartgen.objects import object_findings  # noqa: PLC0415

        project = self.subjects.project
        files = Files(together, self._alone, project.root if project is not None else "")
        return object_findings(source, Held(self.judge, project, self.look, self.helm_version), files, self._objects)

    def _of_users(self, file: str) -> Iterable[Finding]:
        """What is wrong beside a file with who uses its ConfigMaps."""
        names = self._objects.maps((file,)).by_name if file != STDIN else {}
        return self._users.findings(file, names) if names else ()

    @cached_property
    def _users(self) -> MapUsers:
        from chartgen.map_users import MapUsers  # noqa: PLC0415 - values need it not

        judged = {os.path.realpath(file) for subject in self.subjects.subjects for file in subject.files}
        return MapUsers(self._objects, self._of_user, lambda file: os.path.realpath(file) in judged)

    def _of_user(self, file: str) -> list[Finding]:
        source = self.read(file)
        return [] if isinstance(source, Finding) else self._of_objects(source) or []

    @cached_property
    def _alone(self) -> tuple[str, ...]:
        """The files that stand on their own."""
        return tuple(each.files[0] for each in self.subjects.subjects if len(each.files) == 1 and not each.flags)

    @cached_property
    def _objects(self) -> Objects:
        from chartgen.around import Objects  # noqa: PLC0415 - values need it not

        return Objects(self.look)


def _nothing(source: Source | Finding) -> Iterator[Finding]:
    """CG101 for a pipe that nothing went into; of `-f -` Helm takes that as values, too."""
    if isinstance(source, Source) and source.name == STDIN and not source.text.strip():
        yield Finding(
            "CG101",
            Severity.WARNING,
            "there is nothing on the standard input: no values and no objects were judged",
            Span(source, 0, 0),
            help="check the command before the pipe; in bash, `set -o pipefail` lets its failure count",
        )
