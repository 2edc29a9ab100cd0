"""The history on disk: an append-only log, a cache of what it says, migrations, backups."""
