"""The schemas say what the readers say."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from quiz.deck.config import CHECKS, DECK, TOP, parse_config
from quiz.deck.front_matter import KEYS, read_front_matter
from quiz.deck.remarks import Remarks
from quiz.deck.schema import FOLDER, schemas, text

_TYPES: Mapping[str, Any] = {
    "integer": int, "number": (int, float), "string": str, "boolean": bool, "array": list,
    "object": dict, "null": type(None),
}  # fmt: skip


def valid(value: object, schema: Mapping[str, Any]) -> bool:
    """Whether a value satisfies a schema, as far as these two use the language."""
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(
        isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
        for kind in kinds
    ):
        return False
    if "enum" in schema:
        return value in schema["enum"]
    if "anyOf" in schema and not any(valid(value, one) for one in schema["anyOf"]):
        return False
    if isinstance(value, dict):
        named = schema.get("properties", {})
        rest = schema.get("additionalProperties", True)
        return all(
            valid(one, named[key]) if key in named else isinstance(rest, dict) and valid(one, rest)
            for key, one in value.items()
        )
    if isinstance(value, list):
        return all(valid(one, schema.get("items", {})) for one in value)
    return (
        ("pattern" not in schema or re.search(schema["pattern"], str(value)) is not None)
        and ("minimum" not in schema or value >= schema["minimum"])
        and ("maximum" not in schema or value <= schema["maximum"])
        and ("exclusiveMinimum" not in schema or value > schema["exclusiveMinimum"])
    )


@pytest.mark.parametrize("name", schemas())
def test_the_files_are_those_of_the_tables(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == text(schemas()[name]), (
        "run `python -m quiz.deck.schema`"
    )


def test_there_is_no_other_file() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(schemas())


def test_every_key_is_in_its_schema() -> None:
    assert set(schemas()["front-matter.json"]["properties"]) == set(KEYS)
    toml = schemas()["quiz-toml.json"]["properties"]
    assert set(toml) == set(TOP)
    assert set(toml["decks"]["additionalProperties"]["properties"]) == set(DECK)


@pytest.mark.parametrize("key", CHECKS)
@pytest.mark.parametrize(
    "value",
    [0, 1, 20, -1, 0.5, 0.9, 0.99, 0.999, 1.5, True, "", " ", "x", "ko", "en-GB", "korean", "due",
     "random", [], {}],
)  # fmt: skip
def test_schema_and_check_agree(key: str, value: object) -> None:
    holds = CHECKS[key].holds(value)
    if key == "desired_retention" and isinstance(value, int):
        return  # 1 and 1.0 are one number to JSON
    assert valid(value, CHECKS[key].schema) is holds


@pytest.mark.parametrize(
    ("toml", "good"),
    [
        ('name = "n"\n[decks."a/b"]\nnew_per_day = 3\norder = "due"', True),
        ("nmae = 1", False),
        ('[decks."a"]\ntimeout = 3', False),
        ("decks = 3", False),
    ],
)
def test_quiz_toml_as_a_whole(toml: str, good: bool) -> None:
    import tomllib

    read = parse_config(toml.encode(), path="quiz.toml", default_name="d")
    assert (not read.findings) is good
    assert valid(tomllib.loads(toml), schemas()["quiz-toml.json"]) is good


@pytest.mark.parametrize(
    ("front", "good"),
    [
        ("tags: [a, b]\nrequires: [c/d]\nlinks: []\nsuspended: true", True),
        ("tags: [1, true]", True),
        ("tags:", True),
        ("tags: a", False),
        ("tags: [[a]]", False),
        ("suspended: perhaps", False),
        ("tag: [a]", False),
    ],
)
def test_front_matter_as_a_whole(front: str, good: bool) -> None:
    import yaml

    remarks = Remarks("c.md", ())
    read_front_matter(front, remarks)
    assert (not remarks.findings) is good
    assert valid(yaml.safe_load(front), schemas()["front-matter.json"]) is good


def test_they_are_json() -> None:
    for path in FOLDER.iterdir():
        assert json.loads(path.read_text("utf-8"))["$schema"].startswith("https://json-schema.org/")
