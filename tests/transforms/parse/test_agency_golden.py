"""Documents in the shapes that agencies send, each with what must be read from it beside it.

``WIRELAKE_WRITE_GOLDEN=1`` writes the answers anew; read the difference before committing it.
"""

import dataclasses
import datetime as dt
import importlib
import json
import os
from pathlib import Path

import pytest

from schemas.document import ParsedDocument, RawDocument, Source
from schemas.item import NewsItem
from transforms.parse.probe import probe

DATA = Path(__file__).parents[2] / "data"
FORMATS = ("newsml_g2", "newsml_1", "nitf", "ritzau", "wxr", "agency_xml")
CASES = sorted(path for name in FORMATS for path in (DATA / name).glob("*.xml"))
FETCHED = dt.datetime(2024, 12, 1, tzinfo=dt.UTC)


def read(path: Path) -> ParsedDocument:
    data = path.read_bytes()
    seen = probe(data)
    takers = [name for name in FORMATS if importlib.import_module(f"transforms.parse.{name}").sniff(seen)]
    assert takers == [path.parent.name]
    doc = RawDocument(Source(path.name), path.name, data, FETCHED)
    return importlib.import_module(f"transforms.parse.{takers[0]}").parse(doc, seen)


def plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (f.name for f in dataclasses.fields(value))
        defaults = {f.name: f.default for f in dataclasses.fields(value)}
        return {n: plain(getattr(value, n)) for n in names if getattr(value, n) != defaults[n]}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return value


def told(document: ParsedDocument) -> dict[str, object]:
    return {
        "items": [plain(item) for item in document.items],
        "failures": [{"code": f.code, "position": f.position} for f in document.failures],
    }


@pytest.mark.parametrize("path", CASES, ids=[f"{path.parent.name}/{path.stem}" for path in CASES])
def test_document_is_read_as_its_golden_says(path: Path) -> None:
    answer = told(read(path))
    golden = path.with_suffix(".json")
    if os.environ.get("WIRELAKE_WRITE_GOLDEN"):
        golden.write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert answer == json.loads(golden.read_text(encoding="utf-8"))


def test_every_item_keeps_the_types_that_cross_rooms() -> None:
    for path in CASES:
        for item in read(path).items:
            for field in dataclasses.fields(NewsItem):
                value = getattr(item, field.name)
                if isinstance(value, dt.datetime):
                    assert value.utcoffset() == dt.timedelta(0)
                assert not isinstance(value, list | dict | str) or value or field.name == "date_source"
