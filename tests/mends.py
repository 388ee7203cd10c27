"""Mends as `--fix` makes them, in memory, and settings to mend."""

from __future__ import annotations

import json
from collections.abc import Sequence

from chartgen.documents.set_flags import Flag
from chartgen.finding import Finding
from chartgen.mend import Fixed, fix
from chartgen.mend_desk import Read
from chartgen.settings.model import Settings
from chartgen.settings.schema import load_settings, read_settings
from chartgen.source import Source
from chartgen.validate import Judge
from tests.charts import ASYNC_JOB

ASYNC = load_settings(str(ASYNC_JOB))


def mended(
    settings: Settings, texts: dict[str, str], *stacks: Sequence[str], flags: Sequence[Flag] = ()
) -> tuple[dict[str, str], Fixed]:
    """The texts after `--fix`, where each stack of files is judged on its own."""

    def judge_again(read: Read) -> list[Finding]:
        judge = Judge(settings, read=read)
        return list(dict.fromkeys(each for stack in stacks for each in judge.findings_of_stack(stack, flags)))

    made = fix(judge_again, lambda path: Source("<stdin>" if path == "-" else path, texts[path]))
    return texts | {name: text for name, (_, text) in made.texts.items()}, made


def pair(rule: str, *more: str, defaults: tuple[int, int] = (10, 20)) -> Settings:
    """Two whole numbers from 0 to 1000 and rules between them."""
    limits = {"type": "integer", "minimum": 0, "maximum": 1000}
    document = {
        "type": "object",
        "properties": {
            name: limits | {"default": default, "x-env": name.upper()}
            for name, default in zip(("low", "high"), defaults, strict=True)
        },
        "x-kubernetes-validations": [{"rule": each, "message": "it is broken"} for each in (rule, *more)],
    }
    model, faults = read_settings(Source("s.json", json.dumps(document)))
    assert model is not None, faults
    return model
