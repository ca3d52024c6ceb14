"""Names of bylines in scripts without spaces: Han, kana, Hangul, with the words for roles glued to them."""

import re

from transforms.enrich.byline_found import Parts, Person
from transforms.enrich.byline_kinds import is_house
from transforms.enrich.byline_names import HAN, dense_names, is_dense, is_person

_EQUALS = re.compile(r"\s*[＝=]\s*")
_HAN_ONLY = re.compile(rf"[{HAN}]+\Z")
_DENSE_ROLE = re.compile(
    r"\s*(?:监訳|監訳|監修|訳|译|譯)\s*\Z",
)
_DENSE_OPENS = re.compile(
    r"\s*(?:(?:实习|實習|特约|特約|见习|本报)?(?:记者|記者|通讯员|通訊員)|实习生|實習生|編集委員|論説委員|客員編集委員|글|취재)[・·:：\s]*(?=\S{2})"
)
_DENSE_AUTHOR = re.compile(
    r"\s*(?:著|文|ライター|ジャーナリスト|編集者|評論家|カメラマン|記者|记者|기자|특파원|선임기자|인턴기자|논설위원|編集委員|特派員|通讯员|撰|报道|報導|報道|摄|攝|実習)\s*\Z"
)
_DENSE_HOUSE = re.compile(
    r"(?:編集|配信|社|报|報|新聞|新闻|通信|通讯|编辑部|編集部|取材班|뉴스|신문|일보|통신|编辑|網|网|取材)\Z|"
    r"\A(?:편집국|편집부|취재팀|사회부|정치부|경제부|문화부|국제부|체육부|온라인뉴스팀|디지털뉴스팀)\Z"
)
_KATAKANA = re.compile(r"[\u30a1-\u30faー]{2,}\Z")
_LONG_HANGUL = re.compile(r"[\uac00-\ud7af]{5,}\Z")
"""Before a name: five syllables are more than Korean names have."""
_DENSE_PLACE = re.compile(
    r"\s*(?:发自|發自)[\u4e00-\u9fff]{2,6}\s*\Z|[／/]?\s*[\u4e00-\u9fff]{2,4}(?:报道|報導|報道|電|电)\s*\Z"
)


def _is_dense_house(text: str) -> bool:
    """Whether a word without spaces is a house, by the table or by what it ends with."""
    return is_house([text]) or _DENSE_HOUSE.search(text) is not None


def read_dense(text: str, sign: str, parts: Parts) -> bool:
    """Read a part in Han, kana or Hangul; False when it is none."""
    if not is_dense(text):
        return False
    if parts.people and sign in {"、", ","} and _KATAKANA.match(text):
        # a foreign place behind a name; foreign people are printed with a point between their names
        parts.location(text)
        return True
    if len(halves := _EQUALS.split(text)) == 2 and all(halves):
        # Japanese papers print the place before the name (ワシントン＝山田太郎), seldom behind it
        # Korean ones put it behind the reporter now and then (김민수 기자 = 서울)
        reporter = halves[0].endswith(("기자", "특파원"))
        text = (
            halves[0]
            if reporter or (len(halves[1]) == 2 < len(halves[0]) and _HAN_ONLY.match(halves[0]))
            else halves[1]
        )
    body = _DENSE_OPENS.sub("", _DENSE_PLACE.sub("", text), count=1)
    translated = _DENSE_ROLE.search(body)
    if translated:
        for name in dense_names(body[: translated.start()].strip(), "ja"):
            parts.people.append(Person(name, "translation"))
        return True
    author = _DENSE_AUTHOR.search(body)
    while author:
        body, author = body[: author.start()].strip(), _DENSE_AUTHOR.search(body[: author.start()].strip())
    names = body.split()
    if _is_dense_house(body) and len(names) == 1:
        parts.organisation(body)
        return True
    if len(names) > 1 and (_is_dense_house(names[0]) or _LONG_HANGUL.match(names[0])):
        parts.organisation(names[0])
        body = " ".join(names[1:])
    if not is_dense(body):
        words = body.split()
        if is_person(words):
            parts.person(words)
        return True
    for name in dense_names(body, parts.language):
        parts.person([name])
    return True
