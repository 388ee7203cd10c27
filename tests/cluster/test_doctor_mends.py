"""The commands that `chartgen doctor` prints work, and show what they are to show."""

from __future__ import annotations

import re
import shlex

from tests.cluster.live import DATA
from tests.cluster.scene import Scene
from tests.command import chartgen


def printed(text: str, program: str) -> list[str]:
    """The words of the first command of a program in a text."""
    found = re.search(rf"{program} .*", text)
    assert found is not None, text
    return shlex.split(found[0])[1:]


def carried_out(calm: Scene, text: str) -> None:
    done = chartgen(*printed(text, "chartgen set"), "--yes", cwd=calm.shop.folder, env=calm.shop.env())
    assert done.returncode == 0, done.stderr


def test_one_command_mends_all_that_is_broken(calm: Scene) -> None:
    calm.apply(calm.map({**DATA, "INTERVAL_MS": "1e+04", "TIMEOUT_MS": "1e+06"}))
    found = calm.run("doctor").stdout
    assert found.count("error[CG503]") == 2, found
    carried_out(calm, found)

    assert calm.shop.data()["INTERVAL_MS"] == "10000"
    assert "CG503" not in calm.run("doctor").stdout


def test_a_rule_that_is_broken_is_mended_by_the_text_that_the_help_says(calm: Scene) -> None:
    calm.apply(calm.map({**DATA, "INTERVAL_MS": "50000"}))
    found = calm.run("doctor").stdout
    carried_out(calm, found)

    assert "error[CG503]: timeoutMs is smaller" in found
    assert "VALUE" not in found
    assert "CG503" not in calm.run("doctor").stdout


def test_a_required_key_that_is_not_there_is_added(calm: Scene) -> None:
    required = [
        {**each, "valueFrom": {"configMapKeyRef": {**each["valueFrom"]["configMapKeyRef"], "optional": False}}}
        for each in calm.env
    ]
    calm.apply(calm.frontend(required))
    calm.ready()
    calm.apply(calm.map({key: text for key, text in DATA.items() if key != "INTERVAL_MS"}))
    found = calm.run("doctor").stdout
    assert 'add INTERVAL_MS: "5000", or another value, to the ConfigMap: chartgen set INTERVAL_MS=5000' in found
    carried_out(calm, found[found.index("error[CG502]") :])

    assert calm.run("doctor").stdout == "no findings\n"
