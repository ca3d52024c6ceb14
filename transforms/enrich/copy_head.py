"""What stands above the copy: a repeated headline or summary, a run-in byline, a dateline; read and taken away.

What is taken away stands in a raw column afterwards. Where an element of the format holds that column and says
something else, the printed words are put back, so that no word of a document is lost.
"""

import datetime as dt
import re
from dataclasses import dataclass, replace

from schemas.fast_init import fast_init
from schemas.item import REPEATED_STANDFIRST, STANDFIRST_OF_BODY, NewsItem
from schemas.reading import Byline, Dateline
from transforms.enrich.credits import BY_WORDS, LONGEST_RUN_IN, is_byline, read_run_in_byline
from transforms.enrich.dateline import parse_dateline
from transforms.enrich.gazetteer import Gazetteer
from transforms.enrich.repeated_text import (
    REPEATED_HEADLINE,
    clean_repeats,
    copies,
    opens_with,
    summary_said_twice,
)

_MARKUP = re.compile(r"(?:<|&lt;)[^<>&]{0,80}(?:>|&gt;)|\\\\")
_BY = re.compile(rf"\s*(?:{BY_WORDS})\b\s*:?\s*", re.IGNORECASE)
_WORD = re.compile(r"\w+")


@fast_init
@dataclass(frozen=True, slots=True)
class CopyHead:
    """Body and standfirst after everything at their head was read.

    Attributes:
        standfirst: without a dateline of its own.
        body: the copy after byline and dateline.
        dateline: as printed.
        run_in: the printed byline.
        signals: what was printed twice.
        of_summary: the dateline stood in the standfirst, not in the body.
    """

    standfirst: str | None
    body: str | None
    dateline: Dateline | None
    run_in: str | None
    signals: tuple[str, ...]
    of_summary: bool = False


def read_copy_head(
    item: NewsItem,
    headlines: tuple[str, ...],
    published: dt.datetime,
    language: str | None,
    gazetteer: Gazetteer,
) -> CopyHead:
    """Read the head of the copy and take it away."""

    def dateline_of(text: str) -> Dateline | None:
        return parse_dateline(text, published=published, language=language, gazetteer=gazetteer)

    def dateline_opens(text: str) -> bool:
        found = dateline_of(text)
        return found is not None and not text[: found.start].strip()

    # a summary that the document states beside the copy it opens stays, and so does the copy
    stated = item.standfirst if STANDFIRST_OF_BODY in item.extra else None
    standfirst = None if stated else item.standfirst
    cleaned = clean_repeats(item.body, headlines, standfirst, dateline_opens=dateline_opens)
    body, signals = cleaned.body, list(cleaned.signals)
    run_in: str | None = None
    dateline: Dateline | None = None
    if body:
        found = read_run_in_byline(body)
        if found is not None:
            run_in, body = found.raw, body[found.end :]
        dateline = dateline_of(body)
        if dateline is None and (summary := summary_said_twice(body)) is not None:
            # a summary without an element stands before the dateline and again behind it
            rest = body[len(summary) :].lstrip()
            behind = dateline_of(rest)
            if behind is not None and behind.start == 0 and opens_with(rest[behind.end :], summary):
                standfirst = standfirst or summary.strip()
                signals.append(REPEATED_STANDFIRST)
                dateline, body = behind, rest
        if dateline is not None:
            before, body = body[: dateline.start].strip(), body[dateline.end :].lstrip()
            before = _MARKUP.sub(" ", before).strip()
            if before and run_in is None and is_byline(before):
                run_in, before = before, ""
            if before and copies(standfirst, before):
                signals.append(REPEATED_STANDFIRST)
            elif before and any(copies(headline, before) for headline in headlines):
                signals.append(REPEATED_HEADLINE)
            elif before and standfirst is None and opens_with(body, before):
                # the summary has no element of its own, but stands before the dateline and again behind it
                standfirst = before
                signals.append(REPEATED_STANDFIRST)
            elif before and run_in is None and len(before) <= LONGEST_RUN_IN:
                # the dateline grammar looks past nothing but a byline
                run_in = before
            elif before:
                body = f"{before}\n{body}"
    of_summary = False
    if standfirst and (dateline is None or standfirst.startswith(dateline.raw)) and not (body and dateline is None):
        # the only text, or a summary that was cut from the copy with its dateline
        printed = dateline_of(standfirst)
        if printed is not None and not standfirst[: printed.start].strip():
            of_summary = dateline is None
            dateline = dateline or printed
            standfirst = standfirst[printed.end :].lstrip() or None
    return CopyHead(stated or standfirst, body or None, dateline, run_in, tuple(signals), of_summary)


def put_back(head: CopyHead, byline: Byline, dateline_raw: str | None) -> tuple[CopyHead, tuple[tuple[str, str], ...]]:
    """Put the printed byline and dateline before the copy again where the raw columns do not hold them.

    Args:
        head: what was read and taken away.
        byline: what the columns will say; a printed byline that names nobody else is a repetition and stays away.
        dateline_raw: what the column will say.

    Returns:
        The head with its texts as they go into the lake, and what was put back, in printed order, as
        (``byline_printed`` or ``dateline_printed``, text), so that fingerprints can look past it.
    """
    back: list[tuple[str, str]] = []
    if head.dateline is not None and head.dateline.raw not in (dateline_raw or ""):
        raw = head.dateline.raw
        back.append(("dateline_printed", raw))
        if head.of_summary:
            head = replace(head, standfirst=f"{raw} {head.standfirst or ''}".rstrip())
        else:
            head = replace(head, body=f"{raw} {head.body or ''}".rstrip())
    if head.run_in is not None and not _names_nobody_else(head.run_in, byline):
        back.insert(0, ("byline_printed", head.run_in))
        head = replace(head, body=f"{head.run_in}\n{head.body or ''}".rstrip())
    return head, tuple(back)


def _names_nobody_else(printed: str, byline: Byline) -> bool:
    said = set(_WORD.findall(" ".join((byline.raw or "", *byline.authors, *byline.agencies)).casefold()))
    opening = _BY.match(printed)
    return all(word in said for word in _WORD.findall(printed[opening.end() if opening else 0 :].casefold()))
