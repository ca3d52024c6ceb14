"""NITF 3.x, bare or with a DOCTYPE (never fetched): one story per ``nitf`` element, any number of them in a wrapper.

Source: NITF 3.6 DTD and the ``meta`` names that agencies add to its head (``anpa-*`` of AAP and AP, ``NTB*``,
``categoria``/``prioridad`` of EFE, ``category`` of PA and ANSA).
"""

import re
from collections.abc import Iterator
from typing import Any

from schemas.document import ParsedDocument, RawDocument
from schemas.item import NewsItem
from schemas.media_topics import media_topics_of
from transforms.parse.agency_document import Clock, Entry, joined, pairs, read_document
from transforms.parse.body_media import whole_number
from transforms.parse.countries import country_code
from transforms.parse.elements import (
    Element,
    attribute,
    child,
    descendants,
    first,
    grouped,
    join_lines,
    outermost,
    text_of,
    unique,
)
from transforms.parse.news_status import is_embargoed, signals_of, status_of, take_key_of
from transforms.parse.nitf_content import read_nitf_body
from transforms.parse.probe import Probe
from transforms.parse.xml import ParseError

NAME = "nitf"

_WORD = re.compile(r"\w+")
_TOPS = "ACE CLJ DIS FIN EDU EVN HTH HUM LAB LIF POL REL SCI SOI SPO WAR WEA"
_TOP_CODES = {name: f"{number:02}000000" for number, name in enumerate(_TOPS.split(), 1)}
"""IPTC's three letters for its top-level subjects, which may stand instead of a number."""

_PLACEHOLDER = ("YYYY", "00000000")
"""What templates leave in a date that nobody filled in."""


def sniff(probe: Probe) -> bool:
    """A ``nitf`` root, or a wrapper whose first element is one."""
    if probe.root == "nitf":
        return True
    return probe.root in {"nitfs", "newsitems", "stories", "items", "documents"} and "<nitf" in probe.text


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:  # noqa: ARG001 -- one signature for every format
    """Read a document. Never raises."""
    return read_document(doc, NAME, entries, read_entry)


def read_entry(element: Element, _: Any, clock: Clock) -> NewsItem:
    """Read one ``nitf`` element."""
    return read_nitf(element, clock)


def entries(root: Element) -> Iterator[Entry]:
    """The stories below a root."""
    for element in outermost(root, "nitf"):
        yield element, None


def read_nitf(nitf: Element, clock: Clock) -> NewsItem:
    """Read one ``nitf`` element.

    Raises:
        ParseError: ``empty_item`` when it has neither an id nor any text.
    """
    head = grouped(child(nitf, "head"))
    data = child(nitf, "head", "docdata")
    if data is None:
        data = child(nitf, "docdata")
    facts = grouped(data)
    for name in ("revision-history", "urgency", "date.issue", "doc-id", "pubdata"):
        # some agencies close docdata too early
        if name not in facts and name in head:
            facts[name] = head[name]
    metas = _metas(head.get("meta", ()))
    body = read_nitf_body(nitf)
    copy = body.copy

    issued = _norm(first(facts, "date.issue")) or attribute(first(facts, "pubdata"), "date.publication")
    revised = [norm for each in facts.get("revision-history", ()) if (norm := _norm(each))]
    issued = issued or (revised[-1] if revised else None)
    released = _norm(first(facts, "date.release"))
    clock = clock.beside(issued, released, *revised)
    issue, dated = clock.dated(issued)
    release = clock.read(released)

    word = attribute(data, "management-status")
    embargo = is_embargoed(word)
    ed_msg = joined((attribute(each, "info") or text_of(each) for each in facts.get("ed-msg", ())), "\n")
    embargo_until = release if release is not None and (embargo or issue is None or release > issue) else None
    embargo_raw = None
    if embargo_until is None and (embargo or (released and release is None)):
        embargo_raw = released or ed_msg or "embargoed"

    status = status_of(word)
    target, target_status = attribute(data, "management-doc-idref"), attribute(data, "management-idref-status")
    # the status that the message gives to another item; without one of its own, the message's status is meant
    kill_target = target if status_of(target_status or word) == "canceled" else None

    identity = first(facts, "doc-id")
    update = first(facts, "du-key")
    title = text_of(first(head, "title"))
    headline = body.headline or title
    keywords = unique(
        attribute(each, "key") or text_of(each)
        for key_list in facts.get("key-list", ())
        for each in descendants(key_list, "keyword")
    )
    slug = (
        metas.get("anpa-keyword")
        or metas.get("ntbstikkord")
        or metas.get("slug")
        or metas.get("slugline")
        or attribute(first(facts, "fixture"), "fix-id")
        or _no_headline(title, headline)
        or attribute(update, "key")
        or (keywords[0] if len(keywords) == 1 else None)
    )
    corrections = [
        each for each in facts.get("correction", ()) if attribute(each, "info") or attribute(each, "id-string")
    ]
    note = join_lines(
        ed_msg,
        body.note,
        *(attribute(each, "info") for each in corrections),
        *(attribute(each, "comment") for each in facts.get("revision-history", ())),
    )
    codes = _subject_codes(nitf)
    place = first(facts, "evloc")
    guid = attribute(identity, "id-string") or attribute(nitf, "uno")
    if not (guid or headline or kill_target or body.says_something):
        raise ParseError("empty_item", "has neither an id nor any text")

    kinds = [attribute(each, "tobject.property.type") for each in descendants(nitf, "tobject.property")]
    version = attribute(update, "version")
    if version is None:
        version = attribute(first(facts, "series"), "series.part")
    rights = first(facts, "doc.copyright")
    return NewsItem(
        guid=guid,
        version=version,
        version_created=issue,
        first_created=clock.read(_norm(first(facts, "date.issue"))),
        provider=attribute(identity, "regsrc") or metas.get("ntbkilde"),
        source=text_of(child(first(facts, "del-list"), "from-src"))
        or attribute(child(first(facts, "del-list"), "from-src"), "src-name")
        or attribute(rights, "holder")
        or attribute(first(facts, "pubdata"), "name"),
        item_type="text",
        status=status,
        signals=signals_of(
            (
                word,
                *(attribute(each, "name") for each in facts.get("revision-history", ())),
                "correction" if corrections else None,
            ),
            status,
        ),
        supersedes=unique(each for each in (attribute(one, "id-string") for one in corrections) if each != guid),
        kill_target=kill_target,
        embargo_until=embargo_until,
        embargo_raw=embargo_raw,
        headline=headline,
        standfirst=join_lines(_differs(body.subheadline, headline, slug), body.standfirst),
        body=copy.body,
        byline_raw=body.byline,
        dateline_raw=body.dateline,
        dateline_date_raw=body.dateline_date,
        located_place=attribute(place, "city") or text_of(child(place, "city")) or body.city,
        located_country=country_code(
            attribute(place, "iso-cc")
            or attribute(child(place, "country"), "iso-cc")
            or text_of(child(place, "country"))
            or body.country,
        ),
        language=attribute(nitf, "lang") or attribute(nitf, "baselang"),
        slug=slug,
        take_key=metas.get("anpa-takekey") or take_key_of(slug),
        keywords=keywords,
        genres=unique(kinds),
        editorial_note=note,
        usage_terms=body.rights
        or joined(
            (attribute(each, name) for each in facts.get("doc.rights", ()) for name in ("type", "limitations")), "\n"
        ),
        credit=body.distributor,
        urgency=whole_number(attribute(first(facts, "urgency"), "ed-urg")),
        media=copy.media,
        wire_header=pairs(
            ("category", metas.get("anpa-category") or metas.get("category") or metas.get("categoria")),
            ("sequence", metas.get("anpa-sequence")),
            ("service", metas.get("anpa-service") or metas.get("service") or metas.get("ntbtjeneste")),
            ("priority_code", metas.get("priority") or metas.get("prioridad")),
            ("format", metas.get("anpa-format")),
            ("keyword_line", metas.get("anpa-keyword")),
            ("news_item_type", attribute(next(descendants(nitf, "tobject"), None), "tobject.type")),
            ("scope", joined((attribute(each, "scope") for each in facts.get("doc-scope", ())), "; ")),
            ("update_key", attribute(update, "key")),
            ("expires", _norm(first(facts, "date.expire"))),
            ("copyright", joined((attribute(rights, "year"), attribute(rights, "holder")))),
        ),
        subject_codes=codes,
        media_topics=media_topics_of(codes),
        published=issue,
        published_raw=issued,
        date_source=dated,
        updated=clock.read(revised[-1]) if revised else None,
    )


def _norm(element: Element | None) -> str | None:
    """The date of an element, unless a template left it blank."""
    text = attribute(element, "norm") or text_of(element)
    return None if not text or text.upper().startswith(_PLACEHOLDER) else text


def _differs(text: str | None, *others: str | None) -> str | None:
    """A line that says something of its own."""
    known = {other.casefold() for other in others if other}
    return None if text is None or text.casefold() in known else text


def _no_headline(title: str | None, headline: str | None) -> str | None:
    """A ``title`` that is a slug: at most half of its words stand in the headline."""
    words, said = _WORD.findall((title or "").casefold()), set(_WORD.findall((headline or "").casefold()))
    return title if 2 * sum(word in said for word in words) <= len(words) else None


def _metas(elements: Any) -> dict[str, str]:
    """``meta`` names (lower case) and contents; the first of a name counts."""
    found: dict[str, str] = {}
    for element in elements:
        name, content = attribute(element, "name"), attribute(element, "content")
        if name and content:
            found.setdefault(name.lower(), content)
    return found


def _subject_codes(nitf: Element) -> tuple[str, ...]:
    """IPTC subject codes of ``tobject.subject``; codes of an agency's own list (another ``ipr``) are none."""
    codes = []
    for subject in descendants(nitf, "tobject.subject"):
        code = (attribute(subject, "tobject.subject.refnum") or "").rpartition(":")[2]
        code = code or _TOP_CODES.get((attribute(subject, "tobject.subject.code") or "").upper(), "")
        if code.isdigit() and (attribute(subject, "tobject.subject.ipr") or "IPTC").upper() == "IPTC":
            codes.append(f"subj:{code.zfill(8)}")
    return unique(codes)
