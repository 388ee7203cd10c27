"""Draw what was measured beside what was planned, from docs/proof/load.json: docs/images/{measured,growth}-{light,dark}.svg.

`python -m scripts.load_picture`, from the root of the tree; it writes docs/proof/load.md as well.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.flow_picture import IMAGES, text
from scripts.load_results import RESULTS, growth, page, report, stretch
from scripts.plan_picture import BOTTOM, HEIGHT, THEMES, TOP, WIDTH, legend, load, sheet

MEASURED = "Polls of 400 users as measured against a real backend, beside the plan: each second of two minutes, and by the interval"
GROWTH = (
    "What a poll costs, by the number of users: the processor time of the API and of Redis, and the commands of Redis"
)
SHOWN = "5s-1"
INTERVALS = (2, 5, 10)


def _seconds(results: Mapping[str, Any]) -> Iterator[str]:
    """Each second of a run."""
    found = report(results, SHOWN)
    part = stretch(results, SHOWN)
    counts = found["pollsOfSeconds"][part["begin"] : part["end"]]
    x0, width, top = 52, 420 / len(counts), 1.15 * max(*counts, part["planned"]["busySecond"])

    def y(count: float) -> float:
        return float(BOTTOM - count / top * (BOTTOM - TOP))

    yield text(x0, 22, "Requests in each second of two minutes", "ink", "start")
    yield text(x0, 40, "400 users, every 5 s, against the reference application", "soft", "start")
    for tick in (0, 20, 40, 60, 80, 100):
        yield f'<path d="M{x0} {y(tick):.1f}H{x0 + 420}" class="axis"/>'
        yield text(x0 - 6, round(y(tick)) + 4, str(tick), "soft", "end")
    for second, count in enumerate(counts):
        at = f'x="{x0 + second * width:.1f}" y="{y(count):.1f}" width="{width - 0.6:.1f}" height="{BOTTOM - y(count):.1f}"'
        yield f'<rect {at} class="mean-fill" opacity="0.6"/>'
    for kind, figure in (("mean", "meanPerSecond"), ("busy", "busySecond")):
        yield f'<path d="M{x0} {y(part["planned"][figure]):.1f}H{x0 + 420}" class="{kind} dashed"/>'
    mean, busy = part["planned"]["meanPerSecond"], part["planned"]["busySecond"]
    words = (("mean", f"measured (plan: {mean:.0f})"), ("busy", f"busy second, planned: {busy:.0f}"))
    yield from legend(x0, words)


def _intervals(results: Mapping[str, Any]) -> Iterator[str]:
    """The plan by the interval, and the runs as points."""
    x0, x1, low, high = 560, 880, 20.0, 300.0

    def x(interval: float) -> float:
        return x0 + math.log(interval / 1.5) / math.log(15 / 1.5) * (x1 - x0)

    def y(rate: float) -> float:
        return BOTTOM - math.log(rate / low) / math.log(high / low) * (BOTTOM - TOP)

    runs = [
        (interval, stretch(results, name)["measured"]) for interval in INTERVALS for name in _names(results, interval)
    ]
    means = {interval: [run["meanPerSecond"] for each, run in runs if each == interval] for interval in INTERVALS}
    less = 1 - (sum(means[10]) / len(means[10])) / (sum(means[2]) / len(means[2]))
    yield text(x0 - 34, 22, "Requests a second, by the interval", "ink", "start")
    yield text(x0 - 34, 40, f"2 s to 10 s: {100 * less:.1f} % less, as measured", "soft", "start")
    for tick in (20, 50, 100, 200, 300):
        yield f'<path d="M{x0} {y(tick):.1f}H{x1}" class="axis"/>'
        yield text(x0 - 6, round(y(tick)) + 4, str(tick), "soft", "end")
    for tick in INTERVALS:
        yield text(round(x(tick)), BOTTOM + 16, f"{tick} s", "soft")
    steps = [1.5 * 10 ** (place / 60) for place in range(61)]
    for kind, figure in (("mean", "mean"), ("busy", "jittered_peak")):
        points = [(x(step), y(getattr(load(step), figure))) for step in steps]
        inside = [f"{at:.1f} {height:.1f}" for at, height in points if TOP <= height <= BOTTOM]
        yield f'<path d="M{"L".join(inside)}" class="{kind}"/>'
    for interval, run in runs:
        for kind, figure in (("mean", "meanPerSecond"), ("busy", "busySecond")):
            yield f'<circle cx="{x(interval):.1f}" cy="{y(run[figure]):.1f}" r="4" class="{kind}-fill"/>'
    yield from legend(x0 - 34, (("mean", "mean: plan, runs"), ("busy", "busy second: plan, runs")))


def _names(results: Mapping[str, Any], interval: int) -> list[str]:
    return [name for name in results if name.split("-")[0] == f"{interval}s"]


def _cost(results: Mapping[str, Any], place: int, kinds: Mapping[str, str], words: tuple[str, str]) -> Iterator[str]:
    """One chart of what a poll costs."""
    rows = growth(results)
    x0, width = 62 + 440 * place, 350
    top = 1.25 * max(row[kind] for row in rows for kind in kinds.values())
    most = max(row["users"] for row in rows)
    step = next(each * 10.0**power for power in range(-4, 4) for each in (1, 2, 5) if each * 10.0**power >= top / 6)

    def at(row: Mapping[str, float], kind: str) -> tuple[float, float]:
        return x0 + row["users"] / most * width, BOTTOM - row[kind] / top * (BOTTOM - TOP)

    yield text(x0, 22, words[0], "ink", "start")
    yield text(x0, 40, words[1], "soft", "start")
    for tick in (step * each for each in range(int(top / step) + 1)):
        height = BOTTOM - tick / top * (BOTTOM - TOP)
        yield f'<path d="M{x0} {height:.1f}H{x0 + width}" class="axis"/>'
        yield text(x0 - 6, round(height) + 4, f"{tick:g}", "soft", "end")
    for row in rows:
        yield text(round(x0 + row["users"] / most * width), BOTTOM + 16, f"{row['users']:g}", "soft")
    for style, kind in kinds.items():
        points = [at(row, kind) for row in rows]
        yield f'<path d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in points)}" class="{style}"/>'
        for x, y in points:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" class="{style}-fill"/>'


def _growth(results: Mapping[str, Any]) -> Iterator[str]:
    cpu = ("Milliseconds of processor time, a poll", "by users who poll every 5 s: one process of the API, one Redis")
    yield from _cost(results, 0, {"mean": "apiMs", "busy": "redisMs"}, cpu)
    yield from legend(62, (("mean", "the API"), ("busy", "Redis")))
    yield from _cost(results, 1, {"sync": "commands"}, ("Commands of Redis, a poll", "by users"))


def _picture(theme: Mapping[str, str], label: str, drawing: Iterator[str]) -> str:
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{label}">'
    return "\n".join([head, f"<title>{label}</title>", f"<style>{sheet(theme)}</style>", *drawing, "</svg>\n"])


def pictures() -> dict[str, str]:
    """The text of each picture by its file name."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    drawn = {}
    for name, theme in THEMES.items():
        parts = (part for drawing in (_seconds, _intervals) for part in drawing(results))
        drawn[f"measured-{name}.svg"] = _picture(theme, MEASURED, parts)
        drawn[f"growth-{name}.svg"] = _picture(theme, GROWTH, _growth(results))
    return drawn


def main() -> None:
    """Write the pictures and the page."""
    for name, content in pictures().items():
        (IMAGES / name).write_text(content, encoding="utf-8")
    RESULTS.with_suffix(".md").write_text(page(json.loads(RESULTS.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
