"""The settings by which a page polls, found by their roles in any schema, and what they say in seconds and polls."""

from __future__ import annotations

from collections.abc import Mapping

from chartgen.finding import UsageStop
from chartgen.plan import ATTEMPTS, INTERVAL, SECONDS, TIMEOUT, of_roles
from chartgen.planning.load import Polls
from chartgen.records import dataclass
from chartgen.settings.expression import Path, Value
from chartgen.settings.model import Setting, Settings

CLIENT_DEFAULTS = Polls(interval=5.0, attempts=120, timeout=600.0)
"""What the client takes where its page's settings do not say it (`client/src/settings.ts`)."""


@dataclass(frozen=True)
class Roles:
    """The settings that have a poller's roles; of `attempts` and `timeout` there may be none."""

    interval: Setting
    attempts: Setting | None
    timeout: Setting | None

    @property
    def settings(self) -> tuple[Setting, ...]:
        """Those that there are, the interval first."""
        return tuple(each for each in (self.interval, self.attempts, self.timeout) if each is not None)

    @property
    def missing(self) -> tuple[str, ...]:
        """The roles that no setting has."""
        named = ((ATTEMPTS, self.attempts), (TIMEOUT, self.timeout))
        return tuple(role for role, setting in named if setting is None)

    def polls(self, values: Mapping[Path, Value]) -> Polls:
        """What values make of polling; the client's own defaults where no setting says it, or says none above 0."""
        attempts = int(values[self.attempts.path]) if self.attempts else 0
        timeout = seconds(self.timeout, values) if self.timeout else 0
        return Polls(
            interval=max(seconds(self.interval, values), 0) or CLIENT_DEFAULTS.interval,
            attempts=max(attempts, 0) or CLIENT_DEFAULTS.attempts,
            timeout=max(timeout, 0) or CLIENT_DEFAULTS.timeout,
        )


def roles_of(settings: Settings) -> Roles:
    """The settings with the roles.

    Raises:
        UsageStop: none has that of the interval, or a time has a unit that is none.
    """
    by_role = of_roles(settings)
    interval = by_role.get(INTERVAL)
    if interval is None:
        others = [role for role in (ATTEMPTS, TIMEOUT) if role not in by_role]
        also = f" (nor {' or '.join(others)})" if others else ""
        message = (
            f"no setting of {settings.source.name} has the role {INTERVAL}{also}, so that there is no polling to plan"
        )
        raise UsageStop(message, f'give the setting that says how often a page asks "x-role": "{INTERVAL}"')
    found = Roles(interval, by_role.get(ATTEMPTS), by_role.get(TIMEOUT))
    for setting in (found.interval, found.timeout):
        if setting is not None and setting.unit not in SECONDS:
            message = f'{setting.name} has the role {setting.role}, and the unit "{setting.unit}", which is no time'
            raise UsageStop(message, 'give it "x-unit": "ms", "s" or "min"')
    return found


def seconds(setting: Setting, values: Mapping[Path, Value]) -> float:
    """A time in seconds."""
    return float(values[setting.path]) * SECONDS[setting.unit]
