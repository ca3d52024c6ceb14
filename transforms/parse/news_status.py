"""What agency documents say of a story's life, in the words of every agency format: status, signals, take keys.

Sources: IPTC NewsCodes ``pubstatusg2`` and ``signal``, NewsML 1.2 ``Status``, ``Instruction`` and ``RevisionId``, NITF
``management-status`` and ``idref-status``, and the qcodes that Reuters (``edStat``, ``msgType``), STT and TT send.
"""

import re
from collections.abc import Iterable

from transforms.parse.elements import unique

_STATUS = {
    "withheld": "withheld",
    "hold": "withheld",
    "canceled": "canceled",
    "cancelled": "canceled",
    "cancel": "canceled",
    "killed": "canceled",
    "kill": "canceled",
    "deleted": "canceled",
    "withdrawn": "canceled",
    "recalled": "canceled",
}

_WORDS = {
    "sig:update": "update",
    "sig:correction": "correction",
    "sig:replace": "update",
    "sig:kill": "kill",
    "edstat:u": "update",
    "edstat:c": "correction",
    "edstat:d": "kill",
    "msgtype:d": "kill",
    "sttinstruct:remove": "kill",
    "tt_sig:replace": "update",
    "tt_sig:retract": "kill",
    "update:append-major-content": "update",
    "update:append-minor-content": "update",
}

_PLAIN_WORDS = {
    "update": "update",
    "updated": "update",
    "replace": "update",
    "rectify": "correction",
    "correction": "correction",
    "correct": "correction",
    "kill": "kill",
    "delete": "kill",
    "deleted": "kill",
    "cancel": "kill",
    "canceled": "kill",
    "cancelled": "kill",
    "withdraw": "withdrawn",
    "withdrawn": "withdrawn",
    "alert": "alert",
    "urgent": "urgent",
    "flash": "alert",
    "bulletin": "alert",
}

_TAKE_KEY = re.compile(
    r"(?:,|\s|^)\s*\(?((?:\d{1,2}(?:st|nd|rd|th)\s*)?ld(?:-writethru)?|(?:\d{1,2}(?:st|nd|rd|th)\s+)?lead|"
    r"update\s+\d{1,2}|wrapup\s+\d{1,2})\)?(?=$|[,)\s])",
    re.IGNORECASE,
)

_EMBARGO = re.compile(r"embarg|sperrfrist|frei\s+(?:für|ab)\b", re.IGNORECASE)


def status_of(word: str | None) -> str:
    """usable, withheld or canceled, for any format's word; unknown words (``OPEN``, ``embargoed``) are usable."""
    return _STATUS.get((word or "").strip().lower(), "usable")


def is_embargoed(word: str | None) -> bool:
    """Whether a status word itself says that the story is under embargo."""
    return (word or "").strip().lower() == "embargoed"


def mentions_embargo(text: str | None) -> bool:
    """Whether a note speaks of an embargo."""
    return text is not None and _EMBARGO.search(text) is not None


def signals_of(codes: Iterable[str | None], status: str = "usable") -> tuple[str, ...]:
    """Signals as printed, then the common words that they stand for.

    Args:
        codes: qcodes (``sig:update``) or plain words (``Update``).
        status: of the item; a cancelled item carries ``kill``.
    """
    printed = unique(codes)
    words = [_WORDS.get(code.lower()) or _PLAIN_WORDS.get(code.lower()) for code in printed]
    qcodes = [code for code in printed if ":" in code]
    return unique((*qcodes, *words, "kill" if status == "canceled" else None))


def take_key_of(slug: str | None) -> str | None:
    """The take or lead marker inside a slug: ``1st Ld-Writethru`` of ``BC-US--Budget, 1st Ld-Writethru``.

    >>> take_key_of("GLOBAL-PRECIOUS/ (UPDATE 1)")
    'UPDATE 1'
    """
    found = _TAKE_KEY.search(slug[-80:]) if slug else None
    return found[1] if found else None
