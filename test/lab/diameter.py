#!/usr/bin/env python3
"""EAP-TLS in Diameter over TLS (RFC 4072, RFC 6733 13.1): diameter.py client|server PORT CHAIN KEY TRUST [INNER-TRUST...].

The client is a network access server and its supplicants in one: it sends its first Diameter message together with the
last flight of the outer handshake, as programs do that do not wait between the two. There is a supplicant for each
INNER-TRUST, which it trusts; they take turns.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import socket
import struct
import sys

from bio import Tls, context

REQUEST, RESPONSE, SUCCESS, FAILURE = 1, 2, 3, 4
IDENTITY, EAP_TLS, START = 1, 13, 0x20
DIAMETER_EAP, EAP_APPLICATION = 268, 5
SESSION_ID, AUTH_APPLICATION, ORIGIN_HOST, ORIGIN_REALM, EAP_PAYLOAD = 263, 258, 264, 296, 462


def eap(code, number, kind=None, body=b""):
    body = b"" if kind is None else bytes([kind]) + body
    return struct.pack(">BBH", code, number, 4 + len(body)) + body


def avp(code, data):
    return struct.pack(">IB", code, 0x40) + (8 + len(data)).to_bytes(3, "big") + data + bytes(-len(data) % 4)


def message(request, number, payload, session):
    body = avp(SESSION_ID, session) + avp(AUTH_APPLICATION, struct.pack(">I", EAP_APPLICATION))
    body += avp(ORIGIN_HOST, b"lab.test") + avp(ORIGIN_REALM, b"test") + avp(EAP_PAYLOAD, payload)
    head = b"\1" + (20 + len(body)).to_bytes(3, "big") + bytes([0xC0 if request else 0x40]) + DIAMETER_EAP.to_bytes(3, "big")
    return head + struct.pack(">III", EAP_APPLICATION, number, number) + body


def payload(data):
    """The EAP packet of a message, and its session."""
    at, found = 20, {}
    while at < len(data):
        code, length = struct.unpack_from(">I", data, at)[0], int.from_bytes(data[at + 5:at + 8], "big")
        found[code] = data[at + 8:at + length]
        at += length + -length % 4
    return found[EAP_PAYLOAD], found[SESSION_ID]


class Peer:
    """Messages over a TLS connection."""

    def __init__(self, sock, tls):
        self.sock, self.tls, self.buffer = sock, tls, b""

    def handshake(self, data=b""):
        """Gives what is still to be sent when it is done."""
        out = self.tls.step(data)
        while not self.tls.done:
            self.sock.sendall(out)
            data = self.sock.recv(65536)
            out = self.tls.step(data)
            if not data or self.tls.error:
                self.sock.sendall(out)
                sys.exit("the outer handshake failed")
        return out

    def send(self, data, before=b""):
        self.sock.sendall(before + self.tls.write(data))

    def receive(self):
        """An EAP packet and its session, or None."""
        self.buffer += self.tls.read()
        while len(self.buffer) < 4 or len(self.buffer) < int.from_bytes(self.buffer[1:4], "big"):
            data = self.sock.recv(65536)
            if not data:
                return None
            self.buffer += self.tls.read(data)
        length = int.from_bytes(self.buffer[1:4], "big")
        first, self.buffer = self.buffer[:length], self.buffer[length:]
        return payload(first)


def supplicant(peer, trust, before, session):
    """Yields after each exchange."""
    inner, number = Tls(context(False, trust, version="TLSv1_2"), False), 1
    answer = eap(RESPONSE, 1, IDENTITY, b"user@lab.test")
    while True:
        peer.send(message(True, number, answer, session), before)
        before, got = b"", peer.receive()
        asked = got and got[0]
        if not asked or asked[0] != REQUEST:
            print("EAP", "ended" if not asked else "Success" if asked[0] == SUCCESS else "Failure")
            return
        number += 1
        answer = eap(RESPONSE, asked[1], EAP_TLS, b"\0" + inner.step(asked[6:]))
        yield


def authenticator(peer, cert):
    inner, number = {}, 1
    while got := peer.receive():
        asked, session = got
        if asked[4] == IDENTITY:
            inner[session] = Tls(context(True, cert=cert, version="TLSv1_2"), True)
            answer = eap(REQUEST, 2, EAP_TLS, bytes([START]))
        else:
            tls = inner[session]
            out = tls.step(asked[6:]) if len(asked) > 6 else b""
            over = FAILURE if tls.error else SUCCESS if tls.done and not out else None
            answer = eap(over, asked[1]) if over else eap(REQUEST, asked[1] + 1, EAP_TLS, b"\0" + out)
        peer.send(message(False, number, answer, session))
        number += 1


def main():
    side, port, chain, key, trust = sys.argv[1], int(sys.argv[2]), *sys.argv[3:6]
    if side == "server":
        listener = socket.create_server(("127.0.0.1", port))
        while True:
            sock, _ = listener.accept()
            peer = Peer(sock, Tls(context(True, cert=(chain, key)), True))
            out = peer.handshake(sock.recv(65536))
            if out:
                sock.sendall(out)
            authenticator(peer, (chain, key))
            sock.close()
    with socket.create_connection(("127.0.0.1", port)) as sock:
        peer = Peer(sock, Tls(context(False, trust), False, "server.test"))
        before = peer.handshake()
        waiting = [supplicant(peer, inner_trust, b"" if n else before, b"lab;%d;%d" % (n + 1, n + 1)) for n, inner_trust in enumerate(sys.argv[6:])]
        while waiting:
            waiting = [each for each in waiting if next(each, waiting) is not waiting]


if __name__ == "__main__":
    main()
