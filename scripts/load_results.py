"""What `scripts.load_proof` measured, as a page: docs/proof/load.md from docs/proof/load.json."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent.parent / "docs" / "proof" / "load.json"

PAGE = """# The load that was planned, measured

Written by `python -m scripts.load_picture` from [load.json](load.json), which `python -m scripts.load_proof` measures: `chartgen load`
against the reference application, nginx, backend, Redis, worker and all, on two processors that users, servers and whatever else the machine did shared. The
backend's own limits are out of the way; {conditions}. A run counts two minutes (45 seconds for each number of
users), its start left out; "load" is the machine's load average before and after.

## The mean, the busy second, the latency

400 users whose jobs outlast the run; the tolerance is 5 %.

| interval | seed | planned | measured | off | by nginx's log | busy second: planned | measured | by nginx | seconds above the plan's | busiest | p95 of an answer | p99 | load |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
{steady}

From 2 s to 10 s: **{less:.2f} % less**; the document's arithmetic says 80 %.

## Other runs

{others}

## An interval that is raised meanwhile

{live}

## What a poll costs, by the number of users

Without a worker, so that all commands are those of the polls.

| users | polls a second | API's CPU a poll | Redis's CPU a poll | commands a poll | p95 of an answer | load |
|---|---|---|---|---|---|---|
{growth}

<picture>
  <source media="(prefers-color-scheme: dark)" srcset="../images/growth-dark.svg">
  <img src="../images/growth-light.svg" alt="What a poll costs by the number of users: about the same." width="900">
</picture>
"""


def report(results: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """What `chartgen load` said of a stage."""
    found: Mapping[str, Any] = results[name]["report"]
    return found


def stretch(results: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The first stretch of a stage."""
    found: Mapping[str, Any] = report(results, name)["stretches"][0]
    return found


def growth(results: Mapping[str, Any]) -> list[Mapping[str, float]]:
    """What a poll cost in each stage of growth: milliseconds, and commands."""
    rows: list[Mapping[str, float]] = []
    for name, stage in results.items():
        if name.startswith("growth-"):
            used = stage["server"]["used"]
            polls = used["seconds"] * stage["server"]["meanPerSecond"]
            rows.append(
                {
                    "users": stage["report"]["users"],
                    "apiMs": 1000 * used["apiCpuSeconds"] / polls,
                    "redisMs": 1000 * used["redisCpuSeconds"] / polls,
                    "commands": used["redisCommands"] / polls,
                }
            )
    return rows


def page(results: Mapping[str, Any]) -> str:
    """The text of the page."""
    steady = [name for name in results if name.partition("-")[0] in {"2s", "5s", "10s"}]
    means = {
        interval: [stretch(results, name)["measured"]["meanPerSecond"] for name in steady if name.startswith(interval)]
        for interval in ("2s", "10s")
    }
    two, ten = (sum(found) / len(found) for found in means.values())
    return PAGE.format(
        conditions=" and ".join(sorted({f"{stage['date']}, {stage['with']}" for stage in results.values()})),
        steady="\n".join(_row(_steady(results, name)) for name in steady),
        less=100 * (1 - ten / two),
        others="\n".join(_others(results)),
        live="\n".join(_live(results)),
        growth="\n".join(_growth(results)),
    )


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _steady(results: Mapping[str, Any], name: str) -> Iterator[str]:
    found, server = stretch(results, name), results[name]["server"]
    planned, measured = found["planned"], found["measured"]
    yield f"{found['intervalSeconds']:g} s"
    yield str(report(results, name)["seed"])
    yield f"{planned['meanPerSecond']:.1f}"
    yield f"{measured['meanPerSecond']:.2f}"
    yield f"{100 * found['difference']:+.2f} %"
    yield f"{server['meanPerSecond']:.2f}"
    yield f"{planned['busySecond']:.1f}"
    yield str(measured["busySecond"])
    yield str(server["busySecond"])
    yield f"{measured['secondsAbovePlannedBusy']} of {found['end'] - found['begin']}"
    yield str(measured["peak"])
    yield f"{1000 * measured['answerSeconds']['p95']:.0f} ms"
    yield f"{1000 * measured['answerSeconds']['p99']:.0f} ms"
    yield _load(results[name])


def _load(stage: Mapping[str, Any]) -> str:
    before, after = stage["loadAverage"]
    return f"{before:g}, {after:g}"


OTHERS = {
    "sync": "400 users who begin together, every 5 s",
    "jobs": "100 users, jobs of 60 s, every 5 s",
    "open": "the open model: 1.6 jobs of 60 s a second, every 5 s",
}


def _others(results: Mapping[str, Any]) -> Iterator[str]:
    yield "| run | planned | measured | off | polls a job: planned | measured | the first second | p95 of an answer | load |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, words in OTHERS.items():
        if name in results:
            yield _row(_other(results, name, words))


def _other(results: Mapping[str, Any], name: str, words: str) -> Iterator[str]:
    found = stretch(results, name)
    planned, measured = found["planned"], found["measured"]
    yield words
    yield f"{planned['meanPerSecond']:.2f}"
    yield f"{measured['meanPerSecond']:.2f}"
    yield f"{100 * found['difference']:+.2f} %"
    for figure in (planned["pollsOfAJob"], measured["pollsOfAJob"]):
        yield "" if figure is None else f"{figure:.2f}"
    yield str(report(results, name)["firstSecond"]) if report(results, name)["syncStart"] else ""
    yield f"{1000 * measured['answerSeconds']['p95']:.0f} ms"
    yield _load(results[name])


def _live(results: Mapping[str, Any]) -> Iterator[str]:
    if "live" not in results:
        return
    change = results["live"]["server"]["change"]
    polls, at = change["polls"], change["secondsBefore"]
    before, settled = polls[:at], polls[at + 20 :]
    yield (
        "400 users, every 5 s; the ConfigMap's volume is swapped to 10 s as the kubelet does it, nothing is restarted, and pages ask for "
        f"their settings as the client does. By nginx's log, polls a second: **{sum(before) / len(before):.1f}** in the {at} seconds before; in the "
        "seconds after"
    )
    yield ""
    spans = [(0, 5), (5, 10), (10, 15), (15, 20)]
    yield f"| {' | '.join(f'{begin} to {end}' for begin, end in spans)} | 20 (two intervals) to {20 + len(settled)} |"
    yield f"|{'---|' * (len(spans) + 1)}"
    cells = [f"{sum(polls[at + begin : at + end]) / (end - begin):.1f}" for begin, end in spans]
    yield f"| {' | '.join(cells)} | **{sum(settled) / len(settled):.2f}**, planned 40 |"
    yield ""
    yield f"Pages that were loaded meanwhile: {change['pagesLoaded']}. Load: {_load(results['live'])}."


def _growth(results: Mapping[str, Any]) -> Iterator[str]:
    for row in growth(results):
        name = f"growth-{row['users']}"
        yield _row(
            iter(
                (
                    str(row["users"]),
                    f"{results[name]['server']['meanPerSecond']:.1f}",
                    f"{row['apiMs']:.2f} ms",
                    f"{row['redisMs']:.3f} ms",
                    f"{row['commands']:.2f}",
                    f"{1000 * stretch(results, name)['measured']['answerSeconds']['p95']:.0f} ms",
                    _load(results[name]),
                )
            )
        )
