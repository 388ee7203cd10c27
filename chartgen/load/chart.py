"""The chart of a run: the polls of each second, with what was planned, and how long answers took."""

from __future__ import annotations

import html
from collections.abc import Iterator

from chartgen.load.comparison import Comparison
from chartgen.load.tally import quantile
from chartgen.planning.text import rate, time

WIDTH, LEFT, RIGHT = 720, 58, 704
_TICKS = 5
_STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600)


def polls(run: Comparison) -> str:
    """Polls of each second, as bars; of each stretch the planned mean and busy second, as lines."""
    counts = [second.polls for second in run.tally.between(0, max(int(run.lasted), 1))]
    top = 1.08 * max(*counts, *(stretch.expected.busy for stretch in run.stretches), 1)
    axes = _Axes(len(counts), top, 250)
    parts = [*axes.grid(rate)]
    wide = (RIGHT - LEFT) / len(counts)
    for second, count in enumerate(counts):
        kind = "good" if any(each.begin <= second < each.end for each in run.stretches) else "other"
        height = axes.bottom - axes.y(count)
        parts.append(
            f'<rect x="{axes.x(second):.1f}" y="{axes.y(count):.1f}" width="{max(wide * 0.86, 0.4):.2f}" '
            f'height="{height:.1f}" class="{kind}"/>'
        )
    for stretch in run.stretches:
        for kind, value in (("mean", stretch.expected.mean), ("busy", stretch.expected.busy)):
            ends = f"M{axes.x(stretch.begin):.1f} {axes.y(value):.1f}H{axes.x(stretch.end):.1f}"
            parts.append(f'<path d="{ends}" class="{kind}"/>')
    return _svg(parts, 280, "Polls of each second")


def answers(run: Comparison) -> str:
    """How long the answers of each second took: the median and the 95th percentile."""
    seconds = run.tally.between(0, max(int(run.lasted), 1))
    lines = {
        kind: [
            (at, found) for at, second in enumerate(seconds) if (found := quantile([second.times], share)) is not None
        ]
        for kind, share in (("mean", 0.5), ("busy", 0.95))
    }
    top = 1.08 * max((found for points in lines.values() for _, found in points), default=1)
    axes = _Axes(len(seconds), top, 130)
    parts = [*axes.grid(time)]
    for kind, points in lines.items():
        path = "L".join(f"{axes.x(at + 0.5):.1f} {axes.y(found):.1f}" for at, found in points)
        if path:
            parts.append(f'<path d="M{path}" class="{kind}"/>')
    return _svg(parts, 160, "How long answers took, by the second")


class _Axes:
    def __init__(self, seconds: int, top: float, bottom: int) -> None:
        self.seconds, self.top, self.bottom = seconds, top, bottom

    def x(self, second: float) -> float:
        return LEFT + second / self.seconds * (RIGHT - LEFT)

    def y(self, value: float) -> float:
        return self.bottom - value / self.top * (self.bottom - 10)

    def grid(self, words: object) -> Iterator[str]:
        assert callable(words)
        step = _nice(self.top / _TICKS)
        tick = 0.0
        while tick <= self.top:
            yield f'<path d="M{LEFT} {self.y(tick):.1f}H{RIGHT}" class="axis"/>'
            yield f'<text x="{LEFT - 6}" y="{self.y(tick) + 4:.1f}" text-anchor="end">{html.escape(words(tick))}</text>'
            tick += step
        every = next((each for each in _STEPS if self.seconds / each <= 12), 600)
        for second in range(0, self.seconds + 1, every):
            yield f'<text x="{self.x(second):.1f}" y="{self.bottom + 16}" text-anchor="middle">{second} s</text>'


def _nice(step: float) -> float:
    power = 10.0 ** (len(f"{int(step)}") - 1) if step >= 1 else 10.0 ** -(len(f"{int(1 / step)}"))
    return next(each * power for each in (1, 2, 5, 10) if each * power >= step)


def _svg(parts: list[str], height: int, label: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{label}">{"".join(parts)}</svg>'
