"""What Prometheus is told. Polls are counted as they come; jobs are counted in Redis, when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest

from backend.models.schemas import State


class Metrics:
    """The metrics of one process, in a registry of their own."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self.polls = Counter(
            "polls", "Polls of a job's status, by the answer's status", ["status"], registry=self.registry
        )
        for status in (200, 404, 410, 429, 503):
            self.polls.labels(str(status))  # a rate needs a zero to begin with
        self.polls_in_flight = Gauge("polls_in_flight", "Polls that wait for an answer", registry=self.registry)
        self.refused = Counter(
            "polls_refused", "Polls answered with 429, by what was too much", ["why"], registry=self.registry
        )
        self.submitted = Counter("jobs_submitted", "Jobs that were taken", registry=self.registry)
        self.lag = Gauge(
            "event_loop_lag_seconds", "By how much the event loop was late, lately", registry=self.registry
        )
        self.stretch = Gauge(
            "poll_interval_stretch", "By how much pollers are told to wait longer", registry=self.registry
        )
        self.seconds = Histogram(
            "poll_duration_seconds",
            "How long polls took",
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
            registry=self.registry,
        )
        self.jobs = Gauge("jobs", "Jobs that are kept, by state", ["state"], registry=self.registry)
        self.redis_up = Gauge("redis_up", "Whether Redis answered", registry=self.registry)

    def text(self, counts: Mapping[State, int] | None) -> bytes:
        """All of it, as Prometheus reads it; `counts` is None where Redis did not answer."""
        self.redis_up.set(counts is not None)
        if counts is None:
            self.jobs.clear()
        else:
            for state, count in counts.items():
                self.jobs.labels(state).set(count)
        return generate_latest(self.registry)
