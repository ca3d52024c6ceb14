"""Whatever bytes arrive: rows or failures, never an exception, and no format takes forever over a twisted document."""

import datetime as dt
import importlib
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schemas.document import ParsedDocument, RawDocument, Source
from transforms.parse.probe import probe

DATA = Path(__file__).parents[2] / "data"
NAMES = (
    "ap_media",
    "dpa_json",
    "reuters_json",
    "ninjs",
    "email_message",
    "iptc7901",
    "anpa1312",
    "zczc",
    "plain_text",
)
FORMATS = {name: importlib.import_module(f"transforms.parse.{name}") for name in NAMES}
SEEDS = [
    (name, path.read_bytes())
    for name in NAMES
    for path in sorted((DATA / name).iterdir())
    if not path.name.endswith(".golden.json")
]
FETCHED = dt.datetime(2024, 12, 1, tzinfo=dt.UTC)


def parse(module: ModuleType, data: bytes) -> ParsedDocument:
    seen = probe(data)
    module.sniff(seen)
    document = module.parse(RawDocument(Source("x"), "x", data, FETCHED), seen)
    assert isinstance(document, ParsedDocument)
    assert document.items or document.failures
    for item in document.items:
        text = item.headline or item.body or item.standfirst or item.editorial_note
        assert item.guid or text or item.media or item.kill_target
        for moment in (item.version_created, item.first_created, item.embargo_until, item.published, item.updated):
            assert moment is None or moment.utcoffset() == dt.timedelta(0)
        assert item.status in {"usable", "withheld", "canceled"}
        for text in (item.headline, item.body, item.standfirst, item.guid, item.editorial_note, item.byline_raw):
            assert text is None or text.encode("utf-8")  # no lone surrogate reaches Arrow
    positions = [i.position for i in document.items] + [f.position for f in document.failures if f.position is not None]
    assert len(positions) == len(set(positions))
    return document


@given(data=st.binary(max_size=400), name=st.sampled_from(NAMES))
@example(data=b"\x00\n!", name="zczc")
@settings(max_examples=200, deadline=None)
def test_any_bytes_end_in_rows_or_failures(data: bytes, name: str) -> None:
    parse(FORMATS[name], data)


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, bytes]:
    name, data = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data) - 1))
        size = draw(st.integers(0, min(200, len(data) - at)))
        other = draw(st.integers(0, len(data) - 1))
        kind = draw(st.sampled_from(("cut", "double", "swap", "junk", "end")))
        if kind == "cut":
            data = data[:at] + data[at + size :]
        elif kind == "double":
            data = data[: at + size] + data[at:]
        elif kind == "swap":
            data = data[:at] + data[other : other + size] + data[at + size :]
        elif kind == "junk":
            data = data[:at] + draw(st.binary(max_size=12)) + data[at + size :]
        else:
            data = data[: at + 1]
        data = data or b"{"
    return name, data


@given(case=mutations())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_mutation_of_a_document_ends_in_rows_or_failures(case: tuple[str, bytes]) -> None:
    name, data = case
    parse(FORMATS[name], data)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [
        "uri",
        "urn",
        "guid",
        "altids",
        "item",
        "data",
        "type",
        "headline",
        "headlines",
        "bodies",
        "body_text",
        "versioncreated",
        "pubstatus",
        "subject",
        "subjects",
        "associations",
        "renditions",
        "located",
        "categories",
        "notepad",
        "ednotes",
        "embargoed",
        "bylines",
        "datelinelocation",
        "headLine",
        "versionedGuid",
        "bodyXhtml",
        "eventDetails",
        "replacing",
        "infosources",
        "keywords",
    ]
)


@given(entry=st.dictionaries(KEYS, VALUES, max_size=8), name=st.sampled_from(NAMES[:4]))
@settings(max_examples=300, deadline=None)
def test_values_of_wrong_types_cost_a_field_not_an_item(entry: dict[str, object], name: str) -> None:
    import json

    document = parse(FORMATS[name], json.dumps({"uri": "x", "urn": "x", "usn": "1", "headLine": "x", **entry}).encode())
    assert not [failure for failure in document.failures if failure.code == "unreadable_item"]


LONG = {
    "spaces": b" ",
    "line ends": b"\n",
    "synchronous idle": b"\x16",
    "start of heading": b"\x01",
    "carets": b"^A\n",
    "parentheses": b"(a\n",
    "quotes": b'"',
    "headers": b"A: b\n",
    "wrapped lines": b"aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm \n",
    "kills": b"KILL ",
    "asterisks": b" ** ",
    "dashes": b"dpa/a/a/a",
    "frames": b"ZCZC\n",
    "encoded words": b"=?utf-8?Q?a?= ",
    "not for publication": b"not for publication\n",
}
HEADS = {
    "iptc7901": b"\x01bdt0534 3 vm 144  dpa 2777\r\n\x02",
    "anpa1312": b"\x16\x16\x01W2607\x1f_a\nr a\x13\x11 BC-US--A   11-13 1693\n\x02",
    "zczc": b"ZCZC AAP\n%A\n",
    "email_message": b"From: a\nTo: b\nDate: c\nSubject: d\n\n",
    "plain_text": b"MEDIA RELEASE\n",
}


@pytest.mark.parametrize("name", HEADS)
@pytest.mark.parametrize("what", LONG)
@pytest.mark.timeout(20)  # a second is usual; quadratic time would take hours
def test_long_monotonous_documents_take_linear_time(name: str, what: str) -> None:
    size = 300_000
    parse(FORMATS[name], HEADS[name] + LONG[what] * (size // len(LONG[what])))
    parse(FORMATS[name], LONG[what] * (size // len(LONG[what])))


@pytest.mark.timeout(20)  # the standard library takes minutes over a header of this length
def test_a_header_of_many_parameters_is_cut() -> None:
    parameters = 'a*0="b"; ' * 300_000
    data = f"From: a\nSubject: d\nDate: c\nContent-Type: text/plain; charset=latin-1; {parameters}\n\nGrå".encode(
        "latin-1"
    )
    (item,) = parse(FORMATS["email_message"], data).items
    assert item.body == "Grå"
