"""The group of all commands, and the one place where an error becomes text and an exit code."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from quiz import __version__
from quiz.cli.language import choose, translated
from quiz.cli.options import Options, common
from quiz.cli.output import colour, print_error
from quiz.errors import QuizError
from quiz.language import _

_COMMANDS = {
    "review": "quiz.cli.application",
    "add": "quiz.cli.writing",
    "init": "quiz.cli.writing",
    "check": "quiz.cli.checking",
    "grade": "quiz.cli.grading",
    "due": "quiz.cli.reports",
    "stats": "quiz.cli.reports",
    "search": "quiz.cli.reports",
    "history": "quiz.cli.reports",
    "suspend": "quiz.cli.acting",
    "unsuspend": "quiz.cli.acting",
    "bury": "quiz.cli.acting",
    "unbury": "quiz.cli.acting",
    "forget": "quiz.cli.acting",
    "set-due": "quiz.cli.acting",
    "undo": "quiz.cli.acting",
    "redo": "quiz.cli.acting",
    "import": "quiz.cli.data",
    "export": "quiz.cli.data",
    "backup": "quiz.cli.keeping",
    "restore": "quiz.cli.keeping",
    "rebuild": "quiz.cli.keeping",
    "relink": "quiz.cli.keeping",
    "merge": "quiz.cli.keeping",
    "sync": "quiz.cli.keeping",
    "optimize": "quiz.cli.fitting",
    "forecast": "quiz.cli.forecasting",
    "doctor": "quiz.cli.doctor",
    "serve": "quiz.cli.serve",
    "completion": "quiz.cli.completing",
}
"""Where each command lives; its module is imported only when it is used."""


class _Lazy(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        name = f"{cmd_name.replace('-', '_')}_command"
        command = getattr(import_module(_COMMANDS[cmd_name]), name)
        assert isinstance(command, click.Command)
        return translated(command)


@click.group(
    cls=_Lazy,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="quiz")
@common
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Spaced repetition for people who learn by writing code.

    Without a command: the application, with decks, review, search and statistics.
    """
    if ctx.invoked_subcommand is None:
        from quiz.cli.application import open_application

        open_application(ctx.ensure_object(Options), None)


def main() -> None:
    """The program `quiz`."""
    options = Options()
    try:
        choose(sys.argv[1:])
        program = translated(cli)
        code = program.main(prog_name="quiz", standalone_mode=False, obj=options, color=colour())
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        print_error(_("interrupted; what was reported as done is stored"))
        code = 130
    except QuizError as error:
        if options.debug:
            raise
        print_error(str(error))
        code = error.exit_code
    except BrokenPipeError:
        # The reader went away (`quiz search | head`): nothing is wrong. Python would complain
        # once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        if options.debug:
            raise
        print_error(
            _(
                "a defect of quiz itself: {error}\n"
                "  Nothing that was stored is lost. Run it again with --debug for the traceback."
            ).format(error=f"{type(error).__name__}: {error}")
        )
        code = 2
    sys.exit(code if isinstance(code, int) else 0)
