"""Logs: one JSON object a line on standard error, whoever writes: us, a library, a warning, an error nobody caught.

What opens something or says who somebody is is taken out of every text (`without_secrets`).
"""

import logging
import logging.config
import re
import sys
import threading
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

LONGEST, LONGEST_TRACEBACK, LONGEST_SECRET = 500, 8_000, 300
"""Characters of one value: what a stranger sends does not fill the disk."""
_TOKEN = re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])")
_EMAIL = re.compile(r"[\w.+%'-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63})+")
_CARD = re.compile(r"(?<![\w-])[3-6]\d{3}(?:[ -]?\d){9,15}(?![\w-])")
_GIFT_CODE = re.compile(r"(?<![\w-])[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}(?![\w-])")
_KEY = re.compile(r"\b(?:sk|rk|whsec|cfk)_\w[\w-]*")
_ROWS_OF_OTHERS = re.compile(r"(?:DETAIL|CONTEXT):[^\n]*")
_VALUE_GIVEN = re.compile(r"invalid input for query argument \$\d+: .*?(?= \(|$)", re.MULTILINE)
_REMOVED = (
    (_ROWS_OF_OTHERS, "[row]"), (_VALUE_GIVEN, "invalid input for a query argument"), (_TOKEN, "[token]"),
    (_KEY, "[key]"), (_EMAIL, "[e-mail]"), (_GIFT_CODE, "[code]"), (_CARD, "[number]"),
)  # fmt: skip


def configure(level: str) -> None:
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[*_shared(), structlog.processors.format_exc_info, cut, without_secrets, shortened,
                    structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )  # fmt: skip
    sys.excepthook = _note_uncaught
    threading.excepthook = _note_uncaught_in_thread


def formatter() -> structlog.stdlib.ProcessorFormatter:
    """What libraries log, in the same form."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            cut,
            without_secrets,
            shortened,
            structlog.processors.JSONRenderer(),
        ],
    )


def of_the_server() -> dict[str, Any]:
    """What Granian says of itself, in the same form and place."""
    return {
        "formatters": {"json": {"()": "web.logs.formatter"}},
        "handlers": {"json": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
        "loggers": {"_granian": {"handlers": ["json"], "level": "INFO", "propagate": False}},
    }


def _shared() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def without_secrets(_: object, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Links grant access, and errors of libraries repeat what people typed: neither is in the log."""
    for name, value in entry.items():
        if isinstance(value, str) and name not in {"request_id", "timestamp"}:
            for pattern, instead in _REMOVED:
                value = pattern.sub(instead, value)
            entry[name] = value
    return entry


def shortened(_: object, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Long values keep their beginning, tracebacks their end."""
    return _cut(entry, LONGEST, LONGEST_TRACEBACK)


def cut(_: object, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Before secrets are looked for: looking takes long in what is long. A secret cut in two goes with `shortened`."""
    return _cut(entry, LONGEST + LONGEST_SECRET, LONGEST_TRACEBACK + LONGEST_SECRET)


def _cut(entry: MutableMapping[str, Any], most: int, of_traceback: int) -> MutableMapping[str, Any]:
    for name, value in entry.items():
        if isinstance(value, str) and name == "exception" and len(value) > of_traceback:
            entry[name] = "…" + value[-of_traceback:]
        elif isinstance(value, str) and name != "exception" and len(value) > most:
            entry[name] = value[:most] + "…"
    return entry


def _note_uncaught(kind: type[BaseException], trouble: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger().critical("an error that nobody caught", exc_info=(kind, trouble, trace))


def _note_uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
        _note_uncaught(args.exc_type, args.exc_value, args.exc_traceback)
