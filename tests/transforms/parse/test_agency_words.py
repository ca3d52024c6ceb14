"""No word that an agency's document prints as content may vanish: each stands in one of the columns of text.

Documents are made of what the standards allow inside a body, in every nesting, with text before, between and behind
the elements; each word is another one.
"""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.document import RawDocument, Source
from schemas.item import NewsItem
from transforms.parse.registry import parse_document

FETCHED = dt.datetime(2024, 12, 1, tzinfo=dt.UTC)
WORD = re.compile(r"\bzq\d+x\b")

Draw = st.DrawFn
Maker = Callable[[Draw, Iterator[str], int], str]

INLINE = ("em", "strong", "a", "span", "b", "sup", "person", "org", "location", "city", "money", "num", "frac", "chron")
INLINE += (
    "event",
    "function",
    "name.given",
    "q",
    "lang",
    "pronounce",
    "classifier",
    "copyrite",
    "math",
    "blip",
    "cite",
)
BLOCKS = ("p", "div", "h1", "h3", "blockquote", "section", "aside", "pre", "address", "hl2", "bq", "block", "credit")
BLOCKS += ("fn", "note", "datasource", "tagline", "byline", "dateline", "abstract", "zap", "article", "main", "footer")
BLOCKS += ("lead", "para", "title", "nitf-table", "details", "summary", "center", "custom-table", "figcaption")
CLASSES = ("", "", "", ' class="teaser"', ' class="byline"', ' class="dateline"', ' class="np-nonpublic"', ' id="i"')
CLASSES += (' pubconstraint="pubconstraint:nonpublic"',)
CONTAINERS = {
    "ul": ("li",),
    "ol": ("li", "ul"),
    "dl": ("dt", "dd"),
    "table": ("caption", "thead", "tr", "tbody", "colgroup", "zap"),
    "thead": ("tr",),
    "tbody": ("tr", "td"),
    "tr": ("td", "th", "zap"),
    "header": ("h1", "h2", "p", "ul", "time", "div", "zap"),
    "figure": ("img", "figcaption", "p", "table", "iframe", "video"),
    "media": ("media-metadata", "media-reference", "media-caption", "media-producer", "zap"),
    "photo": ("caption", "credit"),
    "nitf-table-metadata": ("nitf-table-summary",),
}
EMPTY = ("<br/>", "<hr/>", "<col/>", '<img src="a.jpg"/>', '<media-reference source="b.jpg"/>')


def words(draw: Draw, fresh: Iterator[str]) -> str:
    return " ".join(next(fresh) for _ in range(draw(st.integers(0, 2))))


def inline(draw: Draw, fresh: Iterator[str], depth: int) -> str:
    out = [words(draw, fresh)]
    for _ in range(draw(st.integers(0, 2 if depth < 3 else 0))):
        kind = draw(st.integers(0, 7))
        if kind == 0:
            out.append(draw(st.sampled_from(EMPTY)))
        else:
            name, mark = draw(st.sampled_from(INLINE)), draw(st.sampled_from(CLASSES))
            out.append(f"<{name}{mark}>{inline(draw, fresh, depth + 1)}</{name}>")
        out.append(words(draw, fresh))
    return " ".join(out)


def block(draw: Draw, fresh: Iterator[str], depth: int, name: str | None = None) -> str:
    if name is None:
        name = draw(st.sampled_from((*BLOCKS, *CONTAINERS, "p", "p", "p")))
    mark = draw(st.sampled_from(CLASSES))
    if name in CONTAINERS and depth < 5:
        inner = [words(draw, fresh)]
        for _ in range(draw(st.integers(0, 3))):
            inner += [block(draw, fresh, depth + 1, draw(st.sampled_from(CONTAINERS[name]))), words(draw, fresh)]
        return f"<{name}{mark}>{''.join(inner)}</{name}>"
    if depth < 4 and draw(st.booleans()) and name not in {"colgroup", "media-metadata"}:
        return f"<{name}{mark}>{flow(draw, fresh, depth + 1)}</{name}>"
    return f"<{name}{mark}>{inline(draw, fresh, depth + 1) if name != 'colgroup' else ''}</{name}>"


def flow(draw: Draw, fresh: Iterator[str], depth: int) -> str:
    out = [words(draw, fresh)]
    for _ in range(draw(st.integers(0, 3))):
        out += [block(draw, fresh, depth), words(draw, fresh)]
    return "".join(out)


def nitf(draw: Draw, fresh: Iterator[str]) -> str:
    parts: list[str] = []
    for _ in range(draw(st.integers(0, 4))):
        name = draw(st.sampled_from(HEAD))
        if name == "hedline":
            lines = "".join(
                f"<{n}>{inline(draw, fresh, 1)}</{n}>" for n in draw(st.lists(st.sampled_from(("hl1", "hl2"))))
            )
            parts.append(f"<hedline>{words(draw, fresh)}{lines}</hedline>")
        else:
            inner = inline if draw(st.booleans()) else flow
            parts.append(f"<{name}>{inner(draw, fresh, 2)}</{name}>")
    head = f"<body.head>{words(draw, fresh)}{''.join(parts)}</body.head>" if parts else ""
    content = f"<body.content>{flow(draw, fresh, 0)}</body.content>" if draw(st.booleans()) else flow(draw, fresh, 0)
    end = f"<body.end>{flow(draw, fresh, 2)}</body.end>" if draw(st.booleans()) else ""
    return f"<nitf>{ID}<body>{head}{content}{end}</body></nitf>"


HEAD = (
    "hedline",
    "hedline",
    "byline",
    "dateline",
    "distributor",
    "abstract",
    "note",
    "rights",
    "series",
    "copyrite",
    "zap",
)


ID = '<head><docdata><doc-id id-string="1"/></docdata></head>'


def content(draw: Draw, fresh: Iterator[str]) -> str:
    """Inline content: NITF, XHTML, bare markup, escaped markup or plain text."""
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return nitf(draw, fresh)
    if kind == 1:
        return f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{flow(draw, fresh, 0)}</body></html>'
    if kind == 2:
        return flow(draw, fresh, 0)
    text = "".join(f"<p>{words(draw, fresh)}</p><div>{words(draw, fresh)}</div>" for _ in range(2))
    if kind == 3:
        return f"<![CDATA[{text}]]>"
    return f"{words(draw, fresh)}\n\n{words(draw, fresh)}\n{words(draw, fresh)}"


def numbers() -> Iterator[str]:
    return (f"zq{n}x" for n in itertools.count())


@st.composite
def nitf_documents(draw: Draw) -> str:
    return nitf(draw, numbers())


@st.composite
def g2_documents(draw: Draw) -> str:
    fresh = numbers()
    lines = "".join(f"<{n}>{inline(draw, fresh, 2)}</{n}>" for n in draw(st.lists(st.sampled_from(META), unique=True)))
    parts = "".join(
        f"<{n}>{content(draw, fresh)}</{n}>"
        for n in draw(st.lists(st.sampled_from(("inlineXML", "inlineData")), max_size=2))
    )
    return (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="g" version="1" standard="NewsML-G2">'
        f"<itemMeta/><contentMeta>{lines}</contentMeta><contentSet>{parts}</contentSet></newsItem>"
    )


META = ("headline", "by", "dateline", "creditline", "description", "slugline")


def component(draw: Draw, fresh: Iterator[str], depth: int) -> str:
    """A component; parts of a story print a title and a byline of their own."""
    role = draw(st.sampled_from(ROLES))
    role = f'<Role FormalName="{role}"/>' if role else ""
    printed = LINES if depth == 0 else LINES[:3]
    lines = "".join(
        f"<{n}>{words(draw, fresh)}</{n}>" for n in draw(st.lists(st.sampled_from(printed), max_size=2, unique=True))
    )
    items = "".join(item(draw, fresh) for _ in range(draw(st.integers(0, 2))))
    inner = "".join(component(draw, fresh, depth + 1) for _ in range(draw(st.integers(0, 2 if depth < 3 else 0))))
    mark = draw(st.sampled_from(MARKS))
    return f"<NewsComponent{mark}>{role}<NewsLines>{lines}</NewsLines>{inner}{items}</NewsComponent>"


def item(draw: Draw, fresh: Iterator[str]) -> str:
    kind, address = draw(st.sampled_from(TYPES)), draw(st.sampled_from(("", ' Href="a.jpg"')))
    media = f'<MediaType FormalName="{kind}"/>' if kind else ""
    around = draw(st.sampled_from(("{}", "{}", '<Encoding Notation="none">{}</Encoding>', "")))
    data = around.format(f"<DataContent>{content(draw, fresh)}</DataContent>") if around else ""
    return f"<ContentItem{address}>{media}{data}</ContentItem>"


ROLES = ("", "Main", "Body", "Title", "Caption", "Abstract", "EditorialNote", "Photo", "Supporting", "Unheard-of")
LINES = ("HeadLine", "SubHeadLine", "ByLine", "DateLine", "CreditLine", "SlugLine")
MARKS = ("", ' EquivalentsList="yes"', ' xml:lang="fr"', ' xml:lang="nl"', ' EquivalentsList="yes" xml:lang="en"')
TYPES = ("", "Text", "Photo")


@st.composite
def newsml_1_documents(draw: Draw) -> str:
    fresh = numbers()
    tops = "".join(component(draw, fresh, place) for place in range(draw(st.integers(1, 2))))
    names = "<Identification><NewsIdentifier><NewsItemId>1</NewsItemId></NewsIdentifier></Identification>"
    return f"<NewsML><NewsItem>{names}{tops}</NewsItem></NewsML>"


def kept(item: NewsItem) -> str:
    texts = [item.headline, item.standfirst, item.body, item.byline_raw, item.dateline_raw, item.editorial_note]
    texts += [item.usage_terms, item.credit, item.slug, *(text for _, text in item.extra)]
    texts += [text for medium in item.media for text in (medium.caption, medium.credit, medium.title)]
    return "\n".join(filter(None, texts))


def lost(xml: str) -> set[str]:
    document = parse_document(RawDocument(Source("x"), "x", xml.encode(), FETCHED))
    assert document.items or set(WORD.findall(xml)) == set() or document.failures[0].code == "empty_item"
    return set(WORD.findall(xml)) - {word for item in document.items for word in WORD.findall(kept(item))}


EFFORT = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@given(nitf_documents())
@EFFORT
def test_no_word_of_nitf_vanishes(xml: str) -> None:
    assert lost(xml) == set()


@given(g2_documents())
@EFFORT
def test_no_word_of_newsml_g2_vanishes(xml: str) -> None:
    assert lost(xml) == set()


@given(newsml_1_documents())
@EFFORT
def test_no_word_of_newsml_1_vanishes(xml: str) -> None:
    assert lost(xml) == set()
