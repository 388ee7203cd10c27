"""The way back from a rollout that failed: the old values, as far as they still fit, then the old pods."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping

from chartgen.cluster.change import Changed, Record, put_back
from chartgen.cluster.judging import added_errors, map_findings
from chartgen.cluster.last_change import writer_of
from chartgen.cluster.live import LiveDeployment, LiveMap
from chartgen.cluster.preparation import Prepared
from chartgen.cluster.rollout import restore
from chartgen.finding import Finding, InvalidStop, Stop, is_error
from chartgen.records import dataclass, replace
from chartgen.settings.strings import render_text


@dataclass(frozen=True)
class Undone:
    """What stands after the way back, as a sentence, and what to do next; `findings` are why old values did not come back."""

    words: str
    next_step: str = "see: kubectl describe pods"
    is_put_back: bool = False
    findings: tuple[Finding, ...] = ()


class UnfitStop(InvalidStop):
    """The old values would have errors in the ConfigMap as it is by now, `live`."""

    def __init__(self, live: LiveMap, findings: Iterable[Finding]) -> None:
        super().__init__("the old values no longer fit", [*findings], exit_code=1)
        self.live = live


def undo(made: Prepared, deployment: LiveDeployment, done: Changed, said: Record) -> Undone:
    """Put the old values back, then the old pods. Where the values stay, so do the new pods, which have them."""

    def judge(live: LiveMap, texts: Mapping[str, str | None]) -> None:
        if found := added_errors(made.target.settings, live, texts):
            raise UnfitStop(live, found)

    api, why = made.connection.api, replace(said, why="put back: the rollout failed", id=f"{said.id}-back")
    try:
        back = put_back(api, done, why, judge, _dated(deployment, done))
        is_restored = restore(api, deployment, said.when)
    except UnfitStop as stop:
        return _standing(made, done, stop)
    except Stop as stop:
        return Undone(f"the old values could not be put back: {stop.message}")
    pods = "its old pods are back" if is_restored else "somebody else restarted it since"
    return Undone(f"{_words(back)}; {pods}", is_put_back=bool(back.written) or not back.kept)


def _dated(before: LiveDeployment, done: Changed) -> list[str]:
    """The keys whose old times say something of the old pods: not those of Helm, which starts new ones when it changes a key."""
    writers = {key: writer_of(done.before, key) for key in done.written}
    return [key for key, writer in writers.items() if writer is not None and not before.is_renewed_by(writer.manager)]


def _words(back: Changed) -> str:
    values = [f"{key} is {'not set' if text is None else text} again" for key, text in back.written.items()]
    kept = [f"{key} was changed by somebody else, and stays" for key in back.kept]
    return ", ".join((*values, *kept)) or "nothing had to be put back"


def _standing(made: Prepared, done: Changed, stop: UnfitStop) -> Undone:
    """Of old values that did not come back: what stands, why, and the command that goes back with all that belongs to it."""
    live, first = stop.live, stop.findings[0]
    own = {key: text for key, text in done.written.items() if live.data.get(key) == text}
    others = [
        setting.env
        for setting in made.target.settings.settings
        if setting.env not in own and live.data.get(setting.env) != done.after.data.get(setting.env)
    ]
    said = [
        f"the old values are not put back: {', '.join(f'{key} stays {text}' for key, text in own.items())}",
        *(f"somebody else changed {key}, which is {live.data.get(key, 'not set')}" for key in others),
        f"with the old values, {first.message}{f': {first.label}' if first.label else ''}",
        "the rollout goes on",
    ]
    command = _command(made, done, live, {*own, *others})
    back = f"to have all as it was: {command}" if command else first.help
    return Undone("; ".join(said), back or Undone.next_step, findings=stop.findings)


def _command(made: Prepared, done: Changed, live: LiveMap, keys: Iterable[str]) -> str:
    """The command by which settings have again what they had before; empty where that had errors."""
    target, before = made.target, done.before.data
    texts = {
        setting.env: before.get(setting.env, render_text(setting.type, setting.default))
        for setting in target.settings.settings
        if setting.env in keys
    }
    if not texts or any(map(is_error, map_findings(target.settings, live, texts))):
        return ""
    where = ["--env", target.environment] if target.environment else []
    where += ["--namespace", live.namespace, "--context", made.connection.context]
    return shlex.join(["chartgen", "set", *(f"{key}={text}" for key, text in texts.items()), *where])
