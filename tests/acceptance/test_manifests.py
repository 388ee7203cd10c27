"""`chartgen manifests` from the command line to the disk, without Helm."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from chartgen.__main__ import main
from tests import projects

ENVIRONMENTS = """\
environments:
  dev: {namespace: shop-dev, release: first, values: [envs/dev.yaml], set: [settings.attempts=4]}
"""
DEV = "settings: {intervalMs: 2000}\n"
ALONE = ("manifests", "--config-map-only")


class Said(NamedTuple):
    """An exit code and what went to the two streams."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in a new project, where there is no Helm on the PATH."""
    projects.project(tmp_path, ENVIRONMENTS, {"envs/dev.yaml": DEV})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))

    def command(*arguments: str) -> Said:
        code = main(arguments)
        return Said(code, *capsys.readouterr())

    return command


def data(text: str) -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load(text)["data"]
    return found


def read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def test_the_config_map_holds_the_defaults_and_says_where_it_comes_from(run: Run) -> None:
    code, out, err = run(*ALONE)

    found: dict[str, Any] = yaml.safe_load(out)
    assert (code, err) == (0, "")
    assert out.splitlines()[1] == "#   chartgen manifests --config-map-only"
    assert found["kind"] == "ConfigMap"
    assert found["metadata"]["name"] == "shop-settings"
    assert found["metadata"]["namespace"] == "default"
    assert found["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "chartgen"
    assert "helm.sh/chart" not in found["metadata"]["labels"]
    assert found["data"] == {"INTERVAL_MS": "5000", "ATTEMPTS": "10", "TIMEOUT_MS": "60000"}


def test_a_dash_is_the_standard_output(run: Run) -> None:
    assert run(*ALONE, "--output", "-") == run(*ALONE)


def test_an_environment_gives_its_values_its_namespace_and_its_release(run: Run) -> None:
    found = yaml.safe_load(run(*ALONE, "--env", "dev").out)

    assert found["metadata"]["name"] == "first-shop-settings"
    assert found["metadata"]["namespace"] == "shop-dev"
    assert found["metadata"]["labels"]["app.kubernetes.io/instance"] == "first"
    assert found["data"] == {"INTERVAL_MS": "2000", "ATTEMPTS": "4", "TIMEOUT_MS": "60000"}


def test_what_the_command_line_says_wins_over_the_environment(run: Run) -> None:
    Path("more.yaml").write_text("settings: {intervalMs: 3000, timeoutMs: 90000}\n", encoding="utf-8")
    more = ("-f", "more.yaml", "--set", "settings.attempts=7", "--namespace", "other", "--release", "second")

    found = yaml.safe_load(run(*ALONE, "--env", "dev", *more).out)

    assert found["metadata"]["namespace"] == "other"
    assert found["metadata"]["labels"]["app.kubernetes.io/instance"] == "second"
    assert found["data"] == {"INTERVAL_MS": "3000", "ATTEMPTS": "7", "TIMEOUT_MS": "90000"}


def test_a_profile_lies_between_the_environment_and_the_files(run: Run) -> None:
    profile = "x-profiles: {slow: {description: Slow., values: {intervalMs: 6000, attempts: 9}}}\n"
    Path("settings.yaml").write_text(projects.SETTINGS + profile, encoding="utf-8")
    Path("more.yaml").write_text("settings: {attempts: 3}\n", encoding="utf-8")

    code, out, _ = run(*ALONE, "--env", "dev", "--profile", "slow", "-f", "more.yaml")

    assert code == 0
    assert data(out) == {"INTERVAL_MS": "6000", "ATTEMPTS": "4", "TIMEOUT_MS": "60000"}
    code, _, err = run(*ALONE, "--profile", "slwo")
    assert code == 2
    assert 'settings.yaml has no profile "slwo"' in err
    assert 'did you mean "slow"?' in err


def test_wrong_values_are_told_as_validate_tells_them_and_nothing_is_written(run: Run) -> None:
    told = run("validate", "--env", "dev", "--set", "settings.timeoutMs=1000").out
    code, out, err = run(*ALONE, "--env", "dev", "--set", "settings.timeoutMs=1000", "--output", "k8s")

    assert (code, out) == (1, "")
    assert err == told + "nothing written: the values have errors\n"
    assert not Path("k8s").exists()


def test_an_error_that_is_accepted_keeps_values_from_users_all_the_same(run: Run) -> None:
    text = read("chartgen.yaml") + "ignore: [{code: CG203, reason: known}]\n"
    Path("chartgen.yaml").write_text(text, encoding="utf-8")

    code, out, err = run(*ALONE, "--set", "settings.timeoutMs=1000")

    assert (code, out) == (1, "")
    assert "error[CG203]" in err


def test_a_missing_file_of_an_environment_is_a_finding(run: Run) -> None:
    Path("envs/dev.yaml").unlink()

    code, _, err = run(*ALONE, "--env", "dev")

    assert code == 1
    assert "error[CG352]" in err


def test_an_extra_key_that_is_a_setting_is_refused(run: Run) -> None:
    code, out, err = run(*ALONE, "--set-string", "extraData.ATTEMPTS=1")

    assert (code, out) == (1, "")
    assert (
        "error[CG207]: extraData.ATTEMPTS is the setting attempts\n --> --set-string extraData.ATTEMPTS=1:1:11\n" in err
    )
    assert "\n  = help: set it as settings.attempts\n" in err


@pytest.mark.parametrize(
    "flag", ["commonLabels.a=b c", "commonLabels.-a=b", "commonLabels.a/b/c=d", "partOf=an app", "nameOverride=é"]
)
def test_a_label_that_kubernetes_would_not_take_is_refused(run: Run, flag: str) -> None:
    code, out, err = run(*ALONE, "--set-string", flag)

    assert (code, out) == (1, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 2


def test_the_standard_input_is_a_values_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"settings: {attempts: 2}\n")
    os.close(writing)
    with os.fdopen(reading) as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert data(run(*ALONE, "-f", "-").out)["ATTEMPTS"] == "2"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--check"], "no --output"),
        (["--env", "prod"], 'chartgen.yaml has no environment "prod"'),
        (["--namespace", "A"], "'A' cannot be the name of a namespace"),
        (["--release", "a_b"], "'a_b' cannot be the name of a release"),
        (["--release", "a" * 54], "cannot be the name of a release"),
    ],
)
def test_what_makes_no_sense_is_exit_2_with_a_way_out(run: Run, arguments: list[str], said: str) -> None:
    code, out, err = run(*ALONE, *arguments)

    assert (code, out) == (2, "")
    assert said in err
    assert "= help: " in err


def test_without_helm_the_config_map_alone_is_printed_with_a_note(run: Run) -> None:
    code, out, err = run("manifests")

    assert (code, err) == (0, "note: the ConfigMap alone: there is no helm on the PATH, which all else needs\n")
    assert out == run(*ALONE).out


def test_without_helm_a_folder_is_not_written_in_part(run: Run) -> None:
    code, out, err = run("manifests", "--output", "k8s")

    assert (code, out) == (2, "")
    assert "there is no helm on the PATH" in err
    assert "--config-map-only" in err
    assert not Path("k8s").exists()


@pytest.mark.parametrize(("program", "expected"), [("no-such-helm", 2), ("/bin/cat", 4)])
def test_a_helm_that_is_none_is_told(run: Run, program: str, expected: int) -> None:
    code, out, err = run("manifests", "--helm", program)

    assert (code, out) == (expected, "")
    assert program in err


def test_a_folder_gets_the_file_and_keeps_all_else(run: Run) -> None:
    Path("k8s").mkdir()
    Path("k8s/frontend.yaml").write_text("mine\n", encoding="utf-8")

    assert run(*ALONE, "--output", "k8s") == (0, f"created {Path('k8s/configmap.yaml')}\n", "")
    assert run(*ALONE, "--output", "k8s") == (0, f"unchanged {Path('k8s/configmap.yaml')}\n", "")
    assert read("k8s/frontend.yaml") == "mine\n"
    assert sorted(os.listdir("k8s")) == ["configmap.yaml", "frontend.yaml"]


def test_a_yaml_file_may_be_the_output(run: Run) -> None:
    assert run(*ALONE, "--output", "deep/er.yml").code == 0
    assert data(read("deep/er.yml"))["ATTEMPTS"] == "10"


def test_check_says_what_is_stale_and_writes_nothing(run: Run) -> None:
    given = (*ALONE, "--output", "k8s")
    path = Path("k8s/configmap.yaml")
    assert run(*given, "--check") == (1, f"stale: {path} (missing)\n", "")
    run(*given)
    assert run(*given, "--check") == (0, "", f"{path} is up to date\n")
    before = read("k8s/configmap.yaml")
    Path("settings.yaml").write_text(projects.SETTINGS.replace("default: 10,", "default: 11,"), encoding="utf-8")

    assert run(*given, "--check") == (1, f"stale: {path} (out of date)\n", "")
    code, out, err = run(*given, "--diff")
    assert (code, err) == (1, f"stale: {path} (out of date)\n")
    assert "--- a/configmap.yaml\n+++ b/configmap.yaml\n" in out
    assert '-  "ATTEMPTS": "10"\n+  "ATTEMPTS": "11"\n' in out
    assert read("k8s/configmap.yaml") == before


def test_check_is_the_same_from_a_folder_below(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run(*ALONE, "-f", "envs/dev.yaml", "--output", "k8s")
    monkeypatch.chdir("envs")

    assert run(*ALONE, "-f", "dev.yaml", "--output", "../k8s", "--check").code == 0


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda _: "mine: 1\n", "was not written by chartgen"),
        (lambda text: text.replace('"10"', '"20"'), "was edited by hand"),
        (lambda text: text.replace("sha256", "SHA256"), "was not written by chartgen"),
    ],
    ids=["another text", "another value", "another head"],
)
def test_a_file_that_is_not_as_chartgen_wrote_it_is_kept_until_force(
    run: Run, edit: Callable[[str], str], reason: str
) -> None:
    given = (*ALONE, "--output", "k8s")
    run(*given)
    made = read("k8s/configmap.yaml")
    edited = edit(made)
    Path("k8s/configmap.yaml").write_text(edited, encoding="utf-8")

    code, out, err = run(*given)
    assert (code, out) == (1, "")
    assert f"error: {Path('k8s/configmap.yaml')} {reason}\n" in err
    assert run(*given, "--check") == (1, f"stale: {Path('k8s/configmap.yaml')} ({reason})\n", "")
    assert read("k8s/configmap.yaml") == edited
    assert run(*given, "--force").code == 0
    assert read("k8s/configmap.yaml") == made


def test_line_breaks_of_another_system_are_no_edit(run: Run) -> None:
    given = (*ALONE, "--output", "k8s")
    run(*given)
    Path("k8s/configmap.yaml").write_bytes(read("k8s/configmap.yaml").replace("\n", "\r\n").encode())

    assert run(*given, "--check").code == 0
    assert run(*given, "--set", "settings.attempts=3").code == 0


def test_a_line_break_in_a_flag_stays_in_the_comment(run: Run) -> None:
    out = run(*ALONE, "--set-string", "extraData.a=b'\nkind: Secret\u2028").out

    assert out.splitlines()[1].endswith(r"--set-string $'extraData.a=b\'\u000akind: Secret\u2028' --config-map-only")
    assert data(out)["a"] == "b'\nkind: Secret\u2028"


@pytest.mark.skipif(os.name == "nt", reason="Windows asks for a right to make links")
def test_a_link_is_not_written_through(run: Run) -> None:
    Path("k8s").mkdir()
    Path("other").write_text("mine\n", encoding="utf-8")
    Path("k8s/configmap.yaml").symlink_to("../other")

    code, out, err = run(*ALONE, "--output", "k8s", "--force")

    assert (code, out) == (4, "")
    assert "it is a link" in err
    assert read("other") == "mine\n"


def test_a_disk_that_refuses_is_exit_4_and_leaves_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)

    code, out, err = run(*ALONE, "--output", "k8s")

    assert (code, out) == (4, "")
    assert err.startswith(f"error: {Path('k8s/configmap.yaml')} cannot be written: Permission denied\n")
    assert os.listdir("k8s") == []


@pytest.mark.parametrize("there", ["k8s", "k8s/configmap.yaml/sub"])
def test_what_is_in_the_way_is_exit_4(run: Run, there: str) -> None:
    projects.write(Path(), {f"{there}": "mine\n"})

    code, out, err = run(*ALONE, "--output", "k8s")

    assert (code, out) == (4, "")
    assert err.startswith(f"error: {Path('k8s')}")


# --- The admission policies alone


def test_the_policies_are_made_for_the_config_map_of_a_release(run: Run) -> None:
    code, out, err = run("manifests", "--policy", "--env", "dev")

    found = [*yaml.safe_load_all(out)]
    assert (code, err) == (0, "")
    assert out.splitlines()[1] == "#   chartgen manifests --env dev --policy"
    assert [(each["kind"], each["metadata"]["name"]) for each in found] == [
        ("ValidatingAdmissionPolicy", "shop-dev.first-shop-settings.errors"),
        ("ValidatingAdmissionPolicyBinding", "shop-dev.first-shop-settings.errors"),
        ("ValidatingAdmissionPolicy", "shop-dev.first-shop-settings.warnings"),
        ("ValidatingAdmissionPolicyBinding", "shop-dev.first-shop-settings.warnings"),
    ]
    constraints = found[0]["spec"]["matchConstraints"]
    assert constraints["namespaceSelector"] == {"matchLabels": {"kubernetes.io/metadata.name": "shop-dev"}}
    assert constraints["resourceRules"][0]["resourceNames"] == ["first-shop-settings"]
    assert constraints["resourceRules"][0]["operations"] == ["CREATE", "UPDATE"]
    assert found[1]["spec"] == {"policyName": found[0]["metadata"]["name"], "validationActions": ["Deny", "Audit"]}


def test_in_a_folder_the_policies_are_a_file_beside_the_others(run: Run) -> None:
    assert run(*ALONE, "--output", "k8s").code == 0
    assert run("manifests", "--policy", "--output", "k8s").code == 0

    assert sorted(os.listdir("k8s")) == ["configmap.yaml", "policies.yaml"]
    assert run("manifests", "--policy", "--output", "k8s", "--check").code == 0
    assert run("manifests", "--policy", "--namespace", "other", "--output", "k8s", "--check").code == 1


def test_the_policies_may_go_into_a_file(run: Run) -> None:
    assert run("manifests", "--policy", "--output", "gate.yaml").code == 0

    assert read("gate.yaml").splitlines()[1] == "#   chartgen manifests --output gate.yaml --policy"


def test_the_config_map_alone_and_the_policies_alone_are_two_runs(run: Run) -> None:
    code, out, err = run(*ALONE, "--policy")

    assert (code, out) == (2, "")
    assert "--policy and --config-map-only each ask for something alone" in err
