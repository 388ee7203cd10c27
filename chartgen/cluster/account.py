"""What is known of a change, and, at its end, of how it went: as one document for programs."""

from __future__ import annotations

from typing import Any

from chartgen.cluster.carrying_out import HalfwayStop
from chartgen.cluster.change import Changed, Record
from chartgen.cluster.failures import ClusterStop
from chartgen.cluster.preparation import Prepared
from chartgen.cluster.showing import pollings
from chartgen.cluster.target import Target
from chartgen.cluster.values_home import Home
from chartgen.cluster.wanted import name_of
from chartgen.finding import Finding, InvalidStop, Stop
from chartgen.report.as_json import finding_fields


class Account:
    """What became of a change so far; whoever carries it out writes it down here."""

    def __init__(self, command: str, target: Target, users: int, *, is_dry_run: bool) -> None:
        self.command = command
        self.target = target
        self.users = users
        self.is_dry_run = is_dry_run
        self.made: Prepared | None = None
        self.said: Record | None = None
        self.done: Changed | None = None
        self.is_begun = False
        self.is_restarted = False
        self.is_rolled_out: bool | None = None
        self.findings: list[Finding] = []
        self.warnings: list[str] = []
        self.home: Home | None = None
        self.is_home_written = False
        self.upgrade = ""

    def document(self, exit_code: int, error: Exception | None = None) -> dict[str, Any]:
        """The whole; what is not known, or is not so, is null."""
        server = self.made.connection.api.server if self.made is not None else None
        told = [*self.findings, *(error.findings if isinstance(error, InvalidStop | HalfwayStop) else ())]
        return {
            "version": 1,
            "kind": self.command,
            "context": server.context if server is not None else self.target.context or None,
            "server": server.address if server is not None else None,
            "namespace": self.made.live.namespace if self.made is not None else self.target.namespace or None,
            "environment": self.target.environment or None,
            "dryRun": self.is_dry_run,
            "result": self._result(exit_code, error),
            "configMap": self._map(),
            "changes": self._changes(),
            "polling": self._polling(),
            "restart": self._restart(),
            "lastChange": self._last_change(),
            "values": self._values(),
            "findings": [finding_fields(each) for each in told],
            "warnings": self.warnings,
            "error": _error(error),
            "exitCode": exit_code,
        }

    def _result(self, exit_code: int, error: Exception | None) -> str:
        if isinstance(error, HalfwayStop):
            return "putBack" if error.is_put_back else "changed"
        if self.done is not None:
            is_changed = self.done.written or not self.done.before.is_there or self.is_restarted
            return "changed" if is_changed else "unchanged"
        if self.is_begun and isinstance(error, ClusterStop) and error.is_unsure:
            return "unknown"
        if exit_code == 0:
            return "dryRun" if self.is_dry_run and self.said is not None else "unchanged"
        return "refused" if exit_code in {1, 2} else "failed"

    def _map(self) -> dict[str, Any] | None:
        if self.made is None:
            return None
        live, owner = self.made.live if self.done is None else self.done.after, self.made.owner
        return {
            "name": live.name,
            "resourceVersion": live.version or None,
            "created": self.done is not None and not self.done.before.is_there,
            "owner": None if owner is None else {"tool": owner.tool, "kind": owner.kind, "name": owner.name},
        }

    def _changes(self) -> list[dict[str, str | None]]:
        if self.made is None:
            return []
        before = (self.made.live if self.done is None else self.done.before).data
        written = self.made.changes if self.done is None else self.done.written
        settings = self.target.settings
        return [
            {"env": key, "name": name_of(settings, key) or None, "from": before.get(key), "to": text}
            for key, text in written.items()
        ]

    def _polling(self) -> dict[str, Any] | None:
        found = pollings(self.made) if self.made is not None else None
        if found is None:
            return None
        before, after = found
        return {
            "users": self.users,
            "fromPerSecond": before.requests_per_second(self.users),
            "toPerSecond": after.requests_per_second(self.users),
            "fromGivesUpAfterSeconds": before.lasts,
            "toGivesUpAfterSeconds": after.lasts,
        }

    def _restart(self) -> dict[str, Any] | None:
        deployment = self.made.deployment if self.made is not None else None
        if deployment is None:
            return None
        return {
            "deployment": deployment.name,
            "replicas": deployment.replicas,
            "paused": deployment.is_paused,
            "restarted": self.is_restarted and not deployment.is_paused,
            "rolledOut": self.is_rolled_out,
            "others": list(self.made.others) if self.made is not None else [],
        }

    def _last_change(self) -> dict[str, str | None] | None:
        if self.said is None or self.done is None:
            return None
        return {"by": self.said.by or None, "when": self.said.when, "why": self.said.why or None}

    def _values(self) -> dict[str, Any] | None:
        if self.home is None:
            return None
        return {
            "file": self.home.file[0].name if self.home.file is not None else None,
            "lines": list(self.home.lines),
            "sharedWith": list(self.home.shared),
            "written": self.is_home_written,
            "upgrade": self.upgrade or None,
        }


def _error(error: Exception | None) -> dict[str, str | None] | None:
    if error is None:
        return None
    help_ = error.next_step if isinstance(error, Stop) else ""
    return {"message": str(error), "help": help_ or None}
