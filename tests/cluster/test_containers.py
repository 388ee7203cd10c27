"""A Deployment of several containers: what the frontend's own takes counts, as `names.container` says."""

from __future__ import annotations

from typing import Any

from tests.cluster.live import DATA, MAP
from tests.cluster.scene import Scene


def beside(calm: Scene, agent: dict[str, Any], **shop: Any) -> None:
    """An agent before the frontend."""
    whole = calm.frontend(**shop)
    whole["spec"]["template"]["spec"]["containers"].insert(0, {"name": "agent", "image": "agent", **agent})
    calm.apply(whole)
    calm.ready()


def test_the_container_that_names_says_is_judged_and_no_other(calm: Scene) -> None:
    beside(calm, {"env": [{"name": key, "value": "1"} for key in DATA]})
    assert calm.run("doctor").stdout == "no findings\n"

    beside(
        calm,
        {"envFrom": [{"configMapRef": {"name": MAP}}], "env": []},
        env=[{"name": key, "value": "1"} for key in DATA],
    )
    assert "error[CG504]: the Deployment itself says INTERVAL_MS" in calm.run("doctor").stdout


def test_a_value_that_is_another_env_is_from_where_that_is(calm: Scene) -> None:
    base = [{**each, "name": f"BASE_{each['name']}"} for each in calm.env]
    calm.apply(calm.frontend([*base, *({"name": key, "value": f"$(BASE_{key})"} for key in DATA)]))
    calm.ready()

    assert calm.run("doctor").stdout == "no findings\n"
