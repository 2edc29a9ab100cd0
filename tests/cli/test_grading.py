from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import NE, Quiz


def test_grade_prints_a_line_for_each_answer(quiz: Quiz, cards: Path, tmp_path: Path) -> None:
    answers = {
        "pass.py": "def not_equal(a, b):\n    return (a == b).logical_not()\n",
        "wrong.py": "def not_equal(a, b):\n    return a == b\n",
        "forbidden.py": "def not_equal(a, b):\n    return a != b\n",
        "error.py": "def not_equal(a, b):\n    return c\n",
    }
    for name, text in answers.items():
        (tmp_path / name).write_text(text)
    graded = quiz("grade", cards / "tensors/ne.md#write", *answers, "--json")
    assert graded.code == 1
    assert [line["verdict"] for line in graded.lines] == ["pass", "wrong", "forbidden", "error"]
    first = graded.lines[0]
    assert first["answer"] == "pass.py"
    assert first["question"] == "tensors/ne#write"
    assert (first["device"], len(first["cases"])) == ("cpu", 2)
    assert 0 < first["seconds"] < 60
    assert "`c`" in str(graded.lines[3]) or "'c'" in str(graded.lines[3])


def test_a_verdict_is_given_in_the_language_of_the_interface(quiz: Quiz, cards: Path) -> None:
    text = "def not_equal(a, b):\n    return a == b\n"
    said = quiz("--lang", "ko", "grade", cards / "tensors/ne.md#write", "-", stdin=text).out
    assert "실패했습니다" in said
    assert "expected" not in said


def test_grade_reads_standard_input_and_repeats_a_seed(quiz: Quiz, cards: Path) -> None:
    text = "def not_equal(a, b):\n    return ~a.eq(b)\n"
    card = cards / "tensors/ne.md"
    first = quiz("grade", card, "-", "--json", "--seed", "7", stdin=text)
    assert first.code == 0
    again = quiz("grade", card, "-", "--json", "--seed", "7", stdin=text)
    assert first.lines[0]["cases"] == again.lines[0]["cases"]
    assert "pass" in quiz("grade", card, "-", stdin=text).out
    assert quiz("grade", card, "-", stdin="import nothing_at_all\n").out.count("No module") == 1


def test_check_runs_solutions_and_starters(quiz: Quiz, cards: Path) -> None:
    broken = NE.replace("~torch.eq(a, b)", "torch.eq(a, c)").replace("{#write}", "{#broken}")
    (cards / "broken.md").write_text(broken)
    easy = NE.replace("    ...\n", "    return ~torch.eq(a, b)\n").replace("{#write}", "{#easy}")
    (cards / "easy.md").write_text(easy)
    predict = "# P\n\n## Prints?\n\n```python predict\nimport time\nprint(time.time_ns())\n```\n"
    (cards / "predict.md").write_text(predict)
    checked = quiz("check", "--json", "--mutants", "0")
    assert checked.code == 1
    found = {Path(f["path"]).name: f["message"] for f in checked.lines}
    assert set(found) == {"broken.md", "easy.md", "predict.md"}
    assert "NameError" in found["broken.md"]
    assert "the starter passes" in found["easy.md"]
    assert "something else every time" in found["predict.md"]
