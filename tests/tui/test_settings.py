"""The settings page: every setting with its meaning and its place, changed where it stands."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from quiz.tui.screens.home import HomeScreen
from quiz.tui.screens.setting_dialogs import PickScreen, ValueScreen
from quiz.tui.screens.settings import SettingsScreen
from tests.tui.driving import desk


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    path.write_text("# mine\nreviews_per_day = 50\n", encoding="utf-8")
    monkeypatch.setenv("QUIZ_CONFIG", str(path))
    return path


async def test_settings_are_shown_changed_and_taken_back(recall: Path, config: Path) -> None:
    (recall / "quiz.toml").write_text('name = "M"\ndesired_retention = 0.8\n', encoding="utf-8")
    async with desk(recall, size=(80, 30), device="cpu") as at:
        await at.press("comma")
        await at.page(SettingsScreen)
        await at.sees("New questions a day, at most.", "new_per_day")
        for name, value, source in (
            ("new_per_day", "20", "default"),
            ("reviews_per_day", "50", "config.toml"),
            ("desired_retention", "0.8", "quiz.toml"),
            ("device", "cpu", "command line"),
        ):
            row = at.row_of(name).split()
            assert row[1:3] == [value, source.split()[0]]

        await at.press("enter")
        await at.page(ValueScreen)
        await at.press("backspace", "backspace")
        await at.write("lots")
        await at.press("enter")
        await at.sees("✗", "must be a whole number, not 'lots'")
        await at.press("backspace", "backspace", "backspace", "backspace", "7", "enter")
        await at.page(SettingsScreen)
        assert at.row_of("new_per_day").split()[1:3] == ["7", "config.toml"]
        assert at.library.ledger.policy.new_per_day == 7
        assert config.read_text(encoding="utf-8").startswith("# mine\nreviews_per_day = 50\n")

        await at.press("d")
        assert at.row_of("new_per_day").split()[1:3] == ["20", "default"]
        assert "new_per_day" not in config.read_text(encoding="utf-8")

        await at.press("down", "down", "enter")
        await at.page(ValueScreen)
        await at.press("backspace", "backspace", "backspace")
        await at.write("0.95")
        await at.press("enter")
        await at.told("quiz.toml says otherwise")
        assert tomllib.loads(config.read_text(encoding="utf-8"))["desired_retention"] == 0.95
        assert at.row_of("desired_retention").split()[1] == "0.8"

        while "The colours" not in at.text:
            await at.press("down")
        await at.press("enter")
        await at.page(PickScreen)
        while "quiz-light" not in at.text:
            await at.press("pagedown")
        await at.press("escape", "q")
        await at.page(HomeScreen)


async def test_the_first_setting_of_ones_own_says_where_it_is_kept(
    recall: Path, config: Path
) -> None:
    config.unlink()
    async with desk(recall) as at:
        await at.press("comma")
        await at.page(SettingsScreen)
        await at.press("enter")
        await at.page(ValueScreen)
        await at.press("7", "enter")
        await at.page(SettingsScreen)
        await at.until(lambda: at.row_of("new_per_day").split()[1:] == ["7", "config.toml"])


async def test_the_palette_opens_the_settings_from_any_page(recall: Path, config: Path) -> None:
    async with desk(recall, size=(200, 60)) as at:
        await at.press("s", "ctrl+p")
        await at.write("settings")
        await at.sees("What each means", "Esc Close")
        assert "Help" not in at.lines[-1], "the keys of the page below mean nothing now"
        await at.press("enter")
        await at.page(SettingsScreen)
        assert "New questions a day, at most." in at.row_of("new_per_day")
        assert "The longest wait" in at.row_of("maximum_interval")
