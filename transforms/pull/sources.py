"""What the user named, turned into single inputs: URLs, files, folders, globs, ``gs://`` and feed lists."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from schemas.document import Failure, Source
from transforms.pull.addresses import is_subscription, is_url, without_secrets
from transforms.pull.feedlist import FeedListError, looks_like_feed_list, read_feed_list
from transforms.pull.files import FileError, list_files, read_file

LIST_SUFFIXES = (".opml", ".yaml", ".yml", ".json")
"""Only files with these names can be feed lists; others are not opened while listing."""

MAX_DEPTH = 3
"""Lists may name lists; deeper nesting is a loop."""

ENDLESS = "a subscription has no end; read it with `wirelake stream`"
"""Why a batch does not read one."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The single inputs of a run.

    Attributes:
        feeds: to be polled over HTTP.
        files: to be read, sorted by path within each SOURCE.
        failures: SOURCEs or lists that gave nothing, each with its reason.
    """

    feeds: tuple[Source, ...] = ()
    files: tuple[Source, ...] = ()
    failures: tuple[Failure, ...] = ()


def expand_sources(addresses: Iterable[str | Source]) -> Inputs:
    """Find every input behind the SOURCEs of a command line.

    Args:
        addresses: as given, or Sources with what a list says of them.

    Returns:
        Each input once (the first mention wins); what cannot be opened is a Failure, never an exception.
    """
    found = _Found()
    for address in addresses:
        found.add(address if isinstance(address, Source) else Source(address=address), depth=0)
    return Inputs(tuple(found.feeds.values()), tuple(found.files.values()), tuple(found.failures))


class _Found:
    """Inputs met so far, by address."""

    def __init__(self) -> None:
        self.feeds: dict[str, Source] = {}
        self.files: dict[str, Source] = {}
        self.failures: list[Failure] = []

    def add(self, source: Source, depth: int) -> None:
        if is_url(source.address):
            self.feeds.setdefault(source.address, source)
            return
        if is_subscription(source.address):
            self._fail("endless", f"{source.address}: {ENDLESS}", source.address)
            return
        try:
            names = list_files(source.address)
        except FileError as error:
            self._fail(error.code, str(error), source.address)
            return
        for name in names:
            if depth < MAX_DEPTH and name.lower().endswith(LIST_SUFFIXES):
                self._add_list(name, source, depth)
            else:
                self.files.setdefault(name, replace(source, address=name))

    def _add_list(self, name: str, source: Source, depth: int) -> None:
        data = b""
        try:
            data = read_file(name)
            if not looks_like_feed_list(name, data):
                self.files.setdefault(name, replace(source, address=name))
                return
            entries = read_feed_list(name, data)
        except FileError as error:
            self._fail(error.code, str(error), name)
            return
        except FeedListError as error:
            self._fail("feed_list", str(error), name, data)
            return
        for entry in entries:
            self.add(entry, depth + 1)

    def _fail(self, code: str, error: str, name: str, raw: bytes | None = None) -> None:
        self.failures.append(Failure(stage="pull", code=code, error=without_secrets(error), input=name, raw=raw))
