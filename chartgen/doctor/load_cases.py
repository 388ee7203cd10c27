"""What is wrong with polling and jobs, as the backend's logs and Redis show it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from chartgen.cluster.jobs import Job, Jobs, oldest_first
from chartgen.cluster.logs import LogLine
from chartgen.doctor.evidence import Evidence, Told, chartgen, finding, log_lines, quoted
from chartgen.doctor.examined import Examined
from chartgen.doctor.seeing import logs, redis
from chartgen.finding import Finding, Severity
from chartgen.plan import ATTEMPTS, INTERVAL, TIMEOUT, Polling, of_roles
from chartgen.records import replace
from chartgen.settings.model import Setting
from chartgen.status.load import polling_of
from chartgen.status.requests import Observed

DATETIME = "Object of type datetime is not JSON serializable"
BUSY = re.compile(r"""(?:HTTP/[\d.]+["']?\s+|status(?:_code)?["']?\s*[=:]\s*["']?)(429|503)\b""")

_FASTER = 0.7
_FEWEST_POLLS = 3
_FEWEST_BUSY = 5
_BUSY_SHARE = 0.05
_UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "": 0.001}


def too_frequent(seen: Examined) -> Iterator[Finding]:
    """CG507: more requests a second than the backend is to take, observed, else predicted for so many users."""
    state, polling = seen.state, polling_of(seen.state)
    if polling is None:
        return
    most, observed = seen.limits.requests, state.observed
    if isinstance(observed, Observed) and observed.per_second > most:
        rate, span = observed.per_second, log_lines(observed.polled)
        label = f"one of {observed.requests} in {observed.seconds:.0f} s: {rate:.4g} a second, more than {most:g}"
        severity, see = Severity.ERROR, logs(seen)
    elif seen.sought.users is not None and polling.requests_per_second(seen.sought.users) > most:
        rate = polling.requests_per_second(seen.sought.users)
        setting = _of_role(seen, INTERVAL)
        text = f'{setting.env}: "{state.data.get(setting.env, setting.default)}"\n'
        span, severity = quoted(f"configmap/{state.target.config_map}", text, setting.env), Severity.WARNING
        label = f"{rate:.4g} requests a second for {seen.sought.users} users, more than {most:g}"
        see = chartgen(state, "status", "--users", str(seen.sought.users))
    else:
        return
    cause = "the interval is too short for so many users; each of them asks once an interval"
    told = Told(see, cause, _slower(seen, polling, rate / most))
    yield finding("CG507", "polling is too frequent", Evidence(span, label, severity), told)


def faster_clients(seen: Examined) -> Iterator[Finding]:
    """CG508: jobs that are asked for more often than the settings say."""
    polling, observed = polling_of(seen.state), seen.state.observed
    if polling is None or not isinstance(observed, Observed):
        return
    interval = polling.interval
    polled = {each: each.gap(interval) for each in observed.by_job if len(each.times(interval)) >= _FEWEST_POLLS}
    fast = sorted((gap, each.job, each) for each, gap in polled.items() if gap < _FASTER * interval)
    if not fast:
        return
    gap, _, first = fast[0]
    told = Told(
        logs(seen, "--fixed-strings", "--", first.job),
        "tabs that were opened before a change keep the settings of then; a page that does not read them has its own; two tabs may follow one job",
        f"compare the page: {chartgen(seen.state, 'status', '--page-url', 'URL')}; have open tabs reloaded, or read settings anew (watchSettings)",
    )
    label = f"every {gap:.2g} s, {len(first.times(interval))} times; configured is every {interval:g} s"
    message = f"clients poll faster than configured: {len(fast)} of {len(polled)} jobs"
    yield finding("CG508", message, Evidence(log_lines(first.lines), label), told)


def timed_out(seen: Examined) -> Iterator[Finding]:
    """CG509: jobs that the log says timed out, or that are older than a page waits."""
    observed, jobs, polling = seen.state.observed, seen.state.jobs, polling_of(seen.state)
    mend = _longer(seen, polling)
    cause = "jobs take longer than pages wait for them, or never end"
    polled = set() if seen.limits.is_own or not isinstance(observed, Observed) else set(observed.polled)
    lines = [line for line in _lines(observed) if line not in polled and seen.limits.tells_of_timeout(line.text)]
    if lines:
        own = seen.limits.timed_out.pattern
        grep = (
            ("--perl-regexp", "--", own)
            if seen.limits.is_own
            else ("--ignore-case", "--extended-regexp", "timed.out|timeout")
        )
        told = Told(logs(seen, *grep), cause, mend)
        shown = Evidence(log_lines(lines), f"one of {len(lines)} such line{'s' if len(lines) != 1 else ''}")
        yield finding("CG509", "jobs time out", shown, told)
    elif isinstance(jobs, Jobs) and polling is not None and polling.lasts:
        yield from _too_old(seen, jobs, polling.lasts, Told("", cause, mend))


def _too_old(seen: Examined, jobs: Jobs, lasts: float, told: Told) -> Iterator[Finding]:
    old = [job for job in oldest_first(jobs) if (job.age or 0) > lasts]
    if old:
        text = "".join(f"{job.key} is {job.age or 0:.0f} s old\n" for job in old)
        see = redis(seen, "ZRANGE", seen.sought.job_index, "0", str(len(old) - 1), "WITHSCORES")
        label = f"a page gives up after {lasts:g} s; so old are {len(old)} of the {len(jobs.sample)} oldest"
        shown = Evidence(quoted("redis", text, old[0].key), label)
        yield finding("CG509", "jobs are older than a page waits", shown, replace(told, see=see))


def short_lived(seen: Examined) -> Iterator[Finding]:
    """CG510: results that Redis drops before a page stops asking for them."""
    polling, jobs = polling_of(seen.state), seen.state.jobs
    if polling is None or polling.lasts is None or not isinstance(jobs, Jobs):
        return
    if not seen.dated or _lifetime(longest := max(seen.dated, key=_lifetime)) >= polling.lasts:
        return
    told = Told(
        redis(seen, "TTL", longest.key),
        "the backend's expiry of results is shorter than the time for which the settings let a page ask",
        f"keep results for {polling.lasts:g} s at least (EXPIRE in the backend), or let pages give up sooner",
    )
    text = f"TTL {longest.key} is {longest.kept or 0:.0f}, age {longest.age or 0:.0f}\n"
    label = f"kept for {_lifetime(longest):.0f} s, the longest of {len(seen.dated)}; a page asks for up to {polling.lasts:g} s"
    yield finding(
        "CG510", "results expire before the timeout", Evidence(quoted("redis", text, longest.key), label), told
    )


def busy(seen: Examined) -> Iterator[Finding]:
    """CG511: a backend that answers polls with 429 or 503."""
    observed, polling = seen.state.observed, polling_of(seen.state)
    if not isinstance(observed, Observed) or polling is None:
        return
    lines = [line for line in observed.polled if BUSY.search(line.text)]
    share = len(lines) / max(observed.requests, 1)
    if len(lines) < _FEWEST_BUSY or share < _BUSY_SHARE:
        return
    told = Told(
        logs(seen, "--extended-regexp", "([^0-9.]|^)(429|503)([^0-9]|$)"),
        "the backend, or what stands before it, takes fewer requests than pages make; a client that does not wait after it makes more",
        _slower(seen, polling, 2.0),
    )
    found = BUSY.search(lines[0].text)
    assert found is not None
    label = f"{len(lines)} of {observed.requests} polls in {observed.seconds:.0f} s: {share:.0%}"
    span = log_lines(lines, found[0])
    yield finding("CG511", "the backend turns polls away: a surge of 429 or 503", Evidence(span, label), told)


def datetimes(seen: Examined) -> Iterator[Finding]:
    """CG512: the backend cannot write a time as JSON."""
    lines = [line for line in _lines(seen.state.observed) if DATETIME in line.text]
    if lines:
        told = Told(
            logs(seen, "--fixed-strings", DATETIME),
            "the backend's image is of before the models had a field_serializer for their times, or its Pydantic is older than 2",
            "deploy the image whose JobStatusResponse and JobResultResponse have a field_serializer, with Pydantic 2",
        )
        label = f"one of {len(lines)} such line{'s' if len(lines) != 1 else ''}: each is a poll that failed"
        shown = Evidence(log_lines(lines, DATETIME), label)
        yield finding("CG512", "the backend cannot serialise a datetime", shown, told)


def _lines(observed: object) -> Iterator[LogLine]:
    if isinstance(observed, Observed):
        yield from observed.lines()


def _lifetime(job: Job) -> float:
    return (job.kept or 0.0) + (job.age or 0.0)


def _of_role(seen: Examined, role: str) -> Setting:
    return next(setting for setting in seen.state.target.settings.settings if setting.role == role)


def _slower(seen: Examined, polling: Polling, factor: float) -> str:
    """What makes pages ask so many times less, and still as long."""
    setting = _of_role(seen, INTERVAL)
    unit = _UNITS[setting.unit]
    step = 500 if unit == 0.001 else 1
    value = math.ceil(polling.interval * factor / unit / step) * step
    most = setting.bounds.maximum
    value = min(value, int(most)) if most is not None else value
    given = [f"{setting.name}={value}"]
    attempts = next((each for each in seen.state.target.settings.settings if each.role == ATTEMPTS), None)
    if attempts is not None and polling.lasts is not None:
        given.append(f"{attempts.name}={max(int(polling.lasts / (value * unit)), 1)}")
    return f"ask less often: {chartgen(seen.state, 'set', *given, '--wait')}"


def _longer(seen: Examined, polling: Polling | None) -> str:
    """What lets pages wait twice as long."""
    roles = of_roles(seen.state.target.settings)
    given = []
    if polling is not None and polling.attempts is not None and ATTEMPTS in roles:
        given.append(f"{roles[ATTEMPTS].name}={_within(roles[ATTEMPTS], 2 * polling.attempts)}")
    if polling is not None and polling.timeout is not None and TIMEOUT in roles:
        timeout = roles[TIMEOUT]
        given.append(f"{timeout.name}={_within(timeout, round(2 * polling.timeout / _UNITS[timeout.unit]))}")
    return (
        f"let pages wait longer: {chartgen(seen.state, 'set', *given, '--wait')}" if given else "let pages wait longer"
    )


def _within(setting: Setting, value: int) -> int:
    most = setting.bounds.maximum
    return min(value, int(most)) if most is not None else value
