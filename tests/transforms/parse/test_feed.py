"""RSS, RDF and Atom: what is read, and from where."""

from datetime import UTC, datetime

import pytest

from schemas.document import FeedHints, RawDocument, Source
from schemas.item import Media
from transforms.parse.registry import parse_document

NOW = datetime(2026, 2, 17, 12, tzinfo=UTC)
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:georss="http://www.georss.org/georss" xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)


def parse(text, *, url="https://example.org/feed.xml", zone=None, content_type=None):
    data = text if isinstance(text, bytes) else text.encode()
    source = Source(address=url, time_zone=zone)
    return parse_document(RawDocument(source=source, input=url, data=data, fetched_at=NOW, content_type=content_type))


def rss(*items, head=""):
    return f'<?xml version="1.0"?><rss version="2.0" {SPACES}><channel><title>Wire</title>{head}{"".join(f"<item>{item}</item>" for item in items)}</channel></rss>'


def atom(*entries, head=""):
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">'
        f"<title>Wire</title>{head}{''.join(f'<entry>{entry}</entry>' if not entry.startswith('<at:') else entry for entry in entries)}</feed>"
    )


def one(document, **options):
    parsed = parse(document, **options)
    assert not parsed.failures
    (item,) = parsed.items
    return item


def test_an_rss_item():
    item = one(
        rss(
            "<title>Ferry &amp;amp; harbour strike ends</title><link>https://example.org/a</link>"
            '<guid isPermaLink="false">urn:a</guid><pubDate>Tue, 17 Feb 2026 09:30:00 +0100</pubDate>'
            "<dc:creator>Ada Byron</dc:creator><category>Labour</category><category>Ports</category>"
            "<description>In short.</description>"
            "<content:encoded><![CDATA[<p>First <b>para</b>.</p><p>Second.</p>]]></content:encoded>"
            '<source url="https://agency.example/feed">Agency</source>'
        )
    )
    assert item.headline == "Ferry & harbour strike ends"
    assert (item.url, item.guid) == ("https://example.org/a", "urn:a")
    assert item.published == datetime(2026, 2, 17, 8, 30, tzinfo=UTC)
    assert (item.published_raw, item.date_source) == ("Tue, 17 Feb 2026 09:30:00 +0100", "published")
    assert (item.byline_raw, item.byline_names) == ("Ada Byron", ())
    assert item.keywords == ("Labour", "Ports")
    assert (item.standfirst, item.body) == ("In short.", "First para.\nSecond.")
    assert item.source == "Agency"
    assert ("source_url", "https://agency.example/feed") in item.extra


def test_the_rule_of_copy():
    long_text = "A sentence of a story that goes on. " * 40
    assert one(rss("<description>Only this.</description>")).standfirst == "Only this."
    item = one(rss(f"<description>{long_text}</description>"))
    assert (item.standfirst, item.body) == (None, long_text.strip())
    paragraphs = "&lt;p&gt;" + "A sentence here. " * 20 + "&lt;/p&gt;&lt;p&gt;" + "Another one. " * 20 + "&lt;/p&gt;"
    assert one(rss(f"<description>{paragraphs}</description>")).body.count("\n") == 1
    same = one(rss("<description>Same.</description><content:encoded>&lt;p&gt;Same.&lt;/p&gt;</content:encoded>"))
    assert (same.standfirst, same.body) == (None, "Same.")


def test_a_printed_repeat_stays_in_the_body():
    # headline twice, standfirst, and the standfirst again as lede: cleaning that is not this room's work
    head, short = "Envoys Meet For Talks On Grain", "Envoys of two states met on Monday"
    body = f"<p>{head}</p><p>{head}</p><p>{short}</p><p>ANKARA (Example News / Wire - 14th January, 2019) {short} in Ankara.</p>"
    item = one(
        rss(
            f"<title>{head}</title><description>{short}</description><content:encoded><![CDATA[{body}]]></content:encoded>"
        )
    )
    assert item.body.split("\n")[:3] == [head, head, short]
    assert item.body.endswith(f"ANKARA (Example News / Wire - 14th January, 2019) {short} in Ankara.")


def test_captions_belong_to_pictures():
    item = one(
        rss(
            "<title>T</title><description>Short.</description>"
            '<media:content url="/p.jpg" medium="image" width="800" height="450"><media:description>Men on a quay</media:description>'
            "<media:credit>Photo: A</media:credit><media:title>Quay</media:title></media:content>"
            "<content:encoded>&lt;p&gt;Body.&lt;/p&gt;</content:encoded>"
        )
    )
    assert item.body == "Body."
    assert item.media == (Media("https://example.org/p.jpg", "image", "Men on a quay", "Photo: A", "Quay", 800, 450),)
    loose = one(
        rss(
            '<media:thumbnail url="https://e.org/t.jpg"/><media:description>Caption only</media:description><title>T</title>'
        )
    )
    assert (loose.standfirst, loose.body) == (None, None)
    assert loose.media == (Media("https://e.org/t.jpg", "image", "Caption only"),)
    figure = one(
        rss(
            "<content:encoded><![CDATA[<figure><img src='https://e.org/f.jpg'><figcaption>In front</figcaption></figure><p>Body.</p>]]></content:encoded>"
        )
    )
    assert (figure.body, figure.media) == ("Body.", (Media("https://e.org/f.jpg", "image", "In front"),))


def test_a_group_is_one_picture():
    item = one(
        rss(
            '<media:group><media:content url="https://e.org/s.jpg" width="100"/><media:content url="https://e.org/l.jpg" width="1200"/>'
            "<media:description>Alternatives</media:description></media:group><title>T</title>"
        )
    )
    assert item.media == (Media("https://e.org/l.jpg", None, "Alternatives", width=1200),)


def test_enclosures_and_links_to_them():
    item = one(
        rss(
            '<title>T</title><enclosure url="https://e.org/a.mp3" type="audio/mpeg" length="1"/><enclosure url="https://e.org/a.mp3"/>'
        )
    )
    assert item.media == (Media("https://e.org/a.mp3", "audio/mpeg"),)
    item = one(atom('<title>T</title><link rel="enclosure" href="/v.mp4" type="video/mp4"/>'))
    assert item.media == (Media("https://example.org/v.mp4", "video/mp4"),)


@pytest.mark.parametrize(
    ("elements", "raw", "names"),
    [
        ("<author>desk@example.org (Ada Byron)</author>", "desk@example.org (Ada Byron)", ()),
        (
            "<dc:creator>Ada Byron</dc:creator><dc:creator>Bo Ek</dc:creator>",
            "Ada Byron; Bo Ek",
            ("Ada Byron", "Bo Ek"),
        ),
        (
            "<author>desk@example.org (Ada Byron)</author><dc:creator>Ada Byron</dc:creator>",
            "desk@example.org (Ada Byron)",
            (),
        ),
        ("<dc:creator>By Ada Byron and Bo Ek</dc:creator>", "By Ada Byron and Bo Ek", ()),
        ("<dc:creator> </dc:creator>", None, ()),
    ],
)
def test_bylines(elements, raw, names):
    item = one(rss(f"<title>T</title>{elements}"))
    assert (item.byline_raw, item.byline_names) == (raw, names)


def test_codes_and_words_of_categories():
    item = one(
        rss(
            "<title>T</title><category>Politics</category><category>medtop:20000587</category>"
            '<category domain="http://cv.iptc.org/newscodes/subjectcode/">11003000</category>'
            "<category>20240131</category><media:keywords>a, b,,a</media:keywords><dc:subject>Culture &amp;amp; Life</dc:subject>"
        )
    )
    assert item.keywords == ("Politics", "20240131", "Culture & Life", "a", "b")
    assert item.subject_codes == ("medtop:20000587", "subj:11003000")
    assert item.media_topics
    entry = one(
        atom('<title>T</title><category term="medtop:20000587" label="Election" scheme="x"/><category term="World"/>')
    )
    assert (entry.keywords, entry.subject_codes) == (("Election", "World"), ("medtop:20000587",))


@pytest.mark.parametrize(
    ("elements", "published", "source", "updated"),
    [
        ("<pubDate>Tue, 17 Feb 2026 10:00:00 CET</pubDate>", 9, "published-zone-repaired", None),
        ("<pubDate>2026-02-17 10:00</pubDate>", 10, "published-naive", None),
        ("<pubDate>some time ago</pubDate>", None, "published-unreadable", None),
        ("<dc:date>2026-02-17T10:00:00Z</dc:date>", 10, "published", None),
        ("<pubDate>nonsense</pubDate><dc:date>2026-02-17T10:00:00Z</dc:date>", 10, "published", None),
        (
            "<pubDate>2026-02-17T10:00:00Z</pubDate><dcterms:modified>2026-02-17T11:00:00Z</dcterms:modified>",
            10,
            "published",
            11,
        ),
        ("<atom:updated>2026-02-17T11:00:00Z</atom:updated>", 11, "published", 11),
        ("", None, None, None),
    ],
)
def test_dates(elements, published, source, updated):
    item = one(rss(f"<title>T</title>{elements}"))
    assert item.date_source == source
    assert item.published == (datetime(2026, 2, 17, published, tzinfo=UTC) if published else None)
    assert item.updated == (datetime(2026, 2, 17, updated, tzinfo=UTC) if updated else None)


def test_naive_dates_are_the_sources():
    assert one(rss("<pubDate>2026-02-17 10:00</pubDate>"), zone="Asia/Tokyo").published == datetime(
        2026, 2, 17, 1, tzinfo=UTC
    )


def test_links():
    assert one(rss("<guid>https://example.org/permalink</guid>")).url == "https://example.org/permalink"
    assert one(rss('<guid isPermaLink="false">https://example.org/x</guid>')).url is None
    assert one(rss("<guid>4711</guid><title>T</title>")).url is None
    assert one(rss("<link>/story/1</link>")).url == "https://example.org/story/1"
    assert one(rss("<link>javascript:alert(1)</link><title>T</title>")).url is None
    assert one(rss('<atom:link rel="self" href="/self"/><link>https://e.org/real</link>')).url == "https://e.org/real"
    based = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://e.org/news/"><entry xml:base="2026/"><link href="a.html"/></entry></feed>'
    assert one(based).url == "https://e.org/news/2026/a.html"


def test_places():
    assert ("georss_point", "45.25 -71.92") in one(
        rss("<title>T</title><georss:point>45.25 -71.92</georss:point>")
    ).extra
    assert ("georss_point", "45.25 -71.92") in one(
        rss("<title>T</title><geo:lat>45.25</geo:lat><geo:long>-71.92</geo:long>")
    ).extra
    assert one(rss("<title>T</title><georss:featurename>Oslo</georss:featurename>")).located_place == "Oslo"


def test_an_atom_entry():
    item = one(
        atom(
            "<id>tag:example.org,2026:1</id><title type='html'>A &amp;lt;b&amp;gt; &lt;i&gt;title&lt;/i&gt;</title>"
            "<link href='/1'/><link rel='related' href='/other'/><author><name>Ada Byron</name><email>a@e.org</email></author>"
            "<published>2026-02-17T09:00:00Z</published><updated>2026-02-17T10:00:00Z</updated>"
            "<summary>Short &amp;amp; plain</summary><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One.</p><p>T<em>w</em>o.</p></div></content>"
            "<rights>© Example</rights><source><title>Origin</title></source>"
        )
    )
    assert item.headline == "A <b> title"
    assert item.guid == "tag:example.org,2026:1"
    assert item.url == "https://example.org/1"
    assert (item.byline_raw, item.byline_names) == ("Ada Byron", ("Ada Byron",))
    assert (item.published.hour, item.updated.hour) == (9, 10)
    assert (item.standfirst, item.body) == ("Short &amp; plain", "One.\nTwo.")
    assert (item.usage_terms, item.source) == ("© Example", "Origin")


def test_atom_03_and_base64():
    old = (
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>T</title><issued>2026-02-17T09:00:00Z</issued>'
        '<modified>2026-02-17T10:00:00Z</modified><content type="text/html" mode="escaped">&lt;p&gt;Body&lt;/p&gt;</content></entry></feed>'
    )
    item = one(old)
    assert (item.body, item.published.hour, item.updated.hour) == ("Body", 9, 10)
    assert one(atom("<title>T</title><content type='application/octet-stream'>PHA+SGk8L3A+</content>")).body == "Hi"
    assert one(atom("<title>T</title><content type='image/png'>iVBORw0KGgo=</content>")).body is None


def test_tombstones_are_kills():
    parsed = parse(
        atom(
            "<title>A</title>",
            '<at:deleted-entry ref="tag:e.org,2026:9" when="2026-02-17T08:00:00Z"><at:comment>Wrong person</at:comment></at:deleted-entry>',
            "<title>B</title>",
        )
    )
    assert [item.position for item in parsed.items] == [0, 1, 2]
    grave = parsed.items[1]
    assert (grave.guid, grave.status, grave.signals) == ("tag:e.org,2026:9", "canceled", ("kill", "deleted-entry"))
    assert grave.published == datetime(2026, 2, 17, 8, tzinfo=UTC)
    assert grave.editorial_note == "Wrong person"
    assert [f.code for f in parse(atom("<at:deleted-entry/>")).failures] == ["no_id"]


def test_rdf():
    document = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<channel rdf:about="https://e.org/"><title>Wire</title><dc:language>de-at</dc:language></channel>'
        '<item rdf:about="https://e.org/1"><title>Eins</title><link>https://e.org/1?x</link><dc:date>2026-02-17T09:00+01:00</dc:date></item></rdf:RDF>'
    )
    parsed = parse(document)
    assert (parsed.format, parsed.language, parsed.title) == ("rdf", "de-AT", "Wire")
    (item,) = parsed.items
    assert (item.guid, item.url, item.published.hour) == ("https://e.org/1", "https://e.org/1?x", 8)


def test_hints():
    head = (
        "<language>en_us</language><ttl>30</ttl><skipHours><hour>1</hour><hour>2</hour><hour>24</hour></skipHours>"
        "<skipDays><day>Saturday</day><day>Sunday</day></skipDays><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
        '<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="next" href="?page=2"/>'
    )
    parsed = parse(rss(head=head))
    assert (parsed.format, parsed.items, parsed.failures, parsed.language, parsed.title) == (
        "rss",
        (),
        (),
        "en-US",
        "Wire",
    )
    assert parsed.hints == FeedHints(
        30, (0, 1, 2), (5, 6), 900, "https://example.org/feed.xml?page=2", ("https://hub.example/",)
    )


def test_a_feed_breaking_off_keeps_what_came_before():
    whole = rss("<title>One</title>", "<title>Two</title>", "<title>Three</title>")
    parsed = parse(whole[: whole.index("Three") + 2])
    assert [item.headline for item in parsed.items] == ["One", "Two"]
    assert [f.code for f in parsed.failures] == ["truncated"]
    assert "https://example.org/feed.xml" in parsed.failures[0].error


def test_a_broken_feed_goes_to_the_tolerant_reader():
    broken = rss(
        "<title>One & only</title><description>Unclosed <b>bold</description><media:description>Caption</media:description>"
        "<pubDate>Tue, 17 Feb 2026 10:00:00 CET</pubDate><dc:creator>A</dc:creator><dc:creator>B</dc:creator>"
    )
    (item,) = parse(broken).items
    assert item.headline == "One & only"
    assert (item.standfirst, item.body) == ("Unclosed bold", None)
    assert item.published == datetime(2026, 2, 17, 9, tzinfo=UTC)
    assert item.byline_names == ("A", "B")
    assert [media.caption for media in item.media] == ["Caption"]


def test_texts_encoded_twice_or_as_control_codes_are_repaired():
    twice = "Café".encode().decode("latin-1")
    assert one(rss(f"<title>{twice}</title>")).headline == "Café"
    assert one(rss("<title>It&#146;s</title>")).headline == "It’s"


def test_namespaces_are_often_mistyped():
    for space in ("https://purl.org/dc/elements/1.1/", "http://purl.org/dc/elements/1.1", "http://example.org/dc"):
        item = one(
            f'<rss xmlns:dc="{space}"><channel><item><title>T</title><dc:creator>Ada</dc:creator></item></channel></rss>'
        )
        assert item.byline_raw == "Ada"


def test_one_bad_entry_does_not_cost_the_others():
    parsed = parse(
        rss("<title>One</title>", f"<description>{'word ' * 1_000_000}</description>", "<title>Three</title>")
    )
    assert [item.position for item in parsed.items] == [0, 2]
    assert [(f.code, f.position) for f in parsed.failures] == [("item_too_large", 1)]


@pytest.mark.parametrize("wrapped", [False, True])
def test_feeds_one_behind_the_other_are_all_read(wrapped):
    first = rss("<title>A</title><guid>urn:a</guid>", head="<language>en</language>")
    second = rss(
        "<title>B</title><guid>urn:b</guid>", "<title>C</title><guid>urn:c</guid>", head="<language>de</language>"
    )
    if wrapped:  # entries where no format puts them are feedparser's to read
        first, second = (
            text.replace("<item>", "<group><item>", 1).replace("</channel>", "</group></channel>")
            for text in (first, second)
        )
    parsed = parse(f"{first}\n{second}\n{second.replace('urn:', 'urn:2')}")
    assert [item.guid for item in parsed.items] == ["urn:a", "urn:b", "urn:c", "urn:2b", "urn:2c"]
    assert [item.position for item in parsed.items] == [0, 1, 2, 3, 4]
    assert [item.language for item in parsed.items] == [None, "de", "de", "de", "de"]
    assert (parsed.language, parsed.failures) == ("en", ())


def test_another_kind_of_document_behind_a_feed_is_named():
    parsed = parse(rss("<title>A</title>") + atom("<title>B</title><id>b</id>"))
    assert [item.headline for item in parsed.items] == ["A"]
    assert [failure.code for failure in parsed.failures] == ["trailing_document"]
    assert "'feed'" in parsed.failures[0].error
    assert parse(rss("<title>A</title>") + "<script>x()</script>").failures == ()


def test_a_second_feed_that_breaks_off_is_named():
    parsed = parse(rss("<title>A</title><guid>urn:a</guid>") + rss("<title>B</title><guid>urn:b</guid>")[:-30])
    assert [item.guid for item in parsed.items] == ["urn:a"]
    assert [failure.code for failure in parsed.failures] == ["truncated"]
