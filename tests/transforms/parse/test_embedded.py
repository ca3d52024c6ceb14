"""Agency documents in envelopes of any root and in the entries of feeds."""

import datetime as dt

import pytest

from schemas.document import ParsedDocument, RawDocument, Source
from transforms.parse.registry import parse_document

G2 = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:{0}" version="2">'
    "<itemMeta><embargoed>2030-01-01T00:00:00Z</embargoed></itemMeta><contentMeta>{1}</contentMeta><contentSet>"
    "<inlineXML><html><body><p>The pier fell.</p></body></html></inlineXML></contentSet></newsItem>"
)
HEADLINE = "<headline>Pier falls</headline>"
NEWSML = (
    "<NewsML><NewsItem><Identification><NewsIdentifier><NewsItemId>{0}</NewsItemId></NewsIdentifier></Identification>"
    "<NewsComponent><ContentItem><DataContent><p>The pier fell.</p></DataContent></ContentItem></NewsComponent>"
    "</NewsItem></NewsML>"
)
NITF = (
    '<nitf><head><docdata><doc-id id-string="{0}"/></docdata></head><body><body.content><p>The pier fell.</p>'
    "</body.content></body></nitf>"
)


def read(xml: str) -> ParsedDocument:
    return parse_document(RawDocument(Source("x"), "x", xml.encode(), dt.datetime(2024, 12, 1, tzinfo=dt.UTC)))


@pytest.mark.parametrize(("name", "one"), [("newsml_g2", G2), ("newsml_1", NEWSML), ("nitf", NITF)])
@pytest.mark.parametrize(
    "around",
    [
        "<spool>{}</spool>",
        "<results><title>x</title>{}<body>y</body></results>",
        '<s:Envelope xmlns:s="urn:soap"><s:Body>{}</s:Body></s:Envelope>',
    ],
)
def test_an_envelope_of_any_root_is_opened(name: str, one: str, around: str) -> None:
    document = read(around.format(one.format(1, HEADLINE) + one.format(2, HEADLINE)))
    assert (document.format, document.failures) == (name, ())
    assert [(item.position, item.body) for item in document.items] == [(0, "The pier fell."), (1, "The pier fell.")]
    assert [(item.guid or "")[-1] for item in document.items] == ["1", "2"]


def atom(*entries: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title>{"".join(entries)}</feed>'


def entry(content: str, number: int = 1) -> str:
    return (
        f"<entry><id>urn:e{number}</id><title>Entry</title><updated>2024-05-01T10:00:00Z</updated>"
        f'<link href="https://example.org/{number}"/><content type="application/xml">{content}</content></entry>'
    )


def test_a_document_in_an_entry_is_read_by_its_own_format() -> None:
    document = read(atom(entry(G2.format(1, HEADLINE))))
    (item,) = document.items
    assert (document.format, document.failures) == ("atom", ())
    assert (item.guid, item.version, item.headline, item.body) == ("urn:1", "2", "Pier falls", "The pier fell.")
    assert item.embargo_until == dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    assert (item.url, item.published) == ("https://example.org/1", dt.datetime(2024, 5, 1, 10, tzinfo=dt.UTC))


def test_the_entry_completes_what_its_document_does_not_say() -> None:
    (item,) = read(atom(entry(NITF.replace('<doc-id id-string="{0}"/>', "")))).items
    assert (item.guid, item.headline, item.standfirst) == ("urn:e1", "Entry", None)
    described = (
        f"<rss><channel><item><title>T</title><description>{NITF.format(7)}</description></item></channel></rss>"
    )
    (item,) = read(described).items
    assert (item.guid, item.headline, item.standfirst, item.body) == ("7", "T", None, "The pier fell.")


def test_every_item_of_an_entry_and_entries_without_one_are_rows() -> None:
    several = f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{G2.format(1, "")}{G2.format(2, "")}</itemSet></newsMessage>'
    document = read(atom(entry(several), entry("<p>Plain.</p>", 2)))
    assert [(item.position, item.guid) for item in document.items] == [(0, "urn:1"), (1, "urn:2"), (2, "urn:e2")]
    assert document.items[2].body == "Plain."
