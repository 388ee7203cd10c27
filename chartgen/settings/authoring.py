"""What an author can get wrong in a single setting beyond its form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chartgen.documents.nodes import Entry, Mapping, find
from chartgen.finding import Finding, Note, Severity
from chartgen.settings.constraints import show
from chartgen.settings.expression import Path, Type
from chartgen.settings.intervals import setting_range
from chartgen.settings.judge import violations
from chartgen.settings.model import Setting
from chartgen.settings.secrets import names_a_secret
from chartgen.source import Span

_OPTIONS = "CHARTGEN_"
"""What the variables begin with that tell entrypoint.py its options."""


def setting_findings(root: Mapping, settings: Sequence[Setting]) -> list[Finding]:
    """The faults of every setting, in order of writing."""
    findings: list[Finding] = []
    by_env: dict[str, Setting] = {}
    for setting in settings:
        written = _written(root, setting.path)
        findings += _env(setting, written, by_env)
        findings += _secret(setting, written)
        findings += _pattern(setting, written)
        contradictions = list(_contradictions(setting, written))
        findings += contradictions
        if not contradictions and not any(f.code == "CG309" for f in findings):
            findings += _default(setting, written)
    return findings


def _env(setting: Setting, written: Mapping, by_env: dict[str, Setting]) -> Iterator[Finding]:
    if setting.env.startswith(_OPTIONS):
        yield Finding(
            "CG311",
            Severity.ERROR,
            f"{setting.env} would be an option of the entrypoint: its variables begin with {_OPTIONS}",
            _place(written, "x-env"),
            path=setting.name,
            found=setting.env,
            help="give the setting another x-env",
        )
    first = by_env.setdefault(setting.env, setting)
    if first is not setting:
        yield Finding(
            "CG305",
            Severity.ERROR,
            f"{setting.name} and {first.name} share the environment name {setting.env}",
            _place(written, "x-env"),
            notes=(Note(f"{first.name} is declared here", first.span),),
            path=setting.name,
            found=setting.env,
            help="give one of them another x-env",
        )


def _secret(setting: Setting, written: Mapping) -> Iterator[Finding]:
    entry = written.get("writeOnly")
    reason = ""
    if entry is not None and getattr(entry.value, "value", None) is True:
        reason = "writeOnly says so"
    elif names_a_secret(setting.path[-1]) or names_a_secret(setting.env):
        reason = "its name says so"
    if reason:
        yield Finding(
            "CG310",
            Severity.ERROR,
            f"{setting.name} is a secret ({reason}), and every visitor can read the page",
            _place(written, "writeOnly") if entry else setting.span,
            path=setting.name,
            help="keep it in a Secret that only the backend reads; if it is none, give it another name",
        )


def _pattern(setting: Setting, written: Mapping) -> Iterator[Finding]:
    pattern = setting.bounds.pattern
    if pattern is None:
        return
    from chartgen.settings.patterns import check_pattern  # noqa: PLC0415 - few settings have a pattern

    fault = check_pattern(pattern)
    entry = written.get("pattern")
    if fault is not None and entry is not None:
        from chartgen.documents.text_offset import text_offset  # noqa: PLC0415 - patterns that are right do not need it

        start = text_offset(entry.value, fault.index)  # type: ignore[arg-type]
        span = Span(entry.value.span.source, start, start + 1)
        yield Finding(
            "CG309",
            Severity.ERROR,
            f"pattern: {fault.message}",
            span,
            path=setting.name,
            found=str(pattern),
            help=fault.help,
        )


def _contradictions(setting: Setting, written: Mapping) -> Iterator[Finding]:
    bounds = setting.bounds
    if _empty(setting):
        message = f"no value of {setting.name} can satisfy its bounds"
        yield _contradiction(setting, setting.span, message, "widen the bounds")
        return
    for place, item in enumerate(bounds.enum or ()):
        broken = next((v for v in violations(setting, item) if v.keyword != "enum"), None)
        if broken is not None:
            node = find(written, ("enum", place))
            message = f"the choice {show(item)} of {setting.name} breaks its own limits; expected {broken.expected}"
            yield _contradiction(setting, node.span if node else setting.span, message, "take it out of the enum")


def _empty(setting: Setting) -> bool:
    bounds = setting.bounds
    if setting.type in (Type.INTEGER, Type.STRING):
        found = setting_range(setting)
        return found.low.value > found.high.value
    lows = [bound for bound in (bounds.minimum, bounds.exclusive_minimum) if bound is not None]
    highs = [bound for bound in (bounds.maximum, bounds.exclusive_maximum) if bound is not None]
    if not lows or not highs:
        return False
    open_ = max(lows) == bounds.exclusive_minimum or min(highs) == bounds.exclusive_maximum
    return max(lows) >= min(highs) if open_ else max(lows) > min(highs)


def _contradiction(setting: Setting, span: Span | None, message: str, help_: str) -> Finding:
    return Finding("CG312", Severity.ERROR, message, span, path=setting.name, help=help_)


def _default(setting: Setting, written: Mapping) -> Iterator[Finding]:
    for broken in violations(setting, setting.default):
        found = show(setting.default)
        yield Finding(
            "CG303",
            Severity.ERROR,
            f"the default of {setting.name} is {found}; expected {broken.expected}",
            _place(written, "default"),
            path=setting.name,
            found=found,
            expected=broken.expected,
            help=f"give a default that is {broken.expected}",
        )


def _written(root: Mapping, path: Path) -> Mapping:
    steps = tuple(step for key in path for step in ("properties", key))
    node = find(root, steps)
    return node if isinstance(node, Mapping) else root


def _place(written: Mapping, keyword: str) -> Span:
    entry: Entry | None = written.get(keyword)
    return entry.value.span if entry is not None else written.span
