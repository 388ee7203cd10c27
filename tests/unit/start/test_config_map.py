"""The settings that an existing ConfigMap holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from chartgen.finding import InvalidStop, UsageStop
from chartgen.settings.expression import Type
from chartgen.start.config_map import ConfigMapDraft, read_config_map
from chartgen.start.draft import Draft

REFERENCE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: ideaforge-ai-config
  namespace: 20890-ideaforge-ai-dev-58a50
data:
  JOB_POLL_INTERVAL_MS: "5000"      # 5 seconds
  JOB_MAX_POLL_ATTEMPTS: "120"      # 120 attempts
  JOB_TIMEOUT_MS: "600000"          # 10 minutes
"""


def read(folder: Path, text: str) -> ConfigMapDraft:
    """What a text gives."""
    path = folder / "configmap.yaml"
    path.write_text(text, encoding="utf-8")
    return read_config_map(str(path))


def data(folder: Path, lines: str) -> ConfigMapDraft:
    """What these entries of a ConfigMap's data give."""
    return read(folder, f"kind: ConfigMap\ndata:\n{lines}")


def test_the_reference_config_map_is_read_whole(tmp_path: Path) -> None:
    found = read(tmp_path, REFERENCE)

    assert (found.name, found.namespace) == ("ideaforge-ai-config", "20890-ideaforge-ai-dev-58a50")
    assert found.left_out == ()
    assert found.settings == (
        Draft("jobPollIntervalMs", "JOB_POLL_INTERVAL_MS", Type.INTEGER, 5000, "ms", "5 seconds"),
        Draft("jobMaxPollAttempts", "JOB_MAX_POLL_ATTEMPTS", Type.INTEGER, 120, "count", "120 attempts"),
        Draft("jobTimeoutMs", "JOB_TIMEOUT_MS", Type.INTEGER, 600000, "ms", "10 minutes"),
    )


def test_comments_above_a_key_describe_it_where_none_stands_behind(tmp_path: Path) -> None:
    found = data(tmp_path, '  A: "1" # behind\n  # above,\n  # on two lines\n  B: "2"\n\n  C: "#3"\n')

    assert [draft.description for draft in found.settings] == ["behind", "above, on two lines", ""]


def test_types_are_those_that_the_texts_look_like(tmp_path: Path) -> None:
    found = data(tmp_path, '  A: "1"\n  B: "1.5"\n  C: "true"\n  D: word\n  E: 1_000\n  F: "1e+06"\n  G: ""\n')

    assert [(draft.type.value, draft.default) for draft in found.settings] == [
        ("integer", 1),
        ("number", 1.5),
        ("boolean", True),
        ("string", "word"),
        ("string", "1_000"),
        ("string", "1e+06"),
        ("string", ""),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('  DB_PASSWORD: "x"\n', "secret"),
        ('  API_TOKEN: "x"\n', "secret"),
        ('  nginx.conf: "x"\n', "no environment name"),
        ('  lower: "x"\n', "no environment name"),
        ("  SCRIPT: |\n    a\n    b\n", "several lines"),
        ("  MAP: {a: b}\n", "no text"),
    ],
)
def test_a_key_that_can_be_no_setting_is_left_out_with_its_place_and_reason(
    tmp_path: Path, line: str, reason: str
) -> None:
    found = data(tmp_path, f'  A: "1"\n{line}')

    assert [draft.env for draft in found.settings] == ["A"]
    (left_out,) = found.left_out
    assert left_out.place == f"{tmp_path / 'configmap.yaml'}:4:3"
    assert reason in left_out.reason


def test_names_that_would_collide_get_a_number(tmp_path: Path) -> None:
    found = data(tmp_path, '  A_B: "1"\n  A__B: "2"\n  AB: "3"\n')

    assert [draft.name for draft in found.settings] == ["aB", "aB2", "ab"]


def test_other_objects_of_the_file_are_passed_over_and_places_stay_the_files(tmp_path: Path) -> None:
    found = read(
        tmp_path, "kind: Service\nmetadata: {name: é}\n---\n# a comment\n---\nkind: ConfigMap\ndata:\n  a: b\n"
    )

    assert found.left_out[0].place == f"{tmp_path / 'configmap.yaml'}:8:3"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no ConfigMap"),
        ("kind: Secret\ndata: {A: b}\n", "holds no ConfigMap"),
        ("kind: ConfigMap\n---\nkind: ConfigMap\n", "holds 2 ConfigMaps"),
    ],
)
def test_a_file_without_exactly_one_config_map_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageStop, match=message):
        read(tmp_path, text)


@pytest.mark.parametrize("text", ["a: [\n", "kind: ConfigMap\ndata: {A: .inf}\n", "--- a: 1\n"])
def test_a_file_that_is_not_yaml_is_told_with_its_findings(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidStop) as caught:
        read(tmp_path, text)

    assert caught.value.findings != ()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidStop) as caught:
        read_config_map(str(tmp_path / "none"))

    assert [finding.code for finding in caught.value.findings] == ["CG101"]


def test_a_list_with_one_config_map_is_read_as_kubectl_prints_it(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: List\nitems:\n- kind: Service\n- kind: ConfigMap\n  data: {THEME: dark}\n"

    assert [draft.env for draft in read(tmp_path, text).settings] == ["THEME"]


def test_binary_data_is_left_out_with_its_reason(tmp_path: Path) -> None:
    found = data(tmp_path, "  THEME: dark\nbinaryData:\n  LOGO: aGVsbG8=\n")

    assert [(out.key, out.reason) for out in found.left_out] == [("LOGO", "it holds bytes, and a setting is a text")]
