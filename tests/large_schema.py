"""A settings schema as large as one may get: 200 settings of every type in groups, and 50 rules over them."""

from __future__ import annotations

from typing import Any

SETTINGS = 200
RULES = 50


def large_schema(settings: int = SETTINGS, rules: int = RULES) -> dict[str, Any]:
    """The schema as plain JSON; of four settings each, one is a text with a pattern, two are integers that a rule compares."""
    groups: dict[str, Any] = {}
    for number in range(settings):
        group = groups.setdefault(f"group{number // 4:02}", {"type": "object", "properties": {}})
        name, setting = _setting(number)
        group["properties"][name] = {"x-env": f"APP_SETTING_{number:03}", "x-mend": number % 4 + 1, **setting}
    places = list(groups)[:rules]
    return {
        "title": "A large app",
        "type": "object",
        "properties": groups,
        "x-kubernetes-validations": [
            {
                "rule": f"!self.{place}.enabled || self.{place}.timeoutMs >= self.{place}.attempts * self.{place}.intervalMs"
                if number % 2
                else f"self.{place}.timeoutMs >= self.{place}.attempts * 1000 && self.{place}.endpoint.startsWith('https://')",
                "message": f"the requests of {place} do not end before the timeout",
                "x-severity": "warning" if number % 10 == 9 else "error",
            }
            for number, place in enumerate(places)
        ],
    }


def _setting(number: int) -> tuple[str, dict[str, Any]]:
    match number % 4:
        case 0:
            return "timeoutMs", {
                "type": "integer",
                "minimum": 1000,
                "maximum": 3_600_000,
                "multipleOf": 10,
                "default": 600_000,
                "x-unit": "ms",
            }
        case 1:
            return "attempts", {"type": "integer", "minimum": 1, "maximum": 600, "default": 100}
        case 2 if number % 8 == 2:
            return "endpoint", {
                "type": "string", "default": "https://api.example.com/v1", "maxLength": 200,
                "pattern": "^https?://[a-z0-9.-]+(:[0-9]{1,5})?(/[a-z0-9/-]*)?$",
            }  # fmt: skip
        case 2:
            return "intervalMs", {"type": "integer", "minimum": 100, "maximum": 60_000, "default": 5000, "x-unit": "ms"}
        case _ if number % 8 == 3:
            return "share", {"type": "number", "minimum": 0, "maximum": 1, "default": 0.25}
        case _:
            return "enabled", {"type": "boolean", "default": True}
