"""Draw the README's picture of a plan, for light and dark pages: docs/images/plan-{light,dark}.svg.

`python -m scripts.plan_picture`, from the root of the tree. Its figures are those of `chartgen plan`; its minute is drawn
by lot, always the same.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping

from chartgen.planning.load import Load, Polls, Situation
from chartgen.planning.pace import JITTER
from scripts.flow_picture import FONT, IMAGES, text

THEMES: Mapping[str, Mapping[str, str]] = {
    "light": {"ink": "#1f2328", "soft": "#59636e", "edge": "#d1d9e0", "mean": "#0969da", "busy": "#9a6700", "sync": "#cf222e"},
    "dark": {"ink": "#f0f6fc", "soft": "#9198a1", "edge": "#3d444d", "mean": "#4493f8", "busy": "#d29922", "sync": "#f85149"},
}  # fmt: skip
WIDTH, HEIGHT = 900, 330
TOP, BOTTOM = 58, 268
USERS, INTERVAL, SECONDS = 400, 5.0, 60
SITUATION = Situation(USERS)
LABEL = (
    "400 users who poll every 5 seconds: with the client's jitter about 80 requests in each second, without it 400 in one "
    "second of five; and how the requests a second fall with the interval"
)


def load(interval: float) -> Load:
    """The plan at an interval."""
    return Load(SITUATION, Polls(interval, 120, 600))


def minute() -> list[int]:
    """The requests of each second of a minute, of pages that poll as the client does."""
    chance, counts, start = random.Random(400).random, [0] * SECONDS, 20 * INTERVAL  # noqa: S311 - no secret
    for _ in range(USERS):
        at = chance() * INTERVAL
        while at < start + SECONDS:
            if at >= start:
                counts[int(at - start)] += 1
            at += INTERVAL * (1 + JITTER * (2 * chance() - 1))
    return counts


def sheet(theme: Mapping[str, str]) -> str:
    """The style sheet of one theme."""
    rules = [
        f"text{{font-family:{FONT};font-size:12px}}",
        f".ink{{fill:{theme['ink']};font-size:14px;font-weight:600}}",
    ]
    rules += [f".soft{{fill:{theme['soft']}}}", f".axis{{stroke:{theme['edge']};fill:none}}"]
    for name in ("mean", "busy", "sync"):
        rules += [f".{name}{{stroke:{theme[name]};fill:none;stroke-width:2.2}}", f".{name}-fill{{fill:{theme[name]}}}"]
    return "".join([*rules, ".dashed{stroke-dasharray:5 4;stroke-width:1.5}"])


def left() -> Iterator[str]:
    """One minute: what the client makes, and what a poller without jitter makes after a stall."""
    x0, width = 52, 420 / SECONDS

    def y(count: float) -> float:
        return BOTTOM - count / 420 * (BOTTOM - TOP)

    yield text(x0, 22, "Requests in each second of a minute", "ink", "start")
    yield text(x0, 40, "400 users, every 5 s: 80 a second on average, with jitter and without", "soft", "start")
    for tick in (0, 100, 200, 300, 400):
        yield f'<path d="M{x0} {y(tick):.1f}H{x0 + 420}" class="axis"/>'
        yield text(x0 - 6, round(y(tick)) + 4, str(tick), "soft", "end")
    for second in range(0, SECONDS, int(INTERVAL)):
        yield f'<rect x="{x0 + second * width:.1f}" y="{y(USERS):.1f}" width="{width - 1.5:.1f}" height="{BOTTOM - y(USERS):.1f}" class="sync-fill" opacity="0.35"/>'
    for second, count in enumerate(minute()):
        yield f'<rect x="{x0 + second * width:.1f}" y="{y(count):.1f}" width="{width - 1.5:.1f}" height="{BOTTOM - y(count):.1f}" class="mean-fill"/>'
    yield f'<path d="M{x0} {y(load(INTERVAL).jittered_peak):.1f}H{x0 + 420}" class="busy dashed"/>'
    yield from legend(
        x0, (("mean", "the client"), ("sync", "without jitter, after a stall"), ("busy", "planned busy second: 99"))
    )


def right() -> Iterator[str]:
    """The plan by the interval."""
    x0, x1, low, high = 560, 880, 10.0, 500.0

    def x(interval: float) -> float:
        return x0 + math.log(interval / 1) / math.log(30) * (x1 - x0)

    def y(rate: float) -> float:
        return BOTTOM - math.log(rate / low) / math.log(high / low) * (BOTTOM - TOP)

    yield text(x0 - 34, 22, "Requests a second, by the interval", "ink", "start")
    yield text(x0 - 34, 40, "2 s to 10 s: 80 % less on average, nothing less at once", "soft", "start")
    for tick in (10, 20, 50, 100, 200, 400):
        yield f'<path d="M{x0} {y(tick):.1f}H{x1}" class="axis"/>'
        yield text(x0 - 6, round(y(tick)) + 4, str(tick), "soft", "end")
    for tick in (1, 2, 5, 10, 30):
        yield text(round(x(tick)), BOTTOM + 16, f"{tick} s", "soft")
    steps = [30 ** (place / 60) for place in range(61)]
    for kind, figure in (("mean", "mean"), ("busy", "jittered_peak"), ("sync", "synchronised_peak")):
        points = [(x(step), y(getattr(load(step), figure))) for step in steps]
        path = "L".join(f"{at:.1f} {height:.1f}" for at, height in points)
        yield f'<path d="M{path}" class="{kind}"/>'
    for interval in (2.0, 5.0, 10.0):
        mean = load(interval).mean
        yield f'<circle cx="{x(interval):.1f}" cy="{y(mean):.1f}" r="4" class="mean-fill"/>'
        yield text(round(x(interval)) - 8, round(y(mean)) + 15, f"{mean:.0f}", "soft", "end")
    yield from legend(x0 - 34, (("mean", "on average"), ("busy", "busy second"), ("sync", "all at once")))


def legend(start: int, entries: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """What the colours mean, in one line below."""
    x = start
    for kind, words in entries:
        yield f'<rect x="{x}" y="{HEIGHT - 27}" width="10" height="10" class="{kind}-fill"/>'
        yield text(x + 15, HEIGHT - 18, words, "soft", "start")
        x += 30 + round(6.1 * len(words))


def picture(theme: Mapping[str, str]) -> str:
    """The picture in one theme."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{LABEL}">'
    return "\n".join([head, f"<title>{LABEL}</title>", f"<style>{sheet(theme)}</style>", *left(), *right(), "</svg>\n"])


def pictures() -> dict[str, str]:
    """The text of each picture by its file name."""
    return {f"plan-{name}.svg": picture(theme) for name, theme in THEMES.items()}


def main() -> None:
    """Write both pictures."""
    for name, content in pictures().items():
        (IMAGES / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
