"""What every test may use: the pinned programs, Kubernetes' schemas, golden texts; and a clean environment."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.cluster import parts
from tests.cluster.control_plane import ControlPlane
from tests.cluster.control_plane import control_plane as running_control_plane
from tests.cluster.namespaces import own_namespace
from tests.counts import PROVE
from tests.entrypoint import missing
from tests.oracle import Oracle
from tests.tools import build, kubernetes_schemas, npm
from tests.tools.system import where

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest.register_assert_rewrite("tests.golden_text")

from tests.golden_text import FOLDER, Golden  # noqa: E402 - pytest shows what differs in modules named before

TOOLS = frozenset({"helm", "helm3", "helm4", "kubeconform", "oracle3", "oracle4", "sarif_multitool"})

# `print_blob` prints the decorator that repeats a failure; no deadline, since real programs run inside some examples.
settings.register_profile("ci", deadline=None, print_blob=True)
settings.register_profile(PROVE, deadline=None, print_blob=True)
settings.load_profile("ci")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files instead of comparing")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose one seed for all of Hypothesis's tests, so that the report's head names it and a run can be repeated."""
    if config.getoption("--hypothesis-seed") is None:
        config.option.hypothesis_seed = str(seed())


def seed() -> int:
    """A random one; in CI that of the committed tree: it is judged alike each time, and the next one is tried otherwise."""
    if os.environ.get("CI"):
        tree = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD^{tree}"]
        done = subprocess.run(tree, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return int(done.stdout[:8], 16)
    return random.SystemRandom().randrange(2**32)


def pytest_report_header(config: pytest.Config) -> str:
    profile = config.getoption("--hypothesis-profile") or "ci"
    return f"hypothesis: --hypothesis-profile={profile} --hypothesis-seed={config.getoption('--hypothesis-seed')}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests measured with `record_property`, whichever process ran them."""
    measured = [each for report in terminalreporter.getreports("passed") for each in report.user_properties]
    if measured:
        terminalreporter.section("measured")
    for name, value in measured:
        terminalreporter.write_line(f"{name}: {value}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that uses a pinned program is marked `helm`, `cluster` or `redis` by that alone, so that none can be missed."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if TOOLS & fixtures:
            item.add_marker("helm")
        if "control_plane" in fixtures:
            item.add_marker("cluster")
        if {"redis", "own_backend"} & fixtures:
            item.add_marker("redis")


@pytest.fixture(scope="session", autouse=True)
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads the settings of the person who runs it: Helm's, kubectl's, chartgen's, the terminal's colours."""
    home = tmp_path_factory.mktemp("helm-home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HELM_CONFIG_HOME", "HELM_CACHE_HOME", "HELM_DATA_HOME"):
            patch.setenv(name, str(home / name.lower()))
        patch.setenv("KUBECONFIG", str(home / "no-kubeconfig"))
        for name in (
            "HELM_NAMESPACE",
            "HELM_PLUGINS",
            "HELM_DEBUG",
            "HELM_DRIVER",
            "NO_COLOR",
            "FORCE_COLOR",
            "CLICOLOR_FORCE",
            "COLUMNS",
            "GITHUB_ACTIONS",
            "GITHUB_STEP_SUMMARY",
            "GITHUB_WORKSPACE",
            "CI_PROJECT_DIR",
        ):
            patch.delenv(name, raising=False)
        yield


def program(name: str) -> str:
    """The path of a pinned program; a missing one fails the test, it never skips it."""
    path = build.paths()[name]
    if not path.exists():
        pytest.fail(f"{name} is not built: run 'make tools'")
    return str(path)


@pytest.fixture(scope="session")
def helm4() -> str:
    """The path of the pinned Helm 4."""
    return program("helm4")


@pytest.fixture(scope="session")
def helm3() -> str:
    """The path of the pinned Helm 3."""
    return program("helm3")


@pytest.fixture(scope="session", params=["helm4", "helm3"])
def helm(request: pytest.FixtureRequest) -> str:
    """The path of each pinned Helm in turn: a test that uses this runs twice."""
    return program(request.param)


@pytest.fixture(scope="session")
def oracle4() -> Iterator[Oracle]:
    """Helm 4 in one process, for thousands of charts."""
    with contextlib.closing(Oracle(program("oracle4"))) as oracle:
        yield oracle


@pytest.fixture(scope="session")
def oracle3() -> Iterator[Oracle]:
    """Helm 3 likewise."""
    with contextlib.closing(Oracle(program("oracle3"))) as oracle:
        yield oracle


@pytest.fixture(scope="session")
def kubeconform() -> str:
    """The path of the pinned kubeconform."""
    return program("kubeconform")


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A real Kubernetes control plane, one for each process that runs tests."""
    programs = {name: Path(program(name)) for name in parts.PROGRAMS}
    with running_control_plane(tmp_path_factory.mktemp("control-plane"), programs) as plane:
        yield plane


@pytest.fixture
def namespace(control_plane: ControlPlane) -> Iterator[str]:
    """The name of a namespace of the test's own."""
    with own_namespace(control_plane) as name:
        yield name


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; Playwright runs once in a process, or it takes its own event loop for somebody else's."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - most tests need none

    program = where("chromium")
    if program is None:
        missing("chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                 "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sarif_multitool() -> Path:
    """The path of Microsoft's pinned SARIF validator; the standard's schema lies beside it."""
    if not npm.SARIF.path.exists():
        pytest.fail(f"{npm.SARIF.name} is not installed: run 'make tools'")
    return npm.SARIF.path


@pytest.fixture(scope="session")
def kubernetes_schemas_location() -> str:
    """kubeconform's `-schema-location`: Kubernetes' strict schemas for `-kubernetes-version` 1.30.0, 1.36.0 or 1.37.0."""
    return f"{kubernetes_schemas.lay_out(build.cache_root())}/{kubernetes_schemas.LOCATION}"


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`golden("report/text.txt", actual)`: compare a text with a file under `tests/golden/`, whole."""
    return Golden(FOLDER, update=bool(request.config.getoption("--update-golden")))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the source tree."""
    return Path(__file__).resolve().parent.parent
