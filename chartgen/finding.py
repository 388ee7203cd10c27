"""What chartgen says of its user's input: findings, which are data, and stops, which end a command.

`CODES` is closed: a finding with a code that is not in it cannot be made.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

from chartgen.records import dataclass
from chartgen.source import Span

if TYPE_CHECKING:
    from chartgen.edits import Edit

CODES = {
    "CG101": "a file cannot be read",
    "CG102": "a file is not well-formed YAML or JSON",
    "CG103": "a key is written twice",
    "CG104": "a value that JSON, and so Helm, cannot hold",
    "CG105": "a file is larger or deeper than chartgen reads",
    "CG106": "a file does not hold a mapping",
    "CG107": "a flag that sets values cannot be read or applied",
    "CG108": "a chart is not one that Helm can load",
    "CG201": "a value has the wrong type",
    "CG202": "a value is outside its bounds",
    "CG203": "a rule is broken",
    "CG204": "a value is not one of those allowed",
    "CG205": "a text does not match its pattern",
    "CG206": "a key is not known",
    "CG207": "a value breaks another keyword of the chart's schema",
    "CG208": "a deprecated setting is set",
    "CG209": "an ignored finding does not occur",
    "CG210": "a comment that ignores findings cannot be read",
    "CG301": "a keyword of the settings schema is not known",
    "CG302": "a keyword of the settings schema is missing or has the wrong form",
    "CG303": "a default breaks the setting's own bounds or a rule",
    "CG304": "a profile breaks a bound or a rule",
    "CG305": "two settings share one environment name",
    "CG306": "a rule can leave the range of exact integers or divide by zero",
    "CG307": "a rule is not valid CEL",
    "CG308": "a rule uses CEL that not every enforcer has",
    "CG309": "a pattern that RE2, Python and JavaScript do not share",
    "CG310": "a secret would be shown to every visitor",
    "CG311": "a name that rules or files cannot use",
    "CG312": "bounds that contradict each other",
    "CG313": "a schema refers to what is not in it",
    "CG351": "the project file does not fit its schema",
    "CG352": "the project file names something that is not there",
    "CG353": "a generated file is not up to date",
    "CG354": "a chart's values.yaml does not say what the project file says",
    "CG401": "an env or a volume refers to a ConfigMap that is not there",
    "CG402": "an env refers to a key that its ConfigMap does not have",
    "CG403": "a literal overrides a setting of the ConfigMap",
    "CG404": "a setting is not wired: no env of the frontend holds it",
    "CG405": "an env does not have the name of the setting that it holds",
    "CG406": "a ConfigMap leaves out a setting, so that its default applies",
    "CG407": "a key is a setting's name, misspelt",
    "CG408": "a setting in a ConfigMap is no text",
    "CG409": "a text is not a value of the setting's type",
    "CG410": "an env has two values in a container",
    "CG411": "a setting's env is not read from a ConfigMap",
    "CG412": "a ConfigMap of settings cannot be changed",
    "CG413": "values that a release names are not here, so that they are not judged",
    "CG414": "a text has blanks around its value",
    "CG501": "pods are older than the ConfigMap",
    "CG502": "an env of the Deployment is wired to what is not there",
    "CG503": "a text of the live ConfigMap breaks the settings schema",
    "CG504": "a literal in the Deployment overrides the live ConfigMap",
    "CG505": "settings are in two ConfigMaps of a namespace",
    "CG506": "a page does not have the settings",
    "CG507": "polling is too frequent",
    "CG508": "clients poll faster than configured",
    "CG509": "jobs time out",
    "CG510": "results expire before the timeout",
    "CG511": "the backend turns polls away",
    "CG512": "the backend cannot serialise a datetime",
    "CG513": "no container takes a setting of the live ConfigMap",
}


class Severity(Enum):
    """How grave a finding is: errors stop a command, warnings do not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Note:
    """A fact beside a finding: a sentence and, if it has one, its place."""

    message: str
    span: Span | None = None


@dataclass(frozen=True)
class Finding:
    """One fault in the user's input.

    `path` is the dotted path of the value in the values (or in the schema, for `CG3xx`); `label` stands under the caret;
    `notes` are the other operands and the rule; `help` is one sentence that mends it; `layer` names the layer of values
    that the value came from; `edits` together are the smallest change that makes the finding go away, where one is known; `alternatives` are other such changes.
    """

    code: str
    severity: Severity
    message: str
    primary: Span | None = None
    label: str = ""
    notes: tuple[Note, ...] = ()
    path: str = ""
    found: str = ""
    expected: str = ""
    help: str = ""
    layer: str = ""
    edits: tuple[Edit, ...] = ()
    alternatives: tuple[tuple[Edit, ...], ...] = ()

    def __post_init__(self) -> None:
        if self.code not in CODES:
            message = f"unknown finding code {self.code}"
            raise ValueError(message)

    @property
    def order(self) -> tuple[str, int, str, str, str]:
        """The sort key of a report: file, place, code, path, message."""
        name, start = (self.primary.source.name, self.primary.start) if self.primary else ("", -1)
        return name, start, self.code, self.path, self.message


def is_error(finding: Finding) -> bool:
    """Whether the finding makes a command fail."""
    return finding.severity is Severity.ERROR


class Stop(Exception):  # noqa: N818 - a stop is not always an error of chartgen's
    """A command cannot go on. `exit_code` is the process's; `next_step` is what the user can do."""

    exit_code = 2

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step


class UsageStop(Stop):
    """The command line asks for something that cannot be done (exit 2)."""


class OutsideStop(Stop):
    """The world outside refused: a disk, a network, a right (exit 4)."""

    exit_code = 4


class RefusedStop(Stop):
    """What is asked for fits every bound and rule, and still Helm or Kubernetes would refuse it (exit 1)."""

    exit_code = 1


class InvalidStop(Stop):
    """The settings schema, the project file or the values have errors; `findings` holds all of them (exit 2).

    Commands that judge values exit 1 for findings in values; a schema or project file that is wrong is exit 2.
    """

    def __init__(self, message: str, findings: Sequence[Finding], exit_code: int = 2) -> None:
        super().__init__(message)
        self.findings = tuple(findings)
        self.exit_code = exit_code
