#!/usr/bin/env python3
"""Stands between client and server and spoils one thing: relay.py PORT [ADDRESS:]UPSTREAM-PORT WHAT.

Recorded is the half of the path on which the spoilt bytes travel: the client's, or the server's for
the rows of CLIENT_SIDE. WHAT is a row of EDITS: it is given each record of the handshake that is
still in clear, and gives what to send instead. The upgrade of a mail protocol
("smtp") is also done here, as no server of the lab speaks one.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import socket
import struct
import sys
import threading
import time

CLIENT_HELLO, SERVER_HELLO, CERTIFICATE, SERVER_KEY_EXCHANGE, DONE, CLIENT_KEY_EXCHANGE = 1, 2, 11, 12, 14, 16
HANDSHAKE, CHANGE_CIPHER = 22, 20


class Cut(Exception):
    """Ends the client's connection: args are how ("fin", "rst", "stall") and what to send before."""


def record(kind, body, version=b"\x03\x03", length=None):
    return bytes([kind]) + version + struct.pack(">H", len(body) if length is None else length) + bytes(body)


def message(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + bytes(body)


def hello_parts(body):
    """A hello as (what comes before its extensions, [(type, content)])."""
    client = body[0] == CLIENT_HELLO
    at = 4 + 2 + 32
    at += 1 + body[at]
    if client:
        at += 2 + struct.unpack_from(">H", body, at)[0]
        at += 1 + body[at]
    else:
        at += 3
    head, extensions, end = body[4:at], [], len(body)
    at += 2
    while at < end:
        kind, size = struct.unpack_from(">HH", body, at)
        extensions.append((kind, body[at + 4:at + 4 + size]))
        at += 4 + size
    return head, extensions


def with_extensions(body, change):
    head, extensions = hello_parts(body)
    tail = b"".join(struct.pack(">HH", k, len(c)) + c for k, c in change(extensions))
    return message(body[0], head + struct.pack(">H", len(tail)) + tail)


def cipher_at(body):
    return 4 + 2 + 32 + 1 + body[38]


def replace(body, at, new):
    return body[:at] + new + body[at + len(new):]


def on(kind, change):
    """An edit of the first handshake message of this kind."""
    def edit(side, record_type, version, body):
        return record(HANDSHAKE, change(body), version) if record_type == HANDSHAKE and body[0] == kind else None
    return edit


def only(of, kind, change):
    """The same for one side's message only."""
    inner = on(kind, change)
    return lambda side, *rest: inner(side, *rest) if side == of else None


def without(*types):
    return on(CLIENT_HELLO, lambda body: with_extensions(body, lambda e: [x for x in e if x[0] not in types]))


def with_answer(kind, content):
    """An edit of one extension of ServerHello."""
    return on(SERVER_HELLO, lambda body: with_extensions(body, lambda e: [(k, content(c) if k == kind else c) for k, c in e]))


def first_encrypted(of):
    """An edit that flips one bit of the first record that OF sends after its ChangeCipherSpec."""
    state = {}

    def edit(side, record_type, version, body):
        if side != of:
            return None
        if record_type == CHANGE_CIPHER:
            state["on"] = True
        elif state.pop("on", False):
            return record(record_type, body[:-1] + bytes([body[-1] ^ 1]), version)
        return None
    return edit


def cut(side_kind, how, forward=False):
    def edit(side, record_type, version, body):
        if record_type == HANDSHAKE and body[0] == side_kind:
            raise Cut(how, record(record_type, body, version) if forward else b"")
        return None
    return edit


def swapped():
    """An edit that sends the server's Certificate before its ServerHello."""
    held = []

    def edit(side, record_type, version, body):
        if side == "server" and record_type == HANDSHAKE and body[0] == SERVER_HELLO:
            held.append(record(record_type, body, version))
            return b""
        if held:
            return record(record_type, body, version) + held.pop()
        return None
    return edit


def reversed_chain(body):
    """A Certificate of TLS 1.2 with its certificates in reverse order."""
    found, at = [], 4 + 3
    while at < len(body):
        end = at + 3 + int.from_bytes(body[at:at + 3], "big")
        found.insert(0, body[at:end])
        at = end
    return body[:4 + 3] + b"".join(found)


EDITS = {
    "smtp": lambda: lambda *a: None,
    "certificate-malformed": lambda: on(CERTIFICATE, lambda b: replace(b, 4 + 3 + 3 + 4, b"\x31")),
    "leaf-last": lambda: only("server", CERTIFICATE, reversed_chain),
    "client-certificate-malformed": lambda: only("client", CERTIFICATE, lambda b: replace(b, 4 + 3 + 3 + 4, b"\x31")),
    "cipher-not-offered": lambda: on(SERVER_HELLO, lambda b: replace(b, cipher_at(b), b"\x00\x05")),
    "version-too-low": lambda: on(SERVER_HELLO, lambda b: replace(b, 4, b"\x03\x01")),
    "group-not-offered": lambda: on(SERVER_KEY_EXCHANGE, lambda b: replace(b, 5, b"\x00\x13")),
    "extension-not-offered": lambda: on(SERVER_HELLO, lambda b: with_extensions(b, lambda e: e + [(16, b"\x00\x03\x02h2")])),
    "cipher-unheard-of": lambda: on(SERVER_HELLO, lambda b: replace(b, cipher_at(b), b"\x00\x19")),
    "version-not-offered": lambda: with_answer(43, lambda c: b"\x03\x02"),
    "share-not-offered": lambda: with_answer(51, lambda c: b"\x00\x13" + c[2:]),
    "without-13": lambda: without(43),
    "hello-malformed": lambda: on(CLIENT_HELLO, lambda b: replace(b, 4 + 2 + 32, b"\xf0")),
    "server-hello-malformed": lambda: on(SERVER_HELLO, lambda b: replace(b, 4 + 2 + 32, b"\xf0")),
    "without-ems": lambda: without(23),
    "without-signature-algorithms": lambda: without(13),
    "too-long": lambda: lambda side, t, v, b: record(t, b, v, 0x5000) if side == "server" and t == HANDSHAKE and b[0] == CERTIFICATE else None,
    "client-key-cut": lambda: on(CLIENT_KEY_EXCHANGE, lambda b: message(CLIENT_KEY_EXCHANGE, b[4:-20])),
    "out-of-order": swapped,
    "client-bit": lambda: first_encrypted("client"),
    "server-bit": lambda: first_encrypted("server"),
    "fin-after-server-hello": lambda: cut(SERVER_HELLO, "fin", True),
    "rst-after-server-hello": lambda: cut(SERVER_HELLO, "rst", True),
    "stall-after-server-hello": lambda: cut(SERVER_HELLO, "stall", True),
    "stall-before-done": lambda: cut(DONE, "stall"),
    "fin-at-client-flight": lambda: cut(CLIENT_KEY_EXCHANGE, "fin"),
    "rst-at-client-flight": lambda: cut(CLIENT_KEY_EXCHANGE, "rst"),
    "stall-at-client-flight": lambda: cut(CLIENT_KEY_EXCHANGE, "stall"),
}

# those that change what the client sends: only the server's half of the path shows it
CLIENT_SIDE = {"client-certificate-malformed", "hello-malformed", "without-ems", "without-signature-algorithms", "client-bit", "client-key-cut"}


def read_exactly(sock, n):
    data = b""
    while len(data) < n:
        more = sock.recv(n - len(data))
        if not more:
            raise EOFError
        data += more
    return data


class Relay:
    def __init__(self, client, server, edit):
        self.client, self.server, self.edit = client, server, edit
        self.lock, self.ended = threading.Lock(), threading.Event()

    def carry(self, source, sink, side):
        """Record by record while in clear and after; a batch of what has arrived goes out in one piece."""
        try:
            while not self.ended.is_set():
                head = read_exactly(source, 5)
                body = read_exactly(source, struct.unpack(">H", head[3:5])[0])
                with self.lock:
                    new = self.edit(side, head[0], head[1:3], body)
                sink.sendall(head + body if new is None else new)
        except Cut as cut:
            self.cut(*cut.args)
        except (EOFError, OSError):
            if not self.ended.is_set():
                try:
                    sink.shutdown(socket.SHUT_WR)
                except OSError:
                    pass

    def cut(self, how, last):
        self.ended.set()
        if last:
            self.client.sendall(last)
            time.sleep(0.1)
        if how == "stall":
            time.sleep(30)
        elif how == "rst":
            self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.client.shutdown(socket.SHUT_RD)                       # wakes the other thread, which holds the socket
            time.sleep(0.05)
            self.client.close()
        else:
            self.client.shutdown(socket.SHUT_WR)
            time.sleep(0.4)

    def run(self):
        for sock in (self.client, self.server):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        up = threading.Thread(target=self.carry, args=(self.client, self.server, "client"), daemon=True)
        up.start()
        down = threading.Thread(target=self.carry, args=(self.server, self.client, "server"), daemon=True)
        down.start()
        up.join()
        down.join(2)


def smtp_upgrade(client):
    """Speaks SMTP until STARTTLS."""
    lines = client.makefile("rb")
    client.sendall(b"220 server.test ESMTP\r\n")
    for line in lines:
        word = line.strip().upper()
        if word.startswith(b"EHLO"):
            client.sendall(b"250-server.test\r\n250 STARTTLS\r\n")
        elif word == b"STARTTLS":
            client.sendall(b"220 go ahead\r\n")
            return
        else:
            client.sendall(b"250 ok\r\n")


def main():
    port, what = int(sys.argv[1]), sys.argv[3]
    address, _, upstream = sys.argv[2].rpartition(":")
    listener = socket.create_server(("127.0.0.1", port))
    while True:
        client, _ = listener.accept()
        if what == "smtp":
            smtp_upgrade(client)
        server = socket.create_connection((address or "127.0.0.1", int(upstream)))
        Relay(client, server, EDITS[what]()).run()
        client.close()
        server.close()


if __name__ == "__main__":
    main()
