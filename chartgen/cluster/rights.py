"""The least rights that the commands for clusters need, and the Role that gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chartgen.cluster.live import DEPLOYMENTS, MAPS
from chartgen.cluster.target import Target
from chartgen.documents.scalar_text import quoted
from chartgen.finding import UsageStop
from chartgen.names import did_you_mean
from chartgen.records import dataclass

SUBJECTS = {"user": "User", "group": "Group", "serviceaccount": "ServiceAccount"}
"""Whom a Role can be bound to, by the word before their name."""


@dataclass(frozen=True)
class Right:
    """What may be done with the release's object of a resource. `restarts` says that it is for new pods alone."""

    group: str
    resource: str
    verbs: tuple[str, ...]
    restarts: bool = False


_CHANGE = (Right("", MAPS, ("get", "patch")), Right("apps", DEPLOYMENTS, ("get", "patch"), restarts=True))
RIGHTS: dict[str, tuple[Right, ...]] = {"set": _CHANGE, "apply": _CHANGE}
"""The rights of each command. Whoever is logged in may ask who they are, which needs none."""


@dataclass(frozen=True)
class Subject:
    """Who gets a Role."""

    kind: str
    name: str
    namespace: str = ""


def subject_of(text: str, namespace: str) -> Subject:
    """The subject of `user:NAME`, `group:NAME` or `serviceaccount:[NAMESPACE:]NAME`.

    Raises:
        UsageStop: it is none.
    """
    word, _, name = text.partition(":")
    kind = SUBJECTS.get(word.lower())
    if kind is None or not name:
        raise UsageStop(f"{text!r} is nobody", f"write user:NAME, group:NAME or serviceaccount:NAME; {_known(word)}")
    if kind != "ServiceAccount":
        return Subject(kind, name)
    own, is_given, account = name.rpartition(":")
    namespace = own if is_given else namespace
    if not namespace:
        raise UsageStop(f"{text!r} is in no namespace", f"write serviceaccount:NAMESPACE:{account}")
    return Subject(kind, account, namespace)


def rights_of(target: Target, commands: Iterable[str]) -> tuple[Right, ...]:
    """What the commands need together; no new pods are started where running ones take changes over."""
    found: dict[tuple[str, str], Right] = {}
    for right in (right for command in commands for right in RIGHTS[command]):
        if right.restarts and target.is_live:
            continue
        key = right.group, right.resource
        verbs = (*(found[key].verbs if key in found else ()), *right.verbs)
        found[key] = Right(*key, tuple(dict.fromkeys(verbs)))
    return tuple(found.values())


def role(target: Target, commands: Sequence[str], subjects: Sequence[Subject]) -> str:
    """The Role, and with subjects its RoleBinding, as manifests."""
    return "\n".join([*_role(target, commands), *(_binding(target, subjects) if subjects else ())]) + "\n"


def _role(target: Target, commands: Sequence[str]) -> Iterator[str]:
    yield f"# What {' and '.join(f'chartgen {name}' for name in commands)} may do, and no more."
    yield from ("apiVersion: rbac.authorization.k8s.io/v1", "kind: Role", *_metadata(target), "rules:")
    names = {MAPS: target.config_map, DEPLOYMENTS: target.deployment}
    for right in rights_of(target, commands):
        yield f"  - apiGroups: [{quoted(right.group)}]"
        yield f"    resources: [{quoted(right.resource)}]"
        yield f"    resourceNames: [{quoted(names[right.resource])}]"
        yield f"    verbs: [{', '.join(map(quoted, right.verbs))}]"


def _binding(target: Target, subjects: Sequence[Subject]) -> Iterator[str]:
    yield from ("---", "apiVersion: rbac.authorization.k8s.io/v1", "kind: RoleBinding", *_metadata(target))
    yield from (
        "roleRef:",
        "  apiGroup: rbac.authorization.k8s.io",
        "  kind: Role",
        f"  name: {_name(target)}",
        "subjects:",
    )
    for subject in subjects:
        yield f"  - kind: {subject.kind}"
        if subject.namespace:
            yield f"    namespace: {quoted(subject.namespace)}"
        else:
            yield "    apiGroup: rbac.authorization.k8s.io"
        yield f"    name: {quoted(subject.name)}"


def _metadata(target: Target) -> list[str]:
    namespace = [f"  namespace: {quoted(target.namespace)}"] if target.namespace else []
    return ["metadata:", f"  name: {_name(target)}", *namespace]


def _name(target: Target) -> str:
    return quoted(f"{target.config_map}-operator")


def _known(word: str) -> str:
    return did_you_mean(word, SUBJECTS)
