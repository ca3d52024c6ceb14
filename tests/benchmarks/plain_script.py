"""What a user would write without wirelake: feedparser, drop duplicate titles, one expression, to_parquet.

python tests/benchmarks/plain_script.py FOLDER OUTPUT
"""

import re
import sys
from pathlib import Path

import feedparser
import pandas as pd

DATELINE = re.compile(r"^([A-Z][A-Za-z .,]+?)\s*\(([A-Za-z]+)\)\s*[-–—]\s*")


def main(folder: str, output: str) -> None:
    rows = []
    for path in sorted(Path(folder).glob("*.xml")):
        for entry in feedparser.parse(path.read_bytes()).entries:
            content = entry.content[0].value if entry.get("content") else entry.get("summary", "")
            text = re.sub(r"<[^>]+>", " ", content)
            found = DATELINE.match(text.strip())
            rows.append(
                {
                    "id": entry.get("id"),
                    "title": entry.get("title"),
                    "link": entry.get("link"),
                    "author": entry.get("author"),
                    "summary": entry.get("summary"),
                    "body": text,
                    "place": found.group(1) if found else None,
                    "agency": found.group(2) if found else None,
                    "topic": entry.tags[0].term if entry.get("tags") else "none",
                    "published": pd.Timestamp(*entry.published_parsed[:6]) if entry.get("published_parsed") else pd.NaT,
                }
            )
    frame = pd.DataFrame(rows).drop_duplicates("title")
    frame["date"] = frame.published.dt.date.astype(str)
    frame.to_parquet(output, partition_cols=["date", "topic"])
    print(len(rows), len(frame))


if __name__ == "__main__":
    main(*sys.argv[1:])
