"""One pipeline for every log line, ours and the libraries'; secrets are struck out."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRET = re.compile(r"(?i)(token|secret|password|authorization|cookie|master)")
LONG_TOKEN = re.compile(r"\b[A-Za-z0-9_-]{32,}\b")
STRUCK = "[struck out]"


NAMES = {"uvicorn.error": "http"}
"""Loggers whose own name would mislead whoever reads the log."""


def rename(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Give a logger the name under which it is told."""
    event["logger"] = NAMES.get(event["logger"], event["logger"])
    return event


def strike(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Strike out what must never stand in a log: values under telling names, long tokens."""
    for name, value in event.items():
        if SECRET.search(name):
            event[name] = STRUCK
        elif isinstance(value, str) and name != "timestamp":
            event[name] = LONG_TOKEN.sub(STRUCK, value)
    return event


def configure(form: str, level: str) -> None:
    """Send all logging through structlog to standard error, `readable` or `json`."""
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        rename,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        strike,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Each request and each statement is too much; what they mean is logged by ourselves.
    for noisy in ("uvicorn.access", "aiosqlite", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
