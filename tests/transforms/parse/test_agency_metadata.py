"""Where the standards let a fact stand: elements, attributes, ranks, languages, several parts; one rule each."""

import datetime as dt

import pytest

from schemas.document import ParsedDocument, RawDocument, Source
from schemas.item import Media, NewsItem
from transforms.parse.registry import parse_document

NAR = 'xmlns="http://iptc.org/std/nar/2006-10-01/" standard="NewsML-G2"'


def read(xml: str) -> ParsedDocument:
    return parse_document(RawDocument(Source("x"), "x", xml.encode(), dt.datetime(2024, 12, 1, tzinfo=dt.UTC)))


def one(xml: str) -> NewsItem:
    document = read(xml)
    assert not document.failures
    (item,) = document.items
    return item


def g2(meta: str = "", content: str = "", rest: str = "", root: str = "newsItem") -> NewsItem:
    return one(
        f'<{root} {NAR} guid="g" version="1"><itemMeta>{meta}</itemMeta>'
        f"<contentMeta>{content}</contentMeta>{rest}</{root}>"
    )


def newsml(*parts: str) -> NewsItem:
    names = "<Identification><NewsIdentifier><NewsItemId>1</NewsItemId></NewsIdentifier></Identification>"
    return one(f"<NewsML><NewsItem>{names}{''.join(parts)}</NewsItem></NewsML>")


def copy(text: str, role: str = "", lines: str = "") -> str:
    mark = f'<Role FormalName="{role}"/>' if role else ""
    return (
        f"<NewsComponent>{mark}<NewsLines>{lines}</NewsLines>"
        f"<ContentItem><DataContent><p>{text}</p></DataContent></ContentItem></NewsComponent>"
    )


EVENT = "<concept><name>Harbour fair</name><eventDetails><dates><start>2024-06-01</start></dates>{}</eventDetails></concept>"


def test_an_embargo_gates_events_and_plans_as_it_does_news() -> None:
    meta = "<embargoed>2030-01-01T00:00:00Z</embargoed>"
    until = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    assert g2(meta, rest=EVENT.format(""), root="conceptItem").embargo_until == until
    assert g2(meta, root="planningItem").embargo_until == until
    assert g2("<embargoed>soon</embargoed>", rest=EVENT.format(""), root="conceptItem").embargo_raw == "soon"


def test_an_event_has_the_metadata_of_any_item() -> None:
    item = g2(
        "<edNote>Call first.</edNote>",
        "<urgency>4</urgency><slugline>FAIR</slugline><creditline>W</creditline><keyword>port</keyword>"
        "<headline>Diary</headline>",
        EVENT.format("<organiser><name>Port of Harlund</name></organiser>"),
        "conceptItem",
    )
    assert (item.item_type, item.headline, item.standfirst) == ("event", "Harbour fair", None)
    assert (item.urgency, item.slug, item.credit, item.keywords) == (4, "FAIR", "W", ("port",))
    assert item.editorial_note == "Call first."
    assert dict(item.extra) == {"event_start": "2024-06-01", "organisers": "Port of Harlund"}


def test_a_package_says_what_it_brings_together() -> None:
    item = g2(
        content="<headline>Top stories</headline>",
        rest='<groupSet root="a"><group id="a"><title>Region</title><itemRef residref="urn:1"><itemClass qcode="n:t">'
        "<name>Text</name></itemClass><headline>Pier falls</headline></itemRef></group></groupSet>",
        root="packageItem",
    )
    assert (item.item_type, item.body) == ("composite", "Region\nPier falls")
    assert dict(item.extra)["members"] == "urn:1"


def test_a_plan_says_what_is_planned() -> None:
    planned = (
        "<planning><headline>Opening</headline><description>400 words</description><edNote>Ask Bo.</edNote></planning>"
    )
    rest = f"<newsCoverageSet><newsCoverage>{planned}</newsCoverage></newsCoverageSet>"
    item = g2(rest=rest, root="planningItem")
    assert (item.item_type, item.body, item.editorial_note) == ("event", "Opening\n400 words", "Ask Bo.")


def test_ranks_order_languages_and_headlines() -> None:
    item = g2(
        content='<language tag="de"/><language tag="en" rank="1"/>'
        '<headline>Other</headline><headline rank="2">Second</headline><headline rank="1">First</headline>',
    )
    assert (item.language, item.headline, item.standfirst) == ("en", "First", "Other\nSecond")


def test_breaks_part_the_words_of_one_line_elements() -> None:
    item = g2(
        content='<description role="drol:caption">Pier<br/>\n falls</description>',
        rest="<rightsInfo><usageTerms>Web\n only.<br/>No archive.</usageTerms></rightsInfo>",
    )
    assert (item.usage_terms, item.standfirst) == ("Web only.\nNo archive.", None)
    assert dict(item.extra)["descriptions"] == "caption: Pier\nfalls"
    dateline = "<dateline><location><city>ROME</city><country>Italy</country></location> (<org>AB</org>)</dateline>"
    nitf = one(f"<nitf><body><body.head><hedline><hl1>A<br/>B</hl1></hedline>{dateline}</body.head></body></nitf>")
    assert (nitf.headline, nitf.dateline_raw) == ("A B", "ROME Italy (AB)")


def test_roles_that_nobody_knows_are_named() -> None:
    item = g2(content='<description role="x:backgrounder">Since 1901.</description>')
    assert (item.standfirst, dict(item.extra)["descriptions"]) == (None, "backgrounder: Since 1901.")


def test_text_in_base64_is_text() -> None:
    data = '<contentSet><inlineData contenttype="{}" encoding="{}">VGhlIHBpZXIgZmVsbC4=</inlineData></contentSet>'
    assert g2(rest=data.format("text/plain", "http://e.example/base64")).body == "The pier fell."
    assert g2(rest=data.format("image/png", "http://e.example/base64")).body is None
    assert g2(rest=data.format("text/plain", "http://e.example/gzip")).body is None
    item = (
        '<ContentItem><MediaType FormalName="{}"/><Encoding Notation="Base64"><DataContent>{}</DataContent></Encoding>'
    )
    text = f"<NewsComponent>{item}</ContentItem></NewsComponent>"
    assert newsml(text.format("Text", "VGhlIHBpZXIgZmVsbC4=")).body == "The pier fell."
    assert newsml(text.format("Photo", "VGhlIHBpZXIgZmVsbC4=")).body is None
    assert newsml(text.format("Text", "no base 64!")).body is None


def test_what_content_prints_beside_its_metadata_stands_above_the_copy() -> None:
    nitf = (
        "<nitf><body><body.head><hedline><hl1>Pier falls</hl1></hedline><byline>By Jo Do</byline>"
        "<distributor>Wire Trust</distributor><dateline>HARLUND -</dateline></body.head>"
        "<body.content><p>It fell.</p></body.content></body></nitf>"
    )
    inside = f"<contentSet><inlineXML>{nitf}</inlineXML></contentSet>"
    other = g2(content="<headline>Port news</headline><by>Desk</by><dateline>ROME</dateline>", rest=inside)
    assert (other.headline, other.standfirst, other.byline_raw) == ("Port news", "Pier falls", "Desk")
    assert other.body == "By Jo Do\nHARLUND -\nIt fell."
    same = g2(content="<by>By Jo Do and Bo Po</by><dateline>Harlund, May 1</dateline>", rest=inside)
    assert (same.body, same.byline_raw, same.headline) == ("It fell.", "By Jo Do and Bo Po", "Pier falls")
    assert (same.credit, g2(content="<creditline>W</creditline>", rest=inside).credit) == ("Wire Trust", "W")
    lines = "<NewsLines><HeadLine>Port news</HeadLine><ByLine>Desk</ByLine></NewsLines>"
    data = f"<ContentItem><DataContent>{nitf}</DataContent></ContentItem>"
    item = newsml(f"<NewsComponent>{lines}{data}</NewsComponent>")
    assert (item.headline, item.standfirst, item.byline_raw) == ("Port news", "Pier falls", "Desk")
    assert (item.body, item.dateline_raw) == ("By Jo Do\nIt fell.", "HARLUND -")


def test_parts_of_a_story_print_their_titles() -> None:
    box = copy("Built in 1901.", "Supporting", "<HeadLine>The pier</HeadLine><ByLine>By Bo Po</ByLine>")
    main = copy("It fell.", "Main")
    item = newsml(f"<NewsComponent><NewsLines><HeadLine>Pier falls</HeadLine></NewsLines>{main}{box}</NewsComponent>")
    assert (item.headline, item.body) == ("Pier falls", "It fell.\nThe pier\nBy Bo Po\nBuilt in 1901.")
    again = copy("Built in 1901.", "Supporting", "<HeadLine>Pier falls</HeadLine>")
    item = newsml(f"<NewsComponent><NewsLines><HeadLine>Pier falls</HeadLine></NewsLines>{main}{again}</NewsComponent>")
    assert item.body == "It fell.\nBuilt in 1901."
    several = newsml(copy("It fell.", lines="<HeadLine>Pier falls</HeadLine>"), box)
    assert (several.headline, several.body) == ("Pier falls", "It fell.\nThe pier\nBy Bo Po\nBuilt in 1901.")


def test_equivalents_are_said_once_and_alternatives_kept() -> None:
    same = copy("The pier fell.") + copy("The pier fell. More follows.")
    item = newsml(f'<NewsComponent EquivalentsList="yes">{same}</NewsComponent>')
    assert item.body == "The pier fell. More follows."
    item = newsml(
        f'<NewsComponent EquivalentsList="yes">{copy("The pier fell.")}{copy("Der Pier fiel.")}</NewsComponent>'
    )
    assert item.body == "The pier fell.\nDer Pier fiel."


def test_a_caption_beside_the_only_picture_is_its_own() -> None:
    picture = '<NewsComponent><Role FormalName="Photo"/><ContentItem Href="p.jpg"/></NewsComponent>'
    item = newsml(f"<NewsComponent>{copy('The pier.', 'Caption')}{picture}</NewsComponent>")
    assert item.media == (Media(url="p.jpg", caption="The pier."),)


def test_lines_of_other_languages_and_unknown_kinds_are_kept_apart() -> None:
    lines = (
        '<HeadLine xml:lang="fr">La jetée tombe</HeadLine><HeadLine xml:lang="en">Pier falls</HeadLine>'
        '<NewsLine><NewsLineType FormalName="TrackLine"/><NewsLineText>Port</NewsLineText></NewsLine>'
    )
    told = '<DescriptiveMetadata><Language FormalName="en"/></DescriptiveMetadata>'
    item = newsml(f"<NewsComponent><NewsLines>{lines}</NewsLines>{told}</NewsComponent>")
    assert (item.headline, item.standfirst) == ("Pier falls", None)
    assert dict(item.extra) == {"headlines_foreign": "La jetée tombe", "news_lines": "trackline: Port"}


def test_a_topic_set_is_no_news() -> None:
    document = read("<NewsML><NewsItem><Identification/><TopicSet><Topic/></TopicSet></NewsItem></NewsML>")
    assert [failure.code for failure in document.failures] == ["not_news"]


@pytest.mark.parametrize(
    ("head", "slug"),
    [
        ("<title>HARLUND-PIER</title>", "HARLUND-PIER"),
        ("<title>Pier falls</title>", None),
        ("<title>Old pier falls</title>", None),
        ('<title>HARLUND-PIER</title><meta name="anpa-keyword" content="Pier"/>', "Pier"),
    ],
)
def test_a_title_that_is_no_headline_is_the_slug_of_nitf(head: str, slug: str | None) -> None:
    hedline = "<body.head><hedline><hl1>Pier falls</hl1></hedline></body.head>"
    item = one(f'<nitf uno="u1"><head>{head}</head><body>{hedline}</body></nitf>')
    assert (item.slug, item.headline, item.guid) == (slug, "Pier falls", "u1")


def test_items_stand_inside_items_and_packages_name_their_members() -> None:
    inner = f"<NewsItem><Identification><NewsIdentifier><NewsItemId>2</NewsItemId></NewsIdentifier></Identification>{copy('It fell.')}</NewsItem>"
    names = "<Identification><NewsIdentifier><NewsItemId>1</NewsItemId></NewsIdentifier></Identification>"
    outer = f'<NewsComponent>{inner}<NewsItemRef NewsItem="urn:3"/></NewsComponent>'
    package, story = read(f"<NewsML><NewsItem>{names}{outer}</NewsItem></NewsML>").items
    assert (package.guid, package.item_type, package.body) == ("urn:newsml:1", "composite", None)
    assert dict(package.extra)["members"] == "urn:3 2"
    assert (story.guid, story.item_type, story.body) == ("urn:newsml:2", "text", "It fell.")


def test_a_topic_occurrence_names_a_topic_of_the_document() -> None:
    topic = '<TopicSet><Topic Duid="t1"><FormalName Scheme="IptcSubjectCodes">04000000</FormalName></Topic></TopicSet>'
    told = '<DescriptiveMetadata><TopicOccurrence Topic="#t1"/><TopicOccurrence Topic="#t2"/></DescriptiveMetadata>'
    names = "<Identification><NewsIdentifier><NewsItemId>1</NewsItemId></NewsIdentifier></Identification>"
    item = one(f"<NewsML>{topic}<NewsItem>{names}<NewsComponent>{told}</NewsComponent></NewsItem></NewsML>")
    assert (item.subject_codes, item.media_topics) == (("subj:04000000",), ("medtop:04000000",))


def test_subjects_of_nitf_by_letters_and_by_number() -> None:
    subjects = '<tobject.subject tobject.subject.code="FIN"/><tobject.subject tobject.subject.refnum="IPTC:15054000"/>'
    item = one(f'<nitf uno="u"><head><tobject>{subjects}</tobject><pubdata name="The Quay"/></head><body/></nitf>')
    assert (item.subject_codes, item.source) == (("subj:04000000", "subj:15054000"), "The Quay")


def test_rights_and_parts_of_content_may_be_several() -> None:
    item = g2(
        rest="<rightsInfo><copyrightNotice>W</copyrightNotice></rightsInfo>"
        "<rightsInfo><usageTerms>No web.</usageTerms></rightsInfo>"
        '<partMeta partid="a"><description>Shot one.</description></partMeta>'
        '<partMeta partid="b"><description>Shot two.</description></partMeta>',
    )
    assert (item.usage_terms, item.body, dict(item.extra)["copyright"]) == ("No web.", "Shot one.\nShot two.", "W")


def test_what_stands_beside_language_versions_belongs_to_the_first() -> None:
    def version(tag: str, text: str) -> str:
        body = f'<NewsComponent><Role FormalName="Body"/><ContentItem><DataContent>{text}</DataContent></ContentItem></NewsComponent>'
        lines = f"<NewsLines><HeadLine>{text} head</HeadLine></NewsLines>"
        return f'<NewsComponent xml:lang="{tag}">{lines}{body}</NewsComponent>'

    photo = '<NewsComponent><Role FormalName="Photo"/><ContentItem Href="p.jpg"/></NewsComponent>'
    names = "<Identification><NewsIdentifier><NewsItemId>1</NewsItemId></NewsIdentifier></Identification>"
    parts = f"{version('nl', 'Tekst')}{photo}{version('fr', 'Texte')}{copy('A box.')}"
    for around in ("<NewsComponent>{}</NewsComponent>", "{}"):
        dutch, french = read(f"<NewsML><NewsItem>{names}{around.format(parts)}</NewsItem></NewsML>").items
        assert (dutch.headline, dutch.body, dutch.language) == ("Tekst head", "Tekst\nA box.", "nl")
        assert [medium.url for medium in dutch.media] == ["p.jpg"]
        assert (french.headline, french.body, french.media) == ("Texte head", "Texte", ())


@pytest.mark.parametrize(
    ("lines", "headline", "extra"),
    [("", "A page", {}), ("<HeadLine>Pier falls</HeadLine>", "Pier falls", {"page_title": "A page"})],
)
def test_the_title_of_a_page_is_a_last_headline(lines: str, headline: str, extra: dict[str, str]) -> None:
    page = "<html><head><title>A page</title></head><body><p>The pier fell.</p></body></html>"
    data = f"<ContentItem><DataContent>{page}</DataContent></ContentItem>"
    item = newsml(f"<NewsComponent><NewsLines>{lines}</NewsLines>{data}</NewsComponent>")
    assert (item.headline, item.body, dict(item.extra)) == (headline, "The pier fell.", extra)
    content = lines.replace("HeadLine", "headline")
    item = g2(content=content, rest=f"<contentSet><inlineXML>{page}</inlineXML></contentSet>")
    assert (item.headline, item.body, dict(item.extra)) == (headline, "The pier fell.", extra)
