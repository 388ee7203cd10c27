"""Which pods are older than their settings: those that surely are, those that may be, and those that only look so."""

from __future__ import annotations

import json
import time

from tests.cluster.api import MERGE
from tests.cluster.live import DATA, DEPLOYMENT, MAP
from tests.cluster.scene import Scene
from tests.cluster.waiting import wait_for

LOG_LEVEL = {"LOG_LEVEL": "info"}


def later() -> None:
    """Times of the API server are whole seconds."""
    time.sleep(1.1)


def test_what_was_put_back_makes_no_pod_old(calm: Scene) -> None:
    later()
    assert calm.run("set", "attempts=9", "--yes", "--wait").returncode == 0
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "full"}, "spec": {"hard": {"pods": "1"}}}
    calm.apply(quota)
    later()
    assert calm.run("set", "intervalMs=6000", "--yes", "--wait", "--timeout", "2").returncode == 4
    assert calm.shop.data() == {**DATA, "ATTEMPTS": "9"}

    shown, found = calm.run("status").stdout, calm.run("doctor")
    assert "older" not in shown
    assert (found.returncode, found.stdout) == (0, "no findings\n")

    calm.shop.kubectl("delete", "resourcequota/full")
    later()
    calm.shop.kubectl("patch", f"configmap/{MAP}", "--patch", '{"data": {"INTERVAL_MS": "6500"}}')
    assert "error[CG501]: 2 of 2 pods of Deployment shop are older than ConfigMap" in calm.run("doctor").stdout
    later()
    assert calm.run("set", "intervalMs=4000", "--yes", "--no-restart").returncode == 0
    assert "error[CG501]: 2 of 2 pods of Deployment shop are older" in calm.run("doctor").stdout


def test_where_another_key_was_changed_pods_may_be_older_and_that_is_a_warning(calm: Scene) -> None:
    calm.apply(calm.map({**DATA, **LOG_LEVEL}))
    later()
    calm.apply(calm.map({**DATA, "LOG_LEVEL": "debug"}))
    shown, found = calm.run("status"), calm.run("doctor")

    assert (shown.returncode, found.returncode) == (0, 0), shown.stdout + found.stdout
    assert "INTERVAL_MS  ?  5000 " in shown.stdout, shown.stdout
    assert (
        "? INTERVAL_MS: 2 of 2 pods may be older than this in ConfigMap shop-settings, which was changed at 2"
        in shown.stdout
    )
    assert "warning[CG501]: 2 of 2 pods of Deployment shop may be older than INTERVAL_MS in ConfigMap" in found.stdout
    assert ": by kubectl-client-side-apply, of something else, perhaps\n" in found.stdout

    later()
    calm.shop.kubectl("patch", f"configmap/{MAP}", "--patch", '{"data": {"INTERVAL_MS": "6000"}}')
    assert "error[CG501]: 2 of 2 pods of Deployment shop are older than ConfigMap" in calm.run("doctor").stdout


def sum_up(calm: Scene, text: str) -> None:
    """Give the pods' template the chart's sum of the ConfigMap, and wait for the pods."""
    summed = {"spec": {"template": {"metadata": {"annotations": {"checksum/config": text}}}}}
    calm.shop.kubectl("patch", f"deployment/{DEPLOYMENT}", "--patch", json.dumps(summed))
    calm.ready()


def helm_applies(calm: Scene, data: dict[str, str], chart: str = "shop-0.1.0") -> None:
    """The ConfigMap, as Helm 4 does it."""
    apply = ("apply", "--server-side", "--force-conflicts", "--field-manager=helm", "--filename=-")
    words = (*apply, "--namespace", calm.shop.namespace)
    assert calm.plane.kubectl(*words, stdin=json.dumps(calm.map(data, labels={"helm.sh/chart": chart}))).returncode == 0


def test_what_helm_takes_back_is_in_pods_still_since_the_sum_of_the_values_is_as_it_was(calm: Scene) -> None:
    sum_up(calm, "c0ffee")
    helm_applies(calm, DATA)
    later()
    assert calm.run("set", "intervalMs=6000", "--yes", "--wait").returncode == 0
    assert calm.run("doctor").stdout == "no findings\n"
    later()
    helm_applies(calm, DATA)

    found = calm.run("doctor").stdout
    assert "warning[CG501]: 2 of 2 pods of Deployment shop may be older than INTERVAL_MS in ConfigMap" in found
    assert ": by helm, which took back a change by chartgen, perhaps\n" in found
    calm.shop.kubectl("rollout", "restart", f"deployment/{DEPLOYMENT}")
    calm.ready()
    assert calm.run("doctor").stdout == "no findings\n"


def test_a_new_label_of_the_chart_makes_no_pod_old_after_helm_started_new_ones(calm: Scene) -> None:
    sum_up(calm, "c0ffee")
    assert calm.run("set", "intervalMs=6000", "--yes", "--wait").returncode == 0
    helm_applies(calm, {**DATA, "INTERVAL_MS": "4000"})
    sum_up(calm, "decaf")
    later()
    helm_applies(calm, {**DATA, "INTERVAL_MS": "4000"}, chart="shop-0.2.0")

    assert calm.run("doctor").stdout == "no findings\n"


def test_a_new_label_of_the_chart_makes_no_pod_old_after_a_put_back(calm: Scene) -> None:
    sum_up(calm, "c0ffee")
    helm_applies(calm, DATA)
    later()
    helm_applies(calm, DATA, chart="shop-0.2.0")
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "full"}, "spec": {"hard": {"pods": "1"}}}
    calm.apply(quota)
    assert calm.run("set", "intervalMs=6000", "--yes", "--wait", "--timeout", "2").returncode == 4
    calm.ready()

    assert calm.run("doctor").stdout == "no findings\n"


def test_who_applies_what_is_there_already_makes_no_pod_new(calm: Scene) -> None:
    """As Helm 4 does when the values say what was set; the API server keeps the time of what it applied before."""
    helm_applies(calm, DATA)
    later()
    assert calm.run("set", "intervalMs=6000", "--yes", "--wait").returncode == 0
    later()
    assert calm.run("set", "intervalMs=5000", "--yes", "--no-restart").returncode == 0
    helm_applies(calm, DATA)

    owners = [each["manager"] for each in calm.shop.map()["metadata"]["managedFields"]]
    assert {"helm", "chartgen"} <= set(owners)
    assert "error[CG501]: 2 of 2 pods of Deployment shop are older than ConfigMap" in calm.run("doctor").stdout


def test_a_key_that_was_taken_away_may_be_in_pods_still(calm: Scene) -> None:
    later()
    calm.shop.kubectl("patch", f"configmap/{MAP}", "--patch", '{"data": {"INTERVAL_MS": null}}')
    shown, found = calm.run("status").stdout, calm.run("doctor").stdout

    assert "? INTERVAL_MS: 2 of 2 pods may be older than this in ConfigMap" in shown
    assert "warning[CG501]: 2 of 2 pods of Deployment shop may be older than INTERVAL_MS in" in found

    calm.shop.kubectl("rollout", "restart", f"deployment/{DEPLOYMENT}")
    calm.shop.kubectl("rollout", "status", f"deployment/{DEPLOYMENT}", "--timeout=30s")
    assert "older" not in calm.run("doctor").stdout


def test_a_pod_that_was_evicted_is_no_old_one(calm: Scene) -> None:
    calm.apply(calm.pod("evicted", app=DEPLOYMENT))
    path = f"/api/v1/namespaces/{calm.shop.namespace}/pods/evicted"
    wait_for("it runs", lambda: calm.plane.api.call("GET", path).body["status"].get("phase") == "Running")
    body = {"status": {"phase": "Failed", "reason": "Evicted"}}
    assert calm.plane.api.call("PATCH", f"{path}/status", body, MERGE).status == 200
    later()
    assert calm.run("set", "intervalMs=6000", "--yes", "--wait").returncode == 0

    assert calm.plane.api.call("GET", path).body["status"]["phase"] == "Failed"
    assert calm.run("doctor").stdout == "no findings\n"
    assert "older" not in calm.run("status").stdout


def test_a_paused_deployment_starts_no_pods_by_itself(calm: Scene) -> None:
    calm.shop.kubectl("rollout", "pause", f"deployment/{DEPLOYMENT}")
    later()
    calm.shop.kubectl("patch", f"configmap/{MAP}", "--patch", '{"data": {"INTERVAL_MS": "6000"}}')
    before = calm.run("doctor").stdout
    assert "error[CG501]" in before
    resume = f"kubectl rollout resume deployment/shop --namespace {calm.shop.namespace} --context tests"
    restart = resume.replace("resume", "restart")
    assert f"help: the Deployment is paused, and starts no pods: {resume} && {restart}\n" in before

    template = '{"spec": {"template": {"metadata": {"annotations": {"tests.chartgen.dev/when": "now"}}}}}'
    calm.shop.kubectl("patch", f"deployment/{DEPLOYMENT}", "--patch", template)
    wait_for("that is seen", lambda: "pods: " + resume + "\n" in calm.run("doctor").stdout)
