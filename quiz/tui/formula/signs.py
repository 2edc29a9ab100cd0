"""Which sign belongs to which role, and what can be raised or lowered in Unicode."""

from __future__ import annotations

from enum import Enum, auto


class Role(Enum):
    """What a token is to its neighbours."""

    ORDINARY = auto()
    WORD = auto()
    """Upright letters: a name or plain text."""
    FUNCTION = auto()
    """`log`: needs a space before what it is applied to."""
    LARGE = auto()
    """A sum, a product, an integral."""
    PLUS = auto()
    """Binds no closer than a sum; a sign where nothing stands before it."""
    TIMES = auto()
    """Binds as a product and may stand beside a fraction."""
    OPERATOR = auto()
    """Any other binary operation."""
    RELATION = auto()
    SLASH = auto()
    OPEN = auto()
    CLOSE = auto()
    POINT = auto()
    """A comma, semicolon or colon."""
    SPACE = auto()
    FRACTION = auto()
    """Anything that needs brackets as soon as something is multiplied with it."""
    ROOT = auto()
    """The same, but it may stand behind a slash."""
    CELL = auto()
    ROW = auto()
    TALL = auto()
    """Several lines; its text is the same in one, empty where that cannot be."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _all(role: Role, signs: str) -> dict[str, Role]:
    return dict.fromkeys(signs, role)


ROLES: dict[str, Role] = (
    _all(Role.PLUS, "+−±∓⊕⊖∪∩∨∖")
    | _all(Role.TIMES, "·×")
    | _all(Role.OPERATOR, "*∘⊙⊗⋆∧⋅÷∙")
    | _all(Role.RELATION, "=<>≤≥≠≈≡∼≃≅∝∈∉∋⊂⊃⊆⊇→←↔⇒⇐⇔↦≪≫≺≻⊥∥⊢⊨≔⟶⟹⟺")
    | _all(Role.SLASH, "/")
    | _all(Role.OPEN, "([{⟨⌊⌈")
    | _all(Role.CLOSE, ")]}⟩⌋⌉")
    | _all(Role.POINT, ",;:")
    | _all(Role.LARGE, "∑∏∐∫∬∭∮⋃⋂⋁⋀")
    | _all(Role.SPACE, " ")
)
"""Of a single sign; letters, digits and all else are ordinary."""

FUNCTIONS = _words(
    "arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim ln log "
    "max min Pr sec sin sinh sup tan tanh argmax argmin liminf "
    "limsup"
)

TWO_WORDS = {"argmax": "arg max", "argmin": "arg min"}

EXTRA = {
    "ne": "≠", "|": "‖", "land": "∧", "lor": "∨", "neg": "¬", "iff": "⟺", "implies": "⟹",
    "Re": "Re", "Im": "Im", "prime": "′", "coloneqq": "≔", "colon": ":", "triangle": "△",
    "backslash": "∖", "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]", "dotsm": "⋯",
    "vert": "|", "lvert": "|", "rvert": "|", "top": "⊤", "intercal": "⊤", "bigodot": "⊙",
    "triangleq": "≜", "ell": "ℓ", "_": "_", "%": "%", "#": "#", "&": "&", "$": "$",
}  # fmt: skip
"""Signs that the library does not know, or has another sign for."""

SILENT = _words(
    "limits nolimits displaystyle textstyle scriptstyle scriptscriptstyle ! nonumber notag "
    "mathstrut left. right."
)
SPACES = frozenset([",", ":", ";", ">", " ", "quad", "qquad", "enspace", "thinspace", "medspace"])

ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303",
    "bar": "\u0304", "overline": "\u0305", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308",
    "check": "\u030c", "breve": "\u0306", "acute": "\u0301", "grave": "\u0300",
    "underline": "\u0332", "mathring": "\u030a",
}  # fmt: skip
SPANNING = frozenset(["overline", "underline"])
"""Accents that may be laid over several letters, each with its own."""

STYLES = {
    "mathbf": "bold", "bf": "bold", "boldsymbol": "bold", "bm": "bold", "pmb": "bold",
    "mathbb": "doublestruck", "mathbbm": "doublestruck", "mathds": "doublestruck",
    "mathcal": "script", "mathscr": "script", "mathfrak": "fraktur",
}  # fmt: skip
"""Alphabets of which Unicode has letters, by the library's name."""
UPRIGHT = _words(
    "text textrm textnormal mathrm textit textsf mathsf mathtt texttt operatorname mathop mathit "
    "mbox textup"
)
SIZES = frozenset(
    size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
)

_RAISED = dict(zip(
    "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδφχ⊤′",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᵠᵡᵀ′", strict=True,
))  # fmt: skip
_LOWERED = dict(zip(
    "0123456789+−=()aehijklmnoprstuvxβγρφχ",
    "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True,
))  # fmt: skip


def raised(text: str) -> str | None:
    """`text` in superscript letters, if there are all of them."""
    return _moved(text, _RAISED)


def lowered(text: str) -> str | None:
    """`text` in subscript letters, if there are all of them."""
    return _moved(text, _LOWERED)


def _moved(text: str, letters: dict[str, str]) -> str | None:
    return "".join(letters[sign] for sign in text) if all(s in letters for s in text) else None
