"""The reference app's image: what its Dockerfile says starts, as the reference chart's pod runs it; no engine is needed."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.charts import REPOSITORY, objects, template
from tests.container.pods import Image, Pod, program
from tests.container.test_pods import frontend

EXAMPLE = REPOSITORY / "examples" / "ideaforge"
CHART = REPOSITORY / "charts" / "ideaforge-frontend"
DOCKERFILE = (EXAMPLE / "Dockerfile").read_text(encoding="utf-8")


def last_stage() -> list[tuple[str, str]]:
    """The instructions of the stage that becomes the image, each with its arguments."""
    stage = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[-1]
    lines = [line for line in f"FROM {stage}".splitlines() if line and not line.startswith("#")]
    assert not any(line.endswith("\\") for line in lines)
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


def words(instruction: str) -> list[str]:
    (found,) = [json.loads(rest) for name, rest in last_stage() if name == instruction]
    assert all(isinstance(word, str) for word in found)
    return list(found)


def test_the_last_stage_runs_nothing_and_starts_without_a_shell() -> None:
    names = [name for name, _ in last_stage()]

    assert last_stage()[0] == ("FROM", "gcr.io/distroless/python3-debian12:nonroot")
    assert set(names) == {"FROM", "COPY", "USER", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT", "CMD"}
    started = [*words("ENTRYPOINT"), *words("CMD")]
    assert not {"sh", "bash", "dash", "busybox", "env", "-c"} & {Path(word).name for word in words("ENTRYPOINT")}
    assert [word for word in started if not word.startswith("-")][:3] == [
        "python3",
        "/app/docker-entrypoint.py",
        "nginx",
    ]


def test_it_runs_as_a_number_that_is_not_root() -> None:
    assert ("USER", "65532:65532") in last_stage()
    assert ("EXPOSE", "8080") in last_stage()


@pytest.mark.parametrize("name", ["nginx/nginx.conf", "scripts/docker-entrypoint.py", "scripts/settings.py"])
def test_what_it_copies_from_the_example_is_there(name: str) -> None:
    copied = [word for instruction, rest in last_stage() if instruction == "COPY" for word in rest.split()]

    assert f"examples/ideaforge/{name}" in copied
    assert (EXAMPLE / name).is_file()


@pytest.mark.parametrize(
    ("name", "made_of"), [("docker-entrypoint.py", "entrypoint.py"), ("settings.py", "settings.py")]
)
def test_its_scripts_are_those_of_the_chart(name: str, made_of: str) -> None:
    """`make render` writes them."""
    assert (EXAMPLE / "scripts" / name).read_bytes() == (CHART / "files" / made_of).read_bytes()


@pytest.mark.nginx
def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    files = frontend(tmp_path, "/tmp/site", csp="/tmp/csp.conf")  # noqa: S108 - in the container
    text = (files / "etc/nginx/nginx.conf").read_text().replace("/tmp/", f"{tmp_path}/")  # noqa: S108 - as above
    text = text.replace("/etc/nginx/", f"{files}/etc/nginx/").replace(f"unix:{tmp_path}/", "unix:/tmp/chartgen-")
    (tmp_path / "csp.conf").write_text("set $chartgen_script_hash \"'sha256-x'\";\n")
    (tmp_path / "nginx.conf").write_text(text)

    done = subprocess.run(
        [program("nginx"), "-t", "-e", "stderr", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "[emerg]" not in done.stderr


@pytest.mark.nginx
def test_the_charts_options_reach_its_script(helm4: str, tmp_path: Path, serve: Callable[..., Any]) -> None:
    """Its own options beat them; the chart's default of the mode, inline, is no option of the image."""
    ask = served(helm4, tmp_path, serve, "--set", "page.mode=json,injection.log=json")

    assert b'"JOB_MAX_POLL_ATTEMPTS":120' in ask("/").text
    assert '{"level":"info"' in (tmp_path / "0.log").read_text()


@pytest.mark.nginx
def test_it_serves_the_settings_of_the_reference_chart(
    helm4: str,
    tmp_path: Path,
    serve: Callable[..., Any],
) -> None:
    page = served(helm4, tmp_path, serve, "--set", "settings.pollIntervalMs=4000")("/any/route/of/the/app")

    assert b"window.__JOB_POLL_INTERVAL_MS__=4000;window.__JOB_MAX_POLL_ATTEMPTS__=120;" in page.text
    assert "script-src 'self' 'sha256-" in page.headers["Content-Security-Policy"]


def served(helm4: str, tmp_path: Path, serve: Callable[..., Any], *more: str) -> Callable[[str], Any]:
    """The reference chart's pod with further values, running: what asks it."""
    given = [*more, "--namespace", "20890-ideaforge-ai-dev-58a50"]
    found = objects(template(helm4, CHART, *given))
    deployment = found["Deployment/frontend"]["spec"]["template"]["spec"]
    (container,) = deployment["containers"]
    files = frontend(tmp_path, "/tmp/site", csp="/tmp/csp.conf")  # noqa: S108 - in the container
    (files / "app").mkdir()
    for script in (EXAMPLE / "scripts").iterdir():
        (files / "app" / script.name).write_bytes(script.read_bytes())
    image = Image(files, ("nginx",), (*words("ENTRYPOINT"), *words("CMD")), with_python=True)
    config_maps = {"ideaforge-ai-config": found["ConfigMap/ideaforge-ai-config"]["data"]}
    pod = Pod(deployment, config_maps, {container["image"]: image}, tmp_path)

    ask: Callable[[str], Any] = serve(pod, None)
    return ask
