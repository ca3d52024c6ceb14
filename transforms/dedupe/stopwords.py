"""Words that carry no meaning of an event, in the languages of most feeds, as event tokens."""

import numpy as np
import numpy.typing as npt

from transforms.dedupe.tokens import Words, tokenise

_STOP_TEXT = """
the a an and or but of in on at to for from by with as is are was were be been has have had it its his her their they
he she we you this that these those who which what when where why how after before over under into out up down about
against more than not no new says said say will would could can may amid also one two first last year years day week
der die das und oder ein eine einer eines einem den dem des im in am an auf aus bei mit nach von vor zu zum zur für ist
sind war wird werden hat haben nicht auch als wie über unter gegen sich es er sie wir
le la les un une des du de et ou en au aux dans sur pour par avec sans sous ce cette ces qui que est sont a ont été
il elle ils elles se son sa ses plus pas ne après avant
el los las unos unas y o del al con por para como su sus que se lo más no es son fue ha han tras
il lo gli i uno e di da nel nella con su per tra fra che è sono ha hanno non più
o os as um uma do da dos das no na nos nas em por para com que se é são foi mais não
de het een en van op in te met voor aan bij uit door over naar is zijn was niet
i och att en ett det som på av för med till är var har inte om den
и в во не на с со по к у о от за из для что как это его её они мы вы он она был была было были
"""


def _tokens() -> Words:
    tokens = tokenise(np.frombuffer(" ".join(_STOP_TEXT.split()).casefold().encode(), np.uint8))
    return np.unique((tokens.stems >> np.uint64(32)) & np.uint64(0xFFFFFFFE))


_STOP = _tokens()
_HIGH = np.uint64(16)
_FIRST = np.searchsorted(_STOP >> _HIGH, np.arange(1 << 16, dtype=np.uint64))
"""For each upper half of a token the place of the first such word with it: looked up, not searched for."""
_MOST = int(np.bincount((_STOP >> _HIGH).astype(np.intp)).max())
"""Such words that share their upper half."""
_PADDED = np.append(_STOP, np.full(_MOST, 1, np.uint64))
"""One is no token: their lowest bit is clear."""


def is_stopword(tokens: Words) -> npt.NDArray[np.bool_]:
    """Which event tokens (32 bits, without mark) are such words."""
    place = _FIRST.take(tokens >> _HIGH)
    found: npt.NDArray[np.bool_] = _PADDED.take(place) == tokens
    for step in range(1, _MOST):
        found |= _PADDED.take(place + step) == tokens
    return found
