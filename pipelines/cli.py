"""The command line: finds the subcommand, runs it, turns what went wrong into a message and an exit code.

Exit codes: 0 well; 1 some inputs failed and have their rows; 2 wrong usage, or nothing could be written.
"""

import argparse
import importlib
import logging
import os
import re
import sys
from collections.abc import Sequence

from pipelines.config import ConfigError, EngineError
from pipelines.logs import configure_logs

COMMANDS: dict[str, str] = {
    "demo": "write a bundled day of news into a local lake and show it",
    "ingest": "read feeds and files into a lake, once or every so often",
    "stream": "keep reading feeds, folders and queues into a lake",
    "inspect": "show what would be read from inputs, without a lake",
    "changes": "list what was committed since a moment",
    "replay": "read failures and archived bytes again with today's parsers",
    "compact": "merge small files and upgrade old ones",
    "purge": "remove a story, a provider or old dates everywhere",
    "state": "show the size of a lake's memory",
    "feeds": "check feeds and feed lists",
    "deploy": "launch on Dataflow",
}
"""Name and one line of each subcommand; a module of pipelines.commands each."""

USAGE = 2

EXIT_CODES = "Exit codes: 0 well; 1 some inputs failed and have their rows; 2 wrong usage or nothing could be written."

_PLACE = re.compile(r" \[while running '[^']*'\]$")
"""What Beam adds to a message: where in its graph the error came up."""


def make_parser() -> argparse.ArgumentParser:
    """The parser of the command line without the subcommands' own arguments."""
    width = max(map(len, COMMANDS))
    listing = "\n".join(f"  {name:<{width}}  {text}" for name, text in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="wirelake",
        usage="wirelake [-h] [--version] COMMAND ...",
        description="News feeds and wires in, a Parquet lake out.",
        epilog=f"commands:\n{listing}\n\nwirelake COMMAND --help says more.\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    parser.add_argument("command", nargs="?", choices=list(COMMANDS), metavar="COMMAND", help=argparse.SUPPRESS)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: arguments without the program's name; None: the process's own.

    Returns:
        The exit code.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    parser = make_parser()
    known, _ = parser.parse_known_args(words[:1])
    if known.version:
        from pipelines.adding import wirelake_version

        print(f"wirelake {wirelake_version()}")
        return 0
    if known.command is None:
        parser.print_help(sys.stderr)
        return USAGE
    return run_command(known.command, words[1:])


def run_command(name: str, words: Sequence[str]) -> int:
    """Run one subcommand; expected errors become one line on standard error."""
    from transforms.lake.errors import LakeError

    configure_logs()
    logging.getLogger().addFilter(lambda record: "apitools not found" not in record.getMessage())
    command = importlib.import_module(f"pipelines.commands.{name}")
    parser = argparse.ArgumentParser(
        prog=f"wirelake {name}",
        description=(command.__doc__ or "").strip(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_arguments(parser)
    try:
        if getattr(command, "PASSES_BEAM_OPTIONS", False):
            options, rest = parser.parse_known_args(words)
            options.beam = rest
            if rest:
                from pipelines.runners import check_options

                check_options(rest, list(parser._option_string_actions))  # noqa: SLF001 - argparse lists them nowhere else
        else:
            options = parser.parse_args(words)
        code: int = command.run(options)
    except (ConfigError, EngineError, LakeError) as error:
        print(f"wirelake {name}: {_PLACE.sub('', str(error))}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print(f"wirelake {name}: stopped; what was committed stays, the rest is read again next time", file=sys.stderr)
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
