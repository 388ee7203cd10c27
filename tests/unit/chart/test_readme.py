from __future__ import annotations

from chartgen.chart.files import render_chart
from chartgen.chart.readme import code, rules_rows, settings_rows, text, values_rows
from chartgen.chart.values_file import properties
from chartgen.enforce.values_schema import values_schema
from chartgen.settings.schema import load_settings
from tests.charts import ASYNC_JOB, STOREFRONT, project

STORE = load_settings(str(STOREFRONT))


def test_a_setting_is_a_row_with_all_that_one_asks_of_it() -> None:
    (row,) = (each for each in settings_rows(STORE) if "api.timeoutMs" in each)

    assert row == (
        "| `settings.api.timeoutMs` | `8000` | integer, milliseconds, 500 to 120000, a multiple of 100 "
        "| `SHOP_API_TIMEOUT_MS` | How long the page waits for one answer. |"
    )


def test_a_rule_is_a_row_with_its_group_and_what_its_breach_does() -> None:
    (row,) = (each for each in rules_rows(STORE) if "retries" in each)

    assert row == (
        "| `settings.api` | `self.timeoutMs * (self.retries + 1) <= 300000` | refused "
        "| all tries together take more than five minutes |"
    )
    assert [each.split(" | ")[2] for each in rules_rows(load_settings(str(ASYNC_JOB)))] == ["refused", "a warning"]


def test_every_value_has_its_row() -> None:
    rows = values_rows(properties(values_schema(STORE)))

    keys = [row.split("`")[1] for row in rows]
    assert "image.tag" in keys
    assert "settings.api.retries" not in keys
    assert len(keys) == len(set(keys))


def test_no_cell_breaks_its_table() -> None:
    assert code("a | b\n`c`") == "`` a \\| b `c` ``"
    assert text("a | *b*\n<c> [d](e)") == "a \\| \\*b\\* \\<c\\> \\[d\\](e)"


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    lines = render_chart(STORE, project())["README.md"].splitlines()
    width = 0
    for line in lines:
        cells = line.replace("\\|", "").count("|") if line.startswith("|") else 0
        assert not width or not cells or cells == width, line
        width = cells


def test_commands_name_the_projects_own_objects() -> None:
    readme = render_chart(STORE, project())["README.md"]

    assert "kubectl rollout restart deployment/shop --namespace 20890-shop-dev\n" in readme
    assert "helm upgrade shop . --namespace 20890-shop-dev --values profiles/sale.yaml\n" in readme
