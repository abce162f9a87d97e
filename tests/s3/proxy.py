"""A proxy in front of an S3 server that fails in ways that networks and servers do. Each request is read whole, so a fault
is exactly one of: nothing arrived, it arrived and the answer was lost, the answer is damaged."""
import asyncio
import itertools
import os
import random
import re
import threading

KINDS = ["reset", "lost", "kill before", "kill after"]  # how `Proxy.strike` strikes


class Proxy:
    """`fault(method, number)` names what goes wrong with a request, or nothing. Runs in a thread until closed."""

    def __init__(self, upstream: str, fault):
        host, _, port = upstream.removeprefix("http://").partition(":")
        self.upstream, self.fault = (host, int(port)), fault
        self.requests, self.faults = 0, 0
        self._strike = (0, None, None)
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        started.wait()

    def strike(self, number: int, kind: str, kill) -> None:
        """The `number`-th request from now on fails, once: "reset", "lost", or `kill()` is called before or after it is
        carried out."""
        self._strike = (self.requests + number if number else 0, kind, kill)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self, started):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20))
        self.url = "http://{}:{}".format(*server.sockets[0].getsockname()[:2])
        started.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, reader, writer):
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _exchange(self, reader, writer) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(length_of(head))
        method = head.split(b" ", 1)[0].decode()
        self.requests += 1
        fault = self.fault(method, self.requests)
        number, kind, kill = self._strike
        if self.requests == number:
            fault = kind
        if fault == "kill before":
            kill()
            return False
        self.faults += fault is not None
        if fault == "reset":
            writer.transport.abort()
            return False
        if fault == "503":
            writer.write(b"HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: 52\r\n\r\n"
                         b"<Error><Code>SlowDown</Code><Message/></Error>      ")
            await writer.drain()
            return True
        if fault == "no checksums" and b"x-amz-checksum-algorithm" in head.lower():
            answer = b"<Error><Code>NotImplemented</Code><Message/></Error>"
            writer.write(b"HTTP/1.1 501 Not Implemented\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)
            await writer.drain()
            return True
        if fault == "garble" and body:
            body = body[:-1] + bytes([body[-1] ^ 1])
        if fault == "stall":
            await asyncio.sleep(30)
            return False
        answer_head, answer = await self._forward(head, body, method)
        if fault == "kill after":
            kill()
            return False
        if fault == "lost":
            writer.transport.abort()
            return False
        if fault == "etag":
            answer_head = re.sub(rb'(?i)(etag: *"?)[0-9a-f]{8}', rb"\g<1>00000000", answer_head)
        if fault == "flip" and answer:
            answer = answer[:-1] + bytes([answer[-1] ^ 1])
        if fault == "cut":
            answer = answer[: len(answer) // 2]
            answer_head = re.sub(rb"(?i)(content-length: *)\d+", rb"\g<1>%d" % len(answer), answer_head)
        if fault in ("short", "hang"):
            answer = answer[: len(answer) // 2]
        pieces = 10 if fault == "drip" else 1
        writer.write(answer_head)
        for at in range(pieces):
            writer.write(answer[at * len(answer) // pieces:(at + 1) * len(answer) // pieces])
            await writer.drain()
            if pieces > 1:
                await asyncio.sleep(0.05)
        if fault == "hang":
            await asyncio.sleep(30)
        return fault not in ("short", "hang")

    async def _forward(self, head, body, method):
        reader, writer = await asyncio.open_connection(*self.upstream, limit=1 << 20)
        try:
            writer.write(head + body)
            await writer.drain()
            answer = await reader.readuntil(b"\r\n\r\n")
            if method == "HEAD" or answer.split(b" ", 2)[1] in (b"204", b"304"):
                return answer, b""
            if b"transfer-encoding: chunked" in answer.lower():
                whole = b""
                while True:
                    size = await reader.readuntil(b"\r\n")
                    whole += size + await reader.readexactly(int(size, 16) + 2)
                    if int(size, 16) == 0:
                        return answer, whole
            return answer, await reader.readexactly(length_of(answer))
        finally:
            writer.close()


def length_of(head: bytes) -> int:
    found = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return int(found[1]) if found else 0


def sometimes(kind: str, share: float, methods=("GET", "HEAD", "PUT", "POST", "DELETE"), seed: int = 7):
    """A fault that strikes a share of the requests, but no request more than its retries can bear."""
    chance = random.Random(seed)
    return lambda method, number: kind if method in methods and chance.random() < share else None


def every(step: int, kind: str, methods):
    """A fault that takes long, at each `step`-th request of these methods."""
    number = itertools.count(1)
    return lambda method, _: kind if method in methods and next(number) % step == 0 else None


def points(count: int, kind: str) -> range:
    """The requests of `count` that are struck: with --long all of them, otherwise two, others for each kind."""
    step = 1 if "LAMIN_TEST_LONG" in os.environ else max(1, -(-count // 2))
    return range(1 + KINDS.index(kind) * step // len(KINDS), count + 1, step)
