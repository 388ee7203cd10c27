"""The program: its options, what it says, and how it ends."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoint import EP, GOOD, INLINE, PAGE, SCRIPT, run, write_table

DEFAULTS = INLINE % (5000, 120, 600000)


def start(site: Path, *options: str | Path, environment: dict[str, str] | None = None, **more: Any) -> Any:
    table = ("--table", site.parent / "settings.py")
    return run(*table, "--html", site / "index.html", *options, environment=environment, **more)


def test_without_settings_the_page_has_the_defaults(site: Path) -> None:
    done = start(site, "--once")

    assert (done.returncode, done.stdout) == (0, "")
    assert DEFAULTS in (site / "index.html").read_bytes()


def test_the_environments_settings_reach_the_page(site: Path) -> None:
    assert start(site, "--once", environment=GOOD).returncode == 0

    assert INLINE % (4000, 100, 500000) in (site / "index.html").read_bytes()


def test_names_that_are_no_settings_never_reach_the_page(site: Path) -> None:
    links = {
        "JOB_TIMEOUT_PORT": "tcp://10.1.2.3:80",
        "JOB_TIMEOUT_SERVICE_HOST": "10.1.2.3",
        "JOB_TIMEOUT_MS_PORT": "tcp://10.1.2.3:81",
        "JOB_SECRET": "hunter2",
        "CHARTGEN_PORT": "tcp://10.1.2.3:82",
    }

    done = start(site, "--once", environment=links)

    assert done.returncode == 0
    assert DEFAULTS in (site / "index.html").read_bytes()
    assert b"10.1.2.3" not in (site / "index.html").read_bytes()
    assert b"hunter2" not in (site / "index.html").read_bytes()


def test_a_mounted_config_map_is_read_and_the_environment_is_not(site: Path, tmp_path: Path) -> None:
    volume = tmp_path / "volume"
    (volume / "..2026_01_01").mkdir(parents=True)
    (volume / "..2026_01_01" / "JOB_POLL_INTERVAL_MS").write_text("3000")
    (volume / "..data").symlink_to("..2026_01_01")
    (volume / "JOB_POLL_INTERVAL_MS").symlink_to("..data/JOB_POLL_INTERVAL_MS")
    (volume / "JOB_TIMEOUT_PORT").write_text("tcp://10.1.2.3:80")

    done = start(site, "--once", "--settings", volume, environment={"JOB_MAX_POLL_ATTEMPTS": "121"})

    assert done.returncode == 0, done.stderr
    assert INLINE % (3000, 120, 600000) in (site / "index.html").read_bytes()


def test_a_volume_without_the_kubelets_links_is_read_too(site: Path, tmp_path: Path) -> None:
    (tmp_path / "volume").mkdir()
    (tmp_path / "volume" / "JOB_TIMEOUT_MS").write_text("700000")

    assert start(site, "--once", environment={"CHARTGEN_SETTINGS": str(tmp_path / "volume")}).returncode == 0

    assert INLINE % (5000, 120, 700000) in (site / "index.html").read_bytes()


def test_a_volume_that_is_not_there_is_no_empty_one(site: Path) -> None:
    done = start(site, "--once", "--settings", "/nowhere")

    assert (done.returncode, done.stderr) == (
        4,
        "chartgen: error: the settings in /nowhere cannot be read: No such file or directory\n",
    )


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_a_setting_that_is_no_file_ends_it_at_once(site: Path, tmp_path: Path, make: Callable[[Path], None]) -> None:
    (tmp_path / "volume").mkdir()
    make(tmp_path / "volume" / "JOB_TIMEOUT_MS")

    done = start(site, "--once", "--settings", tmp_path / "volume")

    why = f"the settings in {tmp_path}/volume cannot be read: JOB_TIMEOUT_MS is no regular file"
    assert (done.returncode, done.stderr) == (4, f"chartgen: error: {why}\n")


WRONG = {
    "an exponent": ("1e+06", "an integer, in plain digits: no blanks, no exponent"),
    "a blank": (" 5000", "an integer, in plain digits: no blanks, no exponent"),
    "a line break": ("5000\n", "an integer, in plain digits: no blanks, no exponent"),
    "nothing": ("", "an integer, in plain digits: no blanks, no exponent"),
    "a service link": ("tcp://10.0.0.1:80", "an integer, in plain digits: no blanks, no exponent"),
    "other digits": ("\uff15000", "an integer, in plain digits: no blanks, no exponent"),
    "too small": ("999", "at least 1000 ms"),
    "too large": ("60001", "at most 60000 ms"),
}


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_setting_ends_it_with_1_and_leaves_the_page(site: Path, text: str, expected: str) -> None:
    done = start(site, "--once", environment={"JOB_POLL_INTERVAL_MS": text})

    assert (done.returncode, done.stderr) == (
        1,
        f"chartgen: error: JOB_POLL_INTERVAL_MS (pollIntervalMs): expected {expected}\n",
    )
    assert (site / "index.html").read_bytes() == PAGE


def test_a_text_that_is_no_utf_8_is_wrong(site: Path) -> None:
    done = run(
        "--table",
        site.parent / "settings.py",
        "--html",
        site / "index.html",
        "--once",
        environment={"JOB_TIMEOUT_MS": b"\xff"},
    )

    assert (done.returncode, done.stderr) == (
        1,
        "chartgen: error: JOB_TIMEOUT_MS (timeoutMs): expected a text in UTF-8\n",
    )


def test_a_broken_rule_is_said_with_what_mends_it(site: Path) -> None:
    done = start(site, "--once", environment={"JOB_POLL_INTERVAL_MS": "10000"})

    assert (done.returncode, done.stderr) == (
        1,
        (
            "chartgen: error: timeoutMs is smaller than maxPollAttempts * pollIntervalMs: 600000 < 120 * 10000 = 1200000; "
            "raise timeoutMs to 1200000, or lower maxPollAttempts to 60, or lower pollIntervalMs to 5000\n"
        ),
    )


def test_every_fault_is_said_at_once(site: Path) -> None:
    done = start(site, "--once", environment={"JOB_POLL_INTERVAL_MS": "x", "JOB_TIMEOUT_MS": "1"})

    assert len(done.stderr.splitlines()) == 2


def test_with_on_invalid_defaults_it_says_so_and_goes_on(site: Path) -> None:
    done = start(site, "--once", "--on-invalid", "defaults", environment={**GOOD, "JOB_POLL_INTERVAL_MS": "x"})

    assert done.returncode == 0
    assert DEFAULTS in (site / "index.html").read_bytes()
    assert (
        "warning: defaults take the place of JOB_POLL_INTERVAL_MS, JOB_MAX_POLL_ATTEMPTS, JOB_TIMEOUT_MS\n"
        in done.stderr
    )


def test_defaults_take_the_place_of_what_rules_join_alone(site: Path) -> None:
    write_table(site.parent / "settings.py", Path(__file__).parents[3] / "examples/storefront/settings.schema.yaml")
    environment = {
        "SHOP_API_TIMEOUT_MS": "120000",
        "SHOP_API_RETRIES": "9",
        "SHOP_THEME": "light",
        "SHOP_API_URL": "nonsense",
    }

    done = start(site, "--once", "--on-invalid=defaults", environment=environment)

    page = (site / "index.html").read_bytes()
    assert done.returncode == 0
    assert b'window.__SHOP_API_TIMEOUT_MS__=8000;window.__SHOP_API_RETRIES__=2;window.__SHOP_THEME__="light";' in page
    assert b'window.__SHOP_API_URL__="https://shop.example.com/api";' in page


def test_no_value_is_in_the_log_and_no_text_of_a_rule(site: Path) -> None:
    write_table(site.parent / "settings.py", Path(__file__).parents[3] / "examples/storefront/settings.schema.yaml")
    text = "hunter2\u2028\n"
    environment = {"SHOP_API_URL": text, "SHOP_THEME": text, "SHOP_BANNER": "true", "SHOP_BANNER_TEXT": text}

    for options in (["--on-invalid=defaults"], ["--on-invalid=fail"], ["--log=json"]):
        assert "hunter2" not in start(site, "--once", *options, environment=environment).stderr


def test_log_lines_are_json_if_asked(site: Path) -> None:
    done = start(site, "--once", "--log", "json", environment={"JOB_POLL_INTERVAL_MS": "10000"})

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["level"], line["logger"]) for line in lines] == [("error", "chartgen")]
    assert lines[0]["message"].startswith("timeoutMs is smaller than")


@pytest.mark.parametrize("options", [["--log", "json", "--nonsense"], ["--log=json", "--mode=x"]])
def test_a_wrong_option_is_said_in_json_if_asked(site: Path, options: list[str]) -> None:
    done = start(site, *options)

    assert done.returncode == 2
    assert json.loads(done.stderr)["level"] == "error"


def test_another_option_that_is_json_says_nothing_of_the_log(site: Path) -> None:
    done = start(site, "--mode", "json", "--nonsense")

    assert done.stderr == "chartgen: error: there is no option --nonsense; --help lists them\n"


USAGE = {
    "no page": ([], "say which pages get the settings: --html GLOB"),
    "no command": (["--html", "x"], "say which command to become, or --once"),
    "both": (["--html", "x", "--once", "--", "nginx"], "--once runs no command"),
    "an unknown option": (["--htlm=secret"], "there is no option --htlm; --help lists them"),
    "a short option": (["-x"], "there is no option -x; --help lists them"),
    "no value": (["--html"], "--html needs a value"),
    "a mode that is none": (
        ["--mode", "x", "--html", "x", "--once"],
        "--mode (CHARTGEN_MODE) is none of inline, file, json",
    ),
    "a source alone": (["--source", "x", "--once"], "--source and --output are given together, or neither"),
    "one in the other": (
        ["--source", "/x", "--output", "/x/y", "--once"],
        "--source and --output lie one in the other",
    ),
    "the same": (["--source", "/x", "--output", "/x", "--once"], "--source and --output lie one in the other"),
    "a page elsewhere": (["--source=/x", "--output=/y", "--html=/z", "--once"], "with --source, --html is below it"),
    "a page above": (["--source=/x", "--output=/y", "--html=../z", "--once"], "with --source, --html is below it"),
    "another host": (
        ["--html=x", "--once", "--public-path=//x"],
        "--public-path begins with one /, and is in ASCII, percent-encoded",
    ),
    "a quote": (
        ["--html=x", "--once", '--public-path=/"'],
        "--public-path begins with one /, and is in ASCII, percent-encoded",
    ),
}


@pytest.mark.parametrize(("arguments", "expected"), USAGE.values(), ids=USAGE.keys())
def test_a_wrong_command_line_ends_it_with_2(arguments: list[str], expected: str) -> None:
    done = run(*arguments)

    assert (done.returncode, done.stderr) == (2, f"chartgen: error: {expected}\n")


@pytest.mark.parametrize("text", ["1/0", "def", "x = 1", "\0", "raise SystemExit", "(" * 300])
def test_a_table_that_is_none_ends_it_with_2(site: Path, text: str) -> None:
    (site.parent / "settings.py").write_text(text)

    done = start(site, "--once")

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_help_goes_to_standard_output() -> None:
    done = run("--help")

    assert (done.returncode, done.stderr) == (0, "")
    assert "--on-invalid" in done.stdout


def test_help_and_the_reference_name_every_option_and_variable() -> None:
    reference = (Path(__file__).parents[3] / "docs/reference/entrypoint.md").read_text(encoding="utf-8")
    said = run("--help").stdout
    for name in EP._OPTIONS:
        variable = "CHARTGEN_" + name.upper().replace("-", "_")
        assert (f"--{name}" in reference, variable in reference) == (True, True)
        assert (f"--{name}" in said, variable in said) == (True, True)


def test_a_fault_of_its_own_ends_it_with_3_and_tells_no_value(site: Path) -> None:
    table = site.parent / "settings.py"
    table.write_text(table.read_text().replace('return v["timeoutMs"] >=', 'raise ValueError(v["timeoutMs"]) or'))

    done = start(site, "--once", environment={"JOB_TIMEOUT_MS": "777777"})

    assert done.returncode == 3
    assert "777777" not in done.stderr
    assert "a fault of chartgen's own: ValueError at line " in done.stderr


def test_the_command_takes_over_with_its_arguments_and_environment(site: Path) -> None:
    code = "import os, sys; print(os.getppid(), sys.argv[1:], os.environ['A'])"

    done = start(site, "--", sys.executable, "-c", code, "--once", "*", environment={"A": "b"})

    assert done.returncode == 0
    assert done.stdout == f"{os.getpid()} ['--once', '*'] b\n"  # no process stands between


def test_the_command_is_looked_for_on_the_path(site: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "server").symlink_to("/bin/true")

    assert start(site, "server", environment={"PATH": str(tmp_path / "bin")}).returncode == 0


def test_no_signal_is_left_ignored_or_blocked_for_the_command(site: Path) -> None:
    command = ("/bin/grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status")
    by_itself = subprocess.run(command, stdout=subprocess.PIPE, encoding="ascii", check=True)

    # Whoever runs these tests may ignore some: those are given, and stay so.
    assert start(site, "--", *command).stdout == by_itself.stdout


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)], ids=str)
def test_closed_streams_do_no_harm_and_stay_closed_for_the_command(site: Path, closed: tuple[int, ...]) -> None:
    def close() -> None:
        for descriptor in closed:
            os.close(descriptor)

    listing = site.parent / "listing"
    code = f"import os; open({str(listing)!r}, 'w').write(str([n for n in (0, 1, 2) if not os.path.exists(f'/proc/self/fd/{{n}}')]))"
    run_it = [
        sys.executable,
        "-I",
        str(SCRIPT),
        "--table",
        str(site.parent / "settings.py"),
        "--html",
        str(site / "index.html"),
    ]

    done = subprocess.run([*run_it, "--", sys.executable, "-c", code], env={}, preexec_fn=close, check=False)

    assert done.returncode == 0
    page = (site / "index.html").read_bytes()
    assert page == b"".join(EP.with_element(PAGE, EP.element_of("inline", DEFAULTS, b"", "/")))
    # The list itself is opened with the lowest number that is free.
    assert set(listing.read_text().strip("[]").split(", ")) >= {str(number) for number in closed[1:]}


@pytest.mark.parametrize("arguments", [["--help"], ["--nonsense"]])
def test_nobody_who_listens_is_no_fault(arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.executable, "-I", str(SCRIPT), *arguments], stdout=writer, stderr=writer, check=False)
    os.close(writer)

    assert done.returncode == (0 if arguments == ["--help"] else 2)


def test_a_command_that_is_not_there_ends_it_with_127_and_one_that_cannot_run_with_126(
    site: Path, tmp_path: Path
) -> None:
    plain = tmp_path / "plain"
    plain.write_text("")
    plain.chmod(0o755)
    folder = tmp_path

    assert start(site, "--", "no-such-program", environment={"PATH": "/bin"}).returncode == 127
    assert start(site, "--", str(plain)).returncode == 126
    assert start(site, "--", str(folder)).returncode == 126
    assert start(site, "--", "").returncode == 127
    assert start(site, "--", "no-such-program", environment={"PATH": str(plain)}).returncode == 127
    assert start(site, "--", f"{plain}/x").returncode == 126


@pytest.mark.parametrize(
    "given", [{"A": "b"}, {"A": "b", "LC_CTYPE": "C"}, {"LC_CTYPE": "C.UTF-8"}, {"LC_ALL": "C"}, {}]
)
def test_the_command_gets_the_environment_as_it_was_given(site: Path, given: dict[str, str]) -> None:
    done = start(site, "--", "/usr/bin/env", environment=given)

    assert dict(line.split("=", 1) for line in done.stdout.splitlines()) == given


def test_a_page_that_cannot_be_used_ends_it_with_4_before_any_is_written(site: Path) -> None:
    (site / "z.html").write_bytes(b"<meta charset=gbk>")

    done = run("--table", site.parent / "settings.py", "--html", site / "*.html", "--once")

    assert done.returncode == 4
    assert f"{site}/z.html cannot be used: it is in gbk; expected UTF-8 or windows-1252" in done.stderr
    assert (site / "index.html").read_bytes() == PAGE


def test_pages_are_named_in_the_variable_with_colons(site: Path) -> None:
    (site / "[slug].html").write_bytes(PAGE)
    variable = f"{site / 'index.html'}:{site / '[slug].html'}"

    done = run("--once", environment={"CHARTGEN_HTML": variable, "CHARTGEN_TABLE": str(site.parent / "settings.py")})

    assert done.returncode == 0
    assert DEFAULTS in (site / "[slug].html").read_bytes()


@pytest.mark.parametrize("pattern", ["nothing.html", "*.htm", "**/x.html", ""])
def test_a_pattern_that_finds_no_page_ends_it_with_4(site: Path, pattern: str) -> None:
    done = run("--table", site.parent / "settings.py", f"--html={site}/{pattern}", "--once")

    assert done.returncode == 4
    assert "there is no page" in done.stderr


def test_the_hash_of_the_script_is_written_for_a_policy(site: Path) -> None:
    done = start(site, "--once", "--csp-file", site.parent / "csp.conf")

    source = f"'sha256-{b64encode(sha256(DEFAULTS).digest()).decode()}'"
    written = (site.parent / "csp.conf").read_text()
    assert written == f'# Written by chartgen at every start.\nset $chartgen_script_hash "{source}";\n'
    assert source in done.stderr


@pytest.mark.parametrize("mode", ["file", "json"])
def test_a_policy_needs_no_hash_in_other_modes(site: Path, mode: str) -> None:
    start(site, "--once", "--csp-file", site.parent / "csp.conf", "--mode", mode)

    assert 'set $chartgen_script_hash "";' in (site.parent / "csp.conf").read_text()


def test_in_mode_file_the_script_lies_beside_the_page_and_its_name_changes_with_it(site: Path) -> None:
    start(site, "--once", "--mode=file", "--public-path=/app/")
    first = (site / "index.html").read_bytes()
    start(site, "--once", "--mode=file", "--public-path=/app/", environment=GOOD)

    assert (site / "chartgen-settings.js").read_bytes() == INLINE % (4000, 100, 500000)
    assert b' src="/app/chartgen-settings.js?v=' in first
    assert first != (site / "index.html").read_bytes()
    assert start(site, "--once").returncode == 0
    assert not (site / "chartgen-settings.js").exists()


def test_the_page_keeps_its_mode_and_gets_a_time_from_its_content(site: Path) -> None:
    (site / "index.html").chmod(0o640)
    start(site, "--once")
    first = os.stat(site / "index.html")
    start(site, "--once", environment=GOOD)
    second = os.stat(site / "index.html")
    start(site, "--once")
    third = os.stat(site / "index.html")

    assert stat.S_IMODE(first.st_mode) == 0o640
    assert first.st_mtime_ns == third.st_mtime_ns != second.st_mtime_ns
    assert first.st_mtime_ns % 10**9 == 0
