"""Who owns a ConfigMap: what makes it anew, and so undoes a change that is made in the cluster alone."""

from __future__ import annotations

from chartgen.cluster.helm_release import RELEASE_NAME, RELEASE_NAMESPACE
from chartgen.cluster.live import LiveMap
from chartgen.records import dataclass

HELM, ARGO_CD, FLUX = "Helm", "Argo CD", "Flux"

_ARGO_TRACKING = "argocd.argoproj.io/tracking-id"
_ARGO_INSTANCE = "argocd.argoproj.io/instance"
_FLUX_KINDS = {"helm.toolkit.fluxcd.io": "HelmRelease", "kustomize.toolkit.fluxcd.io": "Kustomization"}
_MANAGERS = {
    "argocd-controller": (ARGO_CD, "Application"),
    "helm-controller": (FLUX, "HelmRelease"),
    "kustomize-controller": (FLUX, "Kustomization"),
}


@dataclass(frozen=True)
class Owner:
    """A tool, and the object or release of it that the ConfigMap is of; empty where nothing says its name."""

    tool: str
    kind: str
    name: str = ""
    namespace: str = ""

    @property
    def words(self) -> str:
        """`Argo CD's Application shop`."""
        named = f" {self.namespace}/{self.name}" if self.namespace and self.tool == FLUX else f" {self.name}"
        return f"{self.tool}'s {self.kind}{named if self.name else ''}"

    @property
    def is_gitops(self) -> bool:
        """Whether it puts back by itself what is changed in the cluster."""
        return self.tool in {ARGO_CD, FLUX}


def owner_of(live: LiveMap) -> Owner | None:
    """Who owns it; None where nothing does. What puts changes back by itself comes before Helm, which it may use."""
    tracking = live.annotations.get(_ARGO_TRACKING, "").partition(":")[0]
    application = tracking or live.labels.get(_ARGO_INSTANCE, "")
    if application:
        return Owner(ARGO_CD, "Application", application)
    for group, kind in _FLUX_KINDS.items():
        if name := live.labels.get(f"{group}/name"):
            return Owner(FLUX, kind, name, live.labels.get(f"{group}/namespace", ""))
    for manager, (tool, kind) in _MANAGERS.items():
        if manager in live.managers:
            return Owner(tool, kind)
    release = live.annotations.get(RELEASE_NAME, "")
    if release:
        return Owner(HELM, "release", release, live.annotations.get(RELEASE_NAMESPACE, live.namespace))
    return None
