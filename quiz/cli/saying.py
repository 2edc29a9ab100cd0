"""What a session says line by line: a question, what is right, what came of it, the sum."""

from __future__ import annotations

from datetime import datetime

import click

from quiz.language import _, counted
from quiz.model.answers import TextResult
from quiz.model.question import Choice, Cloze, Code, Predict, Recall, Typed
from quiz.model.review import Rating
from quiz.study.values import Asked, Progress, Summary
from quiz.tui.starter import starting_text
from quiz.tui.wording import (
    kind_word,
    moment,
    questions,
    rating_words,
    reviews,
    span,
    state_word,
)

LETTERS = "abcdefghijklmnopqrstuvwxyz"
"""What the options of a choice are called."""


def say(*lines: str) -> None:
    """Each on a line of its own."""
    click.echo("\n".join(lines))


def question(asked: Asked, progress: Progress) -> None:
    """Where it stands, its text, and what there is to answer it with."""
    place = " › ".join([*filter(None, asked.question.deck.split("/")), asked.title])
    head = _("Question {number} of {all}: {kind}, {state}. {place}").format(
        number=progress.done + 1,
        all=progress.total,
        kind=kind_word(asked.question.kind.value),
        state=state_word(asked.state.value),
        place=place,
    )
    say("", head, "", asked.question.prompt)
    content = asked.question.content
    if isinstance(content, Choice):
        for letter, index in zip(LETTERS, asked.order, strict=False):
            say(f"{letter}) {content.options[index].text}")
    elif isinstance(content, Predict | Code):
        if content.setup is not None:
            say(_("Given:"), content.setup.text.rstrip())
        if isinstance(content, Predict):
            say(_("The program:"), content.program.text.rstrip())
        elif start := starting_text(content).rstrip():
            say(_("It begins with:"), start)


def right_answer(asked: Asked) -> None:
    """The answer as the card has it; what a program prints is not in the card."""
    match asked.question.content:
        case Recall(answer=text) | Cloze(filled=text):
            say(_("The answer:"), text)
        case Typed(accepted=accepted):
            say(_("The answer: {text}").format(text=" · ".join(accepted)))
        case Choice() as choice:
            options(asked, choice)
        case Code(solution=solution):
            say(_("The card's solution:"), solution.text.rstrip())


def options(asked: Asked, choice: Choice) -> None:
    """Which options hold, and why."""
    for letter, index in zip(LETTERS, asked.order, strict=False):
        option = choice.options[index]
        word = _("holds") if option.correct else _("does not hold")
        say(f"{letter}) {option.text}: {word}")
        if option.explanation:
            say(option.explanation)


def explanation(asked: Asked) -> None:
    """What is said once a question is answered."""
    if asked.question.explanation:
        say(_("Explanation:"), asked.question.explanation)
    for link in asked.links:
        say(_("Link: {link}").format(link=link))


def result(judged: TextResult) -> None:
    """Whether a text was right, and what is."""
    if judged.correct:
        say(_("Right"))
    else:
        headline = _("Almost") if judged.near else _("Not right")
        say(headline, _("The answer: {text}").format(text=judged.accepted))


def buttons(asked: Asked) -> None:
    """The ratings, with the interval that each would give."""
    named = (
        f"{rating.value} {rating_words(rating)[0]} {asked.intervals.get(rating, '')}".rstrip()
        for rating in Rating
    )
    say(", ".join(named))


def summary(done: Summary, now: datetime, *, left: bool) -> None:
    """What was done; `left`: a question is still asked."""
    if not done.reviews:
        say(_("Nothing was rated.") if left else _("Nothing is due."))
    else:
        say(
            _("{reviews} of {questions} in {time}, {each} each.").format(
                reviews=reviews(done.reviews),
                questions=questions(done.questions),
                time=span(done.seconds),
                each=span(done.seconds / done.reviews),
            )
        )
        if done.learned:
            say(counted("{n} new question begun.", "{n} new questions begun.", done.learned))
    if done.next_due is not None and done.next_due > now:
        say(_("The next question returns {when}.").format(when=moment(done.next_due, now)))
    if done.more and not left:
        say(
            counted(
                "`--new {n}` asks {n} more new question.",
                "`--new {n}` asks {n} more new questions.",
                done.more,
            )
        )
    if done.leeches:
        say(_("Suspended, because they are forgotten again and again:"), *done.leeches)
