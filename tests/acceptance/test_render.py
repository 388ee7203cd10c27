"""`chartgen render` from the command line to the disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from chartgen.__main__ import main

SETTINGS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "pollMs": {"type": "integer", "default": 5000, "minimum": 1000, "maximum": 60000, "x-env": "POLL_MS"},
        "waitMs": {"type": "integer", "default": 9000, "minimum": 1000, "maximum": 60000, "x-env": "WAIT_MS"},
    },
    "x-kubernetes-validations": [{"rule": "self.waitMs >= self.pollMs", "message": "waitMs is smaller than pollMs"}],
}
PROJECT = """\
settings: settings.json
chart: {name: shop, output: charts/shop}
image: {repository: registry.example.com/shop}
"""


class Said(NamedTuple):
    """An exit code and what went to the two streams."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in a new project."""
    monkeypatch.chdir(tmp_path)
    write("chartgen.yaml", PROJECT)
    declare()

    def command(*arguments: str) -> Said:
        code = main(arguments)
        return Said(code, *capsys.readouterr())

    return command


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def declare(**more: Any) -> None:
    """Write the settings schema, with further settings."""
    write("settings.json", json.dumps(SETTINGS | {"properties": SETTINGS["properties"] | more}))


def tree() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def test_it_writes_the_chart_and_tells_each_file(run: Run) -> None:
    said = run("render")

    assert said.code == 0
    assert "created charts/shop/Chart.yaml\n" in said.out
    assert said.out.endswith("charts/shop: 31 files written, 0 unchanged\n")
    assert "pollMs: 5000" in read("charts/shop/values.yaml")


def test_a_second_time_it_changes_nothing(run: Run) -> None:
    run("render")
    before = tree()

    assert run("render") == (0, "charts/shop: 0 files written, 31 unchanged\n", "")
    assert tree() == before


def test_it_works_from_a_folder_below_the_projects(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("render")
    before = tree()
    Path("deep/er").mkdir(parents=True)
    monkeypatch.chdir("deep/er")

    said = run("render")

    monkeypatch.chdir("../..")
    assert said.code == 0
    assert tree() == before


def test_a_chart_before_that_cannot_be_read_is_told_and_mended_by_force(run: Run) -> None:
    run("render")
    made = tree()
    Path("charts/shop/values.schema.json").write_bytes(b"\xff")

    assert "charts/shop/values.schema.json was edited by hand" in run("render").out
    assert run("render", "--force").code == 0
    assert tree() == made


def test_a_byte_order_mark_stays(run: Run) -> None:
    run("render")
    write("charts/shop/values.yaml", "\ufeffsettings:\n  pollMs: 2000\n  waitMs: 3000\n")
    declare(more={"type": "boolean", "default": True, "x-env": "MORE"})

    run("render")

    text = read("charts/shop/values.yaml")
    assert text.startswith("\ufeffsettings:\n")
    assert text.endswith("  more: true\n")


def test_a_finding_that_the_project_accepts_is_not_told(run: Run) -> None:
    run("render")
    write("charts/shop/values.yaml", "settings:\n  pollMs: 20000\n")
    write("chartgen.yaml", PROJECT + "ignore: [{code: CG203, reason: known}]\n")

    assert run("render").code == 0


def test_without_a_project_it_says_how_to_start_one(run: Run) -> None:
    Path("chartgen.yaml").unlink()

    code, _, err = run("render")

    assert code == 2
    assert "there is no chartgen.yaml here or in a folder above" in err
    assert "chartgen init" in err


def test_check_is_silent_about_a_chart_that_is_up_to_date(run: Run) -> None:
    run("render")

    assert run("render", "--check") == (0, "", "charts/shop is up to date\n")


def test_check_names_what_is_stale_and_writes_nothing(run: Run) -> None:
    run("render")
    declare(more={"type": "boolean", "default": True, "x-env": "MORE"})
    Path("charts/shop/.helmignore").unlink()
    write("charts/shop/README.md", "mine\n")
    before = tree()

    code, out, err = run("render", "--check")

    assert code == 1
    assert "error[CG353]: charts/shop/.helmignore is missing\n" in out
    assert "error[CG353]: charts/shop/README.md was edited by hand\n" in out
    assert "error[CG353]: charts/shop/values.yaml is out of date\n" in out
    assert "charts/shop/templates/service.yaml" not in out
    assert "run 'chartgen render'" in err
    assert tree() == before


def test_diff_shows_what_would_change_and_writes_nothing(run: Run) -> None:
    run("render")
    declare(more={"type": "boolean", "default": True, "x-env": "MORE"})
    before = tree()

    code, out, _ = run("render", "--diff")

    assert code == 1
    assert "--- a/values.yaml\n+++ b/values.yaml\n" in out
    assert "+  more: true\n" in out
    assert tree() == before


def test_a_hand_edited_file_is_kept_until_force(run: Run) -> None:
    run("render")
    made = tree()
    write("charts/shop/Chart.yaml", "mine\n")
    edited = tree()

    code, out, err = run("render")

    assert code == 1
    assert "error[CG353]: charts/shop/Chart.yaml was edited by hand\n" in out
    assert "--force" in err
    assert tree() == edited
    assert run("render", "--force").code == 0
    assert tree() == made


def test_a_new_setting_enters_the_users_values(run: Run) -> None:
    run("render")
    mine = "# mine\nsettings:\n  pollMs: 2000 # fast\nreplicaCount: 1\n"
    write("charts/shop/values.yaml", mine)
    declare(more={"type": "boolean", "default": True, "x-env": "MORE"})

    said = run("render")

    assert said.code == 0
    assert "updated charts/shop/values.yaml\n" in said.out
    added = "  # more\n  # Boolean; default true; environment variable MORE\n  more: true\n"
    assert read("charts/shop/values.yaml") == mine.replace("fast\n", f"fast\n{added}")


def test_a_setting_that_the_user_took_out_does_not_come_back(run: Run) -> None:
    run("render")
    write("charts/shop/values.yaml", "settings: {}\n")

    run("render")

    assert read("charts/shop/values.yaml") == "settings: {}\n"


MORE = """\
page: {html: ["/srv/site/**/*.html"], mode: file}
injection: {mode: entrypoint, command: ["nginx", "-g", "daemon off;"]}
port: 8081
"""


def test_what_the_project_file_says_now_enters_the_values_that_still_hold_what_it_said(run: Run) -> None:
    run("render")
    mine = read("charts/shop/values.yaml").replace("replicaCount: 2", "replicaCount: 3 # mine")
    write("charts/shop/values.yaml", mine)
    write("chartgen.yaml", PROJECT + MORE)

    stale = run("render", "--check")
    said = run("render")

    assert "charts/shop/values.yaml is out of date" in stale.out
    for line in (
        "page.folder: /usr/share/nginx/html -> /srv/site",
        'page.html: ["*.html"] -> ["**/*.html"]',
        "page.mode: inline -> file",
        'injection.script: "" -> configMap',
        'command: [] -> ["nginx", "-g", "daemon off;"]',
        "containerPort: 8080 -> 8081",
    ):
        assert f"charts/shop/values.yaml: {line}, as chartgen.yaml says\n" in said.out
    after = yaml.safe_load(read("charts/shop/values.yaml"))
    assert after["page"] == {"folder": "/srv/site", "html": ["**/*.html"], "mode": "file", "publicPath": "/"}
    assert after["injection"]["script"] == "configMap"
    assert after["command"] == ["nginx", "-g", "daemon off;"]
    assert after["containerPort"] == 8081
    assert "replicaCount: 3 # mine" in read("charts/shop/values.yaml")
    assert run("render", "--check").code == 0
    assert "CG354" not in run("validate").out


def test_what_no_longer_stands_in_the_project_file_leaves_the_values_too(run: Run) -> None:
    write("chartgen.yaml", PROJECT + MORE)
    run("render")
    before = read("charts/shop/values.yaml")
    write("chartgen.yaml", PROJECT)
    run("render")

    assert yaml.safe_load(read("charts/shop/values.yaml"))["page"]["mode"] == "inline"
    write("chartgen.yaml", PROJECT + MORE)
    run("render")

    assert yaml.safe_load(read("charts/shop/values.yaml")) == yaml.safe_load(before)


def test_values_that_the_user_changed_stay_and_the_difference_is_told_until_it_is_mended(run: Run) -> None:
    run("render")
    mine = read("charts/shop/values.yaml").replace("  mode: inline", "  mode: json # mine")
    write("charts/shop/values.yaml", mine)
    write("chartgen.yaml", PROJECT + "page: {mode: file}\n")

    for command in (["render"], ["render", "--check"], ["validate"], ["validate", "charts/shop/values.yaml"]):
        said = run(*command)

        assert said.code == 0
        assert "warning[CG354]: page.mode is json, but chartgen.yaml says file; values.yaml wins\n" in said.out
        assert "chartgen.yaml:4:14" in said.out
        assert read("charts/shop/values.yaml") == mine
    run("validate", "--fix")

    assert read("charts/shop/values.yaml") == mine.replace("mode: json #", "mode: file #")
    assert "CG354" not in run("validate").out


def test_a_difference_may_be_accepted(run: Run) -> None:
    run("render")
    write("charts/shop/values.yaml", read("charts/shop/values.yaml").replace('tag: ""', 'tag: "2"'))
    write("chartgen.yaml", PROJECT.replace("com/shop}", 'com/shop, tag: "1"}'))
    assert "CG354" in run("render").out
    accepted = "ignore: [{code: CG354, reason: the pipeline writes the tag}]\n"
    write("chartgen.yaml", PROJECT.replace("com/shop}", 'com/shop, tag: "1"}') + accepted)

    assert "CG354" not in run("render").out
    assert "CG354" not in run("validate").out


def test_what_the_values_lack_is_told_and_added(run: Run) -> None:
    run("render")
    write("charts/shop/values.yaml", "settings: {}\nimage:\n  repository: registry.example.com/shop\n")
    write("chartgen.yaml", PROJECT.replace("com/shop}", 'com/shop, tag: "1"}') + MORE)
    assert "warning[CG354]: page.mode is not set, but chartgen.yaml says file\n" in run("validate").out

    run("validate", "--fix")

    assert "CG354" not in run("validate").out
    after = yaml.safe_load(read("charts/shop/values.yaml"))
    assert after["image"] == {"repository": "registry.example.com/shop", "tag": "1"}
    assert after["page"] == {"folder": "/srv/site", "html": ["**/*.html"], "mode": "file"}
    assert after["command"] == ["nginx", "-g", "daemon off;"]


def test_wrong_values_of_the_chart_are_told_and_nothing_is_written(run: Run) -> None:
    run("render")
    write("charts/shop/values.yaml", "settings:\n  pollMs: 20000\n")
    declare(more={"type": "boolean", "default": True, "x-env": "MORE"})
    before = tree()

    code, out, err = run("render")

    assert code == 1
    assert "error[CG203]: waitMs is smaller than pollMs" in out
    assert "charts/shop/values.yaml:2:11" in out
    assert "nothing written" in err
    assert tree() == before


def test_each_values_file_is_judged_over_the_charts_values(run: Run) -> None:
    run("render")
    write("charts/shop/values.yaml", "settings: {waitMs: 30000}\n")
    write("fine.yaml", "settings: {pollMs: 20000}\n")
    write("wrong.yaml", "settings: {pollMs: 40000}\n")

    assert run("render", "--values", "fine.yaml").code == 0
    code, out, _ = run("render", "--values", "fine.yaml", "--values", "wrong.yaml")
    assert code == 1
    assert "wrong.yaml:1:20" in out
    assert "fine.yaml" not in out


def test_values_files_are_judged_before_the_first_chart_is_written(run: Run) -> None:
    write("wrong.yaml", "settings: {pollMs: fast}\n")

    code, out, _ = run("render", "--values", "wrong.yaml")

    assert code == 1
    assert "error[CG201]" in out
    assert not Path("charts").exists()


def test_values_files_do_not_enter_the_chart(run: Run) -> None:
    write("fine.yaml", "settings: {pollMs: 2000}\n")

    run("render", "--values", "fine.yaml")

    assert "pollMs: 5000" in read("charts/shop/values.yaml")


def test_a_values_file_that_is_missing_is_a_finding(run: Run) -> None:
    code, out, _ = run("render", "--values", "missing.yaml")

    assert code == 1
    assert "error[CG101]: cannot read missing.yaml" in out


def test_a_wrong_settings_schema_is_told_and_nothing_is_written(run: Run) -> None:
    declare(more={"type": "boolean", "default": 1, "x-env": "MORE"})

    code, _, err = run("render")

    assert code == 2
    assert "error[CG3" in err
    assert not Path("charts").exists()


def test_output_and_settings_may_be_others(run: Run) -> None:
    Path("settings.json").rename("other.json")

    write("settings.json", "{")
    said = run("render", "--settings", "other.json", "--output", "out")

    assert said.code == 0
    assert "pollMs: 5000" in read("out/values.yaml")
    assert not Path("charts").exists()


def test_a_folder_that_cannot_be_written_is_the_outside_world(run: Run) -> None:
    write("charts", "a file\n")

    code, _, err = run("render")

    assert code == 4
    assert "charts" in err


def test_the_lock_of_another_folder_cannot_remove_a_file(run: Run) -> None:
    run("render")
    write("victim", "")
    lock = json.loads(read("charts/shop/.chartgen.lock"))
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    lock["files"]["../../victim"] = empty
    write("charts/shop/.chartgen.lock", json.dumps(lock))

    assert run("render", "--force").code == 2
    assert Path("victim").exists()


@pytest.mark.parametrize("values", ["\udcff.yaml", "a: [", "\x00"])
def test_no_values_make_a_traceback(run: Run, values: str) -> None:
    Path("odd.yaml").write_bytes(values.encode(errors="surrogateescape"))

    code, out, err = run("render", "--values", "odd.yaml")

    assert code == 1
    assert "Traceback" not in out + err


def test_help_says_what_values_are_for(run: Run) -> None:
    code, out, _ = run("render", "--help")

    words = " ".join(out.split())
    assert code == 0
    assert "It is not merged into the chart." in words
    assert "chartgen render --check" in words


def test_settings_whose_policies_kubernetes_would_not_take_have_none_and_it_is_said(run: Run) -> None:
    choices = [f"{'a' * 100}{number:04}" for number in range(1000)]
    name = {"type": "string", "enum": choices, "default": choices[0], "x-env": "NAME"}
    write("settings.json", json.dumps({"type": "object", "properties": {"name": name}}))

    rendered, asked = run("render"), run("manifests", "--policy")

    assert rendered.code == 0
    assert (
        "warning: the settings have no admission policies: those would be larger than Kubernetes takes\n"
        in rendered.err
    )
    assert not Path("charts/shop/policies").exists()
    assert "its policies would be larger than Kubernetes takes" in read("charts/shop/templates/NOTES.txt")
    assert (asked.code, asked.out) == (1, "")
    assert "those would be larger than Kubernetes takes" in asked.err
