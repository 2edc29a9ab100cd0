"""The judge as a state machine: what it believes, when, and of whom."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.grade.judge import Judging
from quiz.grade.protocol import BROKEN, Ending, Message, Role, Step
from quiz.grade.report import case_from_json, verdict_from_json, verdict_to_json
from quiz.model.question import Code, Fence, Predict, Rules
from quiz.model.verdict import Outcome, Verdict
from tests.grade.pump import grade, pump

DOUBLE = "def f(x):\n    return x * 2\n"
FUNCTION = Code(Fence(DOUBLE, 1), cases=Fence("yield torch.ones(2),\nyield 3,", 9))
SCRIPT = Code(Fence("y = 2", 1))
TEST = Code(Fence(DOUBLE, 1), test=Fence("def test_a():\n    assert f(1) == 2", 9))
PREDICT = Predict(Fence("print(1)", 1))
PROGRAMS = [FUNCTION, SCRIPT, TEST, PREDICT]


def started(program: Code | Predict, answer: str = DOUBLE) -> tuple[Judging, Step]:
    judging = Judging(program, 7, "cpu")
    first, second = judging.start(), judging.given(answer)
    return judging, Step(first.send + second.send, verdict=first.verdict or second.verdict)


def verdict_of(step: Step) -> Verdict:
    assert step.verdict is not None
    return verdict_from_json(json.loads(json.dumps(step.verdict)))


def test_the_answers_job_holds_nothing_of_the_solution() -> None:
    for program in PROGRAMS[:3]:
        assert isinstance(program, Code)
        _, step = started(program, "def f(x): pass")
        job, code = (m for role, m in step.send if role is Role.ANSWER)
        for message in (job, code):
            text = json.dumps(message.header)
            assert program.solution.text.strip() not in text
            assert "assert" not in text
        limits = job.header["limits"]
        assert limits == {"memory": 1024, "output": 1024 * 1024, "processes": False}


def test_every_job_names_its_limits() -> None:
    program = Code(Fence("y = 2", 1), rules=Rules(memory=9, output=8, processes=True))
    _, step = started(program)
    assert {role for role, _ in step.send} == {Role.ANSWER, Role.REFERENCE}
    for job in (message for _, message in step.send if message.type == "job"):
        assert job.header["limits"] == {"memory": 9, "output": 8, "processes": True}


def test_a_prediction_needs_no_answer_jail() -> None:
    _, step = started(PREDICT, "1")
    assert [role for role, _ in step.send] == [Role.REFERENCE]


def recorded(program: Code | Predict, answer: str) -> list[tuple[str, Role, Any]]:
    """What the jails of a real grade said, in order."""
    said: list[tuple[str, Role, Any]] = []

    class Recorder(Judging):
        def feed(self, role: Role, message: Message) -> Step:
            said.append(("said", role, message))
            return super().feed(role, message)

    for _ in pump(Recorder(program, 7, "cpu"), answer, 20):
        pass
    return said


@pytest.mark.parametrize("program", [FUNCTION, SCRIPT])
def test_it_does_not_matter_which_side_is_faster(program: Code) -> None:
    said = recorded(program, program.solution.text)
    for first in Role:
        judging, _ = started(program, program.solution.text)
        step = Step()
        for _, role, message in sorted(said, key=lambda item: item[1] is not first):
            step = judging.feed(role, message)
        assert verdict_of(step).passed


def test_cases_are_told_as_they_are_decided() -> None:
    program = Code(Fence(DOUBLE, 1), cases=Fence("for i in range(4):\n    yield i,", 9))
    steps = list(pump(Judging(program, 7, "cpu"), "def f(x): return x + x % 2 * x", 20))
    told = [case_from_json(case) for step in steps for case in step.cases]
    final = verdict_of(steps[-1])
    assert [case.call for case in told] == ["f(0)", "f(1)", "f(2)", "f(3)"]
    assert tuple(told) == final.cases
    assert final.message == "1 of 4 cases failed; the smallest is `f(2)`."
    assert final.share == 0.75


def test_the_smallest_failing_case_is_spoken_of() -> None:
    cases = "yield torch.ones(5, 5),\nyield torch.ones(2),\nyield torch.ones(3),"
    verdict = grade(DOUBLE, "def f(x): return x", cases=cases)
    assert "`f(torch.tensor([1., 1.]))`" in verdict.message
    assert verdict.first_failure == verdict.cases[1]
    assert verdict.cases[0].expected_grid is not None


def test_of_a_larger_result_the_tensor_that_differs_is_drawn() -> None:
    verdict = grade(
        "def f(x):\n    return x, {'mask': x > 1}",
        "def f(x):\n    return x, {'mask': x > 2}",
        cases="yield torch.tensor([1, 2, 3]),",
    )
    drawn = verdict.cases[0].expected_grid, verdict.cases[0].got_grid
    assert [grid and grid.part for grid in drawn] == ["[1]['mask']"] * 2
    assert [grid and grid.cells for grid in drawn] == [
        (("False", "True", "True"),),
        (("False", "False", "True"),),
    ]


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [
        (Ending(timeout=True, where="line 3, in f"), Outcome.TIMEOUT),
        (Ending(memory=True), Outcome.MEMORY),
        (Ending(output=True), Outcome.OUTPUT),
        (Ending(signal=11), Outcome.CRASH),
        (Ending(status=0), Outcome.CRASH),
        (Ending(garbage=True), Outcome.ERROR),
        (Ending(blocked="a socket"), Outcome.BLOCKED),
    ],
)
@pytest.mark.parametrize("program", [FUNCTION, SCRIPT, TEST])
def test_an_ending_of_the_answer_is_the_learners(
    program: Code, ending: Ending, outcome: Outcome
) -> None:
    judging, _ = started(program)
    judging.feed(Role.ANSWER, Message({"t": "checked", "breaches": []}))
    step = judging.ended(Role.ANSWER, ending)
    if step.verdict is None:  # the solution is waited for
        step = _finish_reference(judging, program)
    verdict = verdict_of(step)
    assert verdict.outcome is outcome
    if ending.where:
        assert ending.where in verdict.message
        assert verdict.line == 3


def test_a_timeout_names_the_line_and_shows_it() -> None:
    answer = "def f(x):\n    while True:\n        x = x + 1\n"
    judging, _ = started(FUNCTION, answer)
    for _, role, message in recorded(FUNCTION, DOUBLE):
        if message.type in ("checked", "prepared", "drawn", "defined") or role is Role.REFERENCE:
            judging.feed(role, message)
    verdict = verdict_of(judging.ended(Role.ANSWER, Ending(timeout=True, where="line 3, in f")))
    assert (verdict.outcome, verdict.line) == (Outcome.TIMEOUT, 3)
    assert verdict.traceback == "  line 3, in f\n    x = x + 1"
    assert verdict.cases[0].traceback == verdict.traceback
    judging, _ = started(FUNCTION, "while True:\n    pass\n")
    judging.feed(Role.ANSWER, Message({"t": "checked", "breaches": []}))
    ending = Ending(timeout=True, where="line 2, in <module>")
    judging.ended(Role.ANSWER, ending)
    verdict = verdict_of(_finish_reference(judging, FUNCTION))
    assert verdict.message.endswith("It was at line 2.")
    assert verdict.traceback == "  line 2\n    pass"


def test_a_timeout_of_the_solution_shows_the_cards_own_line() -> None:
    judging, _ = started(FUNCTION, DOUBLE)
    judging.feed(Role.ANSWER, Message({"t": "checked", "breaches": []}))
    line = FUNCTION.solution.line
    ending = Ending(timeout=True, where=f"line {line}, in f")
    verdict = verdict_of(judging.ended(Role.REFERENCE, ending))
    assert verdict.outcome is Outcome.CARD_ERROR
    assert verdict.traceback.startswith(f"  line {line} of the card's solution, in f\n    def f")


def test_a_wrong_case_is_named_once_and_explained_in_itself() -> None:
    verdict = grade(DOUBLE, "def f(x):\n    ...\n", cases="yield torch.ones(2),\nyield 3,")
    assert verdict.message == "2 of 2 cases failed; the smallest is `f(3)`."
    hint = "expected an int, got None; is a `return` missing?"
    assert verdict.cases[1].differences == (hint,)
    one = grade(DOUBLE, "def f(x): return 5", cases="yield 3,")
    assert one.message == "`f(3)` is wrong."
    assert one.cases[0].differences == ("expected 6, got 5.",)


def _finish_reference(judging: Judging, program: Code) -> Step:
    step = Step()
    for _, role, message in recorded(program, program.solution.text):
        if role is Role.REFERENCE and step.verdict is None:
            step = judging.feed(role, message)
    return step


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_ending_of_the_reference_is_the_cards(program: Code | Predict) -> None:
    judging, _ = started(program)
    judging.feed(Role.ANSWER, Message({"t": "checked", "breaches": []}))
    step = judging.ended(Role.REFERENCE, Ending(signal=9))
    assert verdict_of(step).outcome is Outcome.CARD_ERROR


def test_a_reference_that_broke_on_our_side_is_neither_the_cards_fault_nor_the_learners() -> None:
    judging, _ = started(FUNCTION, DOUBLE)
    step = judging.ended(Role.REFERENCE, Ending(status=BROKEN))
    assert verdict_of(step).outcome is Outcome.GRADER_ERROR


def test_a_cards_failure_is_believed_only_before_the_answer_has_run() -> None:
    failure = {
        "kind": "error", "type": "X", "message": "m", "traceback": "", "line": 1, "column": 1,
        "origin": "<setup>",
    }  # fmt: skip
    early, _ = started(TEST)
    early.feed(Role.ANSWER, Message({"t": "checked", "breaches": []}))
    failed = Message({"t": "failed", "phase": "setup", "failure": failure, "printed": ""})
    assert verdict_of(early.feed(Role.ANSWER, failed)).outcome is Outcome.CARD_ERROR
    late, _ = started(TEST)
    late.feed(Role.ANSWER, Message({"t": "prepared"}))
    late.feed(Role.ANSWER, Message({"t": "checked", "breaches": []}))
    assert verdict_of(late.feed(Role.ANSWER, failed)).outcome is Outcome.ERROR


@pytest.mark.parametrize("program", [FUNCTION, SCRIPT, TEST])
def test_no_message_counts_twice_or_out_of_order(program: Code) -> None:
    said = recorded(program, program.solution.text)
    answers = [i for i, item in enumerate(said) if item[1] is Role.ANSWER]
    for left_out in answers:
        judging, _ = started(program, program.solution.text)
        step = Step()
        for i, (_, role, message) in enumerate(said):
            if i != left_out and step.verdict is None:
                step = judging.feed(role, message)
        assert step.verdict is None or not verdict_of(step).passed
    for doubled in answers[:-1]:
        judging, _ = started(program, program.solution.text)
        step = Step()
        for i, (_, role, message) in enumerate(said):
            for _ in range(1 + (i == doubled)):
                if step.verdict is None:
                    step = judging.feed(role, message)
        assert step.verdict is None or not verdict_of(step).passed


def test_a_result_without_its_number_is_no_result() -> None:
    judging, _ = started(TEST)
    for kind, more in (
        ("prepared", {}),
        ("checked", {"breaches": []}),
        ("defined", {"printed": ""}),
    ):
        step = judging.feed(Role.ANSWER, Message({"t": kind, **more}))
    assert step.send[0][1].type == "test"
    forged = {"t": "tested", "index": 0, "nonce": "0" * 32, "failure": None, "printed": ""}
    assert not verdict_of(judging.feed(Role.ANSWER, Message(forged))).passed


FUNCTION_WORDS = [
    "checked",
    "prepared",
    "failed",
    "drawn",
    "defined",
    "missing",
    "state",
    "case",
    "ran",
    "values",
    "tested",
    "output",
    "done",
    "x",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["k", "v", "items", "args", "kwargs", "message"]), inner)
    ),
    max_leaves=6,
)
HEADERS = st.fixed_dictionaries(
    {"t": st.sampled_from(FUNCTION_WORDS)},
    optional=dict.fromkeys(
        [
            "breaches",
            "failure",
            "phase",
            "calls",
            "marks",
            "printed",
            "index",
            "results",
            "state",
            "changed",
            "inputs",
            "names",
            "objects",
            "value",
            "nonce",
            "bound",
            "is_state",
            "entry",
            "defined",
            "found",
        ],
        JSON,
    ),
)
MESSAGES = st.builds(Message, HEADERS, st.lists(st.binary(max_size=16), max_size=2).map(tuple))


@settings(max_examples=100)
@given(
    program=st.sampled_from(PROGRAMS[:3]),
    messages=st.lists(st.tuples(st.just(Role.ANSWER), MESSAGES), max_size=8),
)
def test_no_nonsense_passes_or_breaks_the_judge(
    program: Code, messages: list[tuple[Role, Message]]
) -> None:
    judging, step = started(program)
    honest = [Message({"t": "prepared"}), Message({"t": "checked", "breaches": []})]
    for role, message in [*((Role.ANSWER, m) for m in honest), *messages]:
        step = judging.feed(role, message)
    step = step if step.verdict else judging.ended(Role.ANSWER, Ending())
    if step.verdict is not None:
        assert verdict_of(step).outcome not in (Outcome.PASS, Outcome.GRADER_ERROR)


def test_a_verdict_survives_json() -> None:
    cases = "yield torch.tensor([[1.0, math.nan], [math.inf, 0.0]]),"
    verdict = grade(DOUBLE, "def f(x): return x", cases=cases)
    again = verdict_from_json(json.loads(json.dumps(verdict_to_json(verdict), allow_nan=False)))
    assert repr(again) == repr(verdict)
    assert again.cases[0].worst == verdict.cases[0].worst
