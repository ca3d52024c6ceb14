"""Builds the topic model from a folder of data: ``python -m transforms.enrich.topic_model.train DATA_FOLDER``.

DATA_FOLDER holds ``topics/`` and ``taxonomy/`` as MODEL_CARD.md describes them; their SHA-256s are checked against
``data.sha256``, so that a model is never built by accident from other data. Needs scipy beside the package.
"""

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Final

# One thread, before numpy is imported: sums in a fixed order give the same bits again.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import numpy as np  # noqa: E402

from transforms.enrich.topic_classifier import MODEL_FILE  # noqa: E402
from transforms.enrich.topic_model import fit, sources  # noqa: E402

FOLDER: Final = Path(__file__).parent
HASHES: Final = FOLDER / "data.sha256"

TEMPERATURE: Final = 1.0
"""Divides the scores before they become probabilities, so that confidence equals accuracy on publishers left out."""


def file_hash(path: Path) -> str:
    """SHA-256 of a file as hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_lines(data: Path) -> str:
    """What ``data.sha256`` should hold for this folder: the data, then the project's own lexicon and examples."""
    given = [(name, data / "topics" / name) for name in sources.TRAINING_FILES]
    given.append((sources.IPTC_FILE, data / "taxonomy" / sources.IPTC_FILE))
    own = [(f"{table.parent.name}/{table.name}", table) for table in sorted(FOLDER.glob("*/*.tsv"))]
    return "".join(f"{file_hash(path)}  {name}\n" for name, path in (*given, *own))


def samples_of(data: Path) -> list[sources.Sample]:
    """Everything the model learns from, in a fixed order."""
    read = [sample for name in sources.TRAINING_FILES for sample in sources.read_set(data / "topics" / name)]
    read.extend(sources.read_iptc(data / "taxonomy" / sources.IPTC_FILE))
    read.extend(sources.read_lexicon())
    read.extend(sources.read_examples())
    return read


def write_model(fitted: fit.Fitted, path: Path) -> str:
    """Writes the model file and returns the version it names itself by."""
    weights, steps = fit.quantised(fitted.words)
    pairs, pair_steps = fit.quantised(fitted.pairs)
    bias = fitted.bias.astype(np.float32)
    titled_bias = fitted.titled_bias.astype(np.float32)
    digest = hashlib.sha256(b"".join(part.tobytes() for part in (weights, steps, pairs, pair_steps, bias, titled_bias)))
    version = f"topics-1-{digest.hexdigest()[:8]}"
    settings = {
        "gram_weight": fit.GRAM_WEIGHT,
        "headline_weight": fit.HEADLINE_WEIGHT,
        "temperature": TEMPERATURE,
    }
    head = json.dumps({"topics": fitted.topics, "settings": settings, "version": version}).encode()
    np.savez(
        path,
        head=np.frombuffer(head, np.uint8),
        weights=weights,
        scales=steps,
        pairs=pairs,
        pair_scales=pair_steps,
        bias=bias,
        titled_bias=titled_bias,
        informative=fitted.informative,
    )
    return version


def main(arguments: list[str] | None = None) -> int:
    """Trains, writes the model beside this script and prints its version; 0 when well, 1 on other data."""
    parser = argparse.ArgumentParser(description="Build the topic model from a folder of data.")
    parser.add_argument("data", type=Path, help="folder with topics/ and taxonomy/")
    parser.add_argument("--output", type=Path, default=FOLDER / MODEL_FILE, help="where to write the model")
    parser.add_argument("--accept-data", action="store_true", help="write data.sha256 anew instead of checking it")
    options = parser.parse_args(arguments)
    lines = hash_lines(options.data)
    if options.accept_data:
        HASHES.write_text(lines, "utf-8")
    elif HASHES.read_text("utf-8") != lines:
        sys.stderr.write("the data or the project's own tables differ from data.sha256; --accept-data takes them\n")
        return 1
    version = write_model(fit.fit(samples_of(options.data)), options.output)
    sys.stdout.write(f"{version}  {file_hash(options.output)}  {options.output}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
