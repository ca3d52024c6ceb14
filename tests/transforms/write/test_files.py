import datetime as dt
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.rows import stories_to_table
from schemas.story import Story
from schemas.tables import SCHEMA_VERSION, STORIES
from transforms.write.files import encode_parquet, write_tables
from transforms.write.partition import split_by_partition

MOMENT = dt.datetime(2026, 2, 17, 12, tzinfo=dt.UTC)


def story(number: int, topic: str = "sport", day: int = 17) -> Story:
    return Story(
        story_id=f"s{number}",
        row_id=f"r{number}",
        content_hash="c",
        date=dt.date(2026, 2, day),
        topic=topic,
        fetched_at=MOMENT,
        headline=f"Headline {number}",
        position=number,
    )


def test_rows_are_cut_by_partition_in_path_order_and_keep_their_own() -> None:
    stories = [story(1), story(2, "arts"), story(3), story(4, day=16), story(5, "arts")]
    parts = list(split_by_partition(stories_to_table(stories), "stories"))
    assert [(part.partition, part.rows.column("story_id").to_pylist()) for part in parts] == [
        ((("date", "2026-02-16"), ("topic", "sport")), ["s4"]),
        ((("date", "2026-02-17"), ("topic", "arts")), ["s2", "s5"]),
        ((("date", "2026-02-17"), ("topic", "sport")), ["s1", "s3"]),
    ]


def test_a_null_partition_is_refused_by_name() -> None:
    rows = stories_to_table([story(1)]).set_column(
        stories_to_table([]).schema.get_field_index("topic"), "topic", pa.nulls(1, pa.string())
    )
    with pytest.raises(ValueError, match="partition column topic is null"):
        list(split_by_partition(rows, "stories"))


def test_no_rows_no_files() -> None:
    assert list(write_tables(stories_to_table([]), "stories")) == []


def test_a_file_has_the_whole_schema_whatever_the_rows_lack() -> None:
    rows = stories_to_table([story(1)])
    (file,) = write_tables(rows, "stories")
    read = pq.read_table(io.BytesIO(file.data))
    assert read.schema.equals(STORIES)
    assert read.schema.metadata[b"wirelake.schema_version"] == str(SCHEMA_VERSION).encode()
    assert read.column("run_id").null_count == 1
    assert read.schema.field("dateline_lat").metadata[b"description"].startswith(b"degrees")
    assert "date" not in read.column_names
    assert "topic" not in read.column_names


def test_equal_rows_are_equal_bytes() -> None:
    rows = stories_to_table([story(1), story(2)])
    assert encode_parquet(rows, "stories") == encode_parquet(rows, "stories")
