"""Logs: one JSON object a line, with the request's id, on standard error; also what libraries and the server say."""

import logging
import logging.config
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_TOKEN = re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])")
LONGEST, LONGEST_TRACEBACK = 500, 8_000
"""Characters of one value: what a stranger sends does not fill the disk."""


def configure(level: str) -> None:
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.config.dictConfig(of_libraries(level))
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, *_written()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def of_libraries(level: str) -> dict[str, Any]:
    """For `logging.config`: what libraries say from warnings on, and what the server says from `level` on."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": _Json}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["lines"], "level": max(number, logging.WARNING)},
        "loggers": {"_granian": {"handlers": ["lines"], "level": number, "propagate": False}},
    }


def _written() -> list[Any]:
    return [
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_tokens,
        shortened,
        structlog.processors.JSONRenderer(),
    ]


class _Json(structlog.stdlib.ProcessorFormatter):
    def __init__(self) -> None:
        first = [structlog.stdlib.add_log_level]
        last = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_written()]
        super().__init__(foreign_pre_chain=first, processors=last)


def without_tokens(_: object, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Sign-in links, order links and session tokens grant access, so they must not appear in the log."""
    for name, value in entry.items():
        if isinstance(value, str):
            entry[name] = _TOKEN.sub("[token]", value)
    return entry


def shortened(_: object, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Long values keep their beginning, tracebacks their end."""
    for name, value in entry.items():
        if isinstance(value, str) and name == "exception" and len(value) > LONGEST_TRACEBACK:
            entry[name] = "…" + value[-LONGEST_TRACEBACK:]
        elif isinstance(value, str) and name != "exception" and len(value) > LONGEST:
            entry[name] = value[:LONGEST] + "…"
    return entry
