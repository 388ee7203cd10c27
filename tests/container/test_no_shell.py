"""A root that holds Python, nginx and the files, and no shell: who is executed, and what a signal to PID 1 does."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.container.conftest import get
from tests.entrypoint import GOOD, PAGE, SCRIPT, hold, missing, run, write_table
from tests.tools.system import where

pytestmark = pytest.mark.nginx

PYTHON = os.path.realpath(sys.executable)
NGINX = """\
daemon off;
pid /run/nginx.pid;
error_log stderr;
user root;
events {}
http {
  access_log off;
  client_body_temp_path /run/body; proxy_temp_path /run/proxy; fastcgi_temp_path /run/fastcgi;
  uwsgi_temp_path /run/uwsgi; scgi_temp_path /run/scgi;
  server { listen unix:/run/nginx.sock; root /out; include /run/csp.conf; }
}
"""
SERVE = ["--", "/usr/sbin/nginx", "-c", "/app/nginx.conf", "-p", "/run"]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """What the image holds, in `app/`; the folders that are written are beside it."""
    for name in ("app/site", "out", "run"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "app" / "site" / "index.html").write_bytes(PAGE)
    (tmp_path / "app" / "nginx.conf").write_text(NGINX)
    (tmp_path / "app" / "entrypoint.py").write_bytes(SCRIPT.read_bytes())
    write_table(tmp_path / "app" / "settings.py")
    return tmp_path


def container(app: Path, *command: str, traced: Path | None = None) -> list[str]:
    """The command line of bubblewrap: read-only but for /out and /run, its own PIDs, the command as PID 1."""
    programs = {name: where(name) for name in ("bwrap", "nginx", "strace")}
    for name, path in programs.items():
        if path is None:
            missing(name)
    trace = [str(programs["strace"]), "-f", "-qq", "-e", "trace=execve,execveat", "-o", str(traced)] if traced else []
    binds = ["--ro-bind", "/usr/lib", "/usr/lib", "--symlink", "usr/lib", "/lib", "--ro-bind", "/etc/passwd", "/etc/passwd",
             "--ro-bind", "/etc/group", "/etc/group", "--ro-bind", str(programs["nginx"]), "/usr/sbin/nginx",
             "--ro-bind", PYTHON, PYTHON]  # fmt: skip
    for folder in [*{sys.base_prefix + "/lib", "/lib64"}]:
        if Path(folder).is_dir() and not folder.startswith("/usr"):
            binds += ["--ro-bind", folder, folder]
    for name, kind in (("app", "--ro-bind"), ("out", "--bind"), ("run", "--bind")):
        binds += [kind, str(app / name), f"/{name}"]
    isolation = ["--dev", "/dev", "--proc", "/proc", "--unshare-pid", "--as-pid-1", "--die-with-parent", "--clearenv"]
    environment = [word for name, text in GOOD.items() for word in ("--setenv", name, text)]
    return [*trace, str(programs["bwrap"]), *binds, *isolation, *environment, PYTHON, "-I", *command]


ENTRYPOINT = ["/app/entrypoint.py", "--source", "/app/site", "--output", "/out", "--csp-file", "/run/csp.conf"]


def first_process(outer: subprocess.Popen[bytes]) -> int:
    """The PID, as it is here, of the one that is PID 1 in there."""
    for status in Path("/proc").glob("[0-9]*/status"):
        pid = int(status.parent.name)
        if field(pid, "NSpid").endswith("\t1") and outer.pid in ancestors(pid):
            return pid
    pytest.fail("there is no PID 1")


def field(pid: int, name: str) -> str:
    """A line of what Linux says of a process, empty if it is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip(" ") for line in text.splitlines() if line.startswith(f"{name}:")), "")


def ancestors(pid: int) -> Iterator[int]:
    while pid := int(field(pid, "PPid") or 0):
        yield pid


def wait_for(is_so: Callable[[], bool]) -> None:
    for _ in range(5000):
        if is_so():
            return
        time.sleep(0.002)
    pytest.fail("it never came to that")


@pytest.fixture
def started(app: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a container; it is gone when the test is."""
    running = []

    def start(*command: str, traced: Path | None = None) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(container(app, *command, traced=traced), stderr=subprocess.DEVNULL)
        running.append(child)
        return child

    yield start
    for child in running:
        child.kill()
        child.wait()


def served(app: Path) -> bool:
    return (app / "run" / "nginx.sock").exists() and (app / "run" / "nginx.pid").exists()


def answers(app: Path) -> bool:
    """Whether it serves, and so hears signals: nginx writes its pid before that, and one in between would be lost."""
    try:
        return served(app) and get(app / "run", "/").status == 200
    except OSError:
        return False


def test_there_is_no_shell_in_it(app: Path) -> None:
    names = ("sh", "bash", "dash", "ash", "busybox", "zsh", "env")
    code = f"""
import os
folders = ("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin")
print([name for folder in folders for name in {names} if os.path.exists(folder + "/" + name)], os.getpid())
"""

    done = subprocess.run(container(app, "-c", code), capture_output=True, text=True, check=True)

    assert done.stdout == "[] 1\n"


def test_nothing_but_python_and_nginx_is_executed(
    app: Path, started: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    outer = started(*ENTRYPOINT, *SERVE, traced=tmp_path / "trace")
    wait_for(partial(answers, app))
    pid = first_process(outer)
    assert b"nginx" in Path(f"/proc/{pid}/cmdline").read_bytes()
    os.kill(pid, signal.SIGTERM)
    outer.wait(10)

    executed = re.findall(r'execve(?:at)?\((?:[^"]*)"([^"]+)"', (tmp_path / "trace").read_text())
    assert [Path(path).name for path in executed] == ["bwrap", Path(PYTHON).name, "nginx"]


def test_a_page_that_is_finished_needs_no_place_to_write(app: Path) -> None:
    page = app / "app" / "site" / "index.html"
    done = run("--once", "--html", page, "--table", app / "app" / "settings.py", environment=GOOD)
    assert done.returncode == 0, done.stderr
    command = container(app, "/app/entrypoint.py", "--once", "--html", "/app/site/*.html")

    again = subprocess.run(command, capture_output=True, text=True, check=False)

    assert again.returncode == 0, again.stderr
    assert "/app/site/index.html has the settings already" in again.stderr


def test_sigterm_ends_it_with_143_once_the_first_lines_are_run(
    app: Path, started: Callable[..., subprocess.Popen[bytes]]
) -> None:
    script = app / "app" / "entrypoint.py"
    text = script.read_text()
    head = "            signal.signal(_number, _stop)\n"
    assert text.count(head) == 1
    assert text.index(head) < 4000 < len(text)
    script.write_text(text.replace(head, head + 'open("/out/ready", "w").close(); __import__("time").sleep(30)\n'))

    end(app, started(*ENTRYPOINT, *SERVE), (app / "out" / "ready").exists)


def test_sigterm_ends_it_with_143_during_import(app: Path, started: Callable[..., subprocess.Popen[bytes]]) -> None:
    table = app / "app" / "settings.py"
    table.write_text('open("/out/ready", "w").close(); __import__("time").sleep(30)\n' + table.read_text())

    end(app, started(*ENTRYPOINT, *SERVE), (app / "out" / "ready").exists)


def test_sigterm_ends_it_with_143_while_a_page_is_written(
    app: Path, started: Callable[..., subprocess.Popen[bytes]]
) -> None:
    (app / "app" / "site" / "index.html.gz").write_bytes(b"old")
    hold(app / "app" / "settings.py", "/out", files=2)
    (app / "out" / "hold").touch()

    end(app, started(*ENTRYPOINT, *SERVE), lambda: any((app / "out").glob(".index.html.gz.*.chartgen")))

    assert [path.name for path in (app / "out").glob(".*")] == []


def end(app: Path, outer: subprocess.Popen[bytes], is_there: Callable[[], bool]) -> None:
    """Send SIGTERM to PID 1 once it is there, and see how it ends."""
    wait_for(is_there)
    os.kill(first_process(outer), signal.SIGTERM)

    assert outer.wait(10) == 128 + signal.SIGTERM
    assert not served(app)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT])
def test_while_it_serves_a_signal_ends_it_with_the_servers_own_code(
    app: Path, started: Callable[..., subprocess.Popen[bytes]], number: signal.Signals
) -> None:
    outer = started(*ENTRYPOINT, *SERVE)
    wait_for(partial(answers, app))
    os.kill(first_process(outer), number)

    assert outer.wait(10) == 0


FULL = """
import os, sys
page = b"<head></head>" + b"x" * 600_000
with open("/full/index.html", "wb") as file:
    file.write(page)
ended = os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-I", "/app/entrypoint.py", "--once", "--html", "/full/index.html"])
print(ended, os.listdir("/full"), open("/full/index.html", "rb").read() == page)
"""


def test_a_full_disk_leaves_the_old_page_and_no_part(app: Path) -> None:
    command = container(app, "-c", FULL)
    disk = ["--size", "1000000", "--tmpfs", "/full"]

    done = subprocess.run([command[0], *disk, *command[1:]], capture_output=True, text=True, check=True)

    assert done.stdout == "4 ['index.html'] True\n"
    assert done.stderr == "chartgen: error: /full/index.html: No space left on device\n"
