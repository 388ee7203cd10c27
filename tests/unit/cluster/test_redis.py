"""Addresses of Redis that are none are told as that, before anybody is asked."""

from __future__ import annotations

import pytest

from chartgen.cluster.redis import by_address
from chartgen.finding import UsageStop


@pytest.mark.parametrize("host", [".example", "a..b", "a" * 64, ""])
def test_a_host_that_no_name_can_be_is_no_address(host: str) -> None:
    with pytest.raises(UsageStop, match="no address of Redis"), by_address(f"redis://{host}", 1):
        pass
