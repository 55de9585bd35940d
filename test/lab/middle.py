#!/usr/bin/env python3
"""A bump in the wire: middle.py LEFT RIGHT PORT DEED WHEN [ARGUMENT...].

Passes each Ethernet frame from the interface LEFT, where the client is, to RIGHT, where the server is, and back; to
the packets of PORT it does one thing, a row of DEEDS. Both are interfaces of a network namespace in which nothing else
lives, and no card on the way fills in checksums later (ethtool -K tx off).

The moment at which it acts (WHEN) is a row of MOMENTS. What it spoils it spoils in retransmissions as well.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import heapq
import itertools
import select
import socket
import struct
import sys
import time

EVERYTHING, OUTGOING = 3, 4                    # ETH_P_ALL, PACKET_OUTGOING
FIN, RST, PSH, ACK = 1, 4, 8, 16
OTHER = {"client": "server", "server": "client"}
ALERT, APPLICATION_DATA, HANDSHAKE, HELLO = 21, 23, 22, 1
ENCRYPTED_ALERT = 2 + 1 + 16                   # level and description, type, tag: TLS 1.3


class Packet:
    """A TCP segment in its Ethernet frame; SIDE: where it comes from."""

    def __init__(self, frame, side, port):
        self.frame, self.side = bytes(frame), side
        self.kind = struct.unpack_from(">H", frame, 12)[0]
        self.ip, self.tcp = 14, 0
        if self.kind == 0x0800 and frame[23] == 6:
            self.tcp, end = 14 + (frame[14] & 15) * 4, 14 + struct.unpack_from(">H", frame, 16)[0]
        elif self.kind == 0x86DD and frame[20] == 6:
            self.tcp, end = 14 + 40, 14 + 40 + struct.unpack_from(">H", frame, 18)[0]
        if self.tcp and port not in struct.unpack_from(">HH", frame, self.tcp):
            self.tcp = 0
        if self.tcp:
            self.seq, self.ack = struct.unpack_from(">II", frame, self.tcp + 4)
            self.flags = frame[self.tcp + 13]
            self.start = self.tcp + (frame[self.tcp + 12] >> 4) * 4
            self.payload, self.size = self.frame[self.start:end], end - 14

    def with_payload(self, payload):
        frame = bytearray(self.frame)
        frame[self.start:self.start + len(payload)] = payload
        return Packet(summed(frame, self.tcp), self.side, struct.unpack_from(">H", frame, self.tcp)[0])

    def ends(self, back, passes, ttl, flags=RST, off=0, payload=b""):
        """An end as if the receiver (BACK) or the sender of this segment had sent it; PASSES: after this segment. OFF: by how much its
        sequence number is wrong; PAYLOAD: what it says before."""
        frame = bytearray(self.frame[:self.tcp + 20])
        next_seq = self.seq + (len(self.payload) if back or passes else 0)
        seq, ack = ((self.ack, next_seq) if back else (next_seq, self.ack))
        seq, ack = (seq + off) & 0xFFFFFFFF, ack & 0xFFFFFFFF
        source, target = struct.unpack_from(">HH", frame, self.tcp)
        if back:
            frame[0:6], frame[6:12] = frame[6:12], frame[0:6]
            at, size = (26, 4) if self.kind == 0x0800 else (22, 16)
            frame[at:at + size], frame[at + size:at + 2 * size] = frame[at + size:at + 2 * size], frame[at:at + size]
            struct.pack_into(">HH", frame, self.tcp, target, source)
        struct.pack_into(">IIBB", frame, self.tcp + 4, seq, ack, 5 << 4, flags | ACK)
        frame[22 if self.kind == 0x0800 else 21] = ttl
        frame += payload
        struct.pack_into(">H", frame, 16 if self.kind == 0x0800 else 18, len(frame) - 14 if self.kind == 0x0800 else len(frame) - 54)
        if self.kind == 0x0800:
            struct.pack_into(">H", frame, 18, 0)
        return summed(frame, self.tcp)


def checksum(data):
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data)) if len(data) % 2 == 0 else checksum(data + b"\0") ^ 0xFFFF
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def summed(frame, tcp):
    """FRAME with the checksums that it must have."""
    frame = bytearray(frame)
    if frame[12:14] == b"\x08\x00":
        end, addresses = 14 + struct.unpack_from(">H", frame, 16)[0], frame[26:34]
        frame[24:26] = b"\0\0"
        struct.pack_into(">H", frame, 24, checksum(bytes(frame[14:tcp])))
    else:
        end, addresses = 54 + struct.unpack_from(">H", frame, 18)[0], frame[22:54]
    frame[tcp + 16:tcp + 18] = b"\0\0"
    struct.pack_into(">H", frame, tcp + 16, checksum(bytes(addresses) + struct.pack(">II", end - tcp, 6) + bytes(frame[tcp:end])))
    return bytes(frame)


class Streams:
    """Where each side's bytes begin, and how long the ClientHello is: {(side, ports): (first sequence number, record's length)}."""

    def __init__(self):
        self.begun = {}

    def offset(self, packet):
        """The offset of a segment's payload in its stream."""
        ports = packet.frame[packet.tcp:packet.tcp + 4] if packet.side == "client" else packet.frame[packet.tcp + 2:packet.tcp + 4] + packet.frame[packet.tcp:packet.tcp + 2]
        length = 5 + struct.unpack_from(">H", packet.payload, 3)[0] if len(packet.payload) > 5 else 0
        first, packet.first_record = self.begun.setdefault((packet.side, ports), (packet.seq, length))
        return (packet.seq - first) & 0xFFFFFFFF


def records(payload):
    """[(type, length)] of a segment that begins with a record."""
    at, found = 0, []
    while at + 5 <= len(payload) and payload[at + 1] == 3:
        length = struct.unpack_from(">H", payload, at + 3)[0]
        found.append((payload[at], length))
        at += 5 + length
    return found


def alert(packet):
    return any(kind == ALERT or kind == APPLICATION_DATA and length == ENCRYPTED_ALERT for kind, length in records(packet.payload))


MOMENTS = {
    "hello": lambda p, at: p.side == "client" and at == 0,
    "hello-rest": lambda p, at: p.side == "client" and 0 < at < p.first_record,
    "client-flight": lambda p, at: p.side == "client" and at >= p.first_record,
    "answer": lambda p, at: p.side == "server" and at == 0,
    "answer-rest": lambda p, at: p.side == "server" and at > 0,
    "client-alert": lambda p, at: p.side == "client" and alert(p),
    "server-alert": lambda p, at: p.side == "server" and alert(p),
    "client": lambda p, at: p.side == "client",
    "server": lambda p, at: p.side == "server",
}


# ---- the deeds: each is given a packet and whether its moment is now, and gives [(to which side, frame, seconds to wait)]

def on(packet, wait=0.0):
    return [(OTHER[packet.side], packet.frame, wait)]


def ends(flags, says=b""):
    """An end to "client", "server" or "both"; PASSES: "passes", or "stays" if the packet does not arrive; OFF: by how much its
    sequence number is wrong."""
    def made(to, ttl="64", passes="passes", off="0"):
        def deed(packet, now):
            if not now:
                return on(packet)
            sides = ("client", "server") if to == "both" else (to,)
            sent = [(side, packet.ends(side == packet.side, passes == "passes", int(ttl), flags, int(off), says), 0.0) for side in sides]
            return (on(packet) if passes == "passes" else []) + sent
        return deed
    return made


def drop(times="always"):
    left = [10 ** 6 if times == "always" else int(times)]

    def deed(packet, now):
        left[0] -= now
        return [] if now and left[0] >= 0 else on(packet)
    return deed


def longer(size):
    """Lets no packet pass that is longer than SIZE, and says so to nobody."""
    return lambda packet, now: [] if now and packet.size > int(size) else on(packet)


def flip(offset):
    """Changes a bit of the byte at OFFSET of a segment's payload; from its end if negative."""
    def deed(packet, now):
        if not now:
            return on(packet)
        payload = bytearray(packet.payload)
        payload[int(offset)] ^= 1
        return on(packet.with_payload(bytes(payload)))
    return deed


def put(old, new):
    """Replaces OLD by NEW, which is as long: text, or bytes in hexadecimal digits after "0x"."""
    old, new = (bytes.fromhex(w[2:]) if w.startswith("0x") else w.encode() for w in (old, new))
    assert len(old) == len(new)
    return lambda packet, now: on(packet.with_payload(packet.payload.replace(old, new)) if now and old in packet.payload else packet)


def delay(seconds):
    return lambda packet, now: on(packet, float(seconds) if now else 0.0)


def twice():
    return lambda packet, now: on(packet) + (on(packet, 0.002) if now else [])


PAGE = b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>This site is blocked.</html>\r\n"
DEEDS = {"reset": ends(RST), "fin": ends(FIN), "alert": ends(FIN | PSH, bytes([ALERT, 3, 3, 0, 2, 2, 40])), "page": ends(FIN | PSH, PAGE), "drop": drop, "longer": longer, "flip": flip, "put": put, "delay": delay, "twice": twice}


def passing(links, port, moment, deed):
    sockets = {}
    for side, link in links.items():
        sockets[side] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERYTHING))
        sockets[side].bind((link, 0))
    print("ready", flush=True)
    streams, waiting, count = Streams(), [], itertools.count()
    while True:
        timeout = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        for ready in select.select(list(sockets.values()), [], [], timeout)[0]:
            frame, address = ready.recvfrom(65536)
            if address[2] == OUTGOING:
                continue
            packet = Packet(frame, "client" if ready is sockets["client"] else "server", port)
            now = bool(packet.tcp and packet.payload and moment(packet, streams.offset(packet)))
            if now:
                print("acts on %d bytes of the %s" % (len(packet.payload), packet.side), flush=True)
            for side, sent, wait in deed(packet, now) if packet.tcp else on(packet):
                heapq.heappush(waiting, (time.monotonic() + wait, next(count), side, sent))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, side, sent = heapq.heappop(waiting)
            sockets[side].send(sent)


def main():
    left, right, port, name, moment = sys.argv[1:6]
    passing({"client": left, "server": right}, int(port), MOMENTS[moment], DEEDS[name](*sys.argv[6:]))


if __name__ == "__main__":
    main()
