"""robots.txt, for feeds whose list says ``robots: true``; read once per host and run.

Source: RFC 9309. The longest matching rule wins, and of equally long ones the one that allows.
"""

import re
from dataclasses import dataclass

AGENT = "wirelake"
"""The product name that rules may address."""

MAX_ROBOTS_BYTES = 500 * 1024
"""What RFC 9309 asks crawlers to read at least; more is cut."""

MAX_DELAY = 120.0
"""Longest Crawl-delay that is kept, in seconds."""


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host for this program.

    Attributes:
        rules: pattern and whether it allows.
        delay: seconds between requests that it asks for.
    """

    rules: tuple[tuple[str, bool], ...] = ()
    delay: float = 0.0

    def allows(self, path: str) -> bool:
        """Whether a path (with its query) may be fetched.

        >>> Robots((("/private", False), ("/private/rss", True))).allows("/private/rss?x")
        True
        """
        best = max(((len(rule), allow) for rule, allow in self.rules if _matches(rule, path)), default=(0, True))
        return best[1]


ALLOW_ALL, ALLOW_NONE = Robots(), Robots((("/", False),))
"""What a missing robots.txt means (4xx), and one that cannot be had at the moment (5xx, no answer)."""


def read_robots(data: bytes) -> Robots:
    """Read a robots.txt. Any bytes give rules; lines that mean nothing are passed over."""
    groups: dict[str, list[tuple[str, bool]]] = {}
    delays: dict[str, float] = {}
    agents: list[str] = []
    in_rules = False
    for line in data[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace").splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon:
            continue
        if name == "user-agent":
            agents = [] if in_rules else agents
            in_rules = False
            agents.append(value.lower())
            groups.setdefault(value.lower(), [])
        elif name in {"allow", "disallow"}:
            in_rules = True
            for agent in agents if value else ():
                groups[agent].append((value, name == "allow"))
        elif name == "crawl-delay":
            in_rules = True
            for agent in agents if _DELAY.fullmatch(value) else ():
                delays[agent] = min(float(value), MAX_DELAY)
    agent = AGENT if AGENT in groups else "*"
    return Robots(tuple(groups.get(agent, ())), delays.get(agent, 0.0))


_DELAY = re.compile(r"\d{1,6}(\.\d{1,3})?", re.ASCII)


def _matches(rule: str, path: str) -> bool:
    """Whether a path begins with a rule, in which ``*`` stands for anything and a last ``$`` for the end."""
    exact = rule.endswith("$")
    parts = rule.removesuffix("$").split("*")
    if not path.startswith(parts[0]):
        return False
    at = len(parts[0])
    for number, part in enumerate(parts[1:], 2):
        if exact and number == len(parts):
            return path.endswith(part) and len(path) - len(part) >= at
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return not exact or len(parts) > 1 or at == len(path)
