"""Brings a history of an older version up to this one. Imports Alembic, so import it late."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, scripts: Path = SCRIPTS) -> int:
    """Run every migration that is missing; the number of the newest one is returned.

    The caller holds the transaction around it: either all of it happens or nothing.
    """
    config = Config()
    # Config treats % as interpolation, and a folder's name may hold one.
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    head = ScriptDirectory.from_config(config).get_current_head()
    assert head is not None, "there is always a first migration"
    version = int(head)
    connection.exec_driver_sql(f"PRAGMA user_version = {version}")
    return version
