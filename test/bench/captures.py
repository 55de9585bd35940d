"""Captures to measure with, of any size, made from the lab's captures by rule: the same bytes each time.

The connections of test/captures are repeated with a client address each, and interleaved; what completed goes on with
application data. In between stand DNS, HTTP and bulk transfers, which are no TLS.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import collections
import functools
import glob
import json
import os
import random
import re
import struct
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "test", "lab"))
sys.dont_write_bytecode = True

import derive

ETHERNET = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
AT_ONCE = 50             # connections that overlap
BEGIN = 1_795_800_000_000_000  # 2026-11-27, when the certificates of the captures are valid
SYN, ACK, PSH, FIN = 2, 16, 8, 1
SERVER = bytes([203, 0, 113, 1])
PROTECTED = re.compile(rb"\x14\x03[\x00-\x04]\x00\x01\x01|^\x17\x03", re.S)  # what a side sends that gets as far as its Finished
# A record that begins with a hello of either side, and the random in it, but for the time; that of a HelloRetryRequest is a fixed one.
HELLO = re.compile(rb"\x16\x03[\x00-\x04]..[\x01\x02]\x00..\x03[\x00-\x04](?!\xcf\x21\xad\x74)....(.{28})", re.S)


def client(number):
    return bytes([10 + (number >> 24), number >> 16 & 255, number >> 8 & 255, number & 255])


def read_pcapng(path):
    """(link type, packets as derive.read_pcap has them) of a little-endian file as editcap writes it from a pcap file."""
    at, link, packets = 0, None, []
    with open(path, "rb") as file:
        data = file.read()
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if kind == 1:
            link = struct.unpack_from("<H", data, at + 8)[0]
        elif kind == 6:
            high, low, kept, size = struct.unpack_from("<IIII", data, at + 12)
            packets.append([high << 32 | low, data[at + 28:at + 28 + kept], size])
        at += length
    return link, packets


def is_ipv4_tcp(frame):
    return len(frame) >= 54 and frame[12:14] == b"\x08\0" and frame[23] == 6


def is_whole(frame):
    return derive.payload(frame)[2] <= len(frame)


def sequence(frame):
    return struct.unpack_from(">I", frame, derive.payload(frame)[0] + 4)[0]


def randoms(frames):
    """The randoms of the hellos in FRAMES, all of one direction, and their sequence numbers."""
    frames = [frame for frame in frames if derive.payload(frame)[1] < derive.payload(frame)[2]]
    if not frames:
        return {}
    base, sent = min(sequence(frame) for frame in frames), bytearray()
    for frame in frames:
        at, data = sequence(frame) - base, frame[slice(*derive.payload(frame)[1:])]
        sent.extend(bytes(max(0, at + len(data) - len(sent))))
        sent[at:at + len(data)] = data
    return {hello[1]: base + hello.start(1) for hello in HELLO.finditer(sent)}


def is_protected(frame):
    _, start, end = derive.payload(frame)
    return PROTECTED.search(frame[start:end]) is not None


class Connection:
    """A capture of one TCP connection: its packets, and what becomes of it."""

    def __init__(self, packets, healthy):
        self.begin, self.packets, self.healthy = packets[0][0], packets, healthy
        self.initiator = packets[0][1][34:36]
        frames = [frame for _, frame, _ in packets]
        self.randoms = {end: randoms([f for f in frames if f[34:36] == end]) for end in {f[34:36] for f in frames}}
        self.completes = healthy and len({frame[34:36] for _, frame, _ in packets if is_protected(frame)}) == 2

    def copies(self, known):
        """How often KNOWN, a Counter, has met its randoms, now counted once more: captures may be made from one another."""
        own = {value for sent in self.randoms.values() for value in sent}
        earlier = max((known[value] for value in own), default=0)
        known.update({value: earlier + 1 - known[value] for value in own})
        return earlier

    def copy(self, number, begin, earlier=0):
        """The packets again, between other addresses, from BEGIN on: with sequence numbers of its own, and behind EARLIER
        copies with randoms of its own, so that nobody takes it for the same connection, recorded twice. Those of the first
        copy stay, as signatures over the handshake cover them."""
        out = []
        for when, frame, size in self.packets:
            new, (tcp, start, end) = bytearray(frame), derive.payload(frame)
            ends = (client(number), SERVER) if frame[34:36] == self.initiator else (SERVER, client(number))
            new[26:30], new[30:34] = ends
            for at in (4, 8) if frame[tcp + 13] & ACK else (4,):
                struct.pack_into(">I", new, tcp + at, (struct.unpack_from(">I", new, tcp + at)[0] + number * 65537) & 0xffffffff)
            for at in self.randoms[frame[34:36]].values():  # of any segment that has a part of it
                for i, mixed in enumerate(struct.pack(">I", earlier), start + at - sequence(frame)):
                    if start <= i < end:
                        new[i] ^= mixed
            out.append([begin + when - self.begin, bytes(derive.sums(new, tcp)), size])
        return out


def connections(captures=os.path.join(ROOT, "test", "captures")):
    """Every labelled capture without keys that is one IPv4 TCP connection on a port that needs no -d."""
    found = []
    for labels in sorted(glob.glob(os.path.join(captures, "*", "labels.jsonl"))):
        folder = os.path.dirname(labels)
        with open(labels, encoding="utf-8") as file:
            listed = [json.loads(line) for line in file]
        for label in listed:
            if ".keys." in label["file"] or label.get("decode_as") or os.path.basename(folder) in ("derived", "several"):
                continue
            link, packets = read_pcapng(os.path.join(folder, label["file"]))
            usable = link == 1 and all(is_ipv4_tcp(frame) and is_whole(frame) for _, frame, _ in packets)
            if usable and len({frame[34:38] for _, frame, _ in packets}) == 2:
                found.append(Connection(packets, os.path.basename(folder) == "healthy"))
    if not found:
        sys.exit("no capture in %s can be used" % captures)
    return found


def named(names):
    """The connections of these captures, without their ending."""
    folder = os.path.join(ROOT, "test", "captures")
    return [Connection(read_pcapng(os.path.join(folder, name + ".pcapng"))[1], name.startswith("healthy/")) for name in names]


MADE_UP = b"\2\0\0\0\0\1\2\0\0\0\0\2"  # an Ethernet's addresses


def ip(source, destination, protocol, body, link=MADE_UP):
    head = bytearray(struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 0, 0x4000, 64, protocol, 0) + source + destination)
    struct.pack_into(">H", head, 10, derive.checksum(head))
    return link + b"\x08\0" + bytes(head) + body


class Stream:
    """One TCP connection that is made up, packet after packet; with numbers of its own, as Connection.copy()."""

    def __init__(self, number, ports, begin):
        self.links = (MADE_UP, MADE_UP)
        self.ends = ((client(number), ports[0]), (SERVER, ports[1]))
        self.next, self.now, self.packets = [(isn + number * 65537) & 0xffffffff for isn in (1000, 5000)], begin, []

    def segment(self, sender, data=b"", flags=ACK):
        (source, sport), (destination, dport) = self.ends[sender], self.ends[1 - sender]
        head = struct.pack(">HHIIBBHHH", sport, dport, self.next[sender], self.next[1 - sender] if flags & ACK else 0, 0x50,
                           flags, 64000, 0, 0)
        frame = bytearray(ip(source, destination, 6, head + data, self.links[sender]))
        self.packets.append([self.now, bytes(derive.sums(frame, 34)), len(frame)])
        self.next[sender] = (self.next[sender] + len(data) + (1 if flags & (SYN | FIN) else 0)) & 0xffffffff
        self.now += 150

    def open(self):
        self.segment(0, flags=SYN)
        self.segment(1, flags=SYN | ACK)
        self.segment(0)

    def send(self, sender, data, most=1400):
        for at in range(0, len(data), most):
            self.segment(sender, data[at:at + most], ACK | PSH)
            if at // most % 2:
                self.segment(1 - sender)

    def close(self):
        self.segment(0, flags=FIN | ACK)
        self.segment(1, flags=FIN | ACK)
        self.segment(0)


def dns(number, begin):
    """A question and its answer."""
    name = b"\4host\7example\0"
    ask = struct.pack(">HHHHHH", number & 65535, 0x0100, 1, 0, 0, 0) + name + b"\0\1\0\1"
    answer = struct.pack(">HHHHHH", number & 65535, 0x8180, 1, 1, 0, 0) + name + b"\0\1\0\1" + b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + SERVER
    out = []
    for i, (body, ends) in enumerate(((ask, (client(number), SERVER)), (answer, (SERVER, client(number))))):
        ports = (33000, 53) if i == 0 else (53, 33000)
        frame = ip(*ends, 17, struct.pack(">HHHH", *ports, 8 + len(body), 0) + body)
        out.append([begin + 300 * i, frame, len(frame)])
    return out


def http(number, begin, noise):
    stream = Stream(number, (40000, 80), begin)
    body = noise.randbytes(6000)
    stream.open()
    stream.send(0, b"GET /picture HTTP/1.1\r\nHost: host.example\r\n\r\n")
    stream.send(1, b"HTTP/1.1 200 OK\r\nContent-Type: image/x-icon\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    stream.close()
    return stream.packets


def bulk(number, begin, noise):
    stream = Stream(number, (40000, 40001), begin)
    stream.open()
    stream.send(1, noise.randbytes(20000))
    stream.close()
    return stream.packets


def with_data(packets, noise, amount):
    """A finished handshake, and before its first FIN application data of AMOUNT bytes each way."""
    ends = [i for i, p in enumerate(packets) if p[1][derive.payload(p[1])[0] + 13] & (FIN | 4)]
    head = packets[:ends[0]] if ends else packets
    stream = Stream(0, (0, 0), head[-1][0] + 100)
    first = head[0][1]
    stream.links = (first[:12], first[6:12] + first[:6])
    stream.ends = ((first[26:30], struct.unpack(">H", first[34:36])[0]), (first[30:34], struct.unpack(">H", first[36:38])[0]))
    for _, frame, _ in head:
        tcp, start, end = derive.payload(frame)
        sender = 0 if frame[34:36] == first[34:36] else 1
        stream.next[sender] = struct.unpack_from(">I", frame, tcp + 4)[0] + end - start + bool(frame[tcp + 13] & SYN)
    for sender, size in ((0, min(amount, 600)), (1, amount)):
        for at in range(0, size, 16000):
            part = min(16000, size - at)
            stream.send(sender, b"\x17\3\3" + struct.pack(">H", part) + noise.randbytes(part))
    stream.close()
    return head + stream.packets


def interleaved(parts):
    for at in range(0, len(parts), AT_ONCE):
        yield from sorted((p for part in parts[at:at + AT_ONCE] for p in part), key=lambda p: p[0])


def write(path, count, data=0, other=False, healthy=0.0, names=()):
    """COUNT TLS connections, and those that completed go on with DATA bytes; OTHER: with as much traffic that is none.
    HEALTHY: the part of connections that complete, if it is to be another one than in the corpus. NAMES: of the captures
    that they are copies of, one after the other, in the place of the corpus."""
    noise = random.Random(4)
    all_of_them = named(names) if names else connections()
    well, ill = [c for c in all_of_them if c.completes], [c for c in all_of_them if not c.healthy]
    met = collections.Counter()
    with open(path, "wb") as out:
        out.write(ETHERNET)
        waiting = []

        def flush():
            for when, frame, size in interleaved(waiting):
                out.write(struct.pack("<IIII", when // 1000000, when % 1000000, len(frame), size) + frame)
            waiting.clear()

        for number in range(count):
            begin = BEGIN + number * 20000
            group = all_of_them if not healthy else well if noise.random() < healthy else ill
            which = group[number % len(group)]
            packets = which.copy(number, begin, which.copies(met))
            waiting.append(with_data(packets, noise, data) if data and which.completes else packets)
            if other:
                size = sum(len(p[1]) for p in waiting[-1])
                while size > 0:
                    made = noise.choice((dns, lambda n, b: http(n, b, noise), lambda n, b: bulk(n, b, noise)))(number, begin)
                    size -= sum(len(p[1]) for p in made)
                    number += 1 << 24
                    waiting.append(made)
            if len(waiting) >= AT_ONCE:
                flush()
        flush()


def write_copies(path, packets, count):
    """COUNT connections one after the other; PACKETS gives those of the n-th, which begins at its second argument."""
    with open(path, "wb") as out:
        out.write(ETHERNET)
        for number in range(count):
            for when, frame, size in packets(number, BEGIN + number * 1000):
                out.write(struct.pack("<IIII", when // 1000000, when % 1000000, len(frame), size) + frame)


def finished(number, begin):
    """A connection that completes and is closed."""
    return next(c for c in connections_once() if c.completes).copy(number, begin, number)


def hello(number, begin):
    """A connection that is a ClientHello and nothing after it."""
    packets = finished(number, begin)
    begun = next(i for i, p in enumerate(packets) if derive.payload(p[1])[2] > derive.payload(p[1])[1])
    return packets[:begun + 1]


@functools.lru_cache(None)
def connections_once():
    return connections()


@functools.lru_cache(None)
def datagrams(name):
    """The packets of a capture that is one conversation over UDP, and the port that begins it."""
    link, packets = read_pcapng(os.path.join(ROOT, "test", "captures", name))
    if link != 1 or any(frame[12:14] != b"\x08\0" or frame[23] != 17 for _, frame, _ in packets):
        sys.exit("%s is not IPv4 and UDP alone" % name)
    return packets, packets[0][1][34:36]


UDP = 34  # offset of the header in a frame, and of its payload:
DATA = UDP + 8


def between(frame, source, destination):
    """FRAME, with other addresses and without a checksum of UDP."""
    new = bytearray(frame)
    new[26:30], new[30:34], new[24:26], new[UDP + 6:DATA] = source, destination, b"\0\0", b"\0\0"
    struct.pack_into(">H", new, 24, derive.checksum(new[14:UDP]))
    return new


def with_number(data, number, hello):
    """DATA, in which NUMBER has been mixed into the random of each HELLO, as Connection.copy() does."""
    new = bytearray(data)
    for found in hello.finditer(data):
        for i, mixed in enumerate(struct.pack(">I", number), found.start(1)):
            new[i] ^= mixed
    return bytes(new)


def moved(name, begin, client, change):
    """The packets of capture NAME between CLIENT and SERVER, each payload as CHANGE makes it."""
    packets, initiator = datagrams(name)
    for when, frame, size in packets:
        ends = (client, SERVER) if frame[34:36] == initiator else (SERVER, client)
        new = between(frame, *ends)
        new[DATA:] = change(bytes(new[DATA:]))
        yield [begin + when - packets[0][0], bytes(new), size]


DTLS = "healthy/dtls-ossl-ossl.pcapng"
# The same of DTLS: behind the headers of record and message, and the version.
DTLS_HELLO = re.compile(rb"\x16\xfe[\xfd\xff]\0\0.{8}[\x01\x02].{11}\xfe[\xfd\xff]....(.{28})", re.S)


def dtls(number, begin, one_pair=False):
    """A DTLS association that completes, between ports of its own or always the same ones."""
    return moved(DTLS, begin, client(0 if one_pair else number), lambda data: with_number(data, number, DTLS_HELLO))


def dtls_on_one_pair(number, begin):
    return dtls(number, begin, True)


RADIUS_HEADER, STATE = 20, 24


def with_state(data, number):
    """A RADIUS packet, in whose State attribute (RFC 2865 5.24) NUMBER has been mixed."""
    new, at = bytearray(data), RADIUS_HEADER
    while at + 2 <= len(new) and new[at + 1] >= 2:
        if new[at] == STATE and new[at + 1] >= 6:
            struct.pack_into(">I", new, at + 2, struct.unpack_from(">I", new, at + 2)[0] ^ number)
        at += new[at + 1]
    return bytes(new)


def eap(number, begin):
    """A conversation of EAP-TLS over RADIUS that succeeds; each from one of 256 access points."""
    return moved("healthy/eap-eapol_test-freeradius-tls.pcapng", begin, client(number & 255),
                 lambda data: with_number(with_state(data, number), number, HELLO))


# Captures that come later change nothing here.
TEN_FAILURES = ["alpn-no-overlap/gnutls-java-12", "client-cert-expired/ossl-haproxy-12", "client-cert-missing/ossl-node-12",
                "closed-in-handshake/gnutls-ossl-12", "handshake-refused/ossl-python-13-40", "not-tls-from-server/ossl-imap-any",
                "server-cert-chain-incomplete/ossl-gnutls-12", "server-cert-malformed/java-ossl-12",
                "server-cert-unknown-ca/go-ossl-12", "sni-unrecognized/gnutls-haproxy-13"]


@functools.lru_cache(None)
def ten_failures():
    return named(TEN_FAILURES)


def repeated(number, begin):
    """One of ten connections that fail, each for the same reason every time."""
    return ten_failures()[number % 10].copy(number, begin, number // 10)
