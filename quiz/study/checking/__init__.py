"""Proving a deck: solutions pass, starters and mutants do not, predicted programs always print.

What a file says wrongly, `deck` finds; here the questions that run code are run.
"""

from quiz.study.checking.accepted import Accepted, load_accepted
from quiz.study.checking.doubts import Doubted, can_be_settled, settle
from quiz.study.checking.found import Found
from quiz.study.checking.material import Material, gather
from quiz.study.checking.mending import Mended, mend
from quiz.study.checking.plan import Checked, Meter, Plan, Survivor, Tally
from quiz.study.checking.run import check_questions

__all__ = [
    "Accepted",
    "Checked",
    "Doubted",
    "Found",
    "Material",
    "Mended",
    "Meter",
    "Plan",
    "Survivor",
    "Tally",
    "can_be_settled",
    "check_questions",
    "gather",
    "load_accepted",
    "mend",
    "settle",
]
