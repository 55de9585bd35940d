#!/usr/bin/env python3
"""A server of Microsoft SQL as far as its TLS goes ([MS-TDS] 2.2.6.5, 3.3.5.2): tds.py PORT CHAIN KEY [reset].

The handshake travels in pre-login packets; behind it the login is refused. "reset": the ClientHello is answered so.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import socket
import struct
import sys

from bio import Tls, context

ANSWER, PRELOGIN, LAST = 0x04, 0x12, 1
ENCRYPT_REQUIRED = 3


def packet(kind, body):
    return struct.pack(">BBHHBB", kind, LAST, 8 + len(body), 0, 1, 0) + body


def options():
    """Version, encryption, instance, thread."""
    values, head, tail = [bytes([16, 0, 16, 0, 0, 0]), bytes([ENCRYPT_REQUIRED]), b"\0", bytes(4)], b"", b""
    at = 5 * len(values) + 1
    for token, value in enumerate(values):
        head += struct.pack(">BHH", token, at + len(tail), len(value))
        tail += value
    return head + b"\xff" + tail


def read_exactly(sock, n):
    data = b""
    while len(data) < n:
        more = sock.recv(n - len(data))
        if not more:
            raise EOFError("closed by the client")
        data += more
    return data


def read_packet(sock):
    head = read_exactly(sock, 8)
    return read_exactly(sock, struct.unpack(">H", head[2:4])[0] - 8)


def refusal():
    text = "Login failed for user 'lab'.".encode("utf-16-le")
    body = struct.pack("<IBBH", 18456, 1, 14, len(text) // 2) + text + b"\0\0" + struct.pack("<I", 1)
    done = b"\xfd" + struct.pack("<HHQ", 2, 0, 0)
    return packet(ANSWER, b"\xaa" + struct.pack("<H", len(body)) + body + done)


def serve(sock, ctx):
    read_packet(sock)
    sock.sendall(packet(ANSWER, options()))
    tls = Tls(ctx, True)
    if sys.argv[4:] == ["reset"]:
        read_packet(sock)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return
    while not tls.done and not tls.error:
        out = tls.step(read_packet(sock))
        if out:
            sock.sendall(packet(PRELOGIN, out))
    while tls.done and not tls.read(sock.recv(65536)):
        pass
    if tls.done:
        sock.sendall(tls.write(refusal()))
        sock.recv(65536)


def main():
    ctx = context(True, cert=sys.argv[2:4], version="TLSv1_2")
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    while True:
        sock, _ = listener.accept()
        try:
            serve(sock, ctx)
        except (EOFError, OSError) as error:
            print("error:", error, flush=True)
        sock.close()


if __name__ == "__main__":
    main()
