"""Redis by its address, as it is met outside of tests: with passwords, users of few rights, TLS, and many keys."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cluster import credentials
from tests.cluster.control_plane import ControlPlane
from tests.cluster.live import Shop, shop
from tests.redis_server import RedisServer

WORD = "s3cret"
FILL = "for i = 1, {count} do redis.call('SET', (i % 2 == 0 and 'job:' or 'page:') .. i, '') end"


@pytest.fixture
def app(control_plane: ControlPlane, namespace: str, tmp_path: Path) -> Shop:
    return shop(control_plane, namespace, tmp_path)


@dataclass(frozen=True)
class Guarded:
    """A Redis with a password, and with users who may not do all."""

    port: int

    def send(self, *words: str) -> None:
        done = subprocess.run(
            ["redis-cli", "-p", str(self.port), "-a", WORD, "--no-auth-warning", *words],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
        assert not done.stdout.startswith(("ERR", "(error)", "NO")), done.stdout

    def url(self, who: str) -> str:
        return f"redis://{who}@127.0.0.1:{self.port}"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with RedisServer(tmp_path_factory.mktemp("redis"), "--requirepass", WORD).running() as server:
        made = Guarded(server.port)
        made.send("SET", "job:1", "{}")
        made.send("ACL", "SETUSER", "blind", "on", f">{WORD}", "~*", "+@all", "-scan")
        made.send("ACL", "SETUSER", "keyless", "on", f">{WORD}", "~other:*", "+@all")
        made.send("ACL", "SETUSER", "reader", "on", f">{WORD}", "~job*", "+scan", "+zcard")
        yield made


def not_seen(app: Shop, url: str, *words: str) -> str:
    """What is said of a Redis that does not tell: in one line, nothing else lost, nobody's secret told."""
    done = app.run("status", "--redis-url", url, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert WORD not in done.stdout + done.stderr
    assert "INTERVAL_MS    5000" in done.stdout
    (said,) = [line for line in done.stdout.splitlines() if "redis" in line.lower()]
    return said.removeprefix("not seen").strip()


def test_with_its_password_jobs_are_counted(app: Shop, guarded: Guarded) -> None:
    for who in (f":{WORD}", f"reader:{WORD}"):
        done = app.run("status", "--redis-url", guarded.url(who))
        assert "jobs      1 in Redis (SCAN 0 MATCH job:* COUNT 1000)" in done.stdout, done.stdout


def test_without_its_password_the_way_to_give_it_is_told(app: Shop, guarded: Guarded) -> None:
    url = f"redis://127.0.0.1:{guarded.port}"

    assert not_seen(app, url) == (
        f"{url} wants a password: Authentication required.; give it in the address, "
        "redis://USER:PASSWORD@HOST, best in CHARTGEN_REDIS_URL"
    )


def test_a_password_that_is_wrong_is_told_as_that(app: Shop, guarded: Guarded) -> None:
    said = not_seen(app, guarded.url(":wrong"))

    assert said.startswith(f"redis://127.0.0.1:{guarded.port} refuses the password: ")
    assert "wrong@" not in said


def test_a_user_who_may_not_scan_is_told_the_command_and_that_an_index_needs_none(app: Shop, guarded: Guarded) -> None:
    said = not_seen(app, guarded.url(f"blind:{WORD}"))

    assert f"redis://127.0.0.1:{guarded.port} does not let user blind send SCAN" in said
    assert "the user needs ACL +scan, or name the sorted set of jobs: --job-index KEY" in said


def test_a_user_who_may_not_read_the_index_is_told_which(app: Shop, guarded: Guarded) -> None:
    said = not_seen(app, guarded.url(f"keyless:{WORD}"), "--job-index", "jobs:active")

    assert f"redis://127.0.0.1:{guarded.port} does not let user keyless send ZCARD jobs:active" in said


@dataclass(frozen=True)
class Encrypted:
    port: int
    folder: Path


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Encrypted]:
    folder = tmp_path_factory.mktemp("redis-tls")
    credentials.write(folder, "https://127.0.0.1:1")
    with RedisServer(folder, tls=folder).running() as server:
        yield Encrypted(server.port, folder)


def test_a_certificate_that_is_trusted_by_the_address_is_taken(app: Shop, encrypted: Encrypted) -> None:
    url = f"rediss://127.0.0.1:{encrypted.port}?ssl_ca_certs={encrypted.folder}/tls.crt"
    done = app.run("status", "--redis-url", url)

    assert "jobs      0 in Redis (SCAN 0 MATCH job:* COUNT 1000)" in done.stdout, done.stdout


def test_a_certificate_of_its_own_making_is_told_as_that_with_what_trusts_it(app: Shop, encrypted: Encrypted) -> None:
    url = f"rediss://127.0.0.1:{encrypted.port}"

    assert not_seen(app, url) == (
        f"{url} has a certificate that this machine does not trust: self-signed certificate; "
        "name the one that signed it: rediss://...?ssl_ca_certs=FILE"
    )


def test_tls_where_there_is_none_and_none_where_there_is_are_told(
    app: Shop, guarded: Guarded, encrypted: Encrypted
) -> None:
    said = not_seen(app, f"rediss://127.0.0.1:{guarded.port}", "--request-timeout", "5")
    assert said.startswith(f"rediss://127.0.0.1:{guarded.port} cannot be reached: "), said
    assert said.endswith("; if it does not speak TLS, write redis://"), said

    said = not_seen(app, f"redis://127.0.0.1:{encrypted.port}")
    assert said.endswith("; if it speaks TLS, write rediss://"), said


def test_of_very_many_keys_so_many_are_looked_at_as_it_says(app: Shop, guarded: Guarded) -> None:
    guarded.send("EVAL", FILL.format(count=130_000), "0")
    done = app.run("status", "--redis-url", guarded.url(f":{WORD}"))
    found = json.loads(app.run("status", "--format", "json", "--redis-url", guarded.url(f":{WORD}")).stdout)
    guarded.send("FLUSHALL")
    guarded.send("SET", "job:1", "{}")

    (line,) = [line for line in done.stdout.splitlines() if line.startswith("jobs ")]
    assert line.startswith("jobs      at least 2"), line
    bound = "SCAN 0 MATCH job:* COUNT 1000, 50 times: about 50000 keys were looked at, not all"
    assert f"in Redis ({bound})" in line
    assert found["jobs"]["complete"] is False
    assert 20_000 < found["jobs"]["count"] < 30_000
