"""A look at a state of the page: axe finds nothing against it, in light and in dark, and it fits into a narrow window.

Pictures are taken, if they are wanted.
"""

from __future__ import annotations

from typing import Literal

from tests.app.page.parts import EXAMPLE, ROOT
from tests.app.page.png import small
from tests.app.page.tab import Tab
from tests.entrypoint import missing

AXE = EXAMPLE / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / "docs" / "images" / "app"
NARROW = 320
"""A window as narrow as WCAG asks for (1.4.10)."""

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# All of axe's rules, those that are no part of WCAG too.
RUN = "async () => (await axe.run({ resultTypes: ['violations'] })).violations.map(({ id, nodes }) => [id, nodes.map((n) => n.html)])"


class Inspection:
    """Looks, and keeps pictures where `pictures` says so."""

    def __init__(self, *, pictures: bool) -> None:
        self._pictures = pictures

    def look(self, tab: Tab, name: str, *, whole: bool = False) -> None:
        """Look at the tab as it is now, and as it is still afterwards; the picture is of the job, or of the whole page."""
        if not AXE.exists():
            missing("examples/ideaforge/node_modules (make frontend)")
        if tab.page.evaluate("typeof axe") == "undefined":
            tab.page.evaluate(AXE.read_text(encoding="utf-8"))
        before = tab.state
        taken = {}
        for scheme in SCHEMES:
            tab.page.emulate_media(color_scheme=scheme)
            assert tab.page.evaluate(RUN) == [], f"{name}, {scheme}"
            if self._pictures:
                taken[PICTURES / f"{name}-{scheme}.png"] = _picture(tab, whole=whole)
        assert _width_at(tab, NARROW) <= NARROW
        assert tab.state == before
        for path, picture in taken.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(small(picture))


def _width_at(tab: Tab, width: int) -> int:
    """How wide the page is in a window of this width: more, where who looks has to scroll sideways."""
    size = tab.page.viewport_size
    assert size is not None
    tab.page.set_viewport_size({"width": width, "height": size["height"]})
    found: int = tab.page.evaluate("document.documentElement.scrollWidth")
    tab.page.set_viewport_size(size)
    return found


def _picture(tab: Tab, *, whole: bool) -> bytes:
    return tab.page.screenshot(full_page=True) if whole else tab.page.locator("main > section").first.screenshot()
