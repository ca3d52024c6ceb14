"""JSON and character-based documents in the shapes that agencies send, each with what must be read from it beside it.

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
from transforms.parse.probe import probe
from transforms.parse.registry import parse_document

DATA = Path(__file__).parents[2] / "data"
FORMATS = (
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
CASES = sorted(path for name in FORMATS for path in (DATA / name).iterdir() if not path.name.endswith(".golden.json"))
FETCHED = dt.datetime(2024, 12, 1, tzinfo=dt.UTC)


def read(path: Path) -> ParsedDocument:
    data = path.read_bytes()
    seen = probe(data)
    modules = [importlib.import_module(f"transforms.parse.{name}") for name in FORMATS]
    taker = next(module for module in modules if module.sniff(seen))
    assert taker.__name__.rpartition(".")[2] == path.parent.name
    return taker.parse(RawDocument(Source(path.name), path.name, data, FETCHED), seen)


def plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        defaults = {f.name: f.default for f in dataclasses.fields(value)}
        return {n: plain(getattr(value, n)) for n in defaults if getattr(value, n) != defaults[n]}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return value


@pytest.mark.parametrize("path", CASES, ids=[f"{path.parent.name}/{path.stem}" for path in CASES])
def test_document_is_read_as_its_golden_says(path: Path) -> None:
    document = read(path)
    answer = {
        "items": [plain(item) for item in document.items],
        "failures": [{"code": f.code, "position": f.position} for f in document.failures],
    }
    golden = path.with_suffix(".golden.json")
    if os.environ.get("WIRELAKE_WRITE_GOLDEN"):
        golden.write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert answer == json.loads(golden.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", CASES, ids=[f"{path.parent.name}/{path.stem}" for path in CASES])
def test_the_registry_chooses_the_same_reader(path: Path) -> None:
    doc = RawDocument(Source(path.name), path.name, path.read_bytes(), FETCHED)
    assert parse_document(doc).items == read(path).items
