"""What there is to say of a flag that Helm refuses, in words: Helm itself panics at some of them."""

from __future__ import annotations

import json
from collections.abc import Sequence as SequenceOf

from chartgen.documents.nodes import Scalar
from chartgen.documents.set_values import List, Value
from chartgen.finding import Finding, Note, Severity
from chartgen.records import replace
from chartgen.source import Span

_SHOWN = 40


class FlagError(Exception):
    """Helm refuses the flag."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def flag_fault(message: str, span: Span, help_text: str = "") -> FlagError:
    """CG107 at a place in a flag."""
    return FlagError(Finding("CG107", Severity.ERROR, message, span, help=help_text))


def refused(findings: SequenceOf[Finding]) -> FlagError:
    """The error of a flag whose JSON has faults, the last of which ended the reading."""
    last = findings[-1]
    return FlagError(replace(last, code="CG107") if last.code == "CG102" else last)


def no_value(name: str, span: Span) -> FlagError:
    """A key stands alone."""
    text = span.source.text
    help_text = "write `key=value`" + ("; a comma in a key or a value is `\\,`" if "," in text else "")
    if text.lstrip().startswith("{"):
        help_text = "write `key=value`: Helm 3 takes no JSON object here"
    return flag_fault(f"the key {name} has no value" if name else "there is no key before the comma", span, help_text)


def wrong_kind(path: tuple[str | int, ...], span: Span, found: Value, expected: str) -> FlagError:
    """The values before the flag hold something at a path that cannot be changed in part."""
    from chartgen.documents.form import dotted  # noqa: PLC0415 - for mistakes only

    name = dotted(path)
    if isinstance(found, Scalar):
        shown = cut(json.dumps(found.value, ensure_ascii=False))
    else:
        shown = "a list" if isinstance(found, List) else "a mapping"
    return FlagError(
        Finding(
            "CG107",
            Severity.ERROR,
            f"{name} is {shown} before this flag, not {expected}",
            span,
            notes=(Note(f"{name} is {shown} here", found.span),) if found.span.source.text else (),
            path=name,
            found=shown,
            expected=expected,
            help=f"give {name} as a whole, or change what comes before",
        )
    )


def cut(text: str) -> str:
    """The text, or its beginning if it is long."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
