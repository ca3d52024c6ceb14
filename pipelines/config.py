"""What a run is told to do, checked: a plain value without Beam in it."""

import ipaddress
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from transforms.pull.schedule import PullSettings

DEFAULT_FLUSH = timedelta(minutes=5)
"""How long a stream gathers rows: 288 commits a day keep files few and news fresh."""

_DURATION = re.compile(r"^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, None: 1.0}


class ConfigError(ValueError):
    """An option that cannot be used; the message names it and what it takes."""


class EngineError(RuntimeError):
    """The engine gave up; the message carries its reason. What was committed stays."""


@dataclass(frozen=True, slots=True)
class IngestConfig:
    """One run of ``ingest`` or ``stream``.

    Attributes:
        sources: as given.
        output: address of the lake.
        run_id: names the run in every row.
        moment: when it began, aware UTC.
        shards: owners of decisions, when the lake is made.
        workers: reading processes; 0: one per core.
        archive: keep the bytes of every document.
        flush: how long rows are gathered before they are decided on and committed.
        pull: how feeds are asked.
        refresh: how often a stream looks up what the lake knows by now; None: once, at the start.
        look_every: pause between two looks at a stream's sources.
        feed_tasks: groups of hosts that a stream polls beside each other, for engines that spread them.
        remote: whoever submitted a stream is gone; the step that looks holds the lake's lease.
    """

    sources: tuple[str, ...]
    output: str
    run_id: str
    moment: datetime
    shards: int = 1
    workers: int = 0
    archive: bool = False
    flush: timedelta = DEFAULT_FLUSH
    pull: PullSettings = field(default_factory=PullSettings)
    refresh: timedelta | None = None
    look_every: timedelta = timedelta(seconds=1)
    feed_tasks: int = 8
    remote: bool = False


def read_duration(option: str, text: str) -> timedelta:
    """A duration such as ``5m``, ``90s``, ``1.5h``; a bare number counts seconds.

    Raises:
        ConfigError: it is none, or not above zero.

    >>> read_duration("--every", "5m")
    datetime.timedelta(seconds=300)
    """
    found = _DURATION.match(text.strip().lower())
    seconds = float(found.group(1)) * _UNITS[found.group(2)] if found else 0.0
    if not found or seconds < 0 or (seconds == 0 and option != "--host-gap"):
        raise ConfigError(f"{option}: {text!r} is no duration; write 90s, 5m or 1h")
    return timedelta(seconds=seconds)


def read_network(option: str, text: str) -> str:
    """A network in CIDR form, normalised.

    Raises:
        ConfigError: it is none.
    """
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError as error:
        raise ConfigError(f"{option}: {text!r} is no network; write 127.0.0.0/8 or ::1/128") from error


def read_moment(option: str, text: str) -> datetime:
    """A moment in ISO 8601; a date means its midnight, no zone means UTC.

    Raises:
        ConfigError: it is none.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ConfigError(f"{option}: {text!r} is no moment; write 2026-02-17 or 2026-02-17T12:00Z") from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
