"""Beam's counters tell the truth that alerts rest on: every stage has its own, and together they obey the law."""

import datetime as dt
from pathlib import Path

from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pipelines.config import IngestConfig
from pipelines.ingest import build_ingest, ingest, make_tasks
from pipelines.runners import make_pipeline
from pipelines.summary import summarise
from tests.pipelines.samples import Ingest, item, rss
from transforms.lake.lake import open_lake

STRIKE = "<p>Crews of the island ferries went back to work on Monday after a strike of two weeks over rosters.</p>"


def counters(config: IngestConfig) -> dict[str, int]:
    """What a run counted, by namespace and name."""
    pipeline = make_pipeline([])
    assert isinstance(pipeline.runner, FnApiRunner)
    build_ingest(pipeline, make_tasks(config), config)
    result = pipeline.run()
    result.wait_until_finish()
    found = result.metrics().query()["counters"]
    return {f"{one.key.metric.namespace}:{one.key.metric.name}": one.result for one in found}


def test_counters_obey_the_law(tmp_path: Path, lake: Path, run: Ingest) -> None:
    (tmp_path / "a.xml").write_bytes(rss(item("1", "Ferry workers end strike", STRIKE), item("2", "Rain in the hills")))
    lists = tmp_path / "list.yaml"
    lists.write_text(
        "".join(f"- {{url: {name}, provider: p{n}}}\n" for n, name in enumerate(("a.xml", "b.xml", "c.xml", "d.xml")))
    )
    (tmp_path / "d.xml").write_bytes(b"<html><body>Sign in</body></html>")
    run(tmp_path / "a.xml")
    (tmp_path / "b.xml").write_bytes(
        rss(item("9", "Ferry workers end strike", STRIKE, date="Mon, 16 Feb 2026 10:30:00 GMT"))
    )
    (tmp_path / "c.xml").write_bytes(rss(item("3", "Harbour master named", "<p>She takes over in March.</p>")))
    moment = dt.datetime.now(dt.UTC)
    config = IngestConfig(sources=(str(lists),), output=str(lake), run_id="counted", moment=moment, workers=1)
    found = counters(config)
    told = summarise(open_lake(str(lake)), "counted", moment)
    assert found["pull:documents"] == found["read:documents"] == found["commit:polls"] == told.inputs == 4
    assert found["read:items"] == told.items == 5
    assert found["read:failures"] == told.failures == 1
    assert found["read:items"] == found["read:rows"] + found["read:repolled"] + found["read:failures"]
    decided = {name: found.get(f"commit:{name}", 0) for name in ("kept", "repeats", "held", "repolled")}
    assert found["read:rows"] == sum(decided.values())
    assert (decided["kept"], decided["repeats"], decided["held"]) == (told.kept, told.repeats, told.held)
    assert found["read:repolled"] + decided["repolled"] == told.repolled


def test_the_same_again_is_counted_as_polled_again(tmp_path: Path, lake: Path) -> None:
    (tmp_path / "a.xml").write_bytes(rss(item("1", "Ferry workers end strike", STRIKE), item("2", "Rain in the hills")))
    moment = dt.datetime.now(dt.UTC)
    config = IngestConfig(
        sources=(str(tmp_path / "a.xml"),), output=str(lake), run_id="first", moment=moment, workers=1
    )
    assert ingest(config).kept == 2
    again = IngestConfig(
        sources=config.sources, output=str(lake), run_id="again", moment=dt.datetime.now(dt.UTC), workers=1
    )
    found = counters(again)
    assert (found["read:items"], found["read:repolled"], found.get("commit:kept", 0)) == (2, 2, 0)
    assert found["commit:polls"] == 1
