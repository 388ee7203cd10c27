"""Two writers at once: every change that was accepted is there, and what is seen at any moment keeps the rules."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cluster.control_plane import ControlPlane
from tests.cluster.live import DATA, MAP, Shop, shop
from tests.counts import examples
from tests.projects import write

WRITERS = 20
MANY = {f"LIMIT_{number:02}": str(number) for number in range(WRITERS)}


def many_settings() -> str:
    properties = {
        f"limit{number:02}": {"type": "integer", "default": 0, "minimum": 0, "maximum": 1000, "x-env": key}
        for number, key in enumerate(MANY)
    }
    return json.dumps({"type": "object", "properties": properties})


@pytest.fixture
def app(control_plane: ControlPlane, namespace: str, tmp_path: Path) -> Shop:
    return shop(control_plane, namespace, tmp_path)


def test_of_twenty_writers_of_different_keys_none_is_lost(app: Shop) -> None:
    write(app.folder, {"settings.yaml": many_settings()})
    running = [app.start("set", f"{key}={text}", "--yes", "--no-restart") for key, text in MANY.items()]
    ended = [process.communicate(timeout=240)[1] for process in running]

    assert [said for process, said in zip(running, ended, strict=True) if process.returncode] == []
    assert app.data() == {**DATA, **MANY}


def test_of_two_writers_every_accepted_change_is_there_and_no_watcher_sees_what_breaks_a_rule(
    app: Shop, record_property: Callable[[str, object], None]
) -> None:
    """9 s times 6 and 5 s times 12 keep within 60 s, and 9 s times 12 do not: of such a pair one is refused. 6 s times 10 do."""
    pairs = (("INTERVAL_MS=9000", "ATTEMPTS=12"), ("INTERVAL_MS=6000", "ATTEMPTS=10"))
    refused = 0
    with watched(app) as seen:
        for number in range(examples(200)):
            app.patch_map({"data": {"INTERVAL_MS": "5000", "ATTEMPTS": "6"}})
            words = pairs[number % 2]
            running = [app.start("set", each, "--yes", "--no-restart") for each in words]
            said = [process.communicate(timeout=120)[1] for process in running]
            codes, data = [process.returncode for process in running], app.data()

            assert sorted(codes) == [0, 1 - number % 2], said
            assert [data[key] == text for key, text in (each.split("=") for each in words)] == [
                not code for code in codes
            ]
            assert all("error[CG203]" in text for text, code in zip(said, codes, strict=True) if code)
            refused += sum(codes)
    assert [each for each in seen if int(each["INTERVAL_MS"]) * int(each["ATTEMPTS"]) > 60000] == []
    assert app.data() in seen
    told = f"{examples(200)} races of two, {refused} changes refused, {len(seen)} versions seen, all valid"
    record_property("two writers of one ConfigMap", told)


def test_the_same_key_changed_by_somebody_else_in_the_meantime_stops_the_command(app: Shop) -> None:
    running = [app.start("set", f"INTERVAL_MS={text}", "--yes", "--no-restart") for text in ("5500", "5600")]
    said = [process.communicate(timeout=120)[1] for process in running]
    codes = [process.returncode for process in running]

    accepted = [text for text, code in zip(("5500", "5600"), codes, strict=True) if code == 0]
    assert app.data()["INTERVAL_MS"] in accepted
    assert all("somebody changed it in the meantime" in text for text, code in zip(said, codes, strict=True) if code)


@contextmanager
def watched(app: Shop) -> Iterator[list[dict[str, str]]]:
    """The data of each version of the ConfigMap that a watcher is shown."""
    seen: list[dict[str, str]] = []
    context = ssl.create_default_context(cafile=str(app.plane.folder / "tls.crt"))
    port = int(app.plane.address.rpartition(":")[2])
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=3600, context=context)
    version = app.map()["metadata"]["resourceVersion"]
    query = f"watch=true&fieldSelector=metadata.name={MAP}&resourceVersion={version}&timeoutSeconds=3600"
    config = json.loads(app.plane.kubeconfig().read_text(encoding="utf-8"))
    headers = {"Authorization": f"Bearer {config['users'][0]['user']['token']}"}
    connection.request("GET", f"{app.maps}?{query}", headers=headers)
    response = connection.getresponse()
    ended = threading.Event()

    def read() -> None:
        for line in response:
            found = json.loads(line)["object"]
            if "end" in found["metadata"].get("annotations", {}):
                ended.set()
                return
            seen.append(found["data"])

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    yield seen
    app.patch_map({"metadata": {"annotations": {"end": "yes"}}})
    assert ended.wait(10)
    app.patch_map({"metadata": {"annotations": {"end": None}}})
    connection.close()
