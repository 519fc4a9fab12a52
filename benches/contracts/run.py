#!/usr/bin/env python3
"""How long the command takes for contracts of 2 000, 20 000 and 200 000 lines, and for our own.

    benches/contracts/run.py            prints the table (builds the command first, optimised)
    benches/contracts/run.py --write N  writes the generated contract of about N lines to standard output

Process time (user and system) of the fastest of five runs, peak memory of the largest; one of each for the
largest contract. Needs nothing but cargo and Python.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINES = (2_000, 20_000, 200_000)
# Operations of one channel, as in a large exchange.
PER_CHANNEL = 25

# What a feature of an API adds: a request, its reply, an update, and the types of them.
CHANNEL = """\
  feed{c}:
    address: /feed/{c}
    description: Feed number {c}.
    messages:
"""
CHANNEL_MESSAGES = """\
      get{n}: {{ $ref: '#/components/messages/get{n}' }}
      got{n}: {{ $ref: '#/components/messages/got{n}' }}
      update{n}: {{ $ref: '#/components/messages/update{n}' }}
"""
OPERATIONS = """\
  get{n}:
    action: receive
    summary: Asks for position {n}.
    channel: {{ $ref: '#/channels/feed{c}' }}
    messages: [{{ $ref: '#/channels/feed{c}/messages/get{n}' }}]
    reply: {{ messages: [{{ $ref: '#/channels/feed{c}/messages/got{n}' }}] }}
  update{n}:
    action: send
    summary: A change of position {n}.
    channel: {{ $ref: '#/channels/feed{c}' }}
    messages: [{{ $ref: '#/channels/feed{c}/messages/update{n}' }}]
"""
MESSAGES = """\
    get{n}:
      correlationId: {{ location: $message.payload#/id }}
      payload:
        type: object
        required: [type, payload]
        properties:
          type: {{ const: position.get.{n} }}
          id: {{ type: string, maxLength: 64 }}
          payload: {{ $ref: '#/components/schemas/Query{n}' }}
    got{n}:
      correlationId: {{ location: $message.payload#/id }}
      payload:
        type: object
        required: [type, payload]
        properties:
          type: {{ const: position.got.{n} }}
          id: {{ type: string, maxLength: 64 }}
          payload: {{ $ref: '#/components/schemas/Position{n}' }}
    update{n}:
      payload:
        type: object
        required: [type, payload]
        properties:
          type: {{ const: position.update.{n} }}
          payload: {{ $ref: '#/components/schemas/Position{n}' }}
      examples:
        - payload: {{ type: position.update.{n}, payload: {{ symbol: AAPL, time: 1700000000000, side: long, size: 3.5 }} }}
"""
SCHEMAS = """\
    Query{n}:
      type: object
      description: Which positions to show.
      required: [symbol]
      properties:
        symbol: {{ type: string, pattern: '^[A-Z]{{1,5}}$' }}
        limit: {{ type: integer, minimum: 1, maximum: 500, default: 100 }}
        since:
          type: string
          format: date-time
          description: Only what changed afterwards.
    Position{n}:
      type: object
      description: |
        A position in number {n}.
        It may be closed: then its size is "0".
      required: [symbol, time, side, size]
      properties:
        symbol: {{ type: string, examples: [AAPL, MSFT] }}
        time: {{ type: integer, format: int64, description: Milliseconds since the Unix epoch. }}
        side: {{ type: string, enum: [long, short, flat] }}
        size: {{ type: number, format: decimal }}
        note: {{ type: [string, 'null'], maxLength: 200 }}
        order:
          oneOf:
            - {{ $ref: '#/components/schemas/Market{n}' }}
            - {{ $ref: '#/components/schemas/Limit{n}' }}
        before: {{ $ref: '#/components/schemas/Position{before}' }}
    Market{n}:
      type: object
      required: [kind]
      properties: {{ kind: {{ const: market }}, quantity: {{ type: number, exclusiveMinimum: 0 }} }}
    Limit{n}:
      type: object
      required: [kind, price]
      properties: {{ kind: {{ const: limit }}, price: {{ type: number, multipleOf: 0.01 }} }}
"""


def contract(lines):
    """A contract of about so many lines."""
    each = sum(part.count("\n") for part in (CHANNEL_MESSAGES, OPERATIONS, MESSAGES, SCHEMAS))
    blocks = [
        {"n": n, "c": n // PER_CHANNEL, "before": max(n - 1, 0)} for n in range(lines // each)
    ]
    text = ["asyncapi: 3.0.0\ninfo: { title: Positions, version: 1.0.0 }\nchannels:\n"]
    for block in blocks:
        if block["n"] % PER_CHANNEL == 0:
            text.append(CHANNEL.format(**block))
        text.append(CHANNEL_MESSAGES.format(**block))
    text.append("operations:\n")
    text.extend(OPERATIONS.format(**block) for block in blocks)
    text.append("components:\n  messages:\n")
    text.extend(MESSAGES.format(**block) for block in blocks)
    text.append("  schemas:\n")
    text.extend(SCHEMAS.format(**block) for block in blocks)
    return "".join(text)


def measure(command, runs):
    """Milliseconds of process time at best, megabytes of memory at worst."""
    times, peaks = [], []
    for _ in range(runs):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        messages = process.stderr.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit(f"{' '.join(map(str, command))}: status {status}\n{messages}")
        times.append((usage.ru_utime + usage.ru_stime) * 1e3)
        peaks.append(usage.ru_maxrss / 1e3)
    return min(times), max(peaks)


def built():
    """The command, optimised."""
    build = ["cargo", "build", "--locked", "--release", "--quiet", "-p", "codegen"]
    subprocess.run(build, cwd=ROOT, check=True)
    target = os.environ.get("CARGO_TARGET_DIR", ROOT / "target")
    return pathlib.Path(target) / "release/codegen"


def spaced(number):
    """A number with its thousands apart."""
    return f"{number:,.0f}".replace(",", " ")


def row(name, text_lines, codegen, path, folder, runs):
    cells = [name, spaced(text_lines)]
    for words in (["check"], ["ts", "--out", folder / "ts"], ["rust", "--out", folder / "api.rs"]):
        time, peak = measure([codegen, *words, path], runs)
        cells.append(f"{spaced(time)} ms, {spaced(peak)} MB")
    print("| " + " | ".join(cells) + " |", flush=True)


def main():
    if sys.argv[1:2] == ["--write"]:
        sys.stdout.write(contract(int(sys.argv[2])))
        return
    codegen = built()
    print("| contract | lines | `check` | `ts` | `rust` |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        ours = ROOT / "asyncapi.yaml"
        row("`asyncapi.yaml`", ours.read_text().count("\n"), codegen, ours, folder, 5)
        for lines in LINES:
            path = folder / f"{lines}.yaml"
            path.write_text(contract(lines))
            runs = 5 if lines < 100_000 else 1
            row("generated", path.read_text().count("\n"), codegen, path, folder, runs)


if __name__ == "__main__":
    main()
