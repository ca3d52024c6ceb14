"""Structured logs: one JSON object per line for Cloud Logging and its like, plain lines for people.

One line per commit or run, none per item. On Dataflow's workers Beam's own handler carries the lines; their text says
everything, so that log-based filters need no fields.
"""

import datetime as dt
import json
import logging
import os
import sys
from collections.abc import Mapping
from typing import Any, TextIO

from transforms.lake.errors import LakeError

ENVIRONMENT = "WIRELAKE_LOG"
"""Set to ``json`` for structured lines; the image sets it."""

_FIELDS = "wirelake_fields"
"""Attribute of a log record that carries its fields."""

_HANDS_ON = ("root", "apache_beam.runners.worker.sdk_worker")
"""Loggers by which Beam tells again, traceback and all, what a step of ours has raised."""

_SEVERITIES = {logging.WARNING: "WARNING", logging.ERROR: "ERROR", logging.CRITICAL: "CRITICAL"}
"""Cloud Logging's names; what is below is INFO or DEBUG."""


class JsonFormatter(logging.Formatter):
    """A record as one JSON object.

    Names as Cloud Logging reads them from standard error (structured logging, special fields): ``severity``, ``time``,
    ``message``, ``stack_trace``; ``logger`` and the record's own fields beside them.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line without a line break in it."""
        level = "DEBUG" if record.levelno < logging.INFO else _SEVERITIES.get(record.levelno, "INFO")
        line: dict[str, Any] = {
            "severity": level,
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(),
            "message": record.getMessage(),
            "logger": record.name,
        }
        line |= {name: value for name, value in getattr(record, _FIELDS, {}).items() if name not in line}
        if record.exc_info:
            line["stack_trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_event(logger: logging.Logger, event: str, /, **fields: object) -> None:
    """Say that something happened, at INFO: ``event name=value …``, and the values as fields of their own.

    Args:
        logger: of the module.
        event: a word or two; log-based metrics find the line by it.
        **fields: counts and names, no item's text.
    """
    if logger.isEnabledFor(logging.INFO):
        text = " ".join(f"{name}={value}" for name, value in fields.items())
        logger.info("%s %s", event, text, extra={_FIELDS: fields})


def wants_json(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this process writes structured lines."""
    return environment.get(ENVIRONMENT, "").lower() == "json"


def is_news(record: logging.LogRecord) -> bool:
    """Whether a record says more than the command's last line, which tells of the lake's own errors."""
    handed_on = record.name in _HANDS_ON and f" {LakeError.__module__}." in f" {record.getMessage()}".replace("\n", " ")
    return not (handed_on or (record.exc_info and isinstance(record.exc_info[1], LakeError)))


def configure_logs(*, structured: bool | None = None, stream: TextIO | None = None) -> None:
    """Set up this process's logs, unless somebody has.

    Args:
        structured: JSON lines from INFO up, instead of plain lines from WARNING up; None: as the environment says.
        stream: where to; None: standard error.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    if wants_json() if structured is None else structured:
        handler.setFormatter(JsonFormatter())
        logging.basicConfig(level=logging.INFO, handlers=[handler])
        return
    handler.addFilter(is_news)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
