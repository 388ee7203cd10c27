"""Names in their two spellings, and what a suffix tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartgen.start.spelling import camel_of, env_of, is_env, title_of, unit_of


@pytest.mark.parametrize(
    ("name", "env"),
    [
        ("pollIntervalMs", "POLL_INTERVAL_MS"),
        ("title", "TITLE"),
        ("maxURLLength", "MAX_URL_LENGTH"),
        ("retry2Count", "RETRY_2_COUNT"),
    ],
)
def test_a_camel_case_name_has_an_environment_name(name: str, env: str) -> None:
    assert env_of(name) == env
    assert is_env(env)


@pytest.mark.parametrize(
    ("env", "name"),
    [
        ("POLL_INTERVAL_MS", "pollIntervalMs"),
        ("TITLE", "title"),
        ("A__B_", "aB"),
        ("IN", "inValue"),
        ("V2_URL", "v2Url"),
    ],
)
def test_an_environment_name_has_a_camel_case_name_that_rules_can_read(env: str, name: str) -> None:
    assert camel_of(env) == name


@given(st.lists(st.from_regex(r"[A-Z]{2,6}", fullmatch=True), min_size=1, max_size=4).map("_".join))
def test_letters_go_there_and_back(env: str) -> None:
    back = env_of(camel_of(env))

    assert back in {env, f"{env}_VALUE"}


@pytest.mark.parametrize("key", ["", "lower", "1A", "A-B", "A.B", "A\n", "Ä"])
def test_a_key_that_is_no_environment_name_is_known(key: str) -> None:
    assert not is_env(key)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("POLL_INTERVAL_MS", "ms"),
        ("timeoutSeconds", "s"),
        ("ttlMin", "min"),
        ("sharePercent", "percent"),
        ("maxBytes", "bytes"),
        ("maxPollAttempts", "count"),
        ("title", ""),
        ("forms", ""),
        ("", ""),
    ],
)
def test_the_last_word_of_a_name_tells_the_unit(name: str, unit: str) -> None:
    assert unit_of(name) == unit


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("pollIntervalMs", "Poll interval"),
        ("maxPollAttempts", "Max poll attempts"),
        ("apiURL", "Api URL"),
        ("ms", "Ms"),
    ],
)
def test_a_title_is_the_name_in_words_without_its_unit(name: str, title: str) -> None:
    assert title_of(name) == title
