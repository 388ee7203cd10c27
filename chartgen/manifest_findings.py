"""What is wrong with a ConfigMap that holds settings.

It is judged if it has the project's name for it, or holds at least one setting by its env name. Other keys are allowed.
"""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.documents.inserted import insertion
from chartgen.documents.manifests import Manifest
from chartgen.documents.nodes import Entry, Mapping, Scalar, find
from chartgen.edits import Edit
from chartgen.finding import Finding, Severity
from chartgen.misspelt import misspelt_keys
from chartgen.records import dataclass
from chartgen.settings.expression import Path
from chartgen.settings.model import Setting, Settings
from chartgen.settings.strings import NO_TEXT, render_text
from chartgen.text_findings import Texts, text_findings


@dataclass(frozen=True)
class Stack:
    """Settings as a container gets them, layer by layer; of the `unknown` ones nobody knows. `others` are not the map's."""

    layers: tuple[Texts, ...]
    unknown: frozenset[Path]
    others: frozenset[Path]


@dataclass(frozen=True)
class Beside:
    """What counts beside a ConfigMap: `given` is set elsewhere, `open` may be, and each use of it makes one of `stacks`."""

    given: frozenset[Path] = frozenset()
    open: frozenset[Path] = frozenset()
    stacks: tuple[Stack, ...] = ()


def is_of_settings(manifest: Manifest, settings: Settings, name: str) -> bool:
    """Whether an object is a ConfigMap of settings: by its name, or by one of its keys."""
    if manifest.kind != "ConfigMap":
        return False
    envs = {setting.env for setting in settings.settings}
    held = (entry.key for field in ("data", "binaryData") for entry in entries(manifest, field))
    return bool(envs) and ((bool(name) and manifest.name == name) or not envs.isdisjoint(held))


def entries(manifest: Manifest, field: str) -> tuple[Entry, ...]:
    """The entries of a mapping of an object; none where there is no mapping."""
    found = find(manifest.node, (field,))
    return found.entries if isinstance(found, Mapping) else ()


def config_map_findings(manifest: Manifest, settings: Settings, beside: Beside) -> list[Finding]:
    """The findings of a ConfigMap of settings: its keys, its texts, and what these say together.

    A rule that reads what may be set `beside` it is judged for each use of the map, else with the schema's defaults.
    """
    held = {entry.key: entry for entry in entries(manifest, "data")}
    bytes_ = list(_bytes(manifest, settings))
    taken = {*held, *(finding.found for finding in bytes_)}
    missing = [setting for setting in settings.settings if setting.env not in taken]
    envs = {setting.env for setting in settings.settings}
    others = [entry for entry in held.values() if entry.key not in envs]
    misspelt = {finding.expected: finding for finding in misspelt_keys(others, missing, "data.")}
    findings = [*bytes_, *misspelt.values(), *_immutable(manifest)]
    left_out = [setting for setting in missing if setting.env not in misspelt and not setting.deprecated]
    findings += _left_out([setting for setting in left_out if setting.path not in beside.given], manifest)
    texts = texts_of(manifest, settings)
    if texts is None:
        return findings
    # What a misspelt key says may be meant: nothing is said of it together with others.
    doubtful = {*misspelt, *(finding.found for finding in bytes_)}
    unknown = frozenset(setting.path for setting in settings.settings if setting.env in doubtful)
    findings += text_findings(settings, [texts], unknown | beside.open)
    for stack in beside.stacks:
        findings += _of_stack(stack, texts, settings, unknown, beside)
    return [*dict.fromkeys(findings)]


def _of_stack(
    stack: Stack, texts: Texts, settings: Settings, unknown: frozenset[Path], beside: Beside
) -> Iterator[Finding]:
    """CG203 for each rule that the map breaks together with others, where it is to be changed there."""
    own = {node.span for node in texts.given.values()}
    told = {rule.expression for rule in settings.rules if not beside.open.isdisjoint(rule.operands)}
    if not told or not stack.layers:
        return
    for finding in text_findings(settings, stack.layers, unknown | stack.unknown):
        if finding.code == "CG203" and finding.expected in told and finding.primary in own:
            yield finding


def texts_of(manifest: Manifest, settings: Settings) -> Texts | None:
    """The settings that a ConfigMap holds; None where it has no data."""
    data = find(manifest.node, ("data",))
    if not isinstance(data, Mapping):
        return None
    held = {entry.key: entry.value for entry in data.entries}
    given = {setting.path: node for setting in settings.settings if isinstance(node := held.get(setting.env), Scalar)}
    envs = [setting.env for setting in settings.settings]

    def write(setting: Setting, text: str) -> Edit | None:
        before = envs[: envs.index(setting.env)][::-1]
        return insertion(manifest.written, (*manifest.path, "data", setting.env), text, before)

    return Texts(given, data.span, lambda setting: f"data.{setting.env}", write)


def _bytes(manifest: Manifest, settings: Settings) -> Iterator[Finding]:
    """CG408 for each setting under `binaryData`, or that is a mapping or a list."""
    envs = {setting.env for setting in settings.settings}
    for field, what, help_ in (
        ("binaryData", "bytes", "write it as a text, under data"),
        ("data", "no text", "write a text in quotes"),
    ):
        for entry in entries(manifest, field):
            if entry.key in envs and (field == "binaryData" or not isinstance(entry.value, Scalar)):
                yield Finding(
                    "CG408",
                    Severity.ERROR,
                    NO_TEXT.format(env=entry.key, what=what),
                    entry.key_span,
                    path=f"{field}.{entry.key}",
                    found=entry.key,
                    expected="a text",
                    help=help_,
                )


def _left_out(settings: list[Setting], manifest: Manifest) -> Iterator[Finding]:
    """CG406 for each setting that the ConfigMap leaves out."""
    data = manifest.node.get("data") or manifest.node.get("binaryData")
    name = find(manifest.node, ("metadata", "name"))
    span = data.key_span if data is not None else (name or manifest.node).span
    for setting in settings:
        default = render_text(setting.type, setting.default)
        yield Finding(
            "CG406",
            Severity.WARNING,
            f'{setting.env} is not set; its default "{default}" applies',
            span,
            path=f"data.{setting.env}",
            expected=setting.env,
            help=f'add {setting.env}: "{default}"',
        )


def _immutable(manifest: Manifest) -> Iterator[Finding]:
    entry = manifest.node.get("immutable")
    if entry is not None and isinstance(entry.value, Scalar) and entry.value.value is True:
        yield Finding(
            "CG412",
            Severity.WARNING,
            "this ConfigMap is immutable, so that no setting can be changed in it",
            entry.value.span,
            path="immutable",
            found="true",
            help="remove the line; a ConfigMap that is immutable has to be deleted and made anew for each change",
        )
