"""All that is looked at, as frozen records; each part is what was seen, or why it was not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chartgen.cluster.guards import Guard
from chartgen.cluster.helm_release import HelmRelease
from chartgen.cluster.jobs import Jobs
from chartgen.cluster.live import LiveMap
from chartgen.cluster.page import Page
from chartgen.cluster.pods import LivePod
from chartgen.cluster.seen import Unseen
from chartgen.cluster.target import Target
from chartgen.cluster.workload import Workload
from chartgen.records import dataclass, field
from chartgen.status.requests import PATTERN, Observed


@dataclass(frozen=True)
class Sought:
    """What is to be looked at, and how. Without an address of the page it is not asked for; nor is Redis without a way to it."""

    users: int | None = None
    page_url: str = ""
    log_selector: str = "app=backend"
    log_container: str = ""
    log_pattern: str = PATTERN
    window: int = 60
    redis_url: str = ""
    redis_exec: bool = False
    redis_selector: str = "app=redis"
    redis_container: str = ""
    job_pattern: str = "job:*"
    job_index: str = ""
    seconds: float = 10.0
    is_deep: bool = False


@dataclass(frozen=True)
class State:
    """What was seen.

    `maps` are the data of the other ConfigMaps that containers take settings from; `namespace` is the one that was looked into;
    `missing` names rights beside those that `unseen` tells of; `unread` are logs beside those that were observed.
    """

    target: Target
    context: str
    address: str
    namespace: str
    live: LiveMap | Unseen
    workload: Workload | Unseen
    maps: Mapping[str, Mapping[str, str] | Unseen] = field(hash=False)
    pods: tuple[LivePod, ...] | Unseen
    release: HelmRelease | None
    guards: tuple[Guard, ...] | Unseen
    page: Page | Unseen | None
    observed: Observed | Unseen
    jobs: Jobs | Unseen | None
    missing: tuple[str, ...] = ()
    unread: tuple[Unseen, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether anything was not seen for want of a right, or because what was asked failed."""
        return any(part.is_refused for part in self.unseen())

    @property
    def data(self) -> Mapping[str, str]:
        """What the ConfigMap holds, as far as it was seen."""
        return self.live.data if isinstance(self.live, LiveMap) else {}

    @property
    def known_maps(self) -> dict[str, Mapping[str, str]]:
        """The data of every ConfigMap that was seen."""
        others = {name: data for name, data in self.maps.items() if not isinstance(data, Unseen)}
        return others | ({self.target.config_map: self.data} if isinstance(self.live, LiveMap) else {})

    def unseen(self) -> Iterator[Unseen]:
        """All that was not seen, each reason once."""
        parts = (
            self.live,
            self.workload,
            *self.maps.values(),
            self.pods,
            self.guards,
            self.page,
            self.observed,
            *self.unread,
            self.jobs,
        )
        yield from dict.fromkeys(part for part in parts if isinstance(part, Unseen))
