"""What the environment says: where Redis is, the settings of the page, how long results are kept, what is too much.

The page's settings (`JOB_TIMEOUT_MS`, `JOB_POLL_INTERVAL_MS`, `JOB_MAX_POLL_ATTEMPTS`) are judged by the entrypoint's own code
with the generated table beside it, as in the frontend's container: no default, limit or rule of theirs is written here.
"""

from __future__ import annotations

import functools
import importlib.util
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

from redis.asyncio.connection import parse_url

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
KEPT = 12
"""A result is kept for so many times `JOB_TIMEOUT_MS`: a laptop that slept through the end finds it two hours later still."""

LEAST_KEPT = 4
"""`JOB_RESULT_TTL_S` may say less than that, but not less than so many times `JOB_TIMEOUT_MS`."""


class ConfigurationError(Exception):
    """The environment cannot be used; a line for each reason."""


@dataclass(frozen=True)
class Pressure:
    """What is too much: polls a second, polls that wait for Redis at the same time, milliseconds that the event loop is late."""

    polls_per_second: float
    polls_in_flight: int
    lag_ms: float


@dataclass(frozen=True)
class Process:
    """How a process runs, where its options do not say."""

    host: str
    port: int
    concurrency: int
    log_level: str


@dataclass(frozen=True)
class Configuration:
    """All of it. Durations end in their unit."""

    redis_url: str
    poll_interval_ms: int
    timeout_ms: int
    result_ttl_s: int
    heartbeat_s: float
    attempts: int
    pressure: Pressure
    process: Process
    warnings: tuple[str, ...] = ()


def read(environment: Mapping[str, str] | None = None) -> Configuration:
    """The configuration that an environment makes.

    Raises:
        ConfigurationError: something in it is wrong.
    """
    environment = os.environ if environment is None else environment
    values, faults, warnings = _settings(environment)
    timeout_ms = int(values["timeoutMs"])
    numbers = {name: _number(environment, name, limits, faults) for name, limits in _NUMBERS.items()}
    least_s = recovery_s(numbers["JOB_HEARTBEAT_S"])
    usual_s = max(KEPT * timeout_ms / 1000, least_s)
    ttl_s = _number(environment, "JOB_RESULT_TTL_S", (usual_s, 1, 10**9), faults)
    if ttl_s * 1000 < LEAST_KEPT * timeout_ms:
        faults.append(
            f"JOB_RESULT_TTL_S: {ttl_s:g} s is too short: pages may ask for {timeout_ms / 1000:g} s (JOB_TIMEOUT_MS), and a "
            f"result is kept for at least {LEAST_KEPT} times that: raise it to {-(-LEAST_KEPT * timeout_ms // 1000)}, or "
            f"leave it out, which is {KEPT} times"
        )
    elif ttl_s < least_s:
        faults.append(
            f"JOB_RESULT_TTL_S: {ttl_s:g} s is too short: a job whose worker is lost would be gone before another one takes it "
            f"(JOB_HEARTBEAT_S is {numbers['JOB_HEARTBEAT_S']:g}): raise it to {least_s}, or leave it out"
        )
    redis_url = environment.get("REDIS_URL") or "redis://127.0.0.1:6379/0"
    faults += _faults_of_url(redis_url)
    process = _process(environment, numbers, faults)
    if faults:
        raise ConfigurationError("\n".join(faults))
    return Configuration(
        redis_url,
        int(values["pollIntervalMs"]),
        timeout_ms,
        int(ttl_s),
        numbers["JOB_HEARTBEAT_S"],
        int(numbers["JOB_ATTEMPTS"]),
        Pressure(
            numbers["JOB_MOST_POLLS_PER_SECOND"], int(numbers["JOB_MOST_POLLS_IN_FLIGHT"]), numbers["JOB_MOST_LAG_MS"]
        ),
        process,
        tuple(warnings),
    )


def recovery_s(heartbeat_s: float) -> int:
    """How long a job has to be kept for another worker to take it from one that is lost, and thrice that.

    It is missed after a heartbeat, found within a third of one, and queued five seconds later.
    """
    return math.ceil(3 * (heartbeat_s * 4 / 3 + 10))


# The default, the least, the most.
_NUMBERS: dict[str, tuple[float, float, float]] = {
    "JOB_HEARTBEAT_S": (15, 1, 3600),
    "JOB_ATTEMPTS": (5, 1, 1000),
    "JOB_MOST_POLLS_PER_SECOND": (200, 0.1, 10**6),
    "JOB_MOST_POLLS_IN_FLIGHT": (64, 1, 10**5),
    "JOB_MOST_LAG_MS": (500, 1, 10**5),
    "WORKER_CONCURRENCY": (20, 1, 10**4),
}
LEVELS = ("debug", "info", "warning", "error")


def _process(environment: Mapping[str, str], numbers: Mapping[str, float], faults: list[str]) -> Process:
    level = environment.get("LOG_LEVEL") or "info"
    if level not in LEVELS:
        faults.append(f"LOG_LEVEL: expected one of {', '.join(LEVELS)}")
    # A cluster with a Service named backend sets BACKEND_PORT=tcp://ADDRESS:PORT in each pod, and means nothing by it.
    is_link = environment.get("BACKEND_PORT", "").startswith(("tcp://", "udp://", "sctp://"))
    port = _number({} if is_link else environment, "BACKEND_PORT", (8000, 0, 65535), faults)
    host = environment.get("BACKEND_HOST") or "127.0.0.1"
    for name, number in {"BACKEND_PORT": port, "WORKER_CONCURRENCY": numbers["WORKER_CONCURRENCY"]}.items():
        if number != int(number):
            faults.append(f"{name}: expected a whole number")
    return Process(host, int(port), int(numbers["WORKER_CONCURRENCY"]), level)


def _faults_of_url(redis_url: str) -> list[str]:
    """What is wrong with it, without a word of what it says: there may be a password in it."""
    expected = "REDIS_URL: expected redis://HOST:PORT/DATABASE, or rediss:// for TLS"
    try:
        parts = urlsplit(redis_url)
        # ValueError: the port is no number, or too large.
        is_right = parts.scheme in {"redis", "rediss", "unix"} and parts.port != 0
        parse_url(redis_url)
    except ValueError:
        is_right = False
    return [] if is_right else [expected]


def _number(environment: Mapping[str, str], name: str, limits: tuple[float, float, float], faults: list[str]) -> float:
    default, least, most = limits
    text = environment.get(name, "")
    if not text:
        return default
    number = entrypoint().parse_text("number", text)
    if number is None or not least <= number <= most:
        faults.append(f"{name}: expected a number from {least:g} to {most:g}, in plain digits")
        return default
    return float(number)


def _settings(environment: Mapping[str, str]) -> tuple[dict[str, float], list[str], list[str]]:
    judge = entrypoint()
    table = judge.load_table(str(SCRIPTS / "settings.py"))
    names = [setting[1] for setting in table["SETTINGS"]]
    texts = {name: os.fsencode(environment[name]) for name in names if name in environment}
    values, errors, warnings = judge.judge(table, texts)
    return values, [said for _, said in errors], warnings


@functools.cache
def entrypoint() -> ModuleType:
    """The entrypoint's code, which is a program, and so has a name that cannot be imported."""
    spec = importlib.util.spec_from_file_location("docker_entrypoint", SCRIPTS / "docker-entrypoint.py")
    if spec is None or spec.loader is None:
        raise ConfigurationError(f"{SCRIPTS / 'docker-entrypoint.py'} cannot be read")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
