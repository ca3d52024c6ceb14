"""Reading inputs together: what stands beside an item changes nothing, and a defect costs one row."""

import datetime as dt
from dataclasses import replace

import pytest

from pipelines import reading
from pipelines.reading import read_input, read_inputs
from schemas.batch import Pulled
from schemas.document import Source
from tests.pipelines.samples import item, rss
from transforms.enrich.story import EnrichResources

MOMENT = dt.datetime(2026, 2, 16, 12, tzinfo=dt.UTC)


def pulled(name: str, data: bytes | None, outcome: str = "ok") -> Pulled:
    return Pulled(source=Source(address=name), input=name, fetched_at=MOMENT, data=data, outcome=outcome)


GROUP = [
    pulled("https://coast.example/a", rss(item("1", "Striker scores twice in cup final"), item("2", "Rates rise"))),
    pulled("https://coast.example/b", b"no feed at all"),
    pulled("https://coast.example/c", None, "timeout"),
    pulled("https://coast.example/d", rss(item("1", "Storm floods harbour", "<p>OSLO (AP) - The sea rose.</p>"))),
    pulled("https://coast.example/e", rss()),
]


@pytest.fixture(scope="module")
def resources() -> EnrichResources:
    return EnrichResources.load()


@pytest.mark.parametrize("together", [1, 2, 256])
def test_inputs_read_together_are_read_as_each_alone(
    resources: EnrichResources, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    alone = [read_input(one, resources) for one in GROUP]
    monkeypatch.setattr(reading, "TOGETHER", together)
    assert read_inputs(GROUP, resources) == alone
    assert [len(found.stories) for found in alone] == [2, 0, 0, 1, 0]
    assert [len(found.failures) for found in alone] == [0, 1, 1, 0, 0]
    assert {story.topic_source for found in alone for story in found.stories} == {"model"}


def test_known_rows_are_sights_of_their_input(resources: EnrichResources) -> None:
    alone = [read_input(one, resources) for one in GROUP]
    (first, second), *_, (third,), _ = (found.stories for found in alone)
    found = read_inputs(GROUP, resources, lambda rows: [row in {second.row_id, third.row_id} for row in rows])
    assert [one.sights for one in found] == [(second.row_id,), (), (), (third.row_id,), ()]
    assert [one.stories for one in found] == [(first,), (), (), (), ()]


def test_a_defect_costs_the_row_of_its_item(resources: EnrichResources, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [read_input(one, resources) for one in GROUP]
    read_item = reading.read_item

    def broken(given: object, **more: object) -> object:
        if getattr(given, "headline", None) == "Rates rise":
            raise ZeroDivisionError("rate")
        return read_item(given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "read_item", broken)
    found = read_inputs(GROUP, resources)
    assert found[1:] == expected[1:]
    assert found[0] == replace(expected[0], stories=expected[0].stories[:1], failures=found[0].failures)
    (failure,) = found[0].failures
    assert (failure.stage, failure.code, failure.position) == ("enrich", "defect", 1)
    assert "ZeroDivisionError: rate" in failure.error
