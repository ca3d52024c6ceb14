"""What kept bytes hold, by today's parsers: for a purge that must reach every copy of a story."""

from collections.abc import Iterator

from schemas.document import RawDocument
from transforms.enrich.naming import identify, registrable_domain
from transforms.enrich.publication import choose_publication
from transforms.lake.purge import Content
from transforms.parse.registry import parse_document


def contents_of(document: RawDocument) -> Iterator[Content]:
    """The stories in a document, and the document itself, which may hold what cannot be read.

    Args:
        document: its bytes and what is known of its source.

    Yields:
        What the rows of the document would say; nothing is enriched for it.
    """
    parsed = parse_document(document)
    unread = document.data if parsed.failures else b""
    yield Content(None, document.source.provider or registrable_domain(document.input), None, unread)
    for item in parsed.items:
        name = identify(item, document.source, document.input, parsed.language)
        yield Content(name.story_id, name.provider, choose_publication(item, document.fetched_at).day)
