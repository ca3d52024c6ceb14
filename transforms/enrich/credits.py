"""Credit lines inside the copy."""

import re
from dataclasses import dataclass

from schemas.reading import Credit

_RUN_IN = re.compile(r"\s*(?P<raw>(?:By|BY|by|Von|Par|Por)\s[^\n]{3,120})\n\s*")


@dataclass(frozen=True, slots=True)
class RunIn:
    """A byline at the head of the copy."""

    raw: str
    end: int


def is_byline(text: str) -> bool:
    """Whether a text is a byline and nothing else."""
    return _RUN_IN.fullmatch(text + "\n") is not None


def read_run_in_byline(body: str) -> RunIn | None:
    """A byline that stands as the body's first paragraph."""
    match = _RUN_IN.match(body)
    return RunIn(match["raw"].strip(), match.end()) if match else None


def read_credits(body: str, language: str | None) -> tuple[Credit, ...]:  # noqa: ARG001
    """People credited at the end of the copy."""
    return ()
