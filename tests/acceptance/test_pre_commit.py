"""The hooks of `.pre-commit-hooks.yaml`, run by the real pre-commit on the commits of a real repository.

pre-commit builds chartgen from the source tree into an environment of its own, once for all of these tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.git_repository import GitRepository, said_by, source_repository, with_hooks
from tests.projects import PROJECT, SETTINGS, foreign_chart, write

CONFIG = """\
repos:
  - repo: {repo}
    rev: {rev}
    hooks:
      - id: chartgen-validate
        verbose: true
        files: ^(envs/.*|chartgen\\.yaml|charts/[^/]*/(Chart|values)\\.yaml|settings\\.yaml|many/.*)$
      - id: chartgen-render-check
        verbose: true
"""
ENVIRONMENTS = """\
environments:
  dev: {values: [envs/base.yaml, envs/dev.yaml]}
  prod:
    values: [envs/base.yaml, envs/prod values.yaml]
"""
FILES = {
    "settings.yaml": SETTINGS,
    "chartgen.yaml": PROJECT + ENVIRONMENTS,
    "envs/base.yaml": "settings:\n  intervalMs: 10000\n",
    "envs/dev.yaml": "settings:\n  timeoutMs: 110000\n",
    "envs/prod values.yaml": "settings:\n  timeoutMs: 100000\n",
}
WHOLE = "        always_run: true\n        pass_filenames: false\n"
MANY, BROKEN = 700, 7


@pytest.fixture(scope="module")
def hooks(repository: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> GitRepository:
    """The repository that has the hooks; processes that test at the same time share it, and pre-commit's environments."""
    base = tmp_path_factory.getbasetemp()
    return source_repository(repository, (base if worker_id == "master" else base.parent) / "chartgen-source")


@pytest.fixture
def shop(tmp_path: Path, hooks: GitRepository) -> GitRepository:
    """A project with two environments and a fresh chart."""
    write(tmp_path, FILES)
    GitRepository(tmp_path, tmp_path).run("chartgen", "render")
    return with_hooks(tmp_path, hooks, CONFIG)


def test_a_broken_commit_is_blocked_at_its_line_and_the_mended_one_passes_with_the_time_that_it_took(
    shop: GitRepository, record_property: Callable[[str, object], None]
) -> None:
    shop.replace("envs/dev.yaml", "110000", "99999")
    before, (code, said) = shop.head(), shop.commit("envs/dev.yaml")

    assert (code, shop.head()) == (1, before)
    assert " --> envs/dev.yaml:2:14\n" in said
    assert "raise timeoutMs to 100000" in said
    shop.replace("envs/dev.yaml", "99999", "100000")
    code, mended = shop.commit("envs/dev.yaml")
    times = re.findall(
        r"^(chartgen [\w -]+)\.+(Passed|Failed)\n.*?- duration: ([\d.]+)s$", said + mended, re.MULTILINE | re.DOTALL
    )
    assert (code, shop.head() != before, len(times)) == (0, True, 4)
    record_property("pre-commit", ", ".join(f"{hook} {verdict.lower()} in {time} s" for hook, verdict, time in times))


def test_a_file_that_environments_share_is_judged_in_each_of_them_and_told_once(shop: GitRepository) -> None:
    shop.replace("envs/base.yaml", "10000", "5")
    shop.replace("envs/dev.yaml", "110000", "110001")
    code, said = shop.commit(".")

    assert code == 1
    assert said.count(" --> envs/base.yaml:2:15\n") == 1
    assert " = note: in environments: dev, prod\n" in said
    shop.replace("envs/base.yaml", ": 5\n", ": 11000\n")
    code, said = shop.commit("envs/base.yaml")
    assert code == 1
    assert said.count("error[CG203]") == 1  # prod alone: dev's own timeout covers it
    assert "in environment: prod" in said
    shop.replace("envs/base.yaml", ": 11000\n", ": 9000\n")
    assert shop.commit("envs/base.yaml")[0] == 0


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("charts/shop/values.yaml", "attempts: 10", "attempts: 11"),
        ("settings.yaml", "timeoutMs >= self", "timeoutMs > self"),
        ("chartgen.yaml", "prod values.yaml]", "prod values.yaml]\n    set: [settings.attempts=11]"),
    ],
)
def test_a_change_of_what_all_environments_share_judges_them_all(
    shop: GitRepository, file: str, old: str, new: str
) -> None:
    shop.replace(file, old, new)
    said = said_by(shop.commit(file)[1], "chartgen validate")

    assert "Failed" in said
    assert "error[CG203]" in said
    assert " 100000 < 11 * 10000 = 110000" in said or "100000 <= 10 * 10000 = 100000" in said


def test_a_stale_chart_is_blocked_until_it_is_rendered(shop: GitRepository) -> None:
    shop.replace("settings.yaml", "maximum: 60000", "maximum: 50000")
    code, said = shop.commit("settings.yaml")

    assert code == 1
    assert "error[CG353]: charts/shop/values.schema.json is out of date" in said_by(said, "chartgen render --check")
    shop.run("chartgen", "render")
    assert shop.commit("settings.yaml", "charts")[0] == 0


def test_a_chart_that_lost_a_file_or_was_edited_is_stale(shop: GitRepository) -> None:
    shop.git("rm", "--quiet", "charts/shop/templates/service.yaml")
    code, said = shop.commit()

    assert code == 1
    assert "error[CG353]: charts/shop/templates/service.yaml is missing" in said
    shop.git("reset", "--quiet", "--hard")
    shop.replace("charts/shop/templates/service.yaml", "kind: Service", "kind: Services")
    code, said = shop.commit("charts")
    assert code == 1
    assert "error[CG353]: charts/shop/templates/service.yaml" in said


def test_what_is_staged_is_judged_and_what_is_not_stays_as_it_was(shop: GitRepository) -> None:
    shop.replace("envs/dev.yaml", "110000", "120000")
    shop.git("add", "envs/dev.yaml")
    shop.replace("envs/dev.yaml", "120000", "1")
    shop.replace("envs/base.yaml", "10000", "1")

    assert shop.commit()[0] == 0
    assert shop.git("show", "HEAD:envs/dev.yaml") == "settings:\n  timeoutMs: 120000\n"
    assert (shop.folder / "envs/dev.yaml").read_text() == "settings:\n  timeoutMs: 1\n"
    shop.replace("envs/base.yaml", "1\n", "20000\n")
    shop.git("add", "envs/base.yaml")
    shop.replace("envs/base.yaml", "20000", "100")
    code, said = shop.commit()
    assert code == 1
    assert "12 * 20000" not in said
    assert " envs/base.yaml:2:15" in said
    assert (shop.folder / "envs/base.yaml").read_text() == "settings:\n  intervalMs: 100\n"


def test_a_renamed_file_and_one_with_a_blank_in_its_name_are_judged(shop: GitRepository) -> None:
    shop.replace("envs/prod values.yaml", "100000", "1000")
    code, said = shop.commit(".")

    assert code == 1
    assert " --> envs/prod values.yaml:2:14\n" in said
    shop.git("mv", "envs/prod values.yaml", "envs/prod two.yaml")
    code, said = shop.commit(".")
    assert code == 1
    assert " --> envs/prod two.yaml:2:14\n" in said


@pytest.mark.parametrize("change", ["rm envs/dev.yaml", "mv envs/dev.yaml envs/other.yaml"])
def test_where_the_hook_judges_the_whole_project_a_file_that_an_environment_lost_is_told(
    shop: GitRepository, change: str
) -> None:
    shop.git(*change.split())
    shop.replace(".pre-commit-config.yaml", "        files:", WHOLE + "        files:")
    code, said = shop.commit(".pre-commit-config.yaml")

    assert code == 1
    assert "error[CG352]: environment dev names envs/dev.yaml, which is not there" in said
    assert " --> chartgen.yaml:5:" in said


@pytest.mark.parametrize("serial", ["true", "false"])
def test_many_files_in_several_batches_are_each_judged_once_and_nothing_is_garbled(
    shop: GitRepository, serial: str
) -> None:
    long, broken = "x" * 200, range(0, MANY, BROKEN)
    write(shop.folder, {f"many/{number:03}{long}.yaml": values(number) for number in range(MANY)})
    shop.replace(".pre-commit-config.yaml", "        files:", f"        require_serial: {serial}\n        files:")
    code, said = shop.commit(".")
    report = said_by(said, "chartgen validate").partition("\n\n")[2].replace(long, "")
    counts = [int(number) for number in re.findall(r"^(\d+) errors$", report, re.MULTILINE)]
    blocks = [block.strip() for block in re.split(r"^\d+ errors$|\n\n", report, flags=re.MULTILINE)]

    assert (code, sum(counts)) == (1, len(broken))
    assert len(counts) >= 2
    assert sorted(filter(None, blocks)) == [told(number) for number in broken]


def test_what_the_hook_mends_is_shown_before_it_is_committed(shop: GitRepository) -> None:
    shop.replace(".pre-commit-config.yaml", "        files:", "        args: [--fix]\n        files:")
    shop.replace("envs/base.yaml", "10000", "5")
    code, said = shop.commit(".")

    assert code == 1
    assert "- files were modified by this hook\n\nmended envs/base.yaml\n" in said
    assert (shop.folder / "envs/base.yaml").read_text() == "settings:\n  intervalMs: 100\n"
    assert shop.commit(".")[0] == 0


def test_charts_of_any_make_need_no_set_up(tmp_path: Path, hooks: GitRepository) -> None:
    foreign_chart(tmp_path / "charts/redis")
    foreign_chart(tmp_path / "charts/kafka", "replicas: 0\n")
    charts = with_hooks(tmp_path, hooks, "repos: [{{repo: {repo}, rev: {rev}, hooks: [{{id: chartgen-validate}}]}}]\n")
    write(tmp_path, {"charts/redis/ci/small-values.yaml": "replicas: none\n", "charts/redis/templates/a.yaml": "a: {{"})
    code, said = charts.commit(".")

    assert (code, said.count("error[")) == (1, 1)
    assert " --> charts/redis/ci/small-values.yaml:1:11\n" in said
    write(tmp_path, {"charts/redis/ci/small-values.yaml": "replicas: 2\n"})
    assert charts.commit(".")[0] == 0


PLAIN = "repos: [{{repo: {repo}, rev: {rev}, hooks: [{{id: chartgen-validate}}, {{id: chartgen-render-check}}]}}]\n"
MAP = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data:
  INTERVAL_MS: "5000"
  ATTEMPTS: "10"
  TIMEOUT_MS: "60000"
"""
FRONTEND = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      containers:
        - name: shop
          image: example.com/shop
          env:
            - {name: INTERVAL_MS, valueFrom: {configMapKeyRef: {name: shop, key: INTERVAL_MS}}}
            - {name: ATTEMPTS, valueFrom: {configMapKeyRef: {name: shop, key: ATTEMPTS}}}
            - {name: TIMEOUT_MS, valueFrom: {configMapKeyRef: {name: shop, key: TIMEOUT_MS}}}
"""


@pytest.fixture
def plain(tmp_path: Path, hooks: GitRepository) -> GitRepository:
    """A project with manifests and a `.env` file, and the configuration of the README: no setting of one's own."""
    more = {".env.production": "INTERVAL_MS=5000\n", "k8s/eks/map.yaml": MAP, "k8s/eks/frontend.yaml": FRONTEND}
    write(tmp_path, {**FILES, **more})
    GitRepository(tmp_path, tmp_path).run("chartgen", "render")
    return with_hooks(tmp_path, hooks, PLAIN)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("envs/base.yaml", "10000", "5", "envs/base.yaml:2:15"),
        (".env.production", "5000", "5", ".env.production:1:13"),
        ("k8s/eks/map.yaml", '"10"', '"0"', "k8s/eks/map.yaml:6:13"),
        ("k8s/eks/map.yaml", "  ATTEMPTS", "  OTHER", "k8s/eks/frontend.yaml:12:"),
        ("k8s/eks/map.yaml", "name: shop", "name: store", "k8s/eks/frontend.yaml:11:"),
        ("chartgen.yaml", "envs/dev.yaml", "envs/gone.yaml", "chartgen.yaml:5:"),
    ],
)
def test_the_plain_hooks_reach_what_a_project_has(
    plain: GitRepository, file: str, old: str, new: str, told: str
) -> None:
    before = plain.head()
    plain.replace(file, old, new)
    code, said = plain.commit(file)

    assert (code, plain.head()) == (1, before)
    assert f" --> {told}" in said_by(said, "chartgen validate")
    plain.replace(file, new, old)
    plain.replace(file, old, f"{old} ")
    assert plain.commit(file)[0] == 0


def test_a_project_in_a_folder_below_is_checked_there(tmp_path: Path, hooks: GitRepository) -> None:
    write(tmp_path / "web/shop", FILES)
    GitRepository(tmp_path / "web/shop", tmp_path).run("chartgen", "render")
    hook = "{{id: chartgen-render-check, entry: env -C web/shop chartgen render --check}}"
    folder = with_hooks(tmp_path, hooks, f"repos: [{{{{repo: {{repo}}, rev: {{rev}}, hooks: [{hook}]}}}}]\n")
    folder.replace("web/shop/settings.yaml", "maximum: 60000", "maximum: 50000")
    code, said = folder.commit(".")

    assert code == 1
    assert "error[CG353]: charts/shop/values.schema.json is out of date" in said


def values(number: int) -> str:
    """The values of one of many files; each `BROKEN`th breaks the rule."""
    return f"settings: {{timeoutMs: {50000 - (number % BROKEN == 0)}}}\n"


def told(number: int) -> str:
    """What is told of a broken one."""
    return f"""\
error[CG203]: timeoutMs is smaller than attempts * intervalMs
 --> many/{number:03}.yaml:1:23
  |
1 | settings: {{timeoutMs: 49999}}
  |                       ^^^^^ 49999 < 10 * 5000 = 50000 (this layer overrides charts/shop/values.yaml:18)
 ::: charts/shop/values.yaml:15:13 attempts: 10
 ::: charts/shop/values.yaml:12:15 intervalMs: 5000
  = rule: settings.yaml:8:11
  = help: lower intervalMs to 4999, or lower attempts to 9, or raise timeoutMs to 50000"""
