"""Compares what clients cost: plays a server whose answers are made beforehand, and starts each client on it in turns.

`cost.py OURS`, where OURS is our client. A client is started as `… TASK BASE COUNT`, asks, prints
`{"got": bytes}` and waits until its input is closed. What it costs is taken from the process (user and system time,
peak memory), less what the same process costs for one token or one picture. Prints a JSON line a figure. Needs Linux.
"""

import base64
import json
import os
import random
import re
import statistics
import struct
import subprocess
import sys
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).parent
OURS, PYTHON, JAVASCRIPT = "limerick", "huggingface_hub", "@huggingface/inference"
CLIENTS = {
    OURS: sys.argv[1:],
    PYTHON: [sys.executable, str(HERE / "cost_client.py")],
    JAVASCRIPT: ["node", str(HERE / "cost_client.mjs")],
}
WORD = " word"
TOKENS = 20_000
PICTURES = {"base64": 40, "bytes": 200}
# How often each client takes its turn.
ROUNDS = {"tokens": 5, "base64": 3, "bytes": 3}


def stream(count):
    """A chat answer of so many tokens, each an event and a chunk of its own, as servers send them."""

    def chunk(data):
        text = f"data: {data}\n\n"
        return f"{len(text):x}\r\n{text}\r\n"

    def event(delta, end):
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": end}
        head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        return chunk(json.dumps({**head, "system_fingerprint": "m", "choices": [choice]}))

    token = event({"role": "assistant", "content": WORD}, None)
    return (token * count + event({}, "stop") + chunk("[DONE]") + "0\r\n\r\n").encode()


def png():
    """A picture of noise, 1 MB."""
    side = 577

    def part(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + random.Random(row).randbytes(3 * side) for row in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows, 0)) + part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


PICTURE = png()
IN_BASE64 = json.dumps({"created": 1, "data": [{"b64_json": base64.b64encode(PICTURE).decode()}]}).encode()
STREAMS = {str(count): stream(count) for count in (1, TOKENS)}


class Answers(BaseHTTPRequestHandler):
    """The path says which: `/COUNT/…/chat/completions`, `…/images/generations`, or a picture as it is."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        if self.path.endswith("/chat/completions"):
            self.answer("text/event-stream", STREAMS[self.path.split("/")[1]], ("transfer-encoding", "chunked"))
        elif self.path.endswith("/images/generations"):
            self.answer("application/json", IN_BASE64, ("content-length", str(len(IN_BASE64))))
        else:
            self.answer("image/png", PICTURE, ("content-length", str(len(PICTURE))))

    def answer(self, kind, body, framing):
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header(*framing)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def spend(client, task, base, count, want):
    """What one process costs: seconds of CPU and of time, peak memory in MB, and what it counted itself."""
    since = time.perf_counter()
    command = [*CLIENTS[client], task, f"{base}/{count}", str(count)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT)
    told = json.loads(child.stdout.readline() or "{}")
    took = time.perf_counter() - since
    if told.pop("got", None) != want:
        raise SystemExit(f"{client} did not get all of {count} ({task}).")
    # What `wait4` says of memory is at least our own; this is the child's alone.
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{child.pid}/status").read_text())
    child.stdin.close()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return {"cpu": usage.ru_utime + usage.ru_stime, "time": took, "peak": int(peak[1]) / 1e3, **told}


def measure(task, base, count, size):
    """What one of `count` costs each client, by the medians of all rounds; the peak is that of the whole process."""
    ones, manies = {client: [] for client in CLIENTS}, {client: [] for client in CLIENTS}
    for number in range(ROUNDS[task]):
        print(f"   {task}, round {number + 1} of {ROUNDS[task]}", flush=True)
        for client in CLIENTS:
            ones[client].append(spend(client, task, base, 1, size))
            manies[client].append(spend(client, task, base, count, size * count))

    def cost(client):
        one, many = middle(ones[client]), middle(manies[client])
        each = {name: (many[name] - one[name]) / (count - 1) for name in many}
        return {**each, "peak": many["peak"]}

    return {client: cost(client) for client in CLIENTS}


def middle(costs):
    return {name: statistics.median(cost[name] for cost in costs) for name in costs[0]}


def show(what, figure, value, unit, note):
    line = {"name": f"cost: {figure} of {what}", "value": value, "unit": unit, "note": note}
    print(json.dumps(line, ensure_ascii=False), flush=True)


def report(what, costs, unit, scale, turns):
    """Our figures, each with the others' beside it."""

    def beside(name, scale):
        def other(client):
            theirs = costs[client][name]
            return f"{client} {theirs * scale:.4g}, {theirs / costs[OURS][name]:.1f} times as much"

        return f"{other(PYTHON)}; {other(JAVASCRIPT)}"

    ours = costs[OURS]
    how = "user and system time of a process, less that for one"
    show(what, "CPU", ours["cpu"] * scale, unit, f"{beside('cpu', scale)}; {how}; {turns}")
    show(what, "time", ours["time"] * scale, unit, f"{beside('time', scale)}; the same way")
    show(what, "allocations", ours["allocations"], "each", f"{ours['allocated']:.0f} bytes; ours alone are counted")
    show(what, "peak memory", ours["peak"], "MB", f"{beside('peak', 1)}; of the whole process")


# No proxy stands between a client and this machine, and no token of a person is used.
ENVIRONMENT = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"}


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    tokens = measure("tokens", base, TOKENS, len(WORD))
    turns = "as fast as they are read; medians of {}, in turns".format
    report("a streamed token", tokens, "µs", 1e6, f"{TOKENS} tokens {turns(ROUNDS['tokens'])}")
    for task, count in PICTURES.items():
        pictures = measure(task, base, count, len(PICTURE))
        report(f"a 1 MB picture ({task})", pictures, "ms", 1e3, f"{count} pictures {turns(ROUNDS[task])}")


main()
