"""A ConfigMap that is not there yet is created: once, whatever becomes of the answer, and over nobody else's."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from chartgen.cluster.api import Api, formed
from chartgen.cluster.change import RECOVERY_SECONDS, Changed, Record, given_up, in_doubt, read_again
from chartgen.cluster.failures import ClusterStop, Request
from chartgen.cluster.live import MAPS, LiveMap, find_map, map_of
from chartgen.cluster.writers import CHANGE_ANNOTATION
from chartgen.finding import RefusedStop

_PAUSE = 0.2


def create(api: Api, wanted: LiveMap, texts: Mapping[str, str], said: Record) -> Changed:
    """Create a ConfigMap with the texts; of `wanted`, it has the name and the metadata.

    Raises:
        Stop: somebody else created it in the meantime; the cluster refuses or fails.
    """
    end = time.monotonic() + RECOVERY_SECONDS
    is_unsure = False
    while True:
        try:
            return Changed(wanted, formed(api.server, map_of, _posted(api, wanted, texts, said)), dict(texts))
        except ClusterStop as stop:
            is_unsure = is_unsure or stop.is_unsure
            if stop.status != 409 and not stop.is_unsure:
                if is_unsure:
                    raise in_doubt(api, wanted, stop) from stop
                raise
            read = partial(find_map, api, wanted.namespace, wanted.name)
            now = read_again(api, wanted, stop, read, is_unsure=is_unsure)
            if now is not None and said.id in now.annotations.get(CHANGE_ANNOTATION, ""):
                return Changed(wanted, now, dict(texts))
            if now is not None:
                message = f"somebody created ConfigMap {wanted.name} in the meantime; nothing was changed"
                raise RefusedStop(message, "look at it, and run the command again") from stop
            if time.monotonic() > end:
                raise given_up(stop) from stop
            time.sleep(_PAUSE)


def rehearse_creation(api: Api, wanted: LiveMap, texts: Mapping[str, str], said: Record) -> None:
    """Have the API server do all but create it.

    Raises:
        Stop: it refuses or fails.
    """
    _posted(api, wanted, texts, said, dry_run=True)


def _posted(
    api: Api, wanted: LiveMap, texts: Mapping[str, str], said: Record, *, dry_run: bool = False
) -> dict[str, Any]:
    request = Request("create", MAPS, "", wanted.namespace)
    path = f"/api/v1/namespaces/{wanted.namespace}/{MAPS}"
    try:
        return api.create(path, request, _body(wanted, texts, said), dry_run=dry_run)
    except ClusterStop as stop:
        if stop.status != 403:
            raise
        raise ClusterStop(
            stop.message, "ask for the right that 'chartgen rbac apply --with-create' prints", 403
        ) from stop


def _body(wanted: LiveMap, texts: Mapping[str, str], said: Record) -> dict[str, Any]:
    annotations = {**wanted.annotations, CHANGE_ANNOTATION: said.text(texts)}
    metadata = {"name": wanted.name, "labels": dict(wanted.labels), "annotations": annotations}
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": dict(texts)}
    return body | ({"immutable": True} if wanted.is_immutable else {})
