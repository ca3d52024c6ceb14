"""The flex template's parameters: one table behind its metadata, its launcher and ``wirelake deploy``.

    python -m pipelines.template deploy

writes the metadata files anew.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MODES = ("ingest", "stream")
"""What a template runs: a bounded job that a scheduler launches, or a job that stays."""

MODE = "mode"
"""The parameter that tells the launcher which of them: one image serves both."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the template, an option of ``wirelake ingest`` and ``wirelake stream`` by the same name.

    Attributes:
        name: as the template and the command line (with ``-`` for ``_``) call it.
        label: short, for a form.
        help: a sentence.
        regex: that a value must match whole.
        optional: may be left out.
        modes: in which it exists.
        flag: an option without a value; the parameter says true or false.
        many: an option that takes several values; the parameter parts them by commas.
    """

    name: str
    label: str
    help: str
    regex: str
    optional: bool = True
    modes: tuple[str, ...] = MODES
    flag: bool = False
    many: bool = False


_DURATION = r"\d+(\.\d+)?(ms|s|m|h|d)?"
_BOOLEAN = r"true|false"
_LIST = r"[^\s,]+(,[^\s,]+)*"

PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        "sources",
        "Sources",
        "Feed lists, feed URLs, gs:// paths, and for a stream pubsub://PROJECT/SUBSCRIPTION, parted by commas; write a"
        " comma inside an address as %2C.",
        _LIST,
        optional=False,
        many=True,
    ),
    Parameter(
        "output",
        "Lake",
        "gs://BUCKET/PREFIX of the lake; it is made when there is none.",
        r"gs://[a-z0-9][a-z0-9._-]{1,61}[a-z0-9](/.*)?",
        optional=False,
    ),
    Parameter("archive", "Archive", "Keep the bytes of every document, not only failures.", _BOOLEAN, flag=True),
    Parameter("shards", "Shards", "Shards of a new lake (default: 1).", r"[1-9]\d{0,2}"),
    Parameter("min_interval", "Least interval", "Least time between two polls of a feed, such as 5m.", _DURATION),
    Parameter("host_gap", "Host gap", "Pause between two requests to a host, such as 2s.", _DURATION),
    Parameter("contact", "Contact", "Address for the user agent, so that servers can reach you.", r"\S+"),
    Parameter(
        "allow_private",
        "Private networks",
        "Networks (CIDR) that may be dialled although they are private, parted by commas.",
        _LIST,
        many=True,
    ),
    Parameter("now", "Now", "Poll what is not due, too; never before a Retry-After.", _BOOLEAN, flag=True),
    Parameter("due", "Only due feeds", "Poll only feeds that are due.", _BOOLEAN, modes=("ingest",), flag=True),
    Parameter(
        "flush",
        "Flush",
        "How long rows are gathered before they are committed (default: 5m).",
        _DURATION,
        modes=("stream",),
    ),
)


def parameters(mode: str) -> tuple[Parameter, ...]:
    """The parameters of a mode's template, without the mode itself."""
    return tuple(parameter for parameter in PARAMETERS if mode in parameter.modes)


def metadata(mode: str) -> dict[str, Any]:
    """The template's metadata.json.

    Source: Dataflow's TemplateMetadata (name, description, parameters; the streaming fields for jobs that stay).
    """
    which = Parameter(MODE, "Mode", f"What the launcher runs; always {mode}.", mode, optional=False)
    found: dict[str, Any] = {
        "name": f"wirelake {mode}",
        "description": "News feeds and wires in, a Parquet lake out.",
        "parameters": [
            {
                "name": one.name,
                "label": one.label,
                "helpText": one.help,
                "isOptional": one.optional,
                "regexes": [f"^({one.regex})$"],
                "paramType": "TEXT",
            }
            for one in (which, *parameters(mode))
        ],
    }
    if mode == "stream":
        found |= {
            "streaming": True,
            "supportsAtLeastOnce": False,
            "supportsExactlyOnce": True,
            "defaultStreamingMode": "EXACTLY_ONCE",
        }
    return found


def container_spec(mode: str, image: str) -> dict[str, Any]:
    """What a template file in a bucket holds (Dataflow's ContainerSpec).

    Args:
        mode: ingest or stream.
        image: of launcher and workers, by digest.
    """
    return {
        "image": image,
        "sdkInfo": {"language": "PYTHON"},
        "metadata": metadata(mode),
        "defaultEnvironment": {"sdkContainerImage": image},
    }


def command_line(mode: str, values: Mapping[str, str]) -> list[str]:
    """The words of ``wirelake`` for a template's parameters.

    Args:
        mode: ingest or stream.
        values: parameters as given; unknown ones are not ours (Beam's own) and left out.
    """
    words = [mode]
    sources: list[str] = []
    for one in parameters(mode):
        value = values.get(one.name, "")
        option = f"--{one.name.replace('_', '-')}"
        if one.name == "sources":
            sources = [part for part in value.split(",") if part]
        elif one.flag:
            words += [option] if value == "true" else []
        elif one.many:
            words += [f"{option}={part}" for part in value.split(",") if part]
        elif value:
            words += [f"{option}={value}"]
    return [*words, "--", *sources]


def write_metadata(folder: Path) -> list[Path]:
    """Write metadata-ingest.json and metadata-stream.json; returns their paths."""
    written = []
    for mode in MODES:
        path = folder / f"metadata-{mode}.json"
        path.write_text(json.dumps(metadata(mode), indent=2) + "\n", encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    write_metadata(Path(sys.argv[1] if len(sys.argv) > 1 else "deploy"))
