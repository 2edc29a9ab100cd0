"""What differs between two texts of a question, in words: typing slips, rewording, or substance.

A twin (`torch.ne` beside `torch.eq`, largest beside smallest) differs from a question in as few
letters as a typing slip does. What tells them apart: a slip is one word of which at most one
spelling is used anywhere else; a twin exchanges names, numbers, operators or real words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import takewhile

_TOKEN = re.compile(
    r"(?P<code>[A-Za-z_](?a:\w)*(?:\.(?a:\w)+)+|[A-Za-z](?a:\w)*(?=\()|(?a:\w)*_(?a:\w)*)"
    r"|(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)"
    r"|(?P<word>(?a:\w)+|[^\W\d_a-zA-Z]+)"
    r"|(?P<operator>[!=<>+*/@%&|^~\-]+)"
)
_CODE_LIKE = re.compile(r"\d|[a-z][A-Z]|^[A-Z]{2,}$")
_NOT = "not no never none without neither nor except cannot unlike"
_NEGATIONS = frozenset(_NOT.split())
_KOREAN_NEGATION = re.compile("않|없|못|아니|아닌|말고|제외")
_SMALL = """
a an the this that these those it its is are was were be been do does did has have had can could
will would should may might must shall what which who whom whose when where why how of to in on at
by for from with as into than then so and or if i you we they he she your our my there here just
exactly please given one s
"""
_FILLERS = frozenset(_SMALL.split())
"""Words that carry no subject."""
_ENDINGS = ("s", "es", "d", "ed", "ing")
_DIGIT = re.compile(r"\d")
_HANGUL = re.compile("[가-힣]")
_AFTER_NOUNS = (
    "은 는 이 가 을 를 의 에 로 와 과 도 만 으로 에서 에게 까지 부터 보다 처럼 이란 란 다"
)
_PARTICLES = frozenset(_AFTER_NOUNS.split())
_KOREAN_PREFIXES = frozenset("비불무미안못")
"""Syllables that turn a word into its opposite."""
_COUNTED = (
    "question problem exercise example card flashcard item task no q ex "
    "문제 질문 문항 예제 연습 카드 퀴즈 과제"
)
_NUMBERED = re.compile(
    rf"(?:(?:{'|'.join(_COUNTED.split())})[.\s]?[\s#]*\d{{1,4}}(?:\.\d{{1,3}})*(?!\w)[.):\-–—]*"
    r"|\d{1,3}(?:[.)]|번(?:\s문제)?))(?:\s+(?=\S)|$)|#?\d{1,3}$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\bno\.\s*(?=\d)", re.IGNORECASE)
"""What is no negation: `no. 3`."""
_WORDS = re.compile(r"(?a:\w)+|[^\W\d_a-zA-Z]+")
_CHANGES = 12
"""Distinct words; where more than that were exchanged, nobody corrected the spelling."""

Known = Callable[[str], bool]
"""Whether a word is used by a question other than the two that are compared."""


def unnumbered(prompt: str) -> str:
    """What is asked, without the number it has in its file: `3. Why?`, `Question 3`, `문제 3`."""
    found = _NUMBERED.match(prompt)
    return prompt[found.end() :] if found else prompt


@dataclass(frozen=True, slots=True)
class Difference:
    """How a text was changed, apart from what does not change its meaning."""

    code: bool = False
    """Names, numbers or operators were exchanged for others."""
    negated: bool = False
    """It says `not` (or the like) in one and not in the other."""
    words: bool = False
    """Words of substance were exchanged for others."""
    more: bool = False
    """Words of substance were added, or left out."""
    slips: frozenset[tuple[str, str]] = frozenset()
    """Words of which the spelling alone was changed, before and after."""
    unsure: bool = False
    """Whether one of the slips may as well be another name or word, as in `rand` and `randn`."""

    @property
    def substance(self) -> bool:
        """Whether another thing is named, which another question would do."""
        return self.code or self.negated

    @property
    def slight(self) -> bool:
        """Whether it reads the same but for spelling and function words."""
        return not (self.code or self.negated or self.words or self.more) and len(self.slips) <= 4


def difference(old: str, new: str, known: Known, *, program: bool = False) -> Difference:
    """What was changed from `old` to `new`; in a `program` every word is a name."""
    if old == new:
        return Difference()
    before, after = _tokens(old, program), _tokens(new, program)
    removed, added = before - after, after - before
    slips, unsure = _pair_off(removed, added, known)
    code = [token for token in removed if token[0]], [token for token in added if token[0]]
    words = _substance(removed), _substance(added)
    # A misspelled `without` was paired off above; one more beside another changes nothing.
    negated = _negates(removed) != _negates(added) and _negates(before) != _negates(after)
    return Difference(
        code=all(code),
        negated=negated,
        words=all(words)
        or (bool(code[0]) and bool(words[1]))
        or (bool(words[0]) and bool(code[1])),
        more=any(words) or any(code),
        slips=slips,
        unsure=unsure,
    )


def translated(old: str, new: str, own: Set[str] = frozenset()) -> bool:
    """Whether one is in Korean and the other is not, and both speak of the same thing.

    They do when both name the same things in code; or when the Korean text says nothing in Latin
    letters that the other does not say, apart from the `own` names of their concept, and at least
    one word besides these.
    """
    if is_korean(old) is is_korean(new):
        return False
    before, after = names_in(old), names_in(new)
    if before == after and any(len(word) > 1 for word in before):
        return True
    korean, other = (old, new) if is_korean(old) else (new, old)
    said, known = _latin(korean), _latin(other)
    named = {name.lower() for name in names_in(other)}
    shared = {word for word in said & known - own if len(word) > 3 and word not in _FILLERS}
    return bool(shared) and said <= known | own and named <= said | own


def is_korean(text: str) -> bool:
    """Whether a text holds any Hangul."""
    return bool(_HANGUL.search(text))


def names_in(text: str) -> frozenset[str]:
    """What a text names in code: names, numbers and operators."""
    return frozenset(word for code, word in _tokens(text, False) if code)


def _latin(text: str) -> set[str]:
    return {word for word in words_of(text) if word.isascii()}


def words_of(text: str) -> set[str]:
    """The distinct words of a text in lower case, names taken apart at their dots."""
    return set(_WORDS.findall(text.lower()))


Token = tuple[bool, str]
"""Whether it is a name, number or operator; and itself."""


@lru_cache(maxsize=4096)
def _tokens(text: str, program: bool) -> Counter[Token]:
    """The tokens of a text; not to be changed, since the next caller gets them too."""
    tokens: Counter[Token] = Counter()
    text = _NUMBER.sub("number ", text.replace("n't", " not"))
    for found in _TOKEN.finditer(text):
        word = found[0]
        if found.lastgroup == "word" and not program and not _CODE_LIKE.search(word):
            tokens[False, word.lower()] += 1
        elif found.lastgroup == "operator" and not program and word in ("-", "--", "/"):
            continue
        elif found.lastgroup == "code" and "." in word:
            for part in word.split("."):
                tokens[True, part] += 1
        else:
            tokens[True, word] += 1
    return tokens


def _pair_off(
    removed: Counter[Token], added: Counter[Token], known: Known
) -> tuple[frozenset[tuple[str, str]], bool]:
    """Takes out the pairs that are one word spelled in two ways.

    Gives those of them that were slips, and whether one of these is unsure.
    """
    slips: set[tuple[str, str]] = set()
    unsure = False
    if len(removed) > _CHANGES or len(added) > _CHANGES:
        return frozenset(), unsure
    for token in list(removed):
        for other in list(added):
            if token[0] is not other[0] and token[1].lower() != other[1].lower():
                continue
            if not token[0] and _same_stem(token[1], other[1]):
                del removed[token], added[other]
                break
            # A slip of the hand happens once; the same change everywhere is one of the subject.
            if removed[token] != 1 or added[other] != 1:
                continue
            if (sure := _is_slip(token, other, known)) is not None:
                slips.add((token[1], other[1]))
                unsure = unsure or not sure
                del removed[token], added[other]
                break
    return frozenset(slips), unsure


def _same_stem(one: str, other: str) -> bool:
    if one[:1] != other[:1]:
        return False
    if _HANGUL.match(one) and _HANGUL.match(other):
        if len(one) > 2 and len(other) > 2 and one[:2] == other[:2]:
            return True
        pairs = zip(one, other, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        return same > 1 and {one[same:], other[same:]} <= _PARTICLES | {""}
    short, long = sorted((one, other), key=len)
    if len(short) < 4:
        return False
    stem = short.removesuffix("e")
    return any(long in (short + ending, stem + ending) for ending in _ENDINGS)


def _is_slip(old: Token, new: Token, known: Known) -> bool | None:
    """Whether two words are surely (or perhaps) one, spelled wrongly once; None if they are not."""
    one, other = old[1], new[1]
    if abs(len(one) - len(other)) > 2:
        return None
    distance_of = _distance()
    if one.isascii() and other.isascii() and distance_of(one.lower(), other.lower()) > 2:
        return None  # as most pairs are: what follows takes longer, and comes to the same
    if one.strip("_") == other.strip("_"):
        return None
    if _DIGIT.findall(one) != _DIGIT.findall(other):
        return None
    if any(len(word) <= 4 and word.lower() in _NEGATIONS for word in (one, other)):
        return None
    if _fumbled(one.lower(), other.lower()):
        return None if known(one) and known(other) else True
    if bool(_KOREAN_NEGATION.search(one)) is not bool(_KOREAN_NEGATION.search(other)):
        return None
    if _is_syllable_short(one, other):
        return None if known(one) and known(other) else False
    # A slip in Hangul changes a letter of a syllable.
    first, second = (unicodedata.normalize("NFD", word) for word in (one, other))
    if max(len(first), len(second)) < 4 and sorted(first) != sorted(second):
        return None
    distance = distance_of(first, second)
    long = min(len(first), len(second)) >= 6 and not _HANGUL.search(one)
    if distance > 1 + long:
        return None
    likely = distance == 1 and (first[0] == second[0] or sorted(first) == sorted(second))
    if old[0] or new[0] or not likely:
        # Names, and words as far apart as `encoding` and `decoding`, may be slips only where one
        # of them is a word of this collection and the other is not.
        return False if known(one) != known(other) else None
    return None if known(one) and known(other) else True


@cache
def _distance() -> Callable[[str, str], int]:
    """Letters changed, left out, added or exchanged with their neighbour; 3: more than 2."""
    from rapidfuzz.distance import OSA

    return partial(OSA.distance, score_cutoff=2)


def _is_syllable_short(one: str, other: str) -> bool:
    """Whether two words of Hangul differ in a syllable that one of them lacks."""
    short, long = sorted((one, other), key=len)
    if len(short) < 2 or len(long) != len(short) + 1 or not _HANGUL.match(long):
        return False
    missing = (at for at in range(len(long)) if long[:at] + long[at + 1 :] == short)
    return any(long[at] not in _KOREAN_PREFIXES for at in missing)


def _fumbled(one: str, other: str) -> bool:
    """Whether two words differ as no two names do: neighbours exchanged, or a letter doubled."""
    short, long = sorted((one, other), key=len)
    hangul = _HANGUL.search(short) is not None
    if len(short) < (2 if hangul else 4):
        return False
    if len(short) == len(long):
        if len(short) < 3:
            return False
        unlike = [at for at in range(len(one)) if one[at] != other[at]]
        return len(unlike) == 2 and unlike[1] == unlike[0] + 1 and sorted(short) == sorted(long)
    doubled = (at for at in range(1, len(long)) if long[at] == long[at - 1])
    return any(long[:at] + long[at + 1 :] == short for at in doubled)


def _substance(tokens: Counter[Token]) -> list[str]:
    return [
        word for is_code, word in tokens
        if not is_code and word not in _FILLERS and word not in _NEGATIONS
    ]  # fmt: skip


def _negates(tokens: Counter[Token]) -> bool:
    return any(word in _NEGATIONS or _KOREAN_NEGATION.search(word) for _, word in tokens)
