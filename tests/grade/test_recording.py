"""What is kept of the reference's part of a grade, and for how long."""

from __future__ import annotations

from quiz.grade.protocol import Message, encode
from quiz.grade.recording import Conversation, Recordings

JOB, REPLY = encode(Message({"t": "job"})), encode(Message({"t": "reply"}))
STATE, DONE = encode(Message({"t": "state"})), encode(Message({"t": "done"}))


def test_a_conversation_that_came_to_its_end_is_recalled_turn_by_turn() -> None:
    recordings = Recordings()
    live = Conversation(recordings)
    assert live.tell(JOB) is None
    live.hear([STATE])
    assert live.tell(REPLY) is None
    live.hear([DONE])
    again = Conversation(recordings)
    assert again.tell(JOB) == (STATE,)
    assert again.tell(REPLY) == (DONE,)
    assert again.recalled == 2


def test_a_conversation_that_was_cut_short_is_not() -> None:
    recordings = Recordings()
    Conversation(recordings).tell(JOB)
    cut = Conversation(recordings)
    cut.tell(JOB)
    cut.hear([STATE])
    assert Conversation(recordings).tell(JOB) is None


def test_the_same_words_mean_something_else_after_other_words() -> None:
    recordings = Recordings()
    live = Conversation(recordings)
    live.tell(JOB)
    live.hear([DONE])
    other = Conversation(recordings)
    assert other.tell(REPLY) is None
    assert other.tell(JOB) is None


def test_the_oldest_is_forgotten_and_what_is_too_large_never_kept() -> None:
    recordings = Recordings(most=100)
    for mark in (b"a", b"b", b"c", b"d", b"e"):
        recordings.keep(mark, [b"x" * 25])
    assert recordings.said(b"a") is None
    assert recordings.said(b"b") == (b"x" * 25,)
    recordings.keep(b"f", [b"x" * 25])
    assert recordings.said(b"b") is not None, "it was asked for last"
    assert recordings.said(b"c") is None
    recordings.keep(b"g", [b"x" * 26])
    assert recordings.said(b"g") is None
