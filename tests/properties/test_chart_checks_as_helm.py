"""Values outside of `settings` around every boundary of a generated chart's own checks: chartgen's verdict is Helm's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chartgen.chart.files import render_chart
from chartgen.documents.flag import Flag
from chartgen.finding import is_error
from chartgen.judges import judge_of_chart
from chartgen.settings.schema import load_settings
from chartgen.source import Source
from chartgen.validate import Judge
from tests.charts import ASYNC_JOB, project, write_chart
from tests.counts import examples
from tests.oracle import Oracle

CHART = render_chart(load_settings(str(ASYNC_JOB)), project())
NAMES = st.sampled_from(["JOB_TIMEOUT_MS", "JOB_POLL_INTERVAL_MS", "job_timeout_ms", "TZ", ""])
SECONDS = st.sampled_from([None, 0, 1, 29, 30, 30.0, 31, 2**31 - 1, 2**31, -1, "30", True])
PODS = st.sampled_from([None, 0, 1, 2, 9, 10, 11, 2**31 - 1, "2"])
FOLDER = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "mountPath": st.sampled_from(
            [None, "", "/", "/c", "tmp", "/tmp", "/run/chartgen", "//opt/chartgen/.", "/srv/site"]  # noqa: S108
        ),
        "sizeLimit": st.sampled_from([None, "1Mi", "x"]),
        "medium": st.sampled_from([None, "", "Memory"]),
    },
)
OWN = st.sampled_from([None, "", "a", "chartgen-page", "chartgen-copy", "chartgen-site", "chartgen-files", 5])
SITES = st.sampled_from(
    [None, "", "/", "//", "/srv/site", "/srv/site/", "/srv//site", "/srv/.", "/srv/..", "/srv/...", "/srv/..a", "/.a", "srv",
     "/run", "/run/", "/run/a", "/run/chartgen", "/run/chartgen-image", "/run/chartgenx", "/opt", "/opt/app", "/opt/chartgen/",
     "/tmp", "/c", "/c\n", "/é"]  # noqa: S108 - in a container
)  # fmt: skip
PAGES = st.sampled_from(["", "*.html", "a/**/*.html", "/a.html", "a//b", "./a", "a/..", "..a/...", "a:b", "a\n", 5])
INJECTION = st.fixed_dictionaries(
    {},
    optional={
        "mode": st.sampled_from([None, "", "entrypoint", "initContainer", "sidecar", "other"]),
        "script": st.sampled_from([None, "", "baked", "configMap", "other"]),
        "image": st.sampled_from([None, "", "python:3.13"]),
    },
)
PAGE = st.fixed_dictionaries(
    {},
    optional={
        "folder": SITES,
        "html": st.none() | st.lists(PAGES, max_size=2),
        "mode": st.sampled_from([None, "inline", "file", "json"]),
        "publicPath": st.sampled_from([None, "", "/", "//", "//a", "/a//b", "/a b", "a"]),
    },
)
NAMED = st.none() | st.lists(st.fixed_dictionaries({}, optional={"name": OWN}), max_size=2)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "preStopSleepSeconds": SECONDS,
        "terminationGracePeriodSeconds": SECONDS,
        "autoscaling": st.none()
        | st.fixed_dictionaries(
            {}, optional={"enabled": st.sampled_from([None, True, False]), "minReplicas": PODS, "maxReplicas": PODS}
        ),
        "extraData": st.none() | st.dictionaries(NAMES, st.sampled_from(["a", "", None]), max_size=2),
        "env": st.none()
        | st.lists(st.fixed_dictionaries({}, optional={"name": NAMES | st.sampled_from([None, 5])}), max_size=2),
        "image": st.none()
        | st.fixed_dictionaries({}, optional={"repository": st.sampled_from([None, "", "a"]), "tag": st.just("1")}),
        "emptyDirs": st.none()
        | st.dictionaries(st.sampled_from(["tmp", "cache", "chartgen-site"]), FOLDER, max_size=2),
        "injection": st.none() | INJECTION,
        "page": st.none() | PAGE,
        "command": st.sampled_from([None, [], ["nginx"]]),
        "names": st.none() | st.fixed_dictionaries({}, optional={"container": OWN}),
        "initContainers": NAMED,
        "sidecars": NAMED,
        "volumes": NAMED,
        "volumeMounts": st.none()
        | st.lists(
            st.fixed_dictionaries(
                {}, optional={"mountPath": st.sampled_from([None, "", "/c", "/opt/chartgen/", "/run", 5])}
            ),
            max_size=2,
        ),
    },
)


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    return judge_of_chart(str(write_chart(tmp_path_factory.mktemp("own") / "chart")))


@settings(max_examples=examples(3000))
@given(VALUES, st.sampled_from([4, 3]), st.booleans())
def test_what_the_guard_of_a_chart_refuses_chartgen_refuses(
    oracle4: Oracle, oracle3: Oracle, judge: Judge, values: dict[str, Any], version: int, as_flags: bool
) -> None:

    text = json.dumps(values)
    flags = [("set-json", text)] if as_flags else []
    files = [] if as_flags else [text]
    helm = (oracle4 if version == 4 else oracle3).ask(CHART, files, flags)

    found = judge.findings_of_sources(
        [Source("0.yaml", file) for file in files], [Flag(kind, given) for kind, given in flags], version
    )

    assert any(map(is_error, found)) != helm.ok, helm.error
