"""How many NewsML-G2 documents a second does one core parse to items?

    python tests/benchmarks/parse.py [--documents 2000] [--rounds 5] [FILE...]

Generates documents of 6 to 8 KB (or reads the files named), parses each through the room's one door (probe, choice of
the format, lxml, items) and prints documents per second of CPU time, so that other processes on the machine count
little; the median of the rounds is the figure.
"""

import argparse
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from generate import newsml_g2

from schemas.document import RawDocument, Source
from transforms.parse.registry import parse_document


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    texts = [path.read_bytes() for path in options.files]
    texts = texts or [newsml_g2(number).encode() for number in range(options.documents)]
    source, now = Source("bench"), datetime(2026, 2, 1, tzinfo=UTC)
    documents = [RawDocument(source, f"{number}.xml", data, now) for number, data in enumerate(texts)]
    size = sum(map(len, texts)) / len(texts)
    rates = []
    for _ in range(options.rounds):
        began = time.process_time()
        items = sum(len(parse_document(document).items) for document in documents)
        rates.append(len(documents) / (time.process_time() - began))
        if not options.files and items != len(documents):
            sys.exit(f"{items} items of {len(documents)} documents")
    print(f"{len(documents):,} documents of {size:,.0f} bytes, {items:,} items, {options.rounds} rounds")
    print(
        f"documents/s of CPU: median {statistics.median(rates):,.0f}, from {min(rates):,.0f} to {max(rates):,.0f} "
        "(goal: 1,500)"
    )


if __name__ == "__main__":
    main()
