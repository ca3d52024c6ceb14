"""What goes out to a feed's server and what comes back, as far as the schedule is concerned."""

from dataclasses import dataclass

ASKED_TO_WAIT = "asked_to_wait"
"""Outcome of a feed that was not asked because its host had asked, in this run, to be left alone."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a feed is asked.

    Attributes:
        url: its address, or the permanent redirect it was adopted for.
        headers: validators, when the request is conditional.
        probe: when that brings a 304, ask again without them, now or (where it is called fresh) at the next poll.
        recheck: this is the request without them.
        listed: a redirect was adopted, and the listed address is asked nevertheless.
    """

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    probe: bool = False
    recheck: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a poll brought, as far as the schedule is concerned.

    Attributes:
        outcome: ok, not_modified or a failure code.
        status: HTTP status of the last hop, or None.
        etag: header, byte for byte.
        last_modified: header, byte for byte.
        retry_after: header as sent.
        cache_control: header as sent.
        expires: header as sent.
        age: header as sent.
        date: header as sent.
        permanent_url: where an unbroken chain of 301 and 308 led, or None.
        body: the response's bytes, encodings removed.
        conditional: validators were sent.
        probe: what it was to check: with not_modified, whether that is still to be done; with ok, it was asked for
            without validators moments after they had brought a 304.
        recheck: the same, at the poll after it.
        listed: of the plan.
    """

    outcome: str
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    retry_after: str | None = None
    cache_control: str | None = None
    expires: str | None = None
    age: str | None = None
    date: str | None = None
    permanent_url: str | None = None
    body: bytes = b""
    conditional: bool = False
    probe: bool = False
    recheck: bool = False
    listed: bool = False
