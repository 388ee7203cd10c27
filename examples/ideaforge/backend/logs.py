"""One JSON object a line on standard output: when, how grave, who says it, and what."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from backend.models.instants import written


class JsonLines(logging.Formatter):
    """Writes a record, with what `extra={"fields": {...}}` has beside it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "time": written(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)


def configure(level: str) -> None:
    """Have all loggers write so, those of the libraries from warnings on."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level="WARNING", handlers=[handler], force=True)
    for name in ("backend", "worker", "access", "uvicorn.error"):
        logging.getLogger(name).setLevel(level)
