"""Brings a history of an older version up to this one. Imports Alembic, so import it late."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(connection: sqlite3.Connection, scripts: Path = SCRIPTS) -> int:
    """Run every migration that is missing; the number of the newest one is returned.

    In one transaction of `connection`, which begins none by itself: all of it happens or nothing.
    Where another process did it meanwhile, nothing is left to do.
    """
    # Nothing but the block below begins or ends a transaction, and the connection stays open.
    engine = create_engine(
        "sqlite://", creator=lambda: connection, poolclass=StaticPool, pool_reset_on_return=None
    )

    @event.listens_for(engine, "begin")
    def _begin(bound: Connection) -> None:
        bound.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.begin() as bound:
            config = Config()
            # Config treats % as interpolation, and a folder's name may hold one.
            config.set_main_option("script_location", str(scripts).replace("%", "%%"))
            config.attributes["connection"] = bound
            command.upgrade(config, "head")
            head = ScriptDirectory.from_config(config).get_current_head()
            assert head is not None, "there is always a first migration"
            bound.exec_driver_sql(f"PRAGMA user_version = {int(head)}")
    except DBAPIError as error:
        raise error.orig or error from error
    return int(head)
