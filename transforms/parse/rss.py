"""RSS 0.90 to 2.0 and RDF (RSS 1.0), with the modules that news uses."""

from schemas.document import ParsedDocument, RawDocument
from transforms.parse.feed import parse_feed
from transforms.parse.probe import Probe

NAME = "rss"
_ROOTS = frozenset(("rss", "rdf", "channel"))


def sniff(probe: Probe) -> bool:
    """Whether the root is one of RSS's."""
    return probe.root in _ROOTS


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:  # noqa: ARG001 - every format is asked alike
    """Read it; see `transforms.parse.feed.parse_feed`."""
    return parse_feed(doc)
