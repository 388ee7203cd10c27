"""The load that polling makes: settings found by their `x-role`, and what users times them is. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

from chartgen.records import dataclass
from chartgen.settings.expression import Path, Value
from chartgen.settings.model import Setting, Settings

INTERVAL, ATTEMPTS, TIMEOUT = "poll-interval", "poll-attempts", "poll-timeout"
"""The roles of the settings that polling reads."""

SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "": 0.001}
"""What a unit of time is in seconds; a time without a unit is told in milliseconds."""


@dataclass(frozen=True)
class Polling:
    """How one page polls: every so many seconds, at most so often, and never longer than so many seconds."""

    interval: float
    attempts: int | None = None
    timeout: float | None = None

    @property
    def lasts(self) -> float | None:
        """After how many seconds a page gives up, whichever limit it meets first; None where there is none."""
        limits = [self.timeout, self.attempts * self.interval if self.attempts is not None else None]
        return min((limit for limit in limits if limit is not None), default=None)

    def requests_per_second(self, users: int) -> float:
        """What so many users ask of the backend, each of whom waits for one job."""
        return users / self.interval


def polling(settings: Settings, values: Mapping[Path, Value]) -> Polling | None:
    """How a page with these values polls; None where no setting has the role of the interval, or it is none."""
    by_role = of_roles(settings)
    interval = _seconds(by_role.get(INTERVAL), values)
    if not interval or interval < 0:
        return None
    attempts = by_role.get(ATTEMPTS)
    count = int(values[attempts.path]) if attempts is not None else None
    return Polling(interval, count, _seconds(by_role.get(TIMEOUT), values))


def of_roles(settings: Settings) -> dict[str, Setting]:
    """The setting of each role; of several with one role the first, as in the page."""
    return {setting.role: setting for setting in reversed(settings.settings) if setting.role}


def _seconds(setting: Setting | None, values: Mapping[Path, Value]) -> float | None:
    """A time in seconds; None for no setting, or one whose unit is no time."""
    if setting is None or setting.unit not in SECONDS:
        return None
    return float(values[setting.path]) * SECONDS[setting.unit]
