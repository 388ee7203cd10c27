"""What is judged, one by one: values files and flags over the defaults, and the environments that they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from chartgen.asked import Asked, Work, chosen_environments
from chartgen.documents.flag import Flag
from chartgen.documents.reading import STDIN
from chartgen.environments import FlagPlace, environment_layers, missing_files
from chartgen.finding import Finding
from chartgen.homes import Homes
from chartgen.project_model import Project
from chartgen.records import dataclass, field


@dataclass(frozen=True)
class Subject:
    """One stack of layers over the defaults; for an environment if they are one's, with its flags' places.

    A file of a folder of objects is judged with `together`, the files of the folder. The files of `-f` are a stack, where
    each holds values.
    """

    files: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    environment: str = ""
    places: Mapping[str, FlagPlace] = field(default_factory=dict)
    together: tuple[str, ...] = ()
    is_stack: bool = False

    @property
    def is_alone(self) -> bool:
        """Whether it is one file that stands on its own, which may hold something else than values."""
        return len(self.files) == 1 and not (self.flags or self.environment or self.is_stack)


@dataclass(frozen=True)
class Subjects:
    """All subjects of one home.

    `complete` are the files (by the names of their sources) of which everything that uses them is among the subjects, so
    that what occurs in none of them does not occur. `missing` is what is wrong with environments that are not judged.
    `project` is the one that they belong to, if to any.
    """

    subjects: tuple[Subject, ...]
    complete: frozenset[str]
    missing: tuple[Finding, ...] = ()
    project: Project | None = None


def subjects_of_home(work: Work, asked: Asked) -> Subjects:
    """The subjects of a chart or a settings schema: what its defaults, each file, and the stack are."""
    subjects = [Subject()] if work.whole else []
    subjects += [_alone_with(real, file, work) for real, file in work.files.items()]
    subjects += [Subject(asked.stack, asked.flags, is_stack=True)] if work.stack else []
    return Subjects(tuple(subjects), frozenset(_alone(subjects)))


def subjects_of_project(project: Project, work: Work, asked: Asked, homes: Homes) -> Subjects:
    """The subjects of a project: a file that environments use is judged in each of them, another one on its own.

    Raises:
        UsageStop: an environment is asked for that the project does not have.
    """
    chosen = chosen_environments(asked, project)
    users = {name: set(map(homes.real, project.environments[name].values)) for name in chosen}
    everything = work.whole and not asked.environments
    of_files = {name for name in chosen if users[name] & work.files.keys()}
    subjects = [Subject()] if everything else []
    subjects += [
        _alone_with(real, file, work)
        for real, file in work.files.items()
        if not any(real in files for files in users.values())
    ]
    if work.stack and not asked.environments:
        subjects.append(Subject(asked.stack, asked.flags, is_stack=True))
    complete = set(_alone(subjects))
    missing: list[Finding] = []
    for name in chosen:
        as_it_is, below_stack = work.whole or name in of_files, work.stack and bool(asked.environments)
        found = list(missing_files(project, name)) if as_it_is or below_stack else []
        missing += found
        if not found and as_it_is:
            subjects.append(_environment(project, name, work, homes))
        if not found and below_stack:
            subjects.append(_environment(project, name, work, homes, asked))
    complete |= _complete(project, subjects, homes)
    return Subjects(tuple(subjects), frozenset(complete), tuple(missing), project)


def _alone_with(real: str, file: str, work: Work) -> Subject:
    return Subject((file,), together=work.sets.get(real, ()))


def _environment(project: Project, name: str, work: Work, homes: Homes, below: Asked | None = None) -> Subject:
    """An environment, below the stack of what is asked; its files as the user writes them."""
    layers = environment_layers(project, name)
    files = tuple(work.files.get(homes.real(file), file) for file in layers.files)
    if below is not None:
        return Subject((*files, *below.stack), (*layers.flags, *below.flags), name, layers.places)
    return Subject(files, layers.flags, name, layers.places)


def _alone(subjects: Iterable[Subject]) -> Iterator[str]:
    """The files that have no layer over them."""
    for subject in subjects:
        if len(subject.files) == 1 and not subject.flags:
            yield STDIN if subject.files[0] == "-" else subject.files[0]


def _complete(project: Project, subjects: Iterable[Subject], homes: Homes) -> set[str]:
    """The files of environments that are all among the subjects, as they are."""
    written = {name: environment_layers(project, name) for name in project.environments}
    sizes = {name: (len(layers.files), len(layers.flags)) for name, layers in written.items()}
    judged = {
        subject.environment
        for subject in subjects
        if sizes.get(subject.environment) == (len(subject.files), len(subject.flags))
    }
    elsewhere = {homes.real(file) for name, layers in written.items() if name not in judged for file in layers.files}
    return {
        file
        for subject in subjects
        if subject.environment in judged
        for file in subject.files
        if homes.real(file) not in elsewhere
    }
