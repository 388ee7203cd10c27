"""Names that say secret, and names that only sound so."""

from __future__ import annotations

import pytest

from chartgen.settings.secrets import names_a_secret


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "dbPassword",
        "apiToken",
        "API_KEY",
        "clientSecret",
        "signingKey",
        "passwordHash",
        "APIKey",
        "apiKeys",
        "token1",
        "API_TOKEN_2",
        "dbpassword",
        "DBPASSWORD",
        "jwt",
        "sshKey",
        "tokens",
    ],
)
def test_a_secret(name: str) -> None:
    assert names_a_secret(name)


@pytest.mark.parametrize(
    "name",
    ["maxTokens", "tokenLimit", "passwordMinLength", "keyboard", "cacheKey", "publicKey", "secretariat", "JOB_MS"],
)
def test_no_secret(name: str) -> None:
    assert not names_a_secret(name)
