"""Damaged and hostile packages end in a clear error, and leave nothing behind."""

from __future__ import annotations

import json
import random
import sqlite3
import stat
import zipfile
from contextlib import closing, suppress
from pathlib import Path

import pytest
import zstandard

from quiz.errors import ImportFormatError, QuizError
from quiz.interchange.anki import package as package_module
from quiz.study.importing import import_cards
from quiz.study.library import Library
from tests.interchange.packages import BASIC, Note, new_package, old_package


def refused(library: Library, package: Path) -> str:
    """What an import that must fail says; the collection is as it was."""
    with pytest.raises(ImportFormatError) as failure:
        import_cards(library, package)
    assert list(library.collection.root.iterdir()) == []
    assert not list(library.ledger.history.entries())
    return str(failure.value)


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return path


def database(path: Path, script: str) -> bytes:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(script)
    return path.read_bytes()


def test_what_is_no_zip_is_refused(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "p.apkg"
    path.write_bytes(b"hello")
    assert "not an Anki package" in refused(library, path)
    path.write_bytes(b"")
    assert "not an Anki package" in refused(library, path)


def test_a_missing_file_and_a_folder_are_refused(library: Library, tmp_path: Path) -> None:
    assert "No such file" in refused(library, tmp_path / "p.apkg")
    folder = tmp_path / "f.apkg"
    folder.mkdir()
    assert "not an Anki package" in refused(library, folder)


def test_a_zip_without_a_collection_is_refused(library: Library, tmp_path: Path) -> None:
    assert "none of collection.anki21b" in refused(
        library, zipped(tmp_path / "p.apkg", media=b"{}")
    )


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\0" * 2000])
def test_a_collection_that_is_no_database_is_refused(
    library: Library, tmp_path: Path, content: bytes
) -> None:
    path = zipped(tmp_path / "p.apkg", collection__anki2=content, media=b"{}")
    message = refused(library, path)
    assert "cannot be read" in message or "not an Anki collection" in message


def test_another_database_is_refused(library: Library, tmp_path: Path) -> None:
    other = database(tmp_path / "other", "create table things (id integer)")
    path = zipped(tmp_path / "p.apkg", collection__anki2=other, media=b"{}")
    assert "has no table `cards`" in refused(library, path)


def test_a_view_that_never_ends_is_refused(library: Library, tmp_path: Path) -> None:
    endless = """
    create table col (models text, decks text); create table cards (id integer);
    create table revlog (id integer);
    create view notes as with recursive n(id) as (select 1 union all select id + 1 from n)
      select id, '' as guid, 1 as mid, '' as tags, '' as flds from n;
    """
    path = zipped(tmp_path / "p.apkg", collection__anki2=database(tmp_path / "e", endless))
    assert "has no table `notes`" in refused(library, path)


@pytest.mark.parametrize(
    "columns",
    [
        "'{}', 'no json'", "'[]', '{}'", "'{\"x\": 1}', '{}'", "'{\"1\": {}}', '{}'", "null, '{}'",
        "'{}', '{\"1\": {\"name\": 5}}'", "'[[[[', '{}'",
    ],
)  # fmt: skip
def test_broken_settings_are_refused(library: Library, tmp_path: Path, columns: str) -> None:
    script = f"""
    create table col (models text, decks text); create table cards (id, nid, ord, did, odid,
      queue, mod); create table notes (id, guid, mid, tags, flds); create table revlog (id, cid,
      ease, ivl, factor, time, type); insert into col values ({columns});
    """
    path = zipped(tmp_path / "p.apkg", collection__anki2=database(tmp_path / "d", script))
    assert "p.apkg" in refused(library, path)


def test_values_of_the_wrong_kind_are_refused(library: Library, tmp_path: Path) -> None:
    script = """
    create table col (models text, decks text); create table cards (id, nid, ord, did, odid,
      queue, mod); create table notes (id, guid, mid, tags, flds); create table revlog (id, cid,
      ease, ivl, factor, time, type); insert into col values ('{}', '{}');
    insert into notes values (1, x'ff', 'model', null, x'00ff');
    """
    path = zipped(tmp_path / "p.apkg", collection__anki2=database(tmp_path / "d", script))
    assert "cannot be read" in refused(library, path)


@pytest.mark.parametrize("media", [b"[1]", b'{"0": 5}', b"{", b"\xff\xff", b"\x0a\xff\xff\xff\xff"])
def test_a_broken_list_of_media_is_refused(library: Library, tmp_path: Path, media: bytes) -> None:
    sound = old_package(tmp_path / "sound.apkg", [Note(BASIC, ("q", "a"))])
    with zipfile.ZipFile(sound) as archive:
        collection = archive.read("collection.anki2")
    path = zipped(tmp_path / "p.apkg", collection__anki2=collection, media=media)
    assert "list of media" in refused(library, path)


def test_a_bomb_is_not_unpacked(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package_module, "_COLLECTION_LIMIT", 5 * 1024**2)
    bomb = b"\0" * (32 * 1024**2)
    path = zipped(tmp_path / "p.apkg", collection__anki2=bomb, media=b"{}")
    assert "unpacks to more than 5 MiB" in refused(library, path)
    twice = zstandard.ZstdCompressor().compress(bomb)
    path = zipped(tmp_path / "q.apkg", collection__anki21b=twice, media=b"")
    assert "unpacks to more than 5 MiB" in refused(library, path)


def test_a_size_that_lies_does_not_help_a_bomb(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package_module, "FILE_LIMIT", 1024**2)
    data = zstandard.ZstdCompressor().compress(b"\0" * (8 * 1024**2))  # small in the zip
    old = old_package(
        tmp_path / "p.apkg", [Note(BASIC, ('<img src="a.png">', "a"))], {"a.png": data}
    )
    assert "unpacks to more than 1 MiB" in refused(library, old)


@pytest.mark.parametrize(
    "name",
    [
        "../../../escape.png", "/etc/cron.d/x.png", "..\\..\\x.png", "C:\\x.png", "a/../../b.png",
        ".hidden.png", "..", "con.png", "a\0b.png", "x" * 300 + ".png", "한국.png", "a b (1).png",
        "-rf.png", "q#y?.png", "%2e%2e%2fx.png", "x.png\n", "<b>.png",
    ],
)  # fmt: skip
def test_no_media_name_leads_out_of_its_folder(library: Library, tmp_path: Path, name: str) -> None:
    from html import escape
    from urllib.parse import quote

    note = Note(BASIC, (f'q <img src="{quote(name)}"> {escape(name)}', "a"), "D")
    before = set(tmp_path.iterdir())
    import_cards(library, old_package(tmp_path / "p.apkg", [note], {name: b"picture"}))
    assert not library.errors
    root = library.collection.root
    files = [
        path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes() == b"picture"
    ]
    assert len(files) <= 1
    for file in files:
        assert file.parent == root / "p" / "d" / "_media"
        assert not file.name.startswith((".", "-"))
        (question,) = library.collection.questions.values()
        assert f"_media/{file.name}" in question.heading
    assert set(tmp_path.iterdir()) - before <= {tmp_path / "p.apkg"}


def test_media_that_are_links_are_left_out(library: Library, tmp_path: Path) -> None:
    path = old_package(tmp_path / "p.apkg", [Note(BASIC, ('q <img src="s.png">', "a"))])
    with zipfile.ZipFile(path) as archive:
        collection = archive.read("collection.anki2")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("collection.anki2", collection)
        archive.writestr("media", json.dumps({"0": "s.png"}))
        link = zipfile.ZipInfo("0")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    done = import_cards(library, path)
    assert any("a link to another file" in str(one) for one in done.left_out)
    assert [p.suffix for p in library.collection.root.rglob("*") if p.is_file()] == [".md"]


def test_a_folder_that_is_a_link_leads_nowhere(library: Library, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (library.collection.root / "p").symlink_to(outside)
    package = old_package(tmp_path / "p.apkg", [Note(BASIC, (f"q{n}", "a")) for n in range(2)])
    with pytest.raises(ImportFormatError, match="outside"):
        import_cards(library, package)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("into", ["..", "../other", "/tmp", ".git", "a/_b/c"])
def test_no_folder_outside_is_written_to(library: Library, tmp_path: Path, into: str) -> None:
    package = old_package(tmp_path / "p.apkg", [Note(BASIC, ("q", "a"))])
    with pytest.raises(ImportFormatError):
        import_cards(library, package, into=into)
    assert list(library.collection.root.iterdir()) == []


def test_damage_anywhere_is_never_a_traceback(library: Library, tmp_path: Path) -> None:
    rng = random.Random(7)
    for make in (old_package, new_package):
        note = Note(BASIC, ('q <img src="a.png">', "a"))
        sound = make(tmp_path / "sound.apkg", [note], {"a.png": b"x" * 500}).read_bytes()
        for number in range(60):
            data = bytearray(sound)
            for _ in range(rng.randint(1, 30)):
                data[rng.randrange(len(data))] = rng.randrange(256)
            cut = rng.randrange(len(data)) if number % 3 == 0 else len(data)
            path = tmp_path / "p.apkg"
            path.write_bytes(bytes(data[:cut]))
            with suppress(QuizError):
                import_cards(library, path, into=f"n{number}{make.__name__}")
            assert not library.errors


def test_a_damaged_database_is_never_a_traceback(library: Library, tmp_path: Path) -> None:
    rng = random.Random(11)
    notes = [Note(BASIC, (f"q{n}", "a" * 300), f"D{n}") for n in range(30)]
    with zipfile.ZipFile(old_package(tmp_path / "s.apkg", notes)) as archive:
        sound = archive.read("collection.anki2")
    for number in range(80):
        data = bytearray(sound)
        for _ in range(rng.randint(1, 200)):
            data[rng.randrange(100, len(data))] = rng.randrange(256)
        path = zipped(tmp_path / "p.apkg", collection__anki2=bytes(data), media=b"{}")
        with suppress(QuizError):
            import_cards(library, path, into=f"n{number}")
        assert not library.errors
