"""What a run did, read back from the lake: the law that nothing is lost, with its figures."""

import datetime as dt
from dataclasses import dataclass

import pyarrow.compute as pc

from transforms.lake.lake import Lake

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


def summarise(lake: Lake, run_id: str, began: dt.datetime) -> RunSummary:
    """Read a run's figures from ``polls``.

    Args:
        lake: where it wrote.
        run_id: the run.
        began: when it began; older partitions are not opened.
    """
    day = began.date().isoformat()
    polls = lake.read(
        "polls", columns=["url", "outcome", "run_id", *_COLUMNS], filters=[("date", ">=", day), ("run_id", "=", run_id)]
    )
    sums = {name: pc.sum(polls.column(name)).as_py() or 0 for name in _COLUMNS}
    parts = sum((polls.column(name).to_pandas() for name in _COLUMNS[2:]), polls.column("kept").to_pandas())
    broken = polls.column("url").to_pandas()[polls.column("items").to_pandas() != parts]
    outcomes = polls.column("outcome").to_pandas().value_counts()
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
    )


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
    if summary.broken:
        lines.append("DEFECT, please report: items do not add up for " + ", ".join(summary.broken[:5]))
    lines.append(f"lake: {lake_uri}")
    return "\n".join(lines)
