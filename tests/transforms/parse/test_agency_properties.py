"""Whatever bytes arrive: rows or failures, never an exception, and no format takes forever over a twisted document."""

import datetime as dt
import importlib
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.document import ParsedDocument, RawDocument, Source
from transforms.parse.probe import probe

DATA = Path(__file__).parents[2] / "data"
NAMES = ("newsml_g2", "newsml_1", "nitf", "ritzau", "wxr", "agency_xml")
FORMATS = {name: importlib.import_module(f"transforms.parse.{name}") for name in NAMES}
SEEDS = [(name, path.read_bytes()) for name in NAMES for path in sorted((DATA / name).glob("*.xml"))]
FETCHED = dt.datetime(2024, 12, 1, tzinfo=dt.UTC)


def parse(module: ModuleType, data: bytes) -> ParsedDocument:
    seen = probe(data)
    module.sniff(seen)
    document = module.parse(RawDocument(Source("x"), "x", data, FETCHED), seen)
    assert isinstance(document, ParsedDocument)
    assert document.items or document.failures
    for item in document.items:
        assert item.guid or item.headline or item.body or item.standfirst or item.media or item.url or item.kill_target
        for moment in (item.version_created, item.first_created, item.embargo_until, item.published, item.updated):
            assert moment is None or moment.utcoffset() == dt.timedelta(0)
        assert item.status in {"usable", "withheld", "canceled"}
    positions = [i.position for i in document.items] + [f.position for f in document.failures if f.position is not None]
    assert len(positions) == len(set(positions))
    return document


@given(data=st.binary(max_size=400), name=st.sampled_from(NAMES))
@settings(max_examples=150, deadline=None)
def test_any_bytes_end_in_rows_or_failures(data: bytes, name: str) -> None:
    parse(FORMATS[name], data)


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, bytes]:
    name, data = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data) - 1))
        size = draw(st.integers(0, min(300, len(data) - at)))
        kind = draw(st.sampled_from(("cut", "double", "swap", "junk", "end")))
        piece = data[at : at + size]
        other = draw(st.integers(0, len(data) - 1))
        if kind == "cut":
            data = data[:at] + data[at + size :]
        elif kind == "double":
            data = data[:at] + piece + data[at:]
        elif kind == "swap":
            data = data[:at] + data[other : other + size] + data[at + size :]
        elif kind == "junk":
            data = data[:at] + draw(st.binary(max_size=12)) + data[at + size :]
        else:
            data = data[: at + 1]
        data = data or b"<"
    return name, data


@given(case=mutations())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_mutation_of_a_document_ends_in_rows_or_failures(case: tuple[str, bytes]) -> None:
    name, data = case
    parse(FORMATS[name], data)


@pytest.mark.parametrize("name", NAMES)
def test_a_format_reads_the_documents_of_another_without_harm(name: str) -> None:
    for _, data in SEEDS:
        parse(FORMATS[name], data)


def g2(content: str, meta: str = "") -> bytes:
    return (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="g" standard="NewsML-G2" version="1">'
        f"<itemMeta>{meta}</itemMeta><contentMeta/><contentSet><inlineXML>{content}</inlineXML></contentSet></newsItem>"
    ).encode()


TWISTED = {
    "deep": g2("<html><body>" + "<div>" * 200 + "words" + "</div>" * 200 + "</body></html>"),
    "many breaks": g2("<nitf><body><body.content><p>" + "word <br/>" * 50_000 + "</p></body.content></body></nitf>"),
    "many notes": g2("<p>copy</p>", "".join(f"<edNote>note {n}</edNote>" for n in range(20_000))),
    "many embargoes": g2("<p>copy</p>", "<embargoed/>" * 20_000),
    "many tables": g2("<html><body>" + "<table><tr><td>" * 60 + "x" + "</td></tr></table>" * 60 + "</body></html>"),
    "many words of a mark": g2("<p>" + "not for publication and so on " * 20_000 + "</p>"),
    "many figures": g2("<html><body>" + '<figure><img src="a"/></figure>' * 20_000 + "</body></html>"),
    "unknown elements": g2("<zap>" * 60 + "<zap>x</zap>" * 20_000 + "</zap>" * 60),
    "unknown pairs": g2("<p>" + "<zap>x</zap> and " * 20_000 + "</p>"),
    "open tags": g2("&lt;p " * 20_000),
}


@pytest.mark.parametrize("case", TWISTED)
def test_twisted_documents_are_read_in_one_pass(case: str) -> None:
    document = parse(FORMATS["newsml_g2"], TWISTED[case])
    assert document.items[0].guid == "g"


def test_places_and_their_assertions_are_not_compared_without_end() -> None:
    located = "".join(f'<located qcode="a:{n}"/>' for n in range(5_000))
    asserts = "".join(f'<assert qcode="b:{n}"/>' for n in range(5_000))
    data = f'<newsItem guid="g" standardversion="2.35"><contentMeta>{located}</contentMeta>{asserts}</newsItem>'
    assert parse(FORMATS["newsml_g2"], data.encode()).items


@pytest.mark.timeout(20)  # a second is usual; comparing or copying what was read before would take minutes
def test_repeated_elements_take_linear_time() -> None:
    lines = "".join(
        f'<NewsLine><NewsLineType FormalName="Note"/><NewsLineText>z{n}</NewsLineText></NewsLine>'
        for n in range(120_000)
    )
    data = f"<NewsML><NewsItem><NewsComponent><NewsLines>{lines}</NewsLines></NewsComponent></NewsItem></NewsML>"
    assert parse(FORMATS["newsml_1"], f"{data}".replace("<NewsItem>", "<NewsItem><Identification/>").encode()).failures
    equals = "".join(
        f"<NewsComponent><ContentItem><DataContent>b{n}</DataContent></ContentItem></NewsComponent>"
        for n in range(60_000)
    )
    data = f'<NewsML><NewsItem><NewsComponent EquivalentsList="yes">{equals}</NewsComponent></NewsItem></NewsML>'
    (item,) = parse(FORMATS["newsml_1"], data.encode()).items
    assert item.body is not None
    assert item.body.count("\n") == 59_999  # equal ones would be one; so many are not compared
    parts = "".join(
        f"<NewsComponent><NewsLines><HeadLine>h{n}</HeadLine></NewsLines><ContentItem><DataContent><nitf><body>"
        f"<body.head><byline>By B{n}</byline></body.head><body.content><p>b{n}</p></body.content></body></nitf>"
        "</DataContent></ContentItem></NewsComponent>"
        for n in range(10_000)
    )
    heads = "".join(f"<HeadLine>t{n}</HeadLine>" for n in range(10_000))
    data = f"<NewsML><NewsItem><NewsComponent><NewsLines>{heads}</NewsLines>{parts}</NewsComponent></NewsItem></NewsML>"
    (item,) = parse(FORMATS["newsml_1"], data.encode()).items
    assert item.body is not None
    assert item.body.endswith("h9999\nb9999")
    people = "".join(f"<person>P{n}</person>" for n in range(300_000))
    data = f"<nitf><body><body.head><byline>By {people}</byline></body.head></body></nitf>"
    assert parse(FORMATS["nitf"], f"{data}".encode()).failures
    figures = "<figure>" * 90 + "<p>x</p>" * 60_000 + "</figure>" * 90
    assert parse(FORMATS["newsml_g2"], g2(f"<html><body>{figures}</body></html>")).items


def test_many_language_versions_are_one_story_beyond_the_limit() -> None:
    version = (
        '<NewsComponent xml:lang="l{0}"><Role FormalName="Short"/><NewsLines><HeadLine>h{0}</HeadLine></NewsLines>'
        '<NewsComponent><Role FormalName="Body"/><ContentItem><DataContent>b{0}</DataContent></ContentItem>'
        "</NewsComponent></NewsComponent>"
    )
    versions = "".join(version.format(n) for n in range(3_000))
    data = f"<NewsML><NewsItem><NewsComponent>{versions}</NewsComponent></NewsItem></NewsML>"
    assert len(parse(FORMATS["newsml_1"], data.encode()).items) == 1


def test_nothing_outside_the_document_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret", encoding="utf-8")
    data = (
        f'<!DOCTYPE nitf [<!ENTITY x SYSTEM "{secret.as_uri()}">]><nitf><head><docdata><doc-id id-string="1"/></docdata>'
        "</head><body><body.content><p>a &x; b</p></body.content></body></nitf>"
    )
    document = parse(FORMATS["nitf"], data.encode())
    assert "the secret" not in repr(document)


def test_entities_that_expand_without_end_are_refused() -> None:
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {c} "{f"&{p};" * 10}">' for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    data = f"<!DOCTYPE nitf [{entities}]><nitf><body><body.content><p>&i;</p></body.content></body></nitf>"
    document = parse(FORMATS["nitf"], data.encode())
    assert not document.items
    assert document.failures[0].code == "entity_bomb"
