"""The files of a new project: proven before they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartgen.chart.files import render_chart
from chartgen.finding import UsageStop, is_error
from chartgen.project import parse_project
from chartgen.settings.expression import Type
from chartgen.settings.schema import read_settings
from chartgen.source import Source
from chartgen.start.draft import Draft
from chartgen.start.files import Start, first_files
from chartgen.validate import Judge

DRAFT = Draft("pollMs", "POLL_MS", Type.INTEGER, 5000, "ms")


def test_the_files_say_what_was_asked_for() -> None:
    start = Start("shop", "localhost:5000/a/shop:1.0", (DRAFT,), config_map="shop-config", namespace="n")
    files = first_files(start)
    project = parse_project(Source("chartgen.yaml", files["chartgen.yaml"]))

    assert sorted(files) == [
        "chartgen.yaml",
        "schemas/project.schema.json",
        "schemas/settings-schema.json",
        "schemas/shop.schema.json",
    ]
    assert (project.settings, project.chart.name) == ("schemas/shop.schema.json", "shop")
    assert (project.image.repository, project.image.tag) == ("localhost:5000/a/shop", "1.0")
    assert project.names.config_map == "shop-config"
    assert project.environments["default"].namespace == "n"


@pytest.mark.parametrize(
    ("image", "repository", "tag", "digest"),
    [
        ("shop", "shop", "", ""),
        ("shop:1", "shop", "1", ""),
        ("localhost:5000/shop", "localhost:5000/shop", "", ""),
        ("r.example.com/a/b:v1.2-x", "r.example.com/a/b", "v1.2-x", ""),
        ("shop@sha256:" + "a" * 64, "shop", "", "sha256:" + "a" * 64),
        ("shop:1@sha256:" + "a" * 64, "shop", "1", "sha256:" + "a" * 64),
    ],
)
def test_an_image_is_taken_apart(image: str, repository: str, tag: str, digest: str) -> None:
    files = first_files(Start("shop", image, (DRAFT,)))
    found = parse_project(Source("chartgen.yaml", files["chartgen.yaml"])).image

    assert (found.repository, found.tag, found.digest) == (repository, tag, digest)


@pytest.mark.parametrize("name", ["yes", "null", "y", "on", "e1"])
def test_a_name_that_yaml_could_misread_stays_a_text(name: str) -> None:
    files = first_files(Start(name, "shop", (DRAFT,)))

    assert parse_project(Source("chartgen.yaml", files["chartgen.yaml"])).chart.name == name


@pytest.mark.parametrize(
    ("start", "message"),
    [
        (Start("Shop", "shop", (DRAFT,)), "chart.name"),
        (Start("../shop", "shop", (DRAFT,)), "chart.name"),
        (Start("shop", "Shop", (DRAFT,)), "image.repository"),
        (Start("shop", "shop:a b", (DRAFT,)), "image.tag"),
        (Start("shop", "@", (DRAFT,)), "not an image"),
        (Start("shop", "shop", (Draft("Bad", "BAD", Type.INTEGER, 1),)), '"Bad"'),
        (Start("shop", "shop", (Draft("apiToken", "API_TOKEN", Type.STRING, "x"),)), "secret"),
        (Start("shop", "shop", ()), "empty"),
    ],
)
def test_what_chartgen_could_not_use_is_refused_in_its_own_words(start: Start, message: str) -> None:
    with pytest.raises(UsageStop) as caught:
        first_files(start)

    assert message in caught.value.message


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[a-z]{2,8}X", fullmatch=True),
            st.one_of(
                st.integers(-(2**53) + 1, 2**53 - 1).map(lambda value: (Type.INTEGER, value)),
                st.booleans().map(lambda value: (Type.BOOLEAN, value)),
                st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])).map(
                    lambda value: (Type.STRING, value)
                ),
            ),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda item: item[0],
    )
)
def test_whatever_it_starts_from_it_renders_and_its_values_are_fine(
    settings: list[tuple[str, tuple[Type, int | bool | str]]],
) -> None:
    drafts = tuple(Draft(name, name.upper(), kind, value) for name, (kind, value) in settings)
    files = first_files(Start("shop", "shop:1", drafts))
    project = parse_project(Source("chartgen.yaml", files["chartgen.yaml"]))
    read, findings = read_settings(Source("s.json", files["schemas/shop.schema.json"]))

    assert findings == []
    assert read is not None
    assert read.defaults == {(draft.name,): draft.default for draft in drafts}
    assert "values.yaml" in render_chart(read, project)
    assert [finding for finding in Judge(read).findings([]) if is_error(finding)] == []
