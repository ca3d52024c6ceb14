"""Atom 0.3 and 1.0, tombstones (RFC 6721) included."""

from schemas.document import ParsedDocument, RawDocument
from transforms.parse.feed import parse_feed
from transforms.parse.probe import Probe

NAME = "atom"


def sniff(probe: Probe) -> bool:
    """Whether the root is Atom's."""
    return probe.root == "feed"


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:  # noqa: ARG001 - every format is asked alike
    """Read it; see `transforms.parse.feed.parse_feed`."""
    return parse_feed(doc)
