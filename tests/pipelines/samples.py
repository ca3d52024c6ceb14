"""Small feeds for tests."""

import datetime as dt
import json
from collections.abc import Callable

from pipelines.summary import RunSummary

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Coast</title><link>https://coast.example/</link><language>en</language>{items}</channel></rss>"""


def rss(*items: str) -> bytes:
    return RSS.format(items="".join(items)).encode()


def item(
    guid: str,
    title: str,
    body: str = "",
    *,
    date: str = "Mon, 16 Feb 2026 09:30:00 GMT",
    standfirst: str = "",
    creator: str = "",
) -> str:
    return (
        f"<item><guid isPermaLink='false'>{guid}</guid><link>https://coast.example/{guid}</link>"
        f"<title>{title}</title><pubDate>{date}</pubDate>"
        + (f"<dc:creator>{creator}</dc:creator>" if creator else "")
        + (f"<description>{standfirst}</description>" if standfirst else "")
        + (f"<content:encoded><![CDATA[{body}]]></content:encoded>" if body else "")
        + "</item>"
    )


Ingest = Callable[..., RunSummary]


def embargoed(until: dt.datetime) -> bytes:
    """A ninjs document that may not appear before a moment."""
    ninjs = {
        "uri": "urn:coast:1",
        "type": "text",
        "versioncreated": "2026-02-17T06:00:00Z",
        "embargoed": until.isoformat(),
        "headline": "Budget day",
        "body_text": "The minister speaks of boats and harbours and what they cost the coast every year.",
    }
    return json.dumps(ninjs).encode()
