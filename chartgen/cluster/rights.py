"""The least rights that the commands for clusters need, and the Role that gives them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from chartgen.cluster.guards import BINDINGS, POLICIES
from chartgen.cluster.live import DEPLOYMENTS, MAPS
from chartgen.cluster.pods import PODS
from chartgen.cluster.subjects import Subject, name_part
from chartgen.cluster.target import Target
from chartgen.documents.scalar_text import quoted
from chartgen.enforce.policy import FILES, policy_specs
from chartgen.manifests.policies import policy_name
from chartgen.records import dataclass, replace


@dataclass(frozen=True)
class Right:
    """What may be done with the release's object of a resource; with all of the namespace, where `is_named` is not so.

    `restarts` says that it is for new pods alone; `is_of_cluster`, that the resource is in no namespace. A right with an `option` is
    one that nobody has who does not ask for it by that name.
    """

    group: str
    resource: str
    verbs: tuple[str, ...]
    restarts: bool = False
    is_named: bool = True
    is_of_cluster: bool = False
    option: str = ""


SECRETS = "secrets"
CREATE, EXEC, REVISION = "with_create", "redis_exec", "with_revision"
"""The options: a ConfigMap where there is none, commands in pods, the revision of a release. `chartgen rbac` has options of these names."""

_ADMISSION = "admissionregistration.k8s.io"
_LOOK = (
    Right("", MAPS, ("get",)),
    Right("apps", DEPLOYMENTS, ("get",)),
    Right("", PODS, ("list",), is_named=False),
    Right("", f"{PODS}/log", ("get",), is_named=False),
    Right("", f"{PODS}/exec", ("get", "create"), is_named=False, option=EXEC),
    Right("", SECRETS, ("list",), is_named=False, option=REVISION),
    Right(_ADMISSION, POLICIES, ("get",), is_of_cluster=True),
    Right(_ADMISSION, BINDINGS, ("get",), is_of_cluster=True),
)
_CHANGE = (Right("", MAPS, ("get", "patch")), Right("apps", DEPLOYMENTS, ("get", "patch"), restarts=True))
RIGHTS: dict[str, tuple[Right, ...]] = {
    "set": _CHANGE,
    # To create cannot be allowed by name: who may create a ConfigMap may create any in the namespace.
    "apply": (*_CHANGE, Right("", MAPS, ("create",), is_named=False, option=CREATE)),
    "status": _LOOK,
    "doctor": (*_LOOK, Right("", MAPS, ("list",), is_named=False)),
}
"""The rights of each command. Whoever is logged in may ask who they are, which needs none."""


def rights_of(target: Target, commands: Iterable[str], options: Collection[str] = ()) -> tuple[Right, ...]:
    """What the commands need together; no new pods are started where running ones take changes over.

    Rights that are options are among them where these are named.
    """
    found: dict[tuple[str, str, bool], Right] = {}
    for right in (right for command in commands for right in RIGHTS[command]):
        if (right.restarts and target.is_live) or (right.option and right.option not in options):
            continue
        key = right.group, right.resource, right.is_named
        verbs = (*(found[key].verbs if key in found else ()), *right.verbs)
        found[key] = replace(right, verbs=tuple(dict.fromkeys(verbs)))
    return tuple(found.values())


def role(target: Target, commands: Sequence[str], subjects: Sequence[Subject], options: Collection[str] = ()) -> str:
    """The Role, and with subjects its RoleBinding, as manifests; a ClusterRole for what is in no namespace."""
    rights = rights_of(target, commands, options)
    own = [right for right in rights if not right.is_of_cluster]
    # The policies' names begin with the namespace.
    others = [right for right in rights if right.is_of_cluster and target.namespace]
    lines = [f"# What {' and '.join(f'chartgen {name}' for name in commands)} may do, and no more."]
    word = "operator" if {"set", "apply"} & {*commands} else "observer"
    word += f"-{name_part(subjects)}" if subjects else ""
    for kind, found in (("Role", own), ("ClusterRole", others)):
        if found:
            name = _name(kind, target, word)
            lines += ["---"] if kind == "ClusterRole" else []
            lines += _role(kind, name, target, found)
            lines += _binding(kind, name, target, subjects) if subjects else ()
    return "\n".join(lines) + "\n"


def _role(kind: str, name: str, target: Target, rights: Iterable[Right]) -> Iterator[str]:
    yield from ("apiVersion: rbac.authorization.k8s.io/v1", f"kind: {kind}", *_metadata(kind, name, target), "rules:")
    for right in rights:
        yield f"  - apiGroups: [{quoted(right.group)}]"
        yield f"    resources: [{quoted(right.resource)}]"
        if right.is_named:
            yield f"    resourceNames: [{', '.join(map(quoted, names_of(target, right.resource, target.namespace)))}]"
        yield f"    verbs: [{', '.join(map(quoted, right.verbs))}]"


def names_of(target: Target, resource: str, namespace: str) -> list[str]:
    """The names of the release's objects of a resource."""
    if resource in {POLICIES, BINDINGS}:
        kinds = [FILES[severity] for severity, _ in policy_specs(target.settings)]
        return [policy_name(namespace, target.config_map, kind) for kind in kinds]
    return [{MAPS: target.config_map, DEPLOYMENTS: target.deployment}[resource]]


def _binding(kind: str, name: str, target: Target, subjects: Sequence[Subject]) -> Iterator[str]:
    yield from (
        "---",
        "apiVersion: rbac.authorization.k8s.io/v1",
        f"kind: {kind}Binding",
        *_metadata(kind, name, target),
    )
    yield from (
        "roleRef:",
        "  apiGroup: rbac.authorization.k8s.io",
        f"  kind: {kind}",
        f"  name: {name}",
        "subjects:",
    )
    for subject in subjects:
        yield f"  - kind: {subject.kind}"
        if subject.namespace:
            yield f"    namespace: {quoted(subject.namespace)}"
        else:
            yield "    apiGroup: rbac.authorization.k8s.io"
        yield f"    name: {quoted(subject.name)}"


def _metadata(kind: str, name: str, target: Target) -> list[str]:
    is_placed = target.namespace and kind == "Role"
    namespace = [f"  namespace: {quoted(target.namespace)}"] if is_placed else []
    return ["metadata:", f"  name: {name}", *namespace]


def _name(kind: str, target: Target, word: str) -> str:
    """That of one who only looks is another than that of one who changes: neither replaces the other. With subjects it is theirs alone, since others may have other rights. That of a ClusterRole has the namespace, since other namespaces may have a ConfigMap of the same name."""
    return quoted(f"{f'{target.namespace}.' if kind == 'ClusterRole' else ''}{target.config_map}-{word}")
