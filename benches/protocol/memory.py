"""Resident memory per idle connection of a server, in KiB.

Usage: memory.py PID PORT COUNT [--deflate]
Opens COUNT connections (with --deflate: offers permessage-deflate and sends each a message of
1 000 bytes that is echoed), and compares the server's resident memory before and after.
"""
import os
import socket
import struct
import sys

REQUEST = (
    "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s\r\n"
)
OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"


def resident(pid):
    with open("/proc/%d/statm" % pid) as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024


def connect(port, deflate):
    s = socket.create_connection(("127.0.0.1", port), 10)
    s.sendall((REQUEST % (OFFER if deflate else "")).encode())
    head = b""
    while b"\r\n\r\n" not in head:
        part = s.recv(1)
        if not part:
            sys.exit("server closed during the handshake")
        head += part
    if b" 101 " not in head:
        sys.exit(head.decode())
    if deflate:
        # Not compressed itself, which is allowed; the answer is.
        payload = b'{"type":"bars.update"}' * 45
        s.sendall(b"\x81" + bytes([0x80 | 126]) + struct.pack(">H", len(payload)) + b"\0\0\0\0" + payload)
        s.recv(65536)
    return s


def main():
    pid, port, count = (int(a) for a in sys.argv[1:4])
    deflate = "--deflate" in sys.argv
    warm = [connect(port, deflate) for _ in range(100)]
    before = resident(pid)
    sockets = [connect(port, deflate) for _ in range(count)]
    after = resident(pid)
    print("%.1f" % ((after - before) / count))
    del warm, sockets


main()
