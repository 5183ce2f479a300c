"""Logs: one JSON object a line, with the request's id, on standard error."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_TOKEN = re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])")


def configure(level: str) -> None:
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr, format="%(message)s", force=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            without_tokens,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def without_tokens(_: object, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Sign-in links, order links and session tokens grant access, so they must not appear in the log."""
    for name, value in entry.items():
        if isinstance(value, str):
            entry[name] = _TOKEN.sub("[token]", value)
    return entry
