"""The library websockets, driven over standard input and telling over standard output what it sees.

The lines are those of ../node/peer.js, the other half is LinePeer.java. This library does not show its user a Ping that
came. It has one loop; what is sent on one connection is sent by one task, in the order it was asked for.
"""

import asyncio
import base64
import codecs
import hashlib
import json
import logging
import ssl
import sys
from urllib.parse import parse_qs, urlsplit

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, ServerPerMessageDeflateFactory

LIMIT = 2 << 20  # of a frame as it comes: what does not compress grows


def say(link, *words):
    sys.stdout.write(" ".join([link, *map(str, words)]) + "\n")
    sys.stdout.flush()


def extensions(deflate, factory):
    """What it asks for; 0 and false are not asked for."""
    if not deflate:
        return []
    return [
        factory(
            server_no_context_takeover=deflate["serverNoContextTakeover"],
            client_no_context_takeover=deflate["clientNoContextTakeover"],
            server_max_window_bits=deflate["serverMaxWindowBits"] or None,
            client_max_window_bits=deflate["clientMaxWindowBits"]
            or (True if factory is ClientPerMessageDeflateFactory else None),
        )
    ]


class Link:
    """One connection: what is to be sent waits in a queue, as commands come faster."""

    def __init__(self, number):
        self.number = number
        self.commands = asyncio.Queue()
        self.parts = None

    async def run(self, socket):
        say(self.number, "open", socket.subprotocol or "-")
        sender = asyncio.create_task(self.send(socket))
        try:
            async for message in socket:
                data = message.encode() if isinstance(message, str) else message
                kind = "text" if isinstance(message, str) else "binary"
                say(self.number, kind, len(data), hashlib.sha256(data).hexdigest())
        except websockets.ConnectionClosed:
            pass
        await socket.wait_closed()
        sender.cancel()
        say(self.number, "close", socket.close_code, socket.close_reason)

    async def send(self, socket):
        message = None
        while True:
            name, *rest = await self.commands.get()
            if name in ("text", "binary"):
                await socket.send(payload(name, rest[0]))
            elif name in ("text-part", "binary-part"):
                if self.parts is None:
                    self.parts = asyncio.Queue()
                    message = asyncio.create_task(socket.send(self.fragments(name, self.parts)))
                await self.parts.put(base64.b64decode("".join(rest[1:])))
                if rest[0] == "1":
                    await self.parts.put(None)
                    self.parts = None
                    await message
            elif name == "ping":
                data = base64.b64decode("".join(rest))
                asyncio.create_task(self.pong(await socket.ping(data), data))
            elif name == "terminate":
                socket.transport.abort()
            elif name == "close":
                code = int(rest[0]) if rest else 1000
                reason = base64.b64decode("".join(rest[1:])).decode()
                asyncio.create_task(socket.close(code, reason))

    async def fragments(self, name, parts):
        decoder = codecs.getincrementaldecoder("utf-8")()  # it takes whole characters only
        while (part := await parts.get()) is not None:
            yield decoder.decode(part) if name == "text-part" else part

    async def pong(self, waiter, data):
        try:
            await waiter
            say(self.number, "pong", data.hex())
        except websockets.ConnectionClosed:
            pass


def payload(kind, text):
    data = base64.b64decode(text)
    return data.decode() if kind == "text" else data


class Peer:
    def __init__(self):
        self.links = {}
        self.tasks = set()
        self.servers = {}

    def start(self, coroutine):
        task = asyncio.create_task(coroutine)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def link(self, number):
        return self.links.setdefault(number, Link(number))

    async def open(self, link, settings, url):
        context = None
        if settings["tls"]:
            context = ssl.create_default_context(cafile=settings["tls"]["ca"])
        try:
            socket = await websockets.connect(
                url,
                compression=None,
                extensions=extensions(settings["deflate"], ClientPerMessageDeflateFactory),
                ssl=context,
                max_size=LIMIT,
            )
        except websockets.InvalidStatusCode as refusal:
            say(link.number, "refused", refusal.status_code)
        except Exception as failure:
            say(link.number, "failed", repr(failure))
        else:
            await link.run(socket)

    async def listen(self, number, settings):
        context = None
        if settings["tls"]:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(settings["tls"]["cert"], settings["tls"]["key"])

        async def serve(socket):
            await self.link(parse_qs(urlsplit(socket.path).query)["link"][0]).run(socket)

        server = await websockets.serve(
            serve,
            "127.0.0.1",
            0,
            compression=None,
            extensions=extensions(settings["deflate"], ServerPerMessageDeflateFactory),
            ssl=context,
            max_size=LIMIT,
        )
        self.servers[number] = server
        say(number, "listening", server.sockets[0].getsockname()[1])

    def obey(self, line):
        number, name, *rest = line.split(" ")
        if name == "open":
            self.start(self.open(self.link(number), json.loads(rest[0]), rest[1]))
        elif name == "listen":
            self.start(self.listen(number, json.loads(rest[0])))
        elif name == "unlisten":
            self.servers.pop(number).close()
        else:
            self.link(number).commands.put_nowait((name, *rest))


async def main():
    logging.disable(logging.CRITICAL)
    say("0", "version", websockets.version.version)
    peer = Peer()
    lines = asyncio.StreamReader(limit=1 << 24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        peer.obey(line.decode().rstrip("\n"))


asyncio.run(main())
