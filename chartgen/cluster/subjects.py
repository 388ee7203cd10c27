"""Who gets a Role: users, groups and service accounts, as the command line names them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from chartgen.finding import UsageStop
from chartgen.names import did_you_mean
from chartgen.records import dataclass

KINDS = {"user": "User", "group": "Group", "serviceaccount": "ServiceAccount"}
"""Whom a Role can be bound to, by the word before their name."""

_LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_NAMESPACE = re.compile(_LABEL)
_ACCOUNT = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_LONGEST = 80
_ACCOUNTS = "write serviceaccount:[NAMESPACE:]NAME"


@dataclass(frozen=True)
class Subject:
    """Who gets a Role."""

    kind: str
    name: str
    namespace: str = ""

    @property
    def text(self) -> str:
        """One text for each subject: `user-olga`, `serviceaccount-ci.deployer`."""
        return f"{self.kind.lower()}-{f'{self.namespace}.' if self.namespace else ''}{self.name}"


def subject_of(text: str, namespace: str) -> Subject:
    """The subject of `user:NAME`, `group:NAME` or `serviceaccount:[NAMESPACE:]NAME`.

    Raises:
        UsageStop: it is none.
    """
    word, _, name = text.partition(":")
    kind = KINDS.get(word.lower())
    if kind is None or not name:
        known = did_you_mean(word, KINDS)
        raise UsageStop(f"{text!r} is nobody", f"write user:NAME, group:NAME or serviceaccount:NAME; {known}")
    if kind != "ServiceAccount":
        return Subject(kind, name)
    own, is_given, account = name.rpartition(":")
    namespace = own if is_given else namespace
    if not _ACCOUNT.fullmatch(account) or (is_given and not _NAMESPACE.fullmatch(own)):
        raise UsageStop(f"{text!r} cannot be a service account", _ACCOUNTS)
    if not namespace:
        raise UsageStop(f"{text!r} is in no namespace", f"write serviceaccount:NAMESPACE:{account}")
    return Subject(kind, account, namespace)


def name_part(subjects: Iterable[Subject]) -> str:
    """What the name of the subjects' Role has, so that nobody else's is the same; in names of Kubernetes' form."""
    texts = sorted({subject.text for subject in subjects})
    whole = "-".join(texts)
    part = re.sub("[^a-z0-9.-]+", "-", whole.lower())[:_LONGEST].strip("-.")
    if len(texts) == 1 and part == whole:
        return part
    return f"{part}-{hashlib.sha256(repr(texts).encode()).hexdigest()[:8]}"
