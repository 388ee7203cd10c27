"""The installed command: help, version, completion, and every way out."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chartgen import __version__
from chartgen.cli import COMMANDS, root
from tests.command import chartgen

BROKEN_FILES = {
    "empty": b"",
    "binary": bytes(range(256)),
    "not UTF-8": b"settings: \xff\n",
    "not YAML": b"settings: [\n",
    "a list": b"- a\n",
    "a word": b"settings\n",
    "deep": b"[" * 5000,
    "an alias bomb": b"a: &a [x,x,x,x,x,x,x,x,x]\n"
    + b"".join(
        b"%c: &%c [%s]\n" % (key, key, b",".join([b"*%c" % (key - 1)] * 9)) for key in range(ord("b"), ord("j"))
    ),
    "a lone surrogate": b'{"settings": "\\ud800"}',
    "numbers without end": b"port: " + b"9" * 5000 + b"\n",
    "a tag": b"!!python/object/apply:os.system [echo]\n",
}


def test_the_version_is_told(tmp_path: Path) -> None:
    done = chartgen("--version", cwd=tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, f"chartgen {__version__}\n", "")


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_lists_every_command_with_its_line_and_examples_and_exits(tmp_path: Path, flag: str) -> None:
    done = chartgen(flag, cwd=tmp_path)

    assert done.returncode == 0
    for name, line in COMMANDS.items():
        assert name in done.stdout
        assert line in done.stdout
    assert "Examples:" in done.stdout
    assert "Exit status:" in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_with_examples_and_the_line_of_the_table(tmp_path: Path, name: str) -> None:
    done = chartgen(name, "--help", cwd=tmp_path)
    command = root.get_command(root.make_context("chartgen", ["x"], resilient_parsing=True), name)

    assert done.returncode == 0
    assert f"Usage: chartgen {name}" in done.stdout
    assert "Examples:" in done.stdout
    assert f"chartgen {name}" in done.stdout.partition("Examples:")[2]
    assert command is not None
    assert command.short_help == COMMANDS[name]


def test_no_command_at_all_shows_the_help_as_a_usage_error(tmp_path: Path) -> None:
    done = chartgen(cwd=tmp_path)

    assert done.returncode == 2
    assert "Commands:" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rendr"], "No such command 'rendr'. Did you mean 'render'?"),
        (["VALIDATE"], "Did you mean 'validate'?"),
        (["xyzzy"], "No such command 'xyzzy'."),
        (["validate", "--strcit"], "--strict"),
        (["--vers"], "--version"),
        (["completion", "tcsh"], "'bash', 'zsh', 'fish'"),
        (["validate", "--chart", "a", "--settings", "b"], "--chart and --settings exclude each other"),
        (["render", "--output"], "--output"),
    ],
)
def test_a_mistake_on_the_command_line_is_a_usage_error_with_a_way_out(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    done = chartgen(*arguments, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize("command", ["render", "validate", "manifests"])
def test_without_a_project_the_next_step_is_told(tmp_path: Path, command: str) -> None:
    done = chartgen(command, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: there is no chartgen.yaml")
    assert "= help: " in done.stderr


@pytest.mark.parametrize("command", ["render", "validate", "manifests"])
@pytest.mark.parametrize("name", BROKEN_FILES)
def test_a_broken_project_file_is_told_with_its_place_and_exit_2(tmp_path: Path, command: str, name: str) -> None:
    (tmp_path / "chartgen.yaml").write_bytes(BROKEN_FILES[name])
    done = chartgen(command, cwd=tmp_path)
    findings = done.stdout if command == "validate" else done.stderr  # where findings are what was asked for

    assert done.returncode == 2
    assert "error[CG" in findings
    assert "--> chartgen.yaml:" in findings
    assert done.stderr.endswith("error: chartgen.yaml is not a project that chartgen can use\n")


@pytest.mark.parametrize("name", BROKEN_FILES)
def test_a_broken_settings_schema_is_told_with_its_place_and_exit_2(tmp_path: Path, name: str) -> None:
    (tmp_path / "settings.yaml").write_bytes(BROKEN_FILES[name])
    done = chartgen("validate", "--settings", "settings.yaml", cwd=tmp_path)

    assert done.returncode == 2
    assert "--> settings.yaml:" in done.stdout
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", [name for name in BROKEN_FILES if name != "empty"])
def test_a_broken_values_file_is_a_finding_with_its_place_and_exit_1(
    tmp_path: Path, repository: Path, name: str
) -> None:
    (tmp_path / "values.yaml").write_bytes(BROKEN_FILES[name])
    schema = str(repository / "schemas" / "async-job.schema.json")
    done = chartgen("validate", "--settings", schema, "values.yaml", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (1, "")
    assert "--> values.yaml:" in done.stdout


def test_an_empty_values_file_is_fine(tmp_path: Path, repository: Path) -> None:
    (tmp_path / "values.yaml").write_bytes(b"")
    done = chartgen(
        "validate", "--settings", str(repository / "schemas/async-job.schema.json"), "values.yaml", cwd=tmp_path
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "no findings in 1 file\n", "")


def test_a_place_that_cannot_be_written_is_exit_4_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    arguments = ["init", "--name", "shop", "--image", "shop:1", "--setting", "a=1", "file/sub"]
    done = chartgen(*arguments, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (4, "")
    assert "file" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bug_is_exit_3_with_the_traceback_in_a_file(tmp_path: Path) -> None:
    code = (
        "import sys, chartgen.commands.validate as v\n"
        "v.command.callback = lambda **_: 1 / 0\n"
        "from chartgen.__main__ import main\n"
        "sys.exit(main(['validate']))\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path), "CHARTGEN_TRACEBACK": ""}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    (log,) = tmp_path.glob("chartgen-*.log")

    assert (done.returncode, done.stdout) == (3, "")
    assert "Traceback" not in done.stderr
    assert "this is a bug in chartgen" in done.stderr
    assert str(log) in done.stderr
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Windows has other pipes")
def test_a_reader_that_leaves_is_met_in_silence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "chartgen", "--help"]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, cwd=tmp_path, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)

    assert (done.returncode, done.stderr) == (4, "")


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_an_interrupt_is_exit_130_without_a_traceback(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "values.yaml")
    (tmp_path / "s.json").write_text(
        '{"type": "object", "properties": {"a": {"type": "integer", "default": 1, "x-env": "A"}}}', encoding="utf-8"
    )
    command = [sys.executable, "-m", "chartgen", "validate", "--settings", "s.json", "values.yaml"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    waiting = _opened_for_writing(tmp_path / "values.yaml")
    process.send_signal(signal.SIGINT)
    os.close(waiting)  # a signal that comes just before the read does not break it; the file's end does
    said, complained = process.communicate(timeout=30)

    assert (process.returncode, said) == (130, "")
    assert "Traceback" not in complained


def _opened_for_writing(fifo: Path) -> int:
    """Opens once the command reads, so that the signal meets it at work."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def test_names_that_the_terminal_cannot_show_are_escaped(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "chartgen", "validate", "--settings", "smörgås-😀.json"]
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)

    assert done.returncode == 2
    assert r"smörgås-\U0001f600.json".encode("latin-1") in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(tmp_path: Path, shell: str) -> None:
    done = chartgen("completion", shell, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert "_CHARTGEN_COMPLETE" in done.stdout


def test_completion_knows_commands_and_options(tmp_path: Path) -> None:
    def completed(words: str, index: int) -> list[str]:
        asked = {"_CHARTGEN_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(index)}
        return chartgen(cwd=tmp_path, env=asked).stdout.split()

    assert completed("chartgen ", 1) == [f"plain,{name}" for name in COMMANDS]
    assert completed("chartgen va", 1) == ["plain,validate"]
    assert "plain,--strict" in completed("chartgen validate --s", 2)
    assert completed("chartgen completion ", 2) == ["plain,bash", "plain,zsh", "plain,fish"]


@pytest.mark.skipif(shutil.which("bash") is None and "CI" not in os.environ, reason="there is no bash here")
def test_bash_takes_the_script(tmp_path: Path) -> None:
    script = chartgen("completion", "bash", cwd=tmp_path).stdout
    (tmp_path / "script").write_text(script + "\ncomplete -p chartgen\n", encoding="utf-8")
    done = subprocess.run(["bash", str(tmp_path / "script")], capture_output=True, text=True, check=True)

    assert "_chartgen_completion" in done.stdout


def test_python_dash_m_is_the_same_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "chartgen", "--help"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout == chartgen("--help", cwd=tmp_path).stdout
