"""What a run did, read back from the lake: the law that nothing is lost, with its figures."""

import datetime as dt
from dataclasses import dataclass

import pyarrow.compute as pc

from transforms.lake.lake import Lake

SHOWN_FAILURES = 5
"""Failed inputs named at the end of a run: enough to see what is wrong, and no page of them."""

_COLUMNS = ("items", "kept", "repeats", "held", "repolled_items", "failures")


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Figures of one run: items = kept + repeats + held + re-polled + failures, per run and per document.

    Attributes:
        inputs: documents asked for.
        items: entries found in them, failed ones and unreadable documents included.
        kept: new rows of ``stories``.
        repeats: new rows of ``repeats``.
        held: new rows of ``held``.
        repolled: seen before, unchanged.
        failures: new rows of ``failures``.
        outcomes: documents by outcome, most frequent first.
        broken: documents for which the law does not hold; empty unless there is a defect.
        failed: the first inputs that failed, whole or in part: each with what failed.
        more_failed: how many more there are.
    """

    inputs: int
    items: int
    kept: int
    repeats: int
    held: int
    repolled: int
    failures: int
    outcomes: tuple[tuple[str, int], ...]
    broken: tuple[str, ...]
    failed: tuple[tuple[str, str], ...] = ()
    more_failed: int = 0


def summarise(lake: Lake, run_id: str, began: dt.datetime) -> RunSummary:
    """Read a run's figures from ``polls``.

    Args:
        lake: where it wrote.
        run_id: the run.
        began: when it began; older partitions are not opened.
    """
    day = began.date().isoformat()
    polls = lake.read(
        "polls",
        columns=["url", "outcome", "error", "run_id", *_COLUMNS],
        filters=[("date", ">=", day), ("run_id", "=", run_id)],
    )
    sums = {name: pc.sum(polls.column(name)).as_py() or 0 for name in _COLUMNS}
    parts = sum((polls.column(name).to_pandas() for name in _COLUMNS[2:]), polls.column("kept").to_pandas())
    broken = polls.column("url").to_pandas()[polls.column("items").to_pandas() != parts]
    outcomes = polls.column("outcome").to_pandas().value_counts()
    bad = polls.filter(pc.greater(polls.column("failures"), 0)).sort_by("url")
    shown = bad.slice(0, SHOWN_FAILURES).select(["url", "error", "failures"]).to_pylist()
    return RunSummary(
        inputs=polls.num_rows,
        items=sums["items"],
        kept=sums["kept"],
        repeats=sums["repeats"],
        held=sums["held"],
        repolled=sums["repolled_items"],
        failures=sums["failures"],
        outcomes=tuple((str(name), int(count)) for name, count in outcomes.items()),
        broken=tuple(str(url) for url in broken),
        failed=tuple((row["url"], row["error"] or f"{row['failures']} of its entries") for row in shown),
        more_failed=bad.num_rows - len(shown),
    )


def _said_of(url: str, why: str) -> str:
    line = " ".join(why.split())
    return line if line.startswith(url) else f"{url}: {line}"


def summary_text(summary: RunSummary, lake_uri: str) -> str:
    """The summary as people read it at the end of a run."""
    law = (
        f"{summary.inputs:,} inputs, {summary.items:,} items"
        f" = {summary.kept:,} kept + {summary.repeats:,} repeats + {summary.held:,} held"
        f" + {summary.repolled:,} re-polled + {summary.failures:,} failures"
    )
    lines = [law]
    if len(summary.outcomes) > 1:
        lines.append("outcomes: " + ", ".join(f"{name} {count:,}" for name, count in summary.outcomes))
    lines += [f"failed: {_said_of(url, why)}" for url, why in summary.failed]
    if summary.more_failed:
        lines.append(f"failed: {summary.more_failed:,} more inputs; all are in {lake_uri.rstrip('/')}/failures")
    if summary.broken:
        lines.append("DEFECT, please report: items do not add up for " + ", ".join(summary.broken[:5]))
    lines.append(f"lake: {lake_uri}")
    return "\n".join(lines)
