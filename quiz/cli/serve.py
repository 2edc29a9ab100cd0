"""`quiz serve`: the application in a browser, for this machine and this learner alone.

The address holds a token that only the learner is shown; without it nothing answers. The server
listens on the loopback interface and answers to no other name, so that no page of another site,
by whatever trick of names, can reach the cards. What runs behind each page is `quiz` itself.
"""

from __future__ import annotations

import ipaddress
import secrets
import shlex
import socket
import sys
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import click
from aiohttp import web
from aiohttp.typedefs import Handler
from textual_serve.server import Server, to_int

from quiz.cli.options import Options, common, pass_options
from quiz.cli.output import print_note
from quiz.errors import QuizError
from quiz.language import _, mark, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
"""The address, with its token, is told to nobody."""
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Nothing from elsewhere is loaded."""


@click.command("serve")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="N",
    help=mark("The port; a free one by default."),
)
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="ADDRESS",
    help=mark(
        "Listen on this address, for other machines too: whoever learns the address of the page "
        "can then use it. This machine alone by default."
    ),
)
@common
@pass_options
def serve_command(options: Options, port: int | None, host: str) -> None:
    """Open the same application in a browser: prints the address, and ends with Ctrl+C."""
    listening = _listen(host, port or 0)
    server = GuardedServer(command(options), token=secrets.token_urlsafe(32), local=_is_local(host))
    if not server.local:
        print_note(
            _("Other machines can reach this page. Its address is not encrypted on the way.")
        )
    shown, used = listening.getsockname()[:2]
    name = f"[{shown}]" if ":" in shown else shown
    click.echo(f"http://{name}:{used}/{server.token}/")
    sys.stdout.flush()
    web.run_app(server.application(), sock=listening, print=None, access_log=None)


def command(options: Options) -> list[str]:
    """The words that start `quiz` with the options that `quiz serve` was given."""
    said = {
        "--cards": options.cards,
        "--db": options.db,
        "--device": options.device,
        "--lang": options.language,
    }
    flags = [str(word) for name, value in said.items() if value for word in (name, value)]
    return [sys.executable, "-m", "quiz.cli", *flags, *(["--debug"] * options.debug)]


class GuardedServer(Server):
    """textual-serve behind a token, for one origin, with a page that loads nothing foreign."""

    def __init__(self, words: Sequence[str], *, token: str, local: bool) -> None:
        super().__init__(shlex.join(words), title="quiz")
        self.token = token
        self.local = local

    def application(self) -> web.Application:
        """The routes below the token, and the guard before them."""
        pages = web.Application()
        pages.add_routes(
            [
                web.get("/", self.handle_index),
                web.get("/ws", self.handle_websocket),
                web.get("/download/{key}", self.handle_download),
                web.static("/static", self.statics_path),
            ]
        )
        application = web.Application(middlewares=[self._guard])
        application.add_subapp(f"/{self.token}/", pages)
        return application

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer only who knows the token, by one of our own names, from our own pages."""
        said = request.path.strip("/").partition("/")[0]
        if not secrets.compare_digest(said.encode(), self.token.encode()):
            raise web.HTTPNotFound
        if self.local and _host_name(request.host) not in LOCAL_NAMES:
            raise web.HTTPForbidden
        origin = request.headers.get("Origin")
        own = f"{request.scheme}://{request.host}"
        if origin != own and (origin is not None or request.path.endswith("/ws")):
            raise web.HTTPForbidden
        response = await handler(request)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    async def handle_index(self, request: web.Request) -> web.Response:
        """The page: a terminal that talks to a process of its own."""
        scheme = "wss" if request.scheme == "https" else "ws"
        nonce = secrets.token_urlsafe(16)
        values: dict[str, Any] = {
            "nonce": nonce,
            "language": spoken(),
            "socket": f"{scheme}://{request.host}/{self.token}/ws",
            "font_size": min(64, max(6, to_int(request.query.get("fontsize", "16"), 16))),
            "ended": _("The session has ended. Every rating is saved."),
            "again": _("Start again"),
        }
        template = files("quiz.cli").joinpath("serve.html").read_text(encoding="utf-8")
        policy = {"Content-Security-Policy": POLICY.format(nonce=nonce)}
        text = template.format(**values)
        return web.Response(text=text, content_type="text/html", headers=policy)


def _listen(host: str, port: int) -> socket.socket:
    """A socket that is bound already, so that the address is known before it is printed."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen()
    except OSError as error:
        raise QuizError(
            _("cannot listen on {host}, port {port}: {reason}").format(
                host=host, port=port, reason=error.strerror
            ),
            fix=_("Choose another --port, or leave it out."),
        ) from error
    return listening


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host_name(host: str) -> str:
    """`127.0.0.1` of `127.0.0.1:8000`, `[::1]` of `[::1]:8000`."""
    return host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
