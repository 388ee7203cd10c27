"""Draw the README's picture, once for light pages and once for dark ones: docs/images/flow-{light,dark}.svg.

`python scripts/flow_picture.py`, from the root of the tree. Both come from one drawing, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"

THEMES: Mapping[str, Mapping[str, str]] = {
    "light": {
        "ink": "#1f2328", "soft": "#59636e", "line": "#818b98", "box": "#ffffff", "edge": "#d1d9e0",
        "source": "#ddf4ff", "source_edge": "#54aeff", "tool": "#fff8c5", "tool_edge": "#d4a72c",
        "good": "#1a7f37", "bad": "#cf222e",
    },
    "dark": {
        "ink": "#f0f6fc", "soft": "#9198a1", "line": "#656c76", "box": "#151b23", "edge": "#3d444d",
        "source": "#0c2d4d", "source_edge": "#388bfd", "tool": "#3a2d05", "tool_edge": "#bb8009",
        "good": "#3fb950", "bad": "#f85149",
    },
}  # fmt: skip

FONT = "-apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif"
MONO = "ui-monospace, SFMono-Regular, 'SF Mono', Menlo, Consolas, monospace"
WIDTH, HEIGHT = 900, 364


def text(x: int, y: int, words: str, style: str = "ink", anchor: str = "middle") -> str:
    """One line of text, in a style of the style sheet."""
    return f'<text x="{x}" y="{y}" class="{style}" text-anchor="{anchor}">{escape(words)}</text>'


def box(x: int, y: int, size: tuple[int, int], kind: str, lines: tuple[tuple[str, str], ...]) -> list[str]:
    """A box with lines of (text, style), centred in it."""
    width, height = size
    top = y + height // 2 - 10 * (len(lines) - 1) + 5
    words = [text(x + width // 2, top + 20 * number, line, style) for number, (line, style) in enumerate(lines)]
    return [f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" class="{kind}"/>', *words]


def arrow(path: str) -> str:
    """A line that ends in an arrow head."""
    return f'<path d="{path}" class="line" marker-end="url(#head)"/>'


def head(colour: str) -> str:
    """The arrow head."""
    return (
        '<marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="M0 0 10 5 0 10z" fill="{colour}"/></marker>'
    )


def sheet(theme: Mapping[str, str]) -> str:
    """The style sheet of one theme."""
    rects = {"box": ("box", "edge"), "source": ("source", "source_edge"), "tool": ("tool", "tool_edge")}
    rules = [f".{name}{{fill:{theme[a]};stroke:{theme[b]};stroke-width:1.5}}" for name, (a, b) in rects.items()]
    rules += [
        f".line{{fill:none;stroke:{theme['line']};stroke-width:2}}",
        f".frame{{fill:none;stroke:{theme['edge']};stroke-width:1.5;stroke-dasharray:5 4}}",
        f"text{{font-family:{FONT};font-size:13px}}",
        f".ink{{fill:{theme['ink']}}}",
        f".bold{{fill:{theme['ink']};font-weight:600;font-size:15px}}",
        f".soft{{fill:{theme['soft']};font-size:12px}}",
        f".code{{fill:{theme['ink']};font-family:{MONO};font-size:13px}}",
        f".yes{{fill:{theme['good']};font-size:12px;font-weight:600}}",
        f".no{{fill:{theme['bad']};font-size:12px;font-weight:600}}",
    ]
    return "".join(rules)


def drawing() -> list[str]:
    """The boxes and arrows: the one source on the left, its two readers, what they guard on the right."""
    return [
        *box(20, 24, (190, 136), "source", (
            ("settings schema", "bold"), ("types, units, bounds", "ink"), ("defaults, profiles", "ink"),
            ("rules in CEL", "ink"), ("written once", "soft"),
        )),
        *box(20, 232, (190, 84), "box", (
            ("values files", "bold"), ("values-prod.yaml, …", "ink"), ("what people change", "soft"),
        )),
        *box(300, 60, (180, 64), "tool", (("chartgen render", "code"), ("proves the rules first", "soft"))),
        *box(300, 242, (180, 64), "tool", (("chartgen validate", "code"), ("editor, hook, CI", "soft"))),
        *box(570, 24, (310, 136), "box", (
            ("a Helm chart of your own", "bold"), ("values.schema.json: types and bounds", "ink"),
            ("a guard: every rule, in the templates", "ink"), ("ConfigMap, Deployment, Service, …", "ink"),
            ("committed, no plugin needed", "soft"),
        )),
        '<rect x="556" y="220" width="328" height="110" rx="12" class="frame"/>',
        *box(570, 234, (144, 82), "box", (
            ("refused", "no"), ("what is wrong,", "ink"), ("and how to mend it", "ink"),
        )),
        *box(726, 234, (144, 82), "box", (
            ("accepted", "yes"), ("plain digits", "ink"), ("in the ConfigMap", "ink"),
        )),
        arrow("M210 92 H296"),
        arrow("M480 92 H566"),
        arrow("M115 160 V196 H390 V238"),
        arrow("M210 274 H296"),
        arrow("M480 274 H552"),
        arrow("M720 160 V216"),
        text(734, 184, "helm template -f …", "code", "start"),
        text(734, 203, "lint, install, upgrade", "soft", "start"),
        text(720, 348, "one verdict, with or without Helm's schema validation", "soft"),
    ]  # fmt: skip


def picture(theme: Mapping[str, str]) -> str:
    """The whole SVG in one theme."""
    label = "One settings schema becomes a Helm chart; chartgen and Helm give the same verdict on values."
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">',
        f"<title>{label}</title>",
        f"<style>{sheet(theme)}</style>",
        f"<defs>{head(theme['line'])}</defs>",
        *drawing(),
        "</svg>\n",
    ])  # fmt: skip


def pictures() -> dict[str, str]:
    """The text of each picture by its file name."""
    return {f"flow-{name}.svg": picture(theme) for name, theme in THEMES.items()}


def main() -> None:
    """Write both pictures."""
    for name, content in pictures().items():
        (IMAGES / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
