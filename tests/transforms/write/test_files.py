import datetime as dt
import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.rows import stories_to_table
from schemas.story import Story
from schemas.tables import SCHEMA_VERSION, STORIES
from transforms.write import files
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


def test_merged_parts_are_one_file_and_no_more_than_a_row_group_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ROW_GROUP_ROWS", 4)
    rows = [story(number) for number in range(20)]
    taken: list[int] = []
    written: list[int] = []

    def parts() -> Iterator[pa.Table]:
        for start in range(0, 20, 3):
            taken.append(start)
            yield stories_to_table(rows[start : start + 3])

    class Watched(pq.ParquetWriter):
        def write_table(self, table: pa.Table, row_group_size: int | None = None) -> None:
            written.append(len(taken))
            super().write_table(table, row_group_size)

    monkeypatch.setattr(pq, "ParquetWriter", Watched)
    merged = pq.ParquetFile(io.BytesIO(files.merge_parquet(parts(), "stories")))
    assert written == [2, 4, 6, 7]  # as soon as four rows or more were there
    assert merged.read().column("row_id").to_pylist() == [one.row_id for one in rows]
    assert max(merged.metadata.row_group(n).num_rows for n in range(merged.num_row_groups)) == 4
    assert merged.schema_arrow.equals(STORIES)
    assert merged.metadata.row_group(0).column(0).compression == "ZSTD"


def test_long_rows_make_short_row_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ROW_GROUP_BYTES", 1)
    parts = [stories_to_table([story(number)]) for number in range(3)]
    assert pq.ParquetFile(io.BytesIO(files.merge_parquet(parts, "stories"))).num_row_groups == 3
