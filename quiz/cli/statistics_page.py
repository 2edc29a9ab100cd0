"""The page that `quiz stats --html` writes: all figures and their pictures in one file.

It loads nothing: the pictures are SVG in the page, its style is in its head, and there is no
script. Light or dark by the reader's system; no picture tells anything by colour alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from html import escape
from itertools import groupby
from typing import Any

from quiz.language import _, counted, spoken
from quiz.model.review import Rating
from quiz.study.report import DAYS, SECONDS, Group, Report, Share
from quiz.tui.wording import (
    full_day,
    kind_word,
    ranges,
    rating_words,
    reviews,
    short_day,
    short_month,
    short_weekday,
    some_days,
    span,
    state_word,
    verdict_word,
    whole_days,
)

STYLE = """\
:root { color-scheme: light dark; --ink: #1c232d; --paper: #fbfaf7; --faint: #667080;
  --line: #d5d7da; --none: #ecebe6; --one: #b5e0d0; --two: #6fc3a6; --three: #2f9c79;
  --four: #006b4f; }
@media (prefers-color-scheme: dark) { :root { --ink: #dfe5ee; --paper: #11151c; --faint: #93a0b3;
  --line: #2c3848; --none: #1d2531; --one: #17493c; --two: #1f7a61; --three: #2fae88;
  --four: #7be0bf; } }
body { color: var(--ink); background: var(--paper); font: 16px/1.5 system-ui, sans-serif;
  max-width: 60rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
p.note, figcaption { color: var(--faint); }
table { border-collapse: collapse; } th { font-weight: 600; text-align: left; }
th, td { padding: .2rem 1rem .2rem 0; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem; }
dt { color: var(--faint); font-size: .9rem; } dd { margin: 0; font-size: 1.4rem; }
.year { overflow-x: auto; } .year table { border-spacing: 2px; border-collapse: separate; }
.year td { width: 11px; height: 11px; padding: 0; border: 0; border-radius: 2px;
  background: var(--none); }
.year th { font-size: .7rem; font-weight: 400; color: var(--faint); padding: 0 .3rem 0 0;
  border: 0; line-height: 11px; white-space: nowrap; }
.year .l1 { background: var(--one); } .year .l2 { background: var(--two); }
.year .l3 { background: var(--three); } .year .l4 { background: var(--four); }
figure { margin: 0; } figure svg { width: 100%; height: auto; }
"""

LEAST_NAMED = 3
"""Weeks of a month for which there is room to name it."""
MOST_NAMED = 12
"""Columns of a picture that are named; of more, every second one, or third, and so on."""


def page(report: Report, name: str, today: date) -> str:
    """The whole page as text."""
    title = escape(_("Statistics: {name}").format(name=name))
    s, ever = report.statistics, report.retention[-1]
    parts = [
        f"<h1>{title}</h1>",
        f'<p class="note">{escape(full_day(today))}</p>',
        _facts(
            [
                (_("Reviews"), f"{s.reviews:,}"),
                (_("Streak"), whole_days(s.streak)),
                (_("Remembered (30 days)"), _percent(s.retention)),
                (_("Remembered (gap under 21 days)"), _of(ever.young)),
                (_("Remembered (after 21+ days)"), _of(ever.mature)),
                (_("Code right at the first run"), _percent(report.code.first_try)),
            ]
        ),
        _section(_("Reviews of the last year"), _year(report, today)),
        _section(_("Due in the next 30 days"), _forecast(report)),
        _section(_("Recall: foretold and real"), _calibration(report)),
        _section(_("Answer times"), _bars(ranges(SECONDS, span), report.seconds, _("Reviews"))),
        _section(_("Stability"), _bars(ranges(DAYS, some_days), report.stability, _("Questions"))),
        _section(
            _("Difficulty"),
            _bars([str(n) for n in range(1, 11)], report.difficulty, _("Questions")),
        ),
        _section(_("Questions by state"), _states(report)),
        _section(_("Ratings"), _ratings(report)),
        _section(_("By deck"), _groups(report.decks)),
        _section(_("By tag"), _groups(report.tags)),
        _section(_("By kind"), _groups(report.kinds, kind_word)),
        _section(_("Code answers"), _code(report)),
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{spoken()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def _section(title: str, body: str) -> str:
    return f"<section>\n<h2>{escape(title)}</h2>\n{body}\n</section>"


def _facts(rows: Iterable[tuple[str, str]]) -> str:
    listed = (f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in rows)
    return f"<dl>{''.join(listed)}</dl>"


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The first column is a name, the others are numbers."""

    def line(cells: Sequence[str], tag: str) -> str:
        return "".join(
            f"<{tag}{' class=n' if at else ''}>{escape(cell)}</{tag}>"
            for at, cell in enumerate(cells)
        )

    body = "".join(f"<tr>{line(row, 'td')}</tr>\n" for row in rows)
    return f"<table>\n<tr>{line(headers, 'th')}</tr>\n{body}</table>"


def _year(report: Report, today: date) -> str:
    """A table: a column a week, a cell a day, its number told by shade and by its tooltip."""
    by_day = report.statistics.by_day
    top = max(by_day.values(), default=0)
    monday = today - timedelta(days=today.weekday())
    weeks = [monday - timedelta(weeks=52 - n) for n in range(53)]
    months = ["<th></th>"]
    for month, in_it in groupby(week.month for week in weeks):
        width = len(list(in_it))
        name = escape(short_month(month)) if width >= LEAST_NAMED else ""
        months.append(f'<th colspan="{width}">{name}</th>')
    rows = [f"<tr>{''.join(months)}</tr>"]
    for weekday in range(7):
        cells = [f"<th>{escape(short_weekday(weekday))}</th>"]
        for week in weeks:
            day = week + timedelta(days=weekday)
            number = by_day.get(day, 0)
            level = 0 if not number else min(4, 1 + 4 * number // (top + 1))
            said = escape(f"{short_day(day)}: {reviews(number)}", quote=True)
            cells.append(f'<td class="l{level}" title="{said}"></td>' if day <= today else "")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    most = escape(counted("Most on one day: {n}.", "Most on one day: {n}.", top))
    table = "\n".join(rows)
    return f'<div class="year"><table>{table}</table></div>\n<p class="note">{most}</p>'


def _forecast(report: Report) -> str:
    coming = sorted(report.statistics.forecast.items())
    return _bars([short_day(day) for day, _number in coming], [n for _day, n in coming], _("Due"))


def _calibration(report: Report) -> str:
    if not report.calibration:
        return _nothing()
    least = 0.5 if all(min(one.predicted, one.actual) > 0.5 for one in report.calibration) else 0
    chart = _pygal().XY(
        **_look(_("What came"), x_title=_("What was foretold")), stroke=False, range=(least, 1),
        xrange=(least, 1), dots_size=6, show_legend=True, legend_at_bottom=True,
    )  # fmt: skip
    chart.value_formatter = chart.x_value_formatter = lambda share: f"{share:.0%}"
    chart.add(_("Reviews"), [(group.predicted, group.actual) for group in report.calibration])
    chart.add(_("As foretold"), [(least, least), (1, 1)], stroke=True, show_dots=False)
    rows = [
        (f"{group.predicted:.0%}", f"{group.actual:.0%}", f"{group.count:,}")
        for group in report.calibration
    ]
    return _figure(chart) + _table((_("Foretold"), _("What came"), _("Reviews")), rows)


def _states(report: Report) -> str:
    states = report.statistics.states
    return _table(
        (_("State"), _("Questions")), [(state_word(n), f"{c:,}") for n, c in states.items()]
    )


def _ratings(report: Report) -> str:
    given = report.statistics.ratings
    names = [rating_words(rating)[0] for rating in Rating]
    return _bars(names, [given.get(rating, 0) for rating in Rating], _("Reviews"))


def _groups(groups: Sequence[Group], word: Any = str) -> str:  # noqa: ANN401 - str or a function
    headers = ("", _("Questions"), _("Reviews"), _("Remembered"), _("Median time"))
    return _table(
        headers,
        [
            (
                word(group.name) or "/",
                f"{group.questions:,}",
                f"{group.reviews:,}",
                _percent(group.remembered),
                span(group.seconds) if group.seconds is not None else "–",
            )
            for group in groups
        ],
    )


def _code(report: Report) -> str:
    code = report.code
    if not code.reviews:
        return _nothing()
    facts = [
        (_("Reviews"), f"{code.reviews:,}"),
        (_("Code right at the first run"), _percent(code.first_try)),
        (_("Runs for a review"), f"{code.attempts:.1f}"),
    ]
    failures = sorted(code.failures.items(), key=lambda item: -item[1])
    if not failures:
        return _facts(facts)
    rows = [(verdict_word(name), f"{number:,}") for name, number in failures]
    return _facts(facts) + _table((_("How answers failed"), _("Reviews")), rows)


def _bars(names: Sequence[str], numbers: Sequence[int], what: str) -> str:
    if not any(numbers):
        return _nothing()
    look = _look(what, show_legend=False, range=(0, max(numbers)))
    chart = _pygal().Bar(
        **look, x_labels_major_every=-(-len(names) // MOST_NAMED), show_minor_x_labels=False
    )
    chart.x_labels = names
    chart.value_formatter = lambda number: f"{number:,.0f}"
    chart.add(what, list(numbers))
    return _figure(chart)


def _pygal() -> Any:  # noqa: ANN401 - it has no types
    import pygal

    # It leaves a finder for its plug-ins behind that all imports after it would have to pass, and
    # that is of a kind which Python does not know any more.
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]
    return pygal


def _look(y_title: str, **more: object) -> dict[str, object]:
    """One look for all pictures; ink and paper are the page's own."""
    style = _pygal().style.Style(
        background="transparent", plot_background="transparent", foreground="var(--ink)",
        foreground_strong="var(--ink)", foreground_subtle="var(--faint)",
        colors=("var(--three)", "var(--faint)"), opacity="1", opacity_hover=".8",
        font_family="inherit", label_font_size=11, major_label_font_size=11, title_font_size=12,
        legend_font_size=12, guide_stroke_color="var(--line)",
        major_guide_stroke_color="var(--line)",
    )  # fmt: skip
    return {
        "style": style, "js": (), "width": 860, "height": 260, "margin": 4, "y_title": y_title,
        "truncate_label": -1, "print_values": False, **more,
    }  # fmt: skip


def _figure(chart: Any) -> str:  # noqa: ANN401 - pygal has no types
    drawn = chart.render(disable_xml_declaration=True, is_unicode=True)
    # pygal prepares every picture for scripts that this page does not have.
    head, _begin, rest = drawn.partition("<script")
    while rest:
        before, _begin, rest = rest.partition("</script>")[2].partition("<script")
        head += before
    return f"<figure>{head}</figure>"


def _nothing() -> str:
    return f'<p class="note">{escape(_("not enough yet"))}</p>'


def _of(share: Share) -> str:
    return f"{_percent(share.share)} / {share.count:,}" if share.count else "–"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
