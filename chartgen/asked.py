"""What a command line asks to be judged, sorted by what judges it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from chartgen.documents.content import is_kustomization, manifest_files, may_hold_manifests
from chartgen.documents.flag import Flag
from chartgen.finding import Finding, UsageStop
from chartgen.homes import ARCHIVES, CHART_FILE, Home, Homes, Kind
from chartgen.names import did_you_mean
from chartgen.project import PROJECT_FILE
from chartgen.project_model import Project
from chartgen.records import dataclass, field
from chartgen.source import Source

VALUES = "values.yaml"
STDIN = "-"
# What is part of a chart but no values file: who names one means the chart.
_OF_CHART = frozenset({CHART_FILE, "Chart.lock", "values.schema.json"})


@dataclass(frozen=True)
class Asked:
    """The arguments as they were written. `stack` and `flags` are one stack; each of `files` stands on its own."""

    files: tuple[str, ...] = ()
    stack: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    environments: tuple[str, ...] = ()
    chart: str = ""
    settings: str = ""
    helm_version: int = 4

    @property
    def has_stack(self) -> bool:
        """Whether there are layers to lay one over the other."""
        return bool(self.stack or self.flags)


@dataclass
class Work:
    """What one home is asked to judge: itself as a `whole`, `files` each on its own, the `stack`.

    `files` are written as by the user, by their real paths; `sets` has, for those of a folder of objects, all of these.
    """

    home: Home
    whole: bool = False
    files: dict[str, str] = field(default_factory=dict)
    sets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stack: bool = False


@dataclass(frozen=True)
class Plan:
    """The work of every home, and what there is to say of files that nothing can judge."""

    works: tuple[Work, ...]
    findings: tuple[Finding, ...]


def plan_of(asked: Asked, homes: Homes, read: Callable[[str], Source | Finding]) -> Plan:
    """The arguments, sorted by home; a file that is named twice is judged once.

    Raises:
        UsageStop: a folder is no chart, nothing says what judges a file, or the arguments contradict each other.
    """
    _check_stdin(asked)
    works: dict[Home, Work] = {}
    findings: list[Finding] = []
    for file in asked.files:
        if _is_plain_folder(file):
            findings += _add_folder(file, asked, homes, works, read)
            continue
        home, whole = _home(file, asked, homes)
        if home is None:
            missing = read(file)
            if not isinstance(missing, Finding):
                raise _homeless(file)
            findings.append(missing)
            continue
        work = works.setdefault(home, Work(home))
        if whole:
            work.whole = True
        else:
            work.files.setdefault(homes.real(file), file)
    _add_rest(asked, homes, works)
    _check_environments(asked, works)
    return Plan(tuple(works.values()), tuple(findings))


def _add_rest(asked: Asked, homes: Homes, works: dict[Home, Work]) -> None:
    """The stack, over the charts that are named as in `helm template CHART -f ...`; where nothing is named, a home."""
    if asked.files and not asked.has_stack:
        return
    charts = [] if asked.chart or asked.settings else _named_charts(asked, homes, works)
    for work in charts:
        work.stack, work.whole = True, False
    if charts:
        return
    first = asked.stack[0] if asked.stack else STDIN
    home = _given_home(asked, homes) or homes.of_file(first)
    if home is None:
        raise _homeless(None if first == STDIN else first)
    work = works.setdefault(home, Work(home))
    work.stack = asked.has_stack
    work.whole = work.whole or not (asked.files or asked.has_stack)


def _named_charts(asked: Asked, homes: Homes, works: dict[Home, Work]) -> list[Work]:
    """The work of the charts that stand among the files as folders or archives."""
    named = (homes.named(Kind.CHART, file) for file in asked.files if file.endswith(ARCHIVES) or os.path.isdir(file))
    return [works[home] for home in named if home in works]


def _home(file: str, asked: Asked, homes: Homes) -> tuple[Home | None, bool]:
    """What judges an argument, and whether the argument stands for all of that."""
    if file != STDIN and os.path.isdir(file):
        return _home_of_folder(file, homes), True
    if file.endswith(ARCHIVES):
        return (homes.named(Kind.CHART, file) if os.path.exists(file) else None), True
    given = _given_home(asked, homes)
    if given is not None:
        return given, _is_part(file, given, homes)
    folder, name = os.path.split(file)
    if name == PROJECT_FILE and os.path.isfile(file):
        return homes.named(Kind.PROJECT, file), True
    if name in _OF_CHART and os.path.isfile(os.path.join(folder, CHART_FILE)):
        return homes.of_folder(folder), True
    home = homes.of_file(file)
    return home, home is not None and _is_part(file, home, homes)


def _home_of_folder(folder: str, homes: Homes) -> Home:
    if os.path.isfile(os.path.join(folder, CHART_FILE)):
        return homes.named(Kind.CHART, folder)
    return homes.named(Kind.PROJECT, os.path.normpath(os.path.join(folder, PROJECT_FILE)))


def _is_plain_folder(file: str) -> bool:
    """Whether an argument is a folder that is neither a chart nor a project."""
    holds = (os.path.isfile(os.path.join(file, name)) for name in (CHART_FILE, PROJECT_FILE))
    return file != STDIN and os.path.isdir(file) and not any(holds)


def _add_folder(
    folder: str, asked: Asked, homes: Homes, works: dict[Home, Work], read: Callable[[str], Source | Finding]
) -> list[Finding]:
    """Add the files of a folder that hold objects, as one set; what is wrong with those that cannot be read.

    Raises:
        UsageStop: there are none.
    """
    sources = [(file, read(file)) for file in manifest_files(folder)]
    files = tuple(file for file, source in sources if isinstance(source, Source) and may_hold_manifests(source.text))
    together = (*files, *(file for file, _ in sources if is_kustomization(file) and file not in files))
    unreadable = [source for _, source in sources if isinstance(source, Finding)]
    if not files and not unreadable:
        message = f"{folder} is a folder, but no chart: it holds no {CHART_FILE}, and no Kubernetes objects either"
        raise UsageStop(message, "name a chart's folder or archive, values files, or a folder of manifests")
    for file in files:
        home = _given_home(asked, homes) or homes.of_file(file)
        if home is None:
            raise _homeless(file)
        real = homes.real(file)
        work = works.setdefault(home, Work(home))
        work.files.setdefault(real, file)
        work.sets.setdefault(real, together)
    return unreadable


def _given_home(asked: Asked, homes: Homes) -> Home | None:
    if asked.chart:
        return homes.named(Kind.CHART, asked.chart)
    return homes.named(Kind.SETTINGS, asked.settings) if asked.settings else None


def _is_part(file: str, home: Home, homes: Homes) -> bool:
    """Whether a file is what its home is made of, so that the whole is to be judged anew."""
    name = os.path.basename(file)
    match home.kind:
        case Kind.CHART:
            return name in {VALUES, *_OF_CHART} and homes.real_folder(os.path.dirname(file)) == homes.real_folder(
                home.path
            )
        case Kind.SETTINGS:
            return name == os.path.basename(home.path) and homes.real(file) == homes.real(home.path)
        case Kind.PROJECT:
            return _is_part_of_project(file, home, homes)


def _is_part_of_project(file: str, home: Home, homes: Homes) -> bool:
    project = homes.project_or_none(home.path)
    if project is None:
        return True  # what is wrong with it is told once for all its files
    parts = (project.settings, os.path.join(project.chart.output, VALUES))
    name = os.path.basename(file)
    return any(name == os.path.basename(part) and homes.real(file) == homes.real(part) for part in parts)


def _check_stdin(asked: Asked) -> None:
    if (*asked.files, *asked.stack).count(STDIN) > 1:
        message = "- is named more than once, but the standard input can be read only once"
        raise UsageStop(message, "name it once, or write the text to a file")


def _check_environments(asked: Asked, works: Iterable[Home]) -> None:
    other = next((home for home in works if home.kind is not Kind.PROJECT), None)
    if asked.environments and other is not None:
        message = f"--env names an environment of a {PROJECT_FILE}, but {other.path} has none"
        raise UsageStop(message, f"leave out --env, or name files that belong to a {PROJECT_FILE}")


def _homeless(file: str | None) -> UsageStop:
    what = f"{PROJECT_FILE} and no {CHART_FILE}"
    where = "here or in a folder above" if file is None else f"in the folder of {file}, here, or in a folder above"
    return UsageStop(f"there is no {what} {where}", "say what to judge by: --settings FILE or --chart DIR")


def chosen_environments(asked: Asked, project: Project) -> tuple[str, ...]:
    """The environments that are asked for, by default all, in the project's order.

    Raises:
        UsageStop: the project has none of this name.
    """
    for name in asked.environments:
        if name not in project.environments:
            path = os.path.normpath(os.path.join(project.root, PROJECT_FILE))
            raise UsageStop(f'{path} has no environment "{name}"', did_you_mean(name, project.environments))
    return tuple(name for name in project.environments if not asked.environments or name in asked.environments)
