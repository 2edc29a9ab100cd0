"""One's own settings: checked before they are written, the rest of the file left as it is."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from quiz.errors import QuizError, SettingsError
from quiz.settings import ABOUT, Source, nothing_chosen, resolve
from quiz.study.library import Library
from quiz.study.preferences import change, read, write

FILE = """\
# my own settings
theme = "quiz-light"  # for the balcony

# less is more
new_per_day = 5
"""


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("new_per_day", " 12 ", 12),
        ("desired_retention", "0.85", 0.85),
        ("bury_siblings", "false", False),
        ("learning_steps", "", ""),
        ("easy_days", "sat=0.5 sun=0", "sat=0.5 sun=0"),
        ("language", "ko", "ko"),
    ],
)
def test_a_value_is_read_as_it_is_typed(name: str, text: str, value: object) -> None:
    assert read(name, text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("new_per_day", "many"),
        ("new_per_day", "-1"),
        ("desired_retention", "nan"),
        ("desired_retention", "0.5"),
        ("bury_siblings", "perhaps"),
        ("learning_steps", "10m 1m"),
        ("relearning_steps", "soon"),
        ("easy_days", "someday=0.5"),
        ("review_order", "backwards"),
        ("device", "abacus"),
        ("rollover_hour", "24"),
    ],
)
def test_a_value_that_cannot_be_is_refused(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=r"\S"):
        read(name, text)


def test_a_change_leaves_comments_and_order(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(FILE, encoding="utf-8")
    write(path, "new_per_day", 12)
    assert path.read_text(encoding="utf-8") == FILE.replace("= 5", "= 12")
    write(path, "editor", "nano")
    write(path, "new_per_day", None)
    text = path.read_text(encoding="utf-8")
    assert tomllib.loads(text) == {"theme": "quiz-light", "editor": "nano"}
    assert "# for the balcony" in text
    assert "# less is more" in text


def test_a_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "config.toml"
    write(path, "cards", "~/노트")
    assert tomllib.loads(path.read_text(encoding="utf-8")) == {"cards": "~/노트"}


def test_a_damaged_file_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("new_per_day = [\n", encoding="utf-8")
    with pytest.raises(QuizError, match="cannot be read"):
        write(path, "new_per_day", 12)
    assert path.read_text(encoding="utf-8") == "new_per_day = [\n"


def test_where_each_setting_was_said_is_known(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(FILE, encoding="utf-8")
    settings = resolve(
        flags={"device": "cpu", "language": None},
        environment={"QUIZ_ROLLOVER_HOUR": "2"},
        collection={"new_per_day": 7},
        user_file=path,
    )
    assert (settings.new_per_day, settings.theme, settings.rollover_hour) == (7, "quiz-light", 2)
    assert settings.sources == {
        "device": Source.FLAG,
        "rollover_hour": Source.ENVIRONMENT,
        "new_per_day": Source.COLLECTION,
        "theme": Source.USER,
    }


def test_a_change_holds_at_once_unless_another_place_goes_before(tmp_path: Path) -> None:
    cards, path = tmp_path / "cards", tmp_path / "config.toml"
    cards.mkdir()
    (cards / "quiz.toml").write_text("new_per_day = 7\n", encoding="utf-8")
    library = Library.open(cards, tmp_path / "h.db")
    try:
        ledger = library.ledger
        assert change(ledger, path, "learning_steps", "5m")
        assert [step.seconds for step in ledger.policy.learning_steps] == [300]
        assert ledger.settings.sources["learning_steps"] == "config.toml"
        assert change(ledger, path, "learning_steps", None)
        assert [step.seconds for step in ledger.policy.learning_steps] == [60, 600]
        assert not change(ledger, path, "new_per_day", 3)
        assert ledger.policy.new_per_day == 7
    finally:
        library.close()
    assert tomllib.loads(path.read_text(encoding="utf-8")) == {"new_per_day": 3}


def test_every_setting_has_a_meaning() -> None:
    assert all(about.meaning.endswith(".") for about in ABOUT.values())


def test_it_is_a_first_start_until_something_is_chosen_or_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert nothing_chosen()
    assert not nothing_chosen({"QUIZ_CARDS": "anywhere"})
    write(tmp_path / "config.toml", "cards", "bundled")
    assert not nothing_chosen({"QUIZ_CONFIG": str(tmp_path / "config.toml")})
    (tmp_path / "cards").mkdir()
    assert not nothing_chosen()
