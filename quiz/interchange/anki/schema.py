"""The old layout of an Anki collection (schema 11), which every version of Anki imports.

https://github.com/ankidroid/Anki-Android/wiki/Database-Structure describes the columns.
"""

from __future__ import annotations

from typing import Any

TABLES = """
create table col (
  id integer primary key, crt integer not null, mod integer not null, scm integer not null,
  ver integer not null, dty integer not null, usn integer not null, ls integer not null,
  conf text not null, models text not null, decks text not null, dconf text not null,
  tags text not null
);
create table notes (
  id integer primary key, guid text not null, mid integer not null, mod integer not null,
  usn integer not null, tags text not null, flds text not null, sfld integer not null,
  csum integer not null, flags integer not null, data text not null
);
create table cards (
  id integer primary key, nid integer not null, did integer not null, ord integer not null,
  mod integer not null, usn integer not null, type integer not null, queue integer not null,
  due integer not null, ivl integer not null, factor integer not null, reps integer not null,
  lapses integer not null, left integer not null, odue integer not null, odid integer not null,
  flags integer not null, data text not null
);
create table revlog (
  id integer primary key, cid integer not null, usn integer not null, ease integer not null,
  ivl integer not null, lastIvl integer not null, factor integer not null, time integer not null,
  type integer not null
);
create table graves (usn integer not null, oid integer not null, type integer not null);
create index ix_notes_usn on notes (usn);
create index ix_cards_usn on cards (usn);
create index ix_revlog_usn on revlog (usn);
create index ix_cards_nid on cards (nid);
create index ix_cards_sched on cards (did, queue, due);
create index ix_revlog_cid on revlog (cid);
create index ix_notes_csum on notes (csum);
"""

BASIC, REVERSED, TYPED, CLOZE = range(1_700_000_000_001, 1_700_000_000_005)
"""Ids of the note types."""

_CSS = """\
.card { font-family: sans-serif; font-size: 18px; text-align: left; }
pre, code { font-family: monospace; }
pre { background: rgba(127, 127, 127, 0.15); padding: 0.6em; overflow-x: auto; }
table { border-collapse: collapse; }
td, th { border: 1px solid; padding: 0.2em 0.5em; }
.cloze { font-weight: bold; color: #2266cc; }
"""
_BACK = '{{FrontSide}}\n\n<hr id="answer">\n\n'
_EXTRA = "{{#Extra}}<br>{{Extra}}{{/Extra}}"


def note_types(now: int) -> dict[str, Any]:
    """The note types, by id; `now` in seconds."""
    basic = ("Card 1", "{{Front}}", f"{_BACK}{{{{Back}}}}\n{_EXTRA}")
    back = ("Card 2", "{{Back}}", f"{_BACK}{{{{Front}}}}\n{_EXTRA}")
    typed = ("Card 1", "{{Front}}\n\n{{type:Back}}", f"{_BACK}{{{{type:Back}}}}\n{_EXTRA}")
    cloze = ("Cloze", "{{cloze:Text}}", f"{{{{cloze:Text}}}}\n{_EXTRA}")
    fields = ("Front", "Back", "Extra")
    made = (
        _note_type(BASIC, "quiz: Basic", fields, (basic,), now),
        _note_type(REVERSED, "quiz: Basic and reversed", fields, (basic, back), now),
        _note_type(TYPED, "quiz: Type in the answer", fields, (typed,), now),
        _note_type(CLOZE, "quiz: Cloze", ("Text", "Extra"), (cloze,), now, cloze=True),
    )
    return {str(one["id"]): one for one in made}


def _note_type(
    key: int,
    name: str,
    fields: tuple[str, ...],
    templates: tuple[tuple[str, str, str], ...],
    now: int,
    *,
    cloze: bool = False,
) -> dict[str, Any]:
    return {
        "id": key,
        "name": name,
        "type": int(cloze),
        "mod": now,
        "usn": -1,
        "sortf": 0,
        "did": 1,
        "css": _CSS,
        "latexPre": "\\documentclass[12pt]{article}\n\\begin{document}\n",
        "latexPost": "\\end{document}",
        "latexsvg": False,
        "req": [[number, "any", [0]] for number in range(len(templates))],
        "tags": [],
        "vers": [],
        "flds": [
            {
                "name": field, "ord": number, "sticky": False, "rtl": False, "font": "Arial",
                "size": 20, "media": [],
            }
            for number, field in enumerate(fields)
        ],
        "tmpls": [
            {
                "name": title, "ord": number, "qfmt": question, "afmt": answer, "did": None,
                "bqfmt": "", "bafmt": "", "bfont": "", "bsize": 0,
            }
            for number, (title, question, answer) in enumerate(templates)
        ],
    }  # fmt: skip


def deck(key: int, name: str, now: int) -> dict[str, Any]:
    """A deck; `name` with `::` between the levels."""
    return {
        "id": key, "name": name, "mod": now, "usn": -1, "desc": "", "dyn": 0, "conf": 1,
        "collapsed": False, "browserCollapsed": False, "extendNew": 0, "extendRev": 0,
        "newToday": [0, 0], "revToday": [0, 0], "lrnToday": [0, 0], "timeToday": [0, 0],
    }  # fmt: skip


def deck_options(now: int) -> dict[str, Any]:
    """The options every deck has."""
    return {
        "id": 1, "name": "Default", "mod": now, "usn": -1, "maxTaken": 60, "autoplay": True,
        "timer": 0, "replayq": True, "dyn": False,
        "new": {
            "delays": [1, 10], "ints": [1, 4, 7], "initialFactor": 2500, "separate": True,
            "order": 1, "perDay": 20, "bury": True,
        },
        "rev": {
            "perDay": 200, "ease4": 1.3, "fuzz": 0.05, "ivlFct": 1, "maxIvl": 36500, "bury": True,
            "minSpace": 1, "hardFactor": 1.2,
        },
        "lapse": {"delays": [10], "mult": 0, "minInt": 1, "leechFails": 8, "leechAction": 0},
    }  # fmt: skip


def configuration(rollover: int, west: int) -> dict[str, Any]:
    """The collection's settings: the hour a day begins, minutes west of Greenwich."""
    return {
        "activeDecks": [1], "curDeck": 1, "newSpread": 0, "collapseTime": 1200, "timeLim": 0,
        "estTimes": True, "dueCounts": True, "curModel": str(BASIC), "nextPos": 1,
        "sortType": "noteFld", "sortBackwards": False, "addToCur": True, "dayLearnFirst": False,
        "schedVer": 2, "sched2021": True, "rollover": rollover, "creationOffset": west,
    }  # fmt: skip
