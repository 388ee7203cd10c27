"""chartgen.yaml: what it says, its defaults, and each way to get it wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chartgen.finding import Finding, InvalidStop
from chartgen.project import Chart, Environment, Ignore, Image, Injection, Names, Page, find_project, load_project

LEAST = "settings: s.json\nchart: {name: shop}\nimage: {repository: registry.example.com/shop}\n"


def write(folder: Path, text: str) -> str:
    """A project file beside a settings schema; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "s.json").write_text("{}", encoding="utf-8")
    path = folder / "chartgen.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def findings(folder: Path, text: str) -> list[Finding]:
    """What is wrong with a project file."""
    with pytest.raises(InvalidStop) as caught:
        load_project(write(folder, text))
    return sorted(caught.value.findings, key=lambda finding: finding.order)


def test_the_least_that_a_project_says_gets_the_documented_defaults(tmp_path: Path) -> None:
    project = load_project(write(tmp_path, LEAST))

    assert project.root == str(tmp_path)
    assert project.settings == str(tmp_path / "s.json")
    assert project.chart == Chart("shop", "0.1.0", "0.1.0", str(tmp_path / "charts" / "shop"))
    assert project.names == Names("shop", "shop", "shop", "shop")
    assert project.image == Image("registry.example.com/shop", "", "", "IfNotPresent")
    assert project.port == 8080
    assert project.page == Page(("/usr/share/nginx/html/*.html",), "inline")
    assert project.injection == Injection("entrypoint", "")
    assert project.environments == {}
    assert project.ignore == ()


@pytest.mark.parametrize(
    ("injection", "expected"),
    [
        ("{}", Injection()),
        ("{mode: entrypoint, script: baked}", Injection(script="baked")),
        ("{command: [nginx]}", Injection(script="configMap", command=("nginx",))),
        ("{command: [nginx], script: baked}", Injection(script="baked", command=("nginx",))),
        ("{mode: initContainer, image: a}", Injection("initContainer", "a", "configMap")),
        ("{mode: initContainer, image: a, script: baked}", Injection("initContainer", "a", "baked")),
        ("{mode: sidecar, image: a}\npage: {mode: json}", Injection("sidecar", "a", "configMap")),
        ("{mode: sidecar, image: a, script: baked}\npage: {mode: file}", Injection("sidecar", "a", "baked")),
    ],
)
def test_the_chart_brings_the_script_where_it_can_run_it(tmp_path: Path, injection: str, expected: Injection) -> None:
    assert load_project(write(tmp_path, LEAST + f"injection: {injection}\n")).injection == expected


def test_everything_that_a_project_says_is_read(tmp_path: Path) -> None:
    text = """\
$schema: x
settings: ./sub/../s.json
chart: {name: shop, version: 1.2.3-rc.1+b, appVersion: "2.0", output: out/chart}
names: {configMap: shop.config, deployment: web, container: nginx, service: www}
image: {repository: "localhost:5000/shop", tag: "1.10", digest: "sha256:DIGEST", pullPolicy: Always}
port: 80
page: {html: [/srv/*.html, /srv/sub/index.html], mode: json}
injection: {mode: sidecar, image: "python:3.13"}
environments:
  prod: {context: c, namespace: ns, release: r, values: [a.yaml, sub/b.yaml], set: [a.b=1], setString: [c=d=e]}
  bare: {}
ignore: [{code: CG203, path: "envs/*.yaml", reason: known}, {code: CG208, reason: soon}]
""".replace("DIGEST", "0123456789abcdef" * 4)

    project = load_project(write(tmp_path, text))

    assert project.settings == str(tmp_path / "s.json")
    assert project.chart == Chart("shop", "1.2.3-rc.1+b", "2.0", str(tmp_path / "out" / "chart"))
    assert project.names == Names("shop.config", "web", "nginx", "www")
    assert project.image == Image("localhost:5000/shop", "1.10", f"sha256:{'0123456789abcdef' * 4}", "Always")
    assert project.port == 80
    assert project.page == Page(("/srv/*.html", "/srv/sub/index.html"), "json")
    assert project.injection == Injection("sidecar", "python:3.13", "configMap")
    assert project.environments == {
        "prod": Environment(
            context="c",
            namespace="ns",
            release="r",
            values=(str(tmp_path / "a.yaml"), str(tmp_path / "sub" / "b.yaml")),
            set=("a.b=1",),
            set_string=("c=d=e",),
        ),
        "bare": Environment(),
    }
    assert project.ignore == (Ignore("CG203", "envs/*.yaml", "known"), Ignore("CG208", "", "soon"))


@pytest.mark.parametrize(
    ("image", "chart", "expected"),
    [("tag: '3.1'", "", "3.1"), ("tag: '3.1'", ", appVersion: '4'", "4"), ("digest: ''", "", None)],
)
def test_the_app_version_is_the_tag_unless_it_is_said(
    tmp_path: Path, image: str, chart: str, expected: str | None
) -> None:
    text = f"settings: s.json\nchart: {{name: shop{chart}}}\nimage: {{repository: shop, {image}}}\n"

    if expected is None:
        assert [finding.path for finding in findings(tmp_path, text)] == ["image.digest"]
    else:
        assert load_project(write(tmp_path, text)).chart.app_version == expected


WRONG = [
    # text, line, column, path, a part of the message, a part of the help
    (LEAST + "prot: 80\n", 4, 1, "prot", "not known", 'did you mean "port"?'),
    (LEAST + "names: {Deployment: x}\n", 4, 9, "names.Deployment", "not known in names", 'did you mean "deployment"?'),
    ("chart: {name: a}\nimage: {repository: a}\n", 1, 1, "", 'lacks "settings"', "path of the settings schema"),
    (LEAST.replace("shop}", "Shop}", 1), 2, 15, "chart.name", '"Shop"', "lower-case letters"),
    (LEAST.replace("name: shop}", "name: 1shop}"), 2, 15, "chart.name", "form", "a letter first"),
    (LEAST.replace("name: shop}", f"name: {'a' * 54}}}"), 2, 15, "chart.name", "at most 53", "at most 53"),
    (LEAST.replace("shop}", "shop, version: '1.0'}", 1), 2, 30, "chart.version", "form", "semantic version"),
    (LEAST.replace("shop}", "shop, version: 1.0}", 1), 2, 30, "chart.version", "not a text", 'quotes: "1.0"'),
    (LEAST.replace("shop}", "shop, output: ../x}", 1), 2, 29, "chart.output", "leads out", "below"),
    (LEAST.replace("shop}", "shop, output: /x}", 1), 2, 29, "chart.output", "leads out", "below"),
    (LEAST.replace("shop}", "shop, output: a/../../x}", 1), 2, 29, "chart.output", "leads out", "below"),
    (LEAST + "image: {repository: Shop}\n", 4, 21, "image.repository", "form", "without tag"),
    (LEAST + "image: {repository: a, tag: 1.10}\n", 4, 29, "image.tag", "not a text", 'quotes: "1.10"'),
    (LEAST + "image: {repository: 'a:1'}\n", 4, 21, "image.repository", "form", "without tag"),
    (LEAST + "image: {repository: a, digest: 'sha256:ab'}\n", 4, 32, "image.digest", "form", "wins over the tag"),
    (LEAST + "image: {repository: a, pullPolicy: always}\n", 4, 36, "image.pullPolicy", "one of", "mean Always?"),
    (LEAST + "port: 0\n", 4, 7, "port", "not at least 1", "listens"),
    (LEAST + "port: 70000\n", 4, 7, "port", "not at most 65535", "listens"),
    (LEAST + "port: 80.5\n", 4, 7, "port", "not an integer", "listens"),
    (LEAST + "port: '80'\n", 4, 7, "port", "not an integer", "listens"),
    (LEAST + "page: {html: []}\n", 4, 14, "page.html", "is empty", "globs"),
    (LEAST + "page: {html: [index.html]}\n", 4, 15, "page.html[0]", "form", "absolute paths"),
    (LEAST + "page: {mode: inlin}\n", 4, 14, "page.mode", "one of", "mean inline?"),
    (LEAST + "injection: {mode: sidecar}\n", 4, 12, "injection", 'lacks "image"', "Python 3.9"),
    (LEAST + "injection: {mode: initContainer}\n", 4, 12, "injection", 'lacks "image"', "Python 3.9"),
    (LEAST + "injection: {script: configMap}\n", 4, 12, "injection", 'lacks "command"', "starts the image's server"),
    (LEAST + "injection: {command: nginx}\n", 4, 22, "injection.command", "list", ""),
    (LEAST + "names: {service: 1a}\n", 4, 18, "names.service", "form", "a letter first"),
    (LEAST + "names: {configMap: a_b}\n", 4, 20, "names.configMap", "form", "dots"),
    (LEAST + "names: {container: a.b}\n", 4, 20, "names.container", "form", "dashes"),
    (LEAST + "environments: {'a b': {}}\n", 4, 16, 'environments."a b"', "cannot be a name", "letter or digit first"),
    (LEAST + "environments: {a: {namespace: A}}\n", 4, 31, "environments.a.namespace", "form", "lower-case"),
    (LEAST + "environments: {a: {value: []}}\n", 4, 20, "environments.a.value", "not known", 'mean "values"?'),
    (LEAST + "environments: {a: {set: [x]}}\n", 4, 26, "environments.a.set[0]", "form", "name=value"),
    (LEAST + "environments: {a: }\n", 4, 19, "environments.a", "not a mapping", ""),
    (LEAST + "ignore: [{code: CG203}]\n", 4, 10, "ignore[0]", 'lacks "reason"', "accepted"),
    (LEAST + "ignore: [{code: CG999, reason: x}]\n", 4, 17, "ignore[0].code", "not a code", "CG"),
    (LEAST + "settings: 'a\\b'\n", 4, 11, "settings", "form", "relative"),
    (LEAST + "settings: ''\n", 4, 11, "settings", "form", "relative"),
]


@pytest.mark.parametrize(("text", "line", "column", "path", "message", "help_text"), WRONG)
def test_each_fault_is_told_at_its_place_with_what_to_write(
    tmp_path: Path, text: str, line: int, column: int, path: str, message: str, help_text: str
) -> None:
    found = [finding for finding in findings(tmp_path, text) if finding.code == "CG351"]

    assert [(finding.path, finding.primary and finding.primary.place()) for finding in found] == [
        (path, f"{tmp_path / 'chartgen.yaml'}:{line}:{column}")
    ]
    assert message in found[0].message
    assert help_text in found[0].help


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    found = findings(tmp_path, "settings: 5\nchart: {name: A, versoin: '1.0.0'}\n")

    assert [finding.path for finding in found] == ["", "settings", "chart.name", "chart.versoin"]


def test_a_settings_schema_that_is_not_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, LEAST.replace("s.json", "schemas/none.json"))

    assert finding.code == "CG352"
    assert finding.primary is not None
    assert finding.primary.text == "schemas/none.json"


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "CG351"), ("- a\n", "CG106"), ("a: [\n", "CG102"), ("a: \x01\n", "CG102"), ("just words\n", "CG106")],
)
def test_a_file_that_holds_no_project_is_a_finding(tmp_path: Path, text: str, code: str) -> None:
    assert {finding.code for finding in findings(tmp_path, text)} == {code}


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    with pytest.raises(InvalidStop) as caught:
        load_project(str(tmp_path / "none.yaml"))

    assert [finding.code for finding in caught.value.findings] == ["CG101"]


def test_a_key_that_is_written_twice_is_a_warning_that_the_project_keeps(tmp_path: Path) -> None:
    project = load_project(write(tmp_path, LEAST + "port: 80\nport: 81\n"))

    assert [finding.code for finding in project.warnings] == ["CG103"]
    assert project.port == 81


def test_an_output_that_a_link_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "p").mkdir()
    try:
        (tmp_path / "p" / "out").symlink_to(tmp_path / "elsewhere")
    except OSError:
        pytest.skip("this system lets nobody make links")

    found = findings(tmp_path / "p", LEAST.replace("shop}", "shop, output: out/chart}", 1))

    assert [finding.path for finding in found] == ["chart.output"]


def test_a_project_is_found_upward_from_a_file_and_from_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, LEAST)
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "values.yaml").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert find_project(str(deep)) == "chartgen.yaml"
    assert find_project(str(deep / "values.yaml")) == "chartgen.yaml"
    assert find_project(str(deep / "not-there.yaml")) == "chartgen.yaml"
    monkeypatch.chdir(deep)
    assert find_project(".") == os.path.join("..", "..", "chartgen.yaml")


def test_the_nearest_project_wins(tmp_path: Path) -> None:
    write(tmp_path, LEAST)
    inner = write(tmp_path / "inner", LEAST)
    found = find_project(str(tmp_path / "inner" / "values.yaml"))

    assert found is not None
    assert Path(found).resolve() == Path(inner).resolve()


def test_where_there_is_no_project_none_is_found(tmp_path: Path) -> None:
    assert find_project(str(tmp_path)) is None


def test_paths_in_a_project_that_lies_here_stay_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, LEAST)
    monkeypatch.chdir(tmp_path)
    project = load_project("chartgen.yaml")

    assert (project.root, project.settings, project.chart.output) == (".", "s.json", str(Path("charts/shop")))


def test_the_reference_project_is_one(repository: Path) -> None:
    project = load_project(str(repository / "chartgen.yaml"))

    assert project.names.config_map == "ideaforge-ai-config"
    assert project.names.deployment == "frontend"
    assert project.environments["dev"].namespace == "20890-ideaforge-ai-dev-58a50"
