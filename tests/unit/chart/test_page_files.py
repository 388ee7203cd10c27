from __future__ import annotations

import pytest

from chartgen.project_model import Injection
from chartgen.project_values import project_values, site
from tests.charts import project


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (["/usr/share/nginx/html/*.html"], ("/usr/share/nginx/html", ("*.html",))),
        (["/srv/site/index.html"], ("/srv/site", ("index.html",))),
        (["/srv/site/**/*.html"], ("/srv/site", ("**/*.html",))),
        (["/srv/a/x.html", "/srv/b/y?.html"], ("/srv", ("a/x.html", "b/y?.html"))),
        (["/srv/./site//x/../*.html"], ("/srv/site", ("*.html",))),
        (["/srv/*/index.html", "/srv/site/help/a.html"], ("/srv", ("*/index.html", "site/help/a.html"))),
        (["/index.html"], ("/", ("index.html",))),
        (["/a/x.html", "/b/x.html"], ("/", ("a/x.html", "b/x.html"))),
    ],
)
def test_the_site_is_the_folder_of_all_pages(html: list[str], expected: tuple[str, tuple[str, ...]]) -> None:
    assert site(html) == expected


@pytest.mark.parametrize("mode", ["entrypoint", "initContainer", "sidecar"])
def test_the_projects_mode_is_the_charts(mode: str) -> None:
    values = {given.path: given.value for given in project_values(project(injection=Injection(mode, "python:3.13")))}

    assert values["injection", "mode"] == mode
