"""The runner in a real process: what each form reports, and what foreign code cannot spoil."""

from __future__ import annotations

import pytest

from quiz.model.question import Rules
from quiz.model.verdict import Outcome, Verdict
from tests.grade.pump import grade, predict

DOUBLE = "def f(x):\n    return x * 2\n"
CASES = "yield torch.randn(3),\nyield torch.zeros(2, 2),\n"


def told(verdict: Verdict) -> str:
    """How the cases differ, in words."""
    return "\n".join(text for case in verdict.cases for text in case.differences)


@pytest.mark.parametrize(
    "answer",
    [
        "def f(x):\n\treturn x + x",
        "\ufeffdef f(x):\r\n\treturn x + x\r\n",
        "def f(x):\n\tif True:\n        return x * 2",
        "def f(값):\n    return 값 * 2",
        "\n".join(f"a{i} = {i}" for i in range(10_000)) + "\n" + DOUBLE,
        "print('x' * 100_000)\n" + DOUBLE,
        "torch.set_default_dtype(torch.float64)\ntorch.manual_seed(1)\n" + DOUBLE,
        "torch.set_num_threads(2)\n" + DOUBLE,
        "import random\nrandom.seed(1)\n[torch.rand(9) for _ in range(9)]\n" + DOUBLE,
        "class f:\n    def __new__(cls, x):\n        return x * 2",
        "f = lambda x: x * 2",
        "import sys\nsys.setrecursionlimit(80)\n" + DOUBLE,
        "import warnings\nwarnings.simplefilter('error')\n" + DOUBLE,
        "import sys\nsys.stdout = None\n" + DOUBLE,
        "torch.inference_mode().__enter__()\n" + DOUBLE,
        "import threading\nthreading.Thread(target=print).start()\n" + DOUBLE,
        "@torch.jit.script\ndef f(x):\n    return x * 2",
        "import inspect\n" + DOUBLE + "inspect.getsource(f)\n",
        "import json, struct\njson.dumps = json.loads = struct.pack = None\n" + DOUBLE,
        "import json\njson.JSONEncoder.encode = None\n" + DOUBLE,
        "import builtins\nfor n in ('len', 'type', 'isinstance', 'zip', 'id', 'str'):\n"
        "    setattr(builtins, n, None)\n" + DOUBLE,
        "for n in ('detach', 'cpu', 'numel', 'data_ptr', 'shape', 'dtype'):\n"
        "    setattr(torch.Tensor, n, None)\n" + DOUBLE,
        "torch.equal = torch.allclose = torch.zeros = None\n" + DOUBLE,
        "if __name__ == '__main__':\n    print('hello')\n" + DOUBLE,
    ],
)
def test_right_answers_pass_whatever_else_they_do(answer: str) -> None:
    verdict = grade(DOUBLE, answer, cases=CASES)
    assert (verdict.outcome, verdict.message) == (Outcome.PASS, "")
    assert len(verdict.cases) == 2


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("def f(x): return x * 3", "differ"),
        ("def f(x): return (x * 2).double()", "dtype"),
        ("def f(x): return (x * 2)[None]", "shape"),
        ("def f(x): return (x * 2).tolist()", "expected a tensor, got a list"),
        ("def f(x): return torch.empty_like(x)", "nan"),
        ("def f(x): return torch.zeros_like(x, device='meta')", "meta"),
        ("def f(x): return x.mul_(2)", "changes its input `x`"),
        ("def f(x):\n    x.data.add_(1)\n    return (x - 1) * 2", "changes its input"),
        ("def f(x): return nn.Parameter(x * 2)", "Parameter"),
        ("def f(x): return (x * 2).expand(1 << 40, *x.shape)", "shape"),
        ("def f(x): return f", "function"),
        ("def f(x): pass", "got None"),
        (
            "class T(torch.Tensor):\n    @classmethod\n"
            "    def __torch_function__(cls, *a, **k): return True\n"
            "def f(x): return x.as_subclass(T)",
            "class T",
        ),
    ],
)
def test_wrong_answers_fail_and_are_told_why(answer: str, says: str) -> None:
    verdict = grade(DOUBLE, answer, cases=CASES)
    assert verdict.outcome is Outcome.WRONG
    assert any(says in text for case in verdict.cases for text in case.differences)
    assert verdict.message


@pytest.mark.parametrize(
    ("answer", "outcome", "says"),
    [
        ("x = 1", Outcome.ERROR, "should define `f`"),
        ("def g(x): return x", Outcome.ERROR, "it defines `g`"),
        ("f = 3", Outcome.ERROR, "it is an int"),
        ("def f(x) return x", Outcome.ERROR, "line 1, column 10"),
        ("def f(x): return '\0'", Outcome.ERROR, "null"),
        ("1 / 0", Outcome.ERROR, "division by zero"),
        ("def f(x): raise SystemExit('PASS')", Outcome.ERROR, "sys.exit"),
        ("import sys\nsys.exit(0)", Outcome.ERROR, "sys.exit"),
        ("def f(x): return f(x)", Outcome.ERROR, "too deeply"),
        (
            "class M(type):\n    @property\n    def __name__(cls): raise ValueError\n"
            "    __module__ = __mro__ = __name__\n"
            "class E(Exception, metaclass=M): pass\ndef f(x): raise E('lost')",
            Outcome.ERROR,
            "E: lost",
        ),
        ("def f(x): return torch.zeros(1 << 50)", Outcome.MEMORY, "4,096 TiB"),
        ("def f(): pass", Outcome.ERROR, "0 positional arguments"),
        ("import os\nos._exit(0)", Outcome.CRASH, "os._exit"),
        ("import os\ndef f(x): os.abort()", Outcome.CRASH, "SIGABRT"),
        ("import ctypes\ndef f(x): ctypes.string_at(0)", Outcome.CRASH, "SIGSEGV"),
        ("def f(x):\n    while True: pass", Outcome.TIMEOUT, "longer than"),
        (
            "def f(x):\n    yield x\n    raise BaseException('late')",
            Outcome.ERROR,
            "late",
        ),
        (
            "import os\nfor fd in range(3, 90):\n    try: os.write(fd, b'PASS' * 20)\n"
            "    except OSError: pass\n" + DOUBLE,
            Outcome.ERROR,
            "channel",
        ),
    ],
)
def test_failures_have_their_own_outcome(answer: str, outcome: Outcome, says: str) -> None:
    verdict = grade(DOUBLE, answer, cases=CASES, timeout=1.5 if "while" in answer else 20)
    assert (verdict.outcome, says in verdict.message) == (outcome, True), verdict.message


def test_an_error_in_a_case_stands_at_the_learners_line() -> None:
    verdict = grade(DOUBLE, "def f(x):\n    y = x\n    return yy * 2\n", cases=CASES)
    assert (verdict.outcome, verdict.line, verdict.column) == (Outcome.ERROR, 3, 12)
    assert "return yy * 2\n           ^^" in verdict.traceback
    assert "Did you mean: 'y'?" in verdict.message


@pytest.mark.parametrize(
    "patch",
    [
        "import quiz.grade.inputs as i\ni.digest = lambda v, **k: b''",
        "import quiz.grade.inputs as i\n"
        "i.digest.__code__ = (lambda value, *, state=0: b'').__code__",
        "import quiz.grade.native as n\nn.blake = None",
        "from quiz.grade.encode import Encoder\nEncoder.node = lambda s, v: {'k': 'none'}",
        "from quiz.grade.runner import Execution\nExecution.one_call = lambda *a: None",
        "from quiz.grade import runner as r\n"
        "r.Execution.attempt.__code__ = (lambda s, a: 0).__code__",
        "from quiz.grade import gradients as g\ng.aliases = lambda r, i: {'given': [[0, 0]]}",
        "import gc\nfor o in gc.get_objects():\n"
        "    if type(o).__name__ == 'Execution': o.channel = None",
        "torch.no_grad.__enter__ = torch.no_grad.__exit__ = None",
        "import sys, quiz.grade.inputs as i\nclass Out:\n"
        "    def write(self, s): pass\n"
        "    def flush(self): i.digest = lambda v, **k: b''\nsys.stdout = Out()",
    ],
)
def test_what_is_said_of_a_call_is_true_whatever_was_replaced(patch: str) -> None:
    alias = Rules(alias=True)
    view = "def f(x): return x[:1]"
    assert grade(view, f"{patch}\n{view}", cases=CASES, rules=alias).passed
    copied = grade(view, f"{patch}\n{view}.clone()", cases=CASES, rules=alias)
    assert "should be a view" in told(copied)
    changing = f"{patch}\ndef f(x):\n    y = x * 2\n    x.sub_(1)\n    return y"
    assert "changes its input `x`" in told(grade(DOUBLE, changing, cases=CASES))


def test_prints_belong_to_their_case() -> None:
    answer = "print('top')\ndef f(x):\n    print('case', x.dim())\n    return x * 2\n"
    verdict = grade(DOUBLE, answer, cases=CASES)
    assert verdict.printed == "top\n"
    assert [case.printed for case in verdict.cases] == ["case 1\n", "case 2\n"]


def test_integers_of_any_length_are_compared() -> None:
    cases = "yield 2000"
    factorial = "def f(n):\n    return math.factorial(n)\n"
    assert grade(factorial, "f = math.factorial", cases=cases).passed
    verdict = grade(factorial, "def f(n):\n    return -math.factorial(n - 1)\n", cases=cases)
    assert verdict.outcome is Outcome.WRONG
    assert verdict.cases[0].differences == (
        "expected an integer of 5736 digits, got a negative integer of 5733 digits.",
    )
    assert grade(factorial, "def f(n):\n    return {10**5000: 1}\n", cases=cases).outcome is (
        Outcome.WRONG
    )


def test_inputs_are_the_same_for_both_and_new_with_every_seed() -> None:
    calls = [grade(DOUBLE, cases=CASES, seed=seed).cases[0].call for seed in (1, 1, 2)]
    assert calls[0] == calls[1] != calls[2]


def test_an_input_changed_in_one_case_is_whole_in_the_next() -> None:
    cases = "x = torch.zeros(2)\nyield x,\nyield x,\n"
    bump = "def f(x):\n    x += 1\n"
    verdict = grade(bump, "def f(x):\n    x.add_(1)\n", cases=cases)
    assert verdict.passed
    verdict = grade(bump, "def f(x):\n    x.add_(2)\n", cases=cases)
    assert "`x` after the call" in told(verdict)
    verdict = grade(bump, "def f(x):\n    x = x + 1\n", cases=cases)
    assert "should change its input `x`" in told(verdict)


def test_dropout_draws_the_same_numbers_on_both_sides() -> None:
    verdict = grade(
        "def f(x): return F.dropout(x)",
        "torch.rand(7)\ndef f(x): return nn.Dropout()(x)",
        cases=CASES,
    )
    assert verdict.passed


GRAD = Rules(grad=True)


def test_gradients_are_compared_when_asked() -> None:
    exp = "def f(x): return x.exp()"
    assert grade(exp, "def f(x): return math.e ** x", cases=CASES, rules=GRAD).passed
    cut = grade(exp, "def f(x): return x.detach().exp()", cases=CASES, rules=GRAD)
    assert "No gradient reaches `x`" in told(cut)
    half = "def f(x):\n    y = x.exp()\n    return y / 2 + y.detach() / 2"
    assert "gradient of `x`" in told(grade(exp, half, cases=CASES, rules=GRAD))
    assert grade(exp, half, cases=CASES).passed


@pytest.mark.parametrize(
    ("solution", "answer", "says"),
    [
        ("def f(x): return x.clone()", "def f(x): return x", "should be a copy"),
        ("def f(x): return x[1:]", "def f(x): return x[1:].clone()", "should be a view"),
    ],
)
def test_sharing_memory_counts_when_asked(solution: str, answer: str, says: str) -> None:
    assert grade(solution, answer, cases=CASES).passed
    assert says in told(grade(solution, answer, cases=CASES, rules=Rules(alias=True)))
    assert grade(solution, cases=CASES, rules=Rules(alias=True)).passed


LAYER = """class Layer(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(2, n))
    def forward(self, x):
        return x @ self.weight.T
"""
THEN = "yield call(3).then(torch.randn(4, 3)).then(torch.ones(1, 3))"


def test_a_module_gets_the_solutions_weights() -> None:
    other = LAYER.replace("torch.randn(2, n)", "torch.zeros(2, n)").replace(
        "x @ self.weight.T", "F.linear(x, self.weight)"
    )
    assert grade(LAYER, other, cases=THEN).passed
    wrong = grade(LAYER, other.replace("F.linear(", "2 * F.linear("), cases=THEN)
    assert wrong.outcome is Outcome.WRONG
    renamed = grade(LAYER, LAYER.replace("weight", "w").replace("randn", "zeros"), cases=THEN)
    assert any("weight (2, 3)" in text for text in renamed.cases[0].differences)


def test_a_class_without_weights_is_called_all_the_same() -> None:
    counter = (
        "class Add:\n    def __init__(self, n): self.n = n\n"
        "    def __call__(self, x): return x + self.n"
    )
    closure = "def Add(n):\n    return lambda x: n + x"
    assert grade(counter, closure, cases="yield call(3).then(4).then(5)").passed


def test_the_state_after_the_calls_counts() -> None:
    norm = (
        "class N(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.register_buffer('mean', torch.zeros(1))\n"
        "    def forward(self, x):\n        self.mean += x.mean()\n        return x\n"
    )
    cases = "yield call().then(torch.ones(3))"
    assert grade(norm, cases=cases).passed
    lazy = grade(norm, norm.replace("self.mean += x.mean()", "pass"), cases=cases)
    assert "state after the calls" in told(lazy)


SETUP = "x = torch.ones(3)\nm = nn.Linear(2, 2)\nopt = torch.optim.Adam(m.parameters())\n"


@pytest.mark.parametrize(
    ("solution", "answer", "says"),
    [
        ("y = x * 2", "y = x + x", ""),
        ("y = x * 2", "z = x + x", "`y` is missing"),
        ("y = x * 2", "y = x * 3", "differ"),
        ("x * 2", "z = 1\nx + x", ""),
        ("x * 2", "y = x + x", "last line"),
        ("x.add_(1)", "x += 1", ""),
        ("x.add_(1)", "x + 1", "differ"),
        ("m.eval()", "m.train(False)", ""),
        ("m.eval()", "m", "evaluation mode"),
        ("for i in range(3):\n    x += i", "for j in range(3):\n    x.add_(j)", ""),
        ("import os\n_t = 1\ny = 2", "y = 2", ""),
        (
            "opt.zero_grad()\nm(x[:2]).sum().backward()\nopt.step()",
            "loss = m(x[:2]).sum()\nloss.backward()\nopt.step()",
            "",
        ),
        (
            "m(x[:2]).sum().backward()\nopt.step()",
            "m(x[:2]).sum().backward()",
            "opt",
        ),
        ("m(x[:2]).sum().backward()", "m(x[:2]).sum()", "gradient"),
        ("y = torch.randn(3)", "y = torch.randn(3)", ""),
        ("y = (i for i in range(3))", "y = iter([0, 1, 2])", ""),
    ],
)
def test_scripts_are_judged_by_what_they_leave(solution: str, answer: str, says: str) -> None:
    verdict = grade(solution, answer, setup=SETUP)
    assert verdict.passed == (not says), verdict.message
    text = " ".join(t for case in verdict.cases for t in (case.call, *case.differences))
    assert says in text


TESTS = """def helper(x):
    return x + 1

def test_value():
    assert f(2) == helper(3)

def test_tensor():
    assert torch.equal(f(torch.ones(2)), torch.full((2,), 2.0))
"""


def test_a_helper_of_the_setup_asserts_for_the_test_that_calls_it() -> None:
    setup = "def near(a, b):\n    assert a == b, f'{a} is not {b}'\n"
    test = "def test_f():\n    near(f(2), 4)\n"
    wrong = grade(DOUBLE, "def f(x): return x", setup=setup, test=test)
    assert wrong.outcome is Outcome.WRONG
    assert wrong.cases[0].differences == ("2 is not 4\nassert a == b\n  a = 2\n  b = 4",)
    own = grade(DOUBLE, "\ndef f(x): return near(x, 5)", setup=setup, test=test)
    assert (own.outcome, own.line) == (Outcome.ERROR, 2)


def test_tests_stream_their_results_and_explain_themselves() -> None:
    verdict = grade(DOUBLE, "def f(x): return x", test=TESTS)
    assert [case.call for case in verdict.cases] == ["test_value", "test_tensor"]
    assert "f(2) = 2" in told(verdict)
    assert "helper(3) = 4" in told(verdict)
    assert grade(DOUBLE, test=TESTS).passed


@pytest.mark.parametrize(
    "answer",
    [
        "import sys\ndef f(x): sys.exit(0)",
        "import os\nos._exit(0)",
        "import os\ndef f(x): os._exit(0)",
        "class E:\n    def __eq__(self, o): return True\ndef f(x): return E()",
        "class E(torch.Tensor):\n    @classmethod\n    def __torch_function__(cls, *a, **k):\n"
        "        return True\n    def __eq__(self, o): return True\n"
        "def f(x): return torch.zeros(2).as_subclass(E)",
        "torch.equal = lambda *a: True\nclass T:\n    equal = staticmethod(lambda *a: True)\n"
        "    ones = full = staticmethod(lambda *a: 4)\ntorch = T()\ndef f(x): return 5",
        "import builtins\nbuiltins.AssertionError = Exception\ndef f(x): return x",
        "import sys\ndef f(x): return sys._getframe(2).f_locals",
        "import inspect\ndef f(x): return inspect.stack()",
        "def f(x):\n    try: 1 / 0\n    except Exception as e: return e.__traceback__.tb_frame",
        "import gc\ndef f(x): return gc.get_objects()",
        "for c in object.__subclasses__():\n    if c.__name__ == 'Execution':\n"
        "        c.attempt = lambda s, a: None\ndef f(x): return x",
        "import quiz.grade.runner as r\nr.Execution.attempt = lambda s, a: None\n"
        "def f(x): return x",
        "import ctypes\nctypes.CDLL(None)\n" + DOUBLE,
        "exec(compile('import gc\\ndef f(x): return gc.get_objects()', 'g.py', 'exec'))",
        "import inspect\ncompile('1', inspect.__file__, 'exec')\n" + DOUBLE,
        "import sys, pathlib\nsys.path.append('.')\n"
        "pathlib.Path('own.py').write_text('import gc\\ndef f(x): return gc.get_objects()')\n"
        "from own import f",
        "from unittest.mock import ANY\ndef f(x): return ANY",
        "def helper(x): return 2\ndef f(x): return 2",
        "def test_value(): pass\ndef test_tensor(): pass\ndef f(x): return x",
    ],
)
def test_no_answer_talks_its_way_through_the_tests(answer: str) -> None:
    verdict = grade(DOUBLE, answer, test=TESTS)
    wrong = (Outcome.WRONG, Outcome.ERROR, Outcome.CRASH, Outcome.BLOCKED)
    assert verdict.outcome in wrong
    assert all(case.outcome is not Outcome.PASS for case in verdict.cases)


def test_honest_code_may_still_use_the_library_under_test() -> None:
    answer = (
        "import collections, dataclasses, enum, logging, typing, warnings, functools\n"
        "P = collections.namedtuple('P', 'a')\n"
        "@dataclasses.dataclass\nclass D:\n    a: int = 1\n"
        "class E(enum.Enum):\n    A = 1\n"
        "logging.getLogger('x').warning('hi')\nwarnings.warn('x')\n"
        "@functools.lru_cache\ndef g(): return isinstance([], collections.abc.Sequence)\n"
        "def f(x):\n    g()\n    nn.Linear(2, 2)\n    return x * 2\n"
    )
    assert grade(DOUBLE, answer, test=TESTS).passed


def test_nobody_has_to_predict_a_warning() -> None:
    assert predict("import warnings\nwarnings.warn('this is old')\nprint(1)", "1").passed


def test_predictions_are_compared_line_by_line_with_white_space_folded() -> None:
    program = "print(x * 2)\nprint('a   b')\n"
    assert predict(program, "tensor([2., 2.])\na b\n\n", setup="x = torch.ones(2)").passed
    verdict = predict(program, "tensor([2, 2])\na b", setup="x = torch.ones(2)")
    assert verdict.outcome is Outcome.WRONG
    assert verdict.message == "Line 1: expected `tensor([2., 2.])`, got `tensor([2, 2])`."
    assert verdict.cases[0].expected == "tensor([2., 2.])\na   b"


@pytest.mark.parametrize(
    ("solution", "how", "says"),
    [
        (DOUBLE, {"cases": "x = 1"}, "yield nothing"),
        (DOUBLE, {"cases": "yield foo"}, "cases fail: NameError"),
        (DOUBLE, {"cases": CASES, "setup": "1 / 0"}, "setup fails"),
        (DOUBLE, {"cases": CASES, "setup": "def ("}, "setup fails"),
        (DOUBLE, {"cases": "def ("}, "cases fail"),
        ("def (", {"cases": CASES}, "line 100"),
        ("x = 1", {"cases": CASES}, "defines no function"),
        ("def f(x): return x.foo", {"cases": CASES}, "solution fails"),
        ("def f(x): return lambda: x", {"cases": CASES}, "function"),
        ("def f(x): return x.to('meta')", {"cases": CASES}, "meta"),
        ("def f(x):\n    import os\n    os.abort()", {"cases": CASES}, "SIGABRT"),
        ("pass", {}, "nothing"),
        ("def f(x): pass", {"cases": CASES}, "prints nothing"),
        ("def f(x): return x * 3", {"test": TESTS}, "test_value"),
        (DOUBLE, {"test": "def helper(): pass"}, "no `def test"),
        (DOUBLE, {"cases": "import time\nyield time.time(),"}, "differ from run to run"),
        (DOUBLE, {"cases": "while True:\n    yield 1"}, "more than 200"),
    ],
)
def test_the_cards_own_failures_are_its_own(solution: str, how: dict[str, str], says: str) -> None:
    verdict = grade(solution, "def f(x): return x", **how)  # type: ignore[arg-type]
    assert (verdict.outcome, says in verdict.message) == (Outcome.CARD_ERROR, True), verdict
    assert not verdict.outcome.counts


def test_the_cards_line_is_that_of_its_file() -> None:
    verdict = grade("def f(x):\n    return x.foo\n", DOUBLE, cases=CASES)
    assert "line 101 of the card's solution, in f" in verdict.traceback


def test_constraints_come_before_anything_is_run() -> None:
    rules = Rules(forbid=("*",), require=("+",), lines=2)
    verdict = grade(DOUBLE, "1 / 0\n" + DOUBLE, cases=CASES, rules=rules)
    assert (verdict.outcome, verdict.line, verdict.column) == (Outcome.FORBIDDEN, 3, 12)
    assert not verdict.cases
    assert grade("def f(x): return x + x", cases=CASES, rules=rules).passed


def test_a_question_for_another_device_is_skipped() -> None:
    verdict = grade(DOUBLE, cases=CASES, rules=Rules(device="cuda"))
    assert verdict.outcome is Outcome.SKIPPED
