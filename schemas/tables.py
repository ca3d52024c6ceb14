"""The Arrow schema of every table of the lake, with a description (and unit) for each column.

Evolution is additive only: a column may be added at the end of its group with a new ``SCHEMA_VERSION``; none is
renamed, retyped or removed. Partition columns (``date``, ``topic``) live in the path and never in a file.
"""

import pyarrow as pa

SCHEMA_VERSION = 1
"""Raised by every change of a table below; stored in each file's metadata."""

_TEXT = pa.string()
_TIME = pa.timestamp("us", tz="UTC")
_LIST = pa.list_(pa.field("element", pa.string()))
_MAP = pa.map_(pa.string(), pa.string())
_MEDIA = pa.list_(
    pa.field(
        "element",
        pa.struct(
            [
                pa.field("url", _TEXT),
                pa.field("type", _TEXT),
                pa.field("caption", _TEXT),
                pa.field("credit", _TEXT),
                pa.field("title", _TEXT),
                pa.field("width", pa.int32()),
                pa.field("height", pa.int32()),
            ]
        ),
    )
)
_CREDITS = pa.list_(
    pa.field("element", pa.struct([pa.field("name", _TEXT), pa.field("role", _TEXT), pa.field("location", _TEXT)]))
)


def _schema(table: str, columns: list[tuple[str, pa.DataType, str]]) -> pa.Schema:
    fields = [pa.field(name, kind, metadata={"description": text}) for name, kind, text in columns]
    return pa.schema(fields, metadata={"wirelake.table": table, "wirelake.schema_version": str(SCHEMA_VERSION)})


_STORY_COLUMNS: list[tuple[str, pa.DataType, str]] = [
    ("story_id", _TEXT, "family of versions: hash of provider and family id, 32 hex digits"),
    ("row_id", _TEXT, "this version: hash of story_id, stated version, status and content, 32 hex digits"),
    ("guid", _TEXT, "family id as the document gives it"),
    ("version", _TEXT, "version as the document gives it"),
    ("version_created", _TIME, "when this version was made"),
    ("first_created", _TIME, "when the first version was made, as this document says"),
    (
        "provider",
        _TEXT,
        "who delivered it: the feed list's word, else the document's, else the registrable domain",
    ),
    ("source", _TEXT, "whom the document credits as its source"),
    ("feed_url", _TEXT, "where it was read, secrets removed"),
    ("url", _TEXT, "link of the story"),
    ("item_type", _TEXT, "text, picture, video, audio, graphics, composite or event"),
    ("status", _TEXT, "usable, withheld or canceled"),
    ("signals", _LIST, "marks of life: update, correction, kill, repeat, urgent, repeated-headline, …"),
    ("supersedes", _LIST, "ids that the document states it replaces, or slug: and a slug in formats without ids"),
    ("kill_target", _TEXT, "id, service number or slug of another item that this one cancels"),
    ("embargo_until", _TIME, "not to be published before"),
    ("cluster_id", _TEXT, "stories about the same event share it; a link, nothing is dropped"),
    ("content_hash", _TEXT, "hash of the normalised text, 32 hex digits"),
    ("headline", _TEXT, "headline, markers stripped"),
    ("headline_raw", _TEXT, "headline as printed"),
    ("standfirst", _TEXT, "summary, abstract or description"),
    ("body", _TEXT, "the copy, without a byline and dateline that raw columns hold; paragraphs parted by a newline"),
    ("language", _TEXT, "BCP 47; detected where nothing says it"),
    ("word_count", pa.int32(), "words of the body"),
    ("slug", _TEXT, "slugline"),
    ("take_key", _TEXT, "take or lead marker"),
    ("keywords", _LIST, "keywords and categories"),
    ("genres", _LIST, "genres"),
    ("editorial_note", _TEXT, "notes to editors"),
    ("usage_terms", _TEXT, "rights and restrictions"),
    ("credit", _TEXT, "credit line"),
    ("urgency", pa.int32(), "1 (most urgent) to 9"),
    ("priority", pa.int32(), "of the transmission, 1 to 9"),
    ("media", _MEDIA, "pictures, video and other attachments; width and height in pixels"),
    ("wire_header", _MAP, "header facts that have no column"),
    ("byline_raw", _TEXT, "byline element of the document word for word, else as printed in the copy"),
    ("authors", _LIST, "people who wrote it, in printed order"),
    ("byline_agencies", _LIST, "organisations in the byline"),
    ("credits", _CREDITS, "everyone credited, with role and location"),
    ("dateline_raw", _TEXT, "dateline element of the document word for word, else as printed in the copy"),
    ("dateline_places", _LIST, "places as printed, with their region"),
    ("dateline_place", _TEXT, "the first place, without its region"),
    ("dateline_region", _TEXT, "its region as printed"),
    ("dateline_country", _TEXT, "ISO 3166 alpha-2"),
    ("dateline_lat", pa.float64(), "degrees, WGS 84"),
    ("dateline_lon", pa.float64(), "degrees, WGS 84"),
    ("dateline_date", pa.date32(), "date printed in the dateline"),
    ("dateline_agencies", _LIST, "agencies in the dateline"),
    ("located_place", _TEXT, "where metadata say it was made; often not the dateline"),
    ("located_country", _TEXT, "country of located_place, ISO 3166 alpha-2 where known"),
    ("topic_confidence", pa.float32(), "probability that the topic is right, 0 to 1"),
    ("topic_source", _TEXT, "code, category or model"),
    ("subject_codes", _LIST, "subject codes as given"),
    ("media_topics", _LIST, "IPTC Media Topics (medtop:…)"),
    ("published", _TIME, "publication time that the document states"),
    ("published_raw", _TEXT, "that time as printed"),
    ("date_source", _TEXT, "what the date partition rests on"),
    ("first_published", _TIME, "publication time of the family's first version, as known when written"),
    ("updated", _TIME, "last change that the document states"),
    ("fetched_at", _TIME, "when the bytes were read"),
    ("committed_at", _TIME, "when this row became part of the lake"),
    ("run_id", _TEXT, "run that wrote the row"),
    ("wirelake_version", _TEXT, "version of wirelake that wrote the row"),
    ("model_version", _TEXT, "version of the topic model"),
    ("extra", _MAP, "reserved: anything without a column"),
]

STORIES = _schema("stories", _STORY_COLUMNS)

REPEATS = _schema(
    "repeats",
    [
        *_STORY_COLUMNS,
        ("topic", _TEXT, "topic slug (stories has it in the path)"),
        ("repeat_of", _TEXT, "story_id of the story that this repeats"),
        ("kind", _TEXT, "reissued, syndicated or near"),
        ("similarity", pa.float32(), "share of common content, 0 to 1"),
        ("seen_at", _TIME, "when the repeat was seen"),
    ],
)

HELD = _schema(
    "held",
    [
        *_STORY_COLUMNS,
        ("topic", _TEXT, "topic slug (stories has it in the path)"),
        ("date", pa.date32(), "publication date in UTC (stories has it in the path)"),
        ("held_reason", _TEXT, "embargo, embargo-unreadable or withheld"),
        ("held_at", _TIME, "when it was held"),
        ("release_at", _TIME, "when it is due; null: only a later version lifts it"),
    ],
)

FAILURES = _schema(
    "failures",
    [
        ("stage", _TEXT, "room that failed: pull, parse, enrich, write"),
        ("code", _TEXT, "short stable code of the failure"),
        ("error", _TEXT, "what happened and what to do"),
        ("input", _TEXT, "path or URL, secrets removed"),
        ("position", pa.int32(), "item in the document; null: the whole document"),
        ("raw_uri", _TEXT, "where the bytes lie, relative to the lake"),
        ("raw_sha256", _TEXT, "SHA-256 of the bytes, hex"),
        ("failed_at", _TIME, "when"),
        ("provider", _TEXT, "provider of the source, where known"),
        ("committed_at", _TIME, "when this row became part of the lake"),
        ("run_id", _TEXT, "run that wrote the row"),
        ("wirelake_version", _TEXT, "version of wirelake that wrote the row"),
        ("extra", _MAP, "reserved; holds what a replay needs to know of the source"),
    ],
)

POLLS = _schema(
    "polls",
    [
        ("url", _TEXT, "path or URL, secrets removed"),
        ("polled_at", _TIME, "when"),
        ("outcome", _TEXT, "ok, not_modified or a failure code"),
        ("http_status", pa.int32(), "null for files"),
        ("bytes", pa.int64(), "size of the document, encodings removed"),
        ("items", pa.int32(), "items in the document"),
        ("new_items", pa.int32(), "of them kept, repeated or held"),
        ("repolled_items", pa.int32(), "of them seen before, unchanged"),
        ("possible_gap", pa.bool_(), "no item in common with the last poll: something may have been missed"),
        ("latency_ms", pa.int32(), "milliseconds from request to last byte"),
        ("next_poll_at", _TIME, "when it is due again; null for files"),
        ("error", _TEXT, "what failed and what to do"),
        ("format", _TEXT, "wire format found"),
        ("kept", pa.int32(), "items that became stories"),
        ("repeats", pa.int32(), "items that became repeats"),
        ("held", pa.int32(), "items held"),
        ("failures", pa.int32(), "failures of the document and its items"),
        ("committed_at", _TIME, "when this row became part of the lake"),
        ("run_id", _TEXT, "run that wrote the row"),
        ("wirelake_version", _TEXT, "version of wirelake that wrote the row"),
        ("extra", _MAP, "reserved"),
    ],
)

TABLES: dict[str, pa.Schema] = {
    "stories": STORIES,
    "repeats": REPEATS,
    "held": HELD,
    "failures": FAILURES,
    "polls": POLLS,
}

PARTITIONS: dict[str, tuple[str, ...]] = {
    "stories": ("date", "topic"),
    "repeats": ("date",),
    "held": (),
    "failures": ("date",),
    "polls": ("date",),
}


def reading_schema(table: str) -> pa.Schema:
    """The schema to hand to ``pd.read_parquet(…, schema=…)``: file columns, then partition columns as strings.

    Args:
        table: one of ``TABLES``.

    Returns:
        A schema that also shows columns which older files lack.
    """
    schema = TABLES[table]
    for name in PARTITIONS[table]:
        if name not in schema.names:
            schema = schema.append(pa.field(name, pa.string()))
    return schema
