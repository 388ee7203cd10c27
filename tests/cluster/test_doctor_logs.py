"""What `chartgen doctor` reads out of logs and Redis: no alarm of what is usual, and commands that show what it saw."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.cluster.scene import POLL, Scene
from tests.cluster.served import BACKEND
from tests.cluster.waiting import wait_for

USUAL = (
    "INFO job 42 accepted, timeout 600 s",
    "0 jobs timed out in the last minute",
    '10.0.0.9 - "GET /api/multi-agent/jobs/42?timeout=30 HTTP/1.1" 200',
)


def seen(calm: Scene, text: str) -> str:
    """What the commands after `see it` print."""
    found = re.search(r"see it: (.*)", text)
    assert found is not None, text
    path = f"{Path(calm.plane.programs['kubectl']).parent}:{calm.plane.folder / 'bin'}:/usr/bin:/bin"
    environment = {**calm.shop.env(), "PATH": path, "HOME": str(calm.plane.folder)}
    done = subprocess.run(
        ["/bin/sh", "-c", found[1]], env=environment, capture_output=True, text=True, check=True, timeout=30
    )
    return done.stdout


def test_what_is_usual_in_a_log_is_no_finding(calm: Scene) -> None:
    result = (9.0, POLL.format(client=3, job="r1/result", status=200))
    twice = [
        (50 - 5 * n - copy / 250, POLL.format(client=4, job="t2", status=200)) for n in range(8) for copy in (0, 1)
    ]
    listed = [(40 - n, POLL.format(client=n, job="active", status=200)) for n in range(20)]
    asked = [(19.0 - 5 * n, POLL.format(client=3, job="r1", status=200)) for n in range(2)]
    usual = [(8.0 - n, line) for n, line in enumerate(USUAL)]
    calm.log(sorted([*calm.polls(5), *asked, result, *twice, *listed, *usual], reverse=True))

    assert calm.run("doctor").stdout == "no findings\n"


def test_the_printed_commands_show_all_of_the_evidence(calm: Scene) -> None:
    busy = [(40 - n, f'{{"path": "GET /api/multi-agent/jobs/b{n}", "status":429}}') for n in range(20)]
    calm.log([*busy, (4.0, "job j1 timed out"), *((3 - n / 20, f"line {n}") for n in range(20))])
    both = calm.run("doctor").stdout.split("error[CG511]")

    assert "job j1 timed out" in seen(calm, both[0])
    assert seen(calm, both[1]).count('"status":429') == 20


def test_redis_is_shown_as_it_was_asked(calm: Scene) -> None:
    for job in range(4):
        calm.in_redis("EXPIRE", f"job:j{job}", "20")
    url = f"redis://default:secret@127.0.0.1:{calm.redis}/0"  # a user without a password takes any
    found = calm.run("doctor", "--redis-url", url, "--job-index", "jobs:active").stdout
    assert "error[CG510]" in found
    assert "secret" not in found
    assert 0 < int(seen(calm, found)) <= 20
    found = calm.run("doctor", "--redis-exec", "--job-index", "jobs:active").stdout
    assert "see it: kubectl exec redis --namespace" in found
    assert 0 < int(seen(calm, found)) <= 20


def test_how_long_jobs_are_kept_is_not_known_without_their_age(calm: Scene) -> None:
    for job in range(6):
        calm.in_redis("SET", f"job:j{job}", "{}", "EX", "20")
    done = calm.run("doctor", "--redis-exec")

    assert (done.returncode, done.stdout) == (0, "no findings\n")
    assert "not looked for CG510: without --job-index whose scores are times" in done.stderr


def test_a_log_in_which_no_line_is_a_poll_is_told(calm: Scene) -> None:
    calm.log([(9 - n, f'{{"method": "GET", "path": "/api/multi-agent/jobs/j{n}"}}') for n in range(9)])
    done, shown = calm.run("doctor"), calm.run("status").stdout

    words = "none of the 9 lines of the logs tells of a poll, by --log-pattern"
    assert (done.returncode, done.stdout) == (0, "no findings\n")
    assert f"not looked for CG507, CG508, CG511: {words}\n" in done.stderr
    assert words in shown


def test_a_pod_whose_log_cannot_be_read_takes_no_other_s_away(calm: Scene) -> None:
    calm.apply(calm.pod("broken", app=BACKEND))
    pods = f"/api/v1/namespaces/{calm.shop.namespace}/pods/broken"
    wait_for("it runs", lambda: calm.plane.api.call("GET", pods).body["status"].get("phase") == "Running")
    calm.log([(3, "TypeError: Object of type datetime is not JSON serializable")])
    done = calm.run("doctor")

    assert "error[CG512]" in done.stdout, done.stderr
    assert "error: the log of pod broken: " in done.stderr
