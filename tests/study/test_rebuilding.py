"""What the database hands over question by question comes to what the log says as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz.model.log import Owners, effective
from quiz.model.review import Action, ActionKind, Entry, Rating, Review, ReviewKind, Standing
from quiz.schedule.days import Calendar
from quiz.schedule.policy import Policy
from quiz.schedule.replay import by_question, fold
from quiz.schedule.scheduler import Scheduler
from quiz.store.history import History

NAMES = ("a#q", "b#q", "c#q")
CALENDAR = Calendar(UTC)
SCHEDULER = Scheduler(Policy(), CALENDAR)
names = st.sampled_from(NAMES)
steps = st.one_of(
    st.tuples(st.just("review"), names, st.sampled_from(Rating), st.sampled_from(ReviewKind)),
    st.tuples(st.just("relink"), names, names, st.none()),
    st.tuples(st.just("undo"), names, st.integers(0, 30), st.none()),
    st.tuples(st.sampled_from(("suspend", "forget")), names, st.none(), st.none()),
)


def log_of(told: list[tuple[str, str, object, object]]) -> list[Entry]:
    """The entries, some of them at one instant; an undo takes back one before it."""
    log: list[Entry] = []
    for number, (what, question, detail, kind) in enumerate(told):
        time = datetime(2026, 3, 2, 12, tzinfo=UTC) + timedelta(hours=9 * (number // 2))
        identity, day = str(UUID(int=number)), CALENDAR.day(time)
        if isinstance(detail, Rating) and isinstance(kind, ReviewKind):
            log.append(Review(identity, question, time, day, detail, kind=kind))
            continue
        value = str(detail) if what == "relink" else ""
        if isinstance(detail, int):
            value = log[detail % len(log)].id if log else str(UUID(int=99))
        log.append(Action(identity, question, time, day, ActionKind(what), value))
    return log


def folded(
    histories: Iterable[tuple[str, list[Entry]]], relinks: list[Action]
) -> dict[str, Standing]:
    return fold(histories, Owners(relinks), lambda question: SCHEDULER)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(steps, max_size=14), split=st.integers(0, 14))
def test_the_standings_are_those_of_the_whole_log_whatever_was_there_before(
    tmp_path_factory: pytest.TempPathFactory,
    told: list[tuple[str, str, object, object]],
    split: int,
) -> None:
    log = log_of(told)
    with History.open(tmp_path_factory.mktemp("fold") / "h.db") as history:
        history.refold(folded, log[split:])
        _, standings = history.refold(folded, log)
        kept = effective(history.entries())
        whole = by_question(kept, Owners(kept))
        assert standings == folded(((name, list(own)) for name, own in whole.items()), [])
        assert history.standings() == standings
