from datetime import UTC, datetime

from schemas.document import LinkedDocument, RawDocument, Source
from schemas.item import Media
from transforms.parse.registry import parse_document

NEWS = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{}</urlset>'
)
URL = (
    "<url><loc>https://e.org/1</loc><lastmod>2026-02-17</lastmod><news:news><news:publication><news:name>The Example</news:name>"
    "<news:language>nb</news:language></news:publication><news:publication_date>2026-02-17T10:00+01:00</news:publication_date>"
    "<news:title>Ferries &amp;amp; ports</news:title><news:keywords>ports, strike</news:keywords><news:genres>Blog</news:genres></news:news>"
    "<image:image><image:loc>https://e.org/i.jpg</image:loc><image:caption>A quay</image:caption></image:image></url>"
)


def parse(text):
    return parse_document(
        RawDocument(
            Source("https://e.org/s.xml"), "https://e.org/s.xml", text.encode(), datetime(2026, 1, 1, tzinfo=UTC)
        )
    )


def test_a_news_sitemap():
    parsed = parse(NEWS.format(URL + "<url><loc>https://e.org/about</loc></url>"))
    assert (parsed.format, parsed.failures) == ("sitemap", ())
    (item,) = parsed.items
    assert (item.url, item.headline, item.source, item.language) == (
        "https://e.org/1",
        "Ferries & ports",
        "The Example",
        "nb",
    )
    assert item.published == datetime(2026, 2, 17, 9, tzinfo=UTC)
    assert item.keywords == ("ports", "strike")
    assert ("genres", "Blog") in item.extra
    assert item.media == (Media("https://e.org/i.jpg", "image", "A quay"),)


def test_an_index_names_its_children():
    parsed = parse(
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://e.org/a.xml</loc><lastmod>2026-02-17T10:00+01:00</lastmod></sitemap>'
        "<sitemap><loc> /b.xml </loc><lastmod>lately</lastmod></sitemap><sitemap><loc>/b.xml</loc></sitemap><sitemap><loc>ftp://e.org/c</loc></sitemap></sitemapindex>"
    )
    assert parsed.hints.documents == (
        LinkedDocument("https://e.org/a.xml", datetime(2026, 2, 17, 9, tzinfo=UTC)),
        LinkedDocument("https://e.org/b.xml"),
    )
    assert (parsed.items, parsed.failures) == ((), ())


def test_faults():
    assert [f.code for f in parse(NEWS.format(URL.replace("https://e.org/1", ""))).failures] == ["no_link"]
    assert [f.code for f in parse(NEWS.format(URL)[:-30]).failures] == ["truncated"]
