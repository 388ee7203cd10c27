"""An open tab of the application, as its user sees it and works with it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Self

from playwright.sync_api import Browser, ConsoleMessage, Locator, Request

from tests.app.page.application import Application

HARMLESS = re.compile("Failed to load resource")
"""What Chromium says of each answer that is an error: the tests bring these about."""


class Tab:
    """A tab in a zone; at its end, nothing went wrong in it that nobody caught."""

    def __init__(self, browser: Browser, app: Application, zone: str = "Europe/Berlin", before: str = "") -> None:
        self._faults: list[str] = []
        self.context = browser.new_context(
            timezone_id=zone, locale="en-GB", viewport={"width": 760, "height": 700}, reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self._faults.append(str(error)))
        self.page.on("console", self._hear)
        self.asking: set[Request] = set()
        self.page.on("request", self._begin)
        self.page.on("requestfinished", self._end)
        self.page.on("requestfailed", self._end)
        if before:
            self.page.add_init_script(before)
        self.page.goto(app.address)
        self.page.wait_for_selector("h1")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.context.close()
        if kind is None:
            assert self._faults == []

    def _begin(self, request: Request) -> None:
        self.asking.add(request)

    def _end(self, request: Request) -> None:
        self.asking.discard(request)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not HARMLESS.search(message.text):
            self._faults.append(message.text)

    def submit(self, seconds: float, *, fail: bool = False, prompt: str = "Ideas for a rainy day") -> str:
        """Submit a job; its id."""
        self.page.get_by_label("What is to be done").fill(prompt)
        self.page.get_by_label("How long it takes").fill(str(seconds))
        self.page.get_by_label("with a failure" if fail else "with a result").check()
        self.press("Submit the job")
        return self.job

    def follow_beside(self, app: Application, job: str) -> None:
        """Have another tab of the same window follow a job."""
        page = self.context.new_page()
        page.goto(app.address)
        page.evaluate(f"sessionStorage.setItem('ideaforge.job', '{job}')")
        page.reload()

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    @property
    def card(self) -> Locator:
        """Where the job is shown."""
        return self.page.locator("section[data-phase]")

    @property
    def job(self) -> str:
        """The id of the job that is followed."""
        return self.card.locator("h2 code").inner_text()

    @property
    def phase(self) -> str:
        """Where the job is, in one word."""
        return self.card.get_attribute("data-phase") or ""

    @property
    def state(self) -> list[str | None]:
        """The same, nothing where there is no job."""
        return [card.get_attribute("data-phase") for card in self.card.all()]

    @property
    def says(self) -> str:
        """What is said of the job to everybody, those who only hear it too."""
        return self.card.locator(".phase").inner_text()

    @property
    def followed_since(self) -> float:
        """When the page began to follow its job (s since 1970), as a reload finds it."""
        found: float = self.page.evaluate("JSON.parse(sessionStorage.getItem('ideaforge.job.polling')).startedAt")
        return found / 1000

    @property
    def focused(self) -> str:
        """What has the focus: its id, or what stands in it."""
        found: str = self.page.evaluate("document.activeElement.id || document.activeElement.textContent")
        return found

    def fact(self, name: str) -> str:
        """A fact that is shown under this name."""
        pair = self.page.locator("dl > div", has=self.page.locator("dt", has_text=re.compile(f"^{name}$")))
        return pair.locator("dd").first.inner_text()

    def facts(self) -> dict[str, str]:
        """All facts that are shown, as they are in one moment."""
        read = (
            "(pairs) => pairs.map((pair) => [pair.querySelector('dt').innerText, pair.querySelector('dd').innerText])"
        )
        found: list[tuple[str, str]] = self.page.locator("dl > div:has(dt):has(dd)").evaluate_all(read)
        return dict(found)

    def asked(self, job: str) -> list[float]:
        """When the page asked how the job is (s, by a clock of its own), since it was loaded."""
        entries = f"performance.getEntriesByName(location.origin + '/api/multi-agent/jobs/{job}')"
        found: list[float] = self.page.evaluate(f"{entries}.map(({{ startTime }}) => startTime / 1000)")
        return found

    def reach(self, phase: str, seconds: float = 40) -> None:
        """Wait until the job is there."""
        self.page.wait_for_selector(f'section[data-phase="{phase}"]', timeout=seconds * 1000)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.page.wait_for_timeout(seconds * 1000)

    def wait_until(self, what: str, is_so: Callable[[], object], seconds: float = 40) -> None:
        """Wait until something is so; the page's policy lets the browser's own waiting evaluate nothing."""
        end = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < end, f"{what}: not within {seconds} s; the page says {self.says!r}"
            self.wait(0.05)

    def setting(self, env: str) -> tuple[str, str]:
        """A setting's value as it is shown, and where it is from."""
        value, origin = self.page.locator(f'tr[data-setting="{env}"] td').all_inner_texts()
        return value, origin
