"""JSON that is YAML, too."""

from __future__ import annotations

import json
import re
from typing import Any

_AS_ESCAPES_ALONE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def json_for_yaml(body: Any) -> str:
    """JSON without pairs of surrogates, which YAML does not know, and with escapes for what YAML would fold or refuse."""
    return _AS_ESCAPES_ALONE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(body, ensure_ascii=False))
