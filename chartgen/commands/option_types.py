"""What options take that click's own types let through, though nobody means it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from chartgen.finding import UsageStop

if TYPE_CHECKING:
    from click.core import Context, Parameter

HOUR, DAY = 3600, 86400
MOST_USERS = 10**9


class NumberRange(click.FloatRange):
    """A number in a range. `nan` is in none, and click finds it in each."""

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> Any:  # noqa: ANN401 - as click's
        """The number.

        Raises:
            click.BadParameter: it is none, or not in the range.
        """
        found = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return found


def some_name(ctx: Context, param: Parameter, value: str) -> str:
    """The callback of an option that names something: the empty text of `-n "$UNSET"` is not its default.

    Raises:
        UsageStop: it is given, and empty.
    """
    if not value and ctx.get_parameter_source(str(param.name)) is ParameterSource.COMMANDLINE:
        raise UsageStop(f"{param.opts[-1]} names nothing: its value is empty", "name one, or leave the option out")
    return value
