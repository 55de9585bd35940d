"""What may happen to the same connection's bytes: what is said before TLS, and what recorders do. Works on packets of
Ethernet and IPv4 (derive.read_pcap).

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

from derive import payload, split, sums

CLIENT, SERVER = 0, 1

# what is said before the ClientHello, on the port where it is said: (side, bytes)
UPGRADES = {
    "smtp": (25, [(SERVER, b"220 mail.test ESMTP\r\n"), (CLIENT, b"EHLO client.test\r\n"), (SERVER, b"250-mail.test\r\n250 STARTTLS\r\n"),
                  (CLIENT, b"STARTTLS\r\n"), (SERVER, b"220 2.0.0 Ready to start TLS\r\n")]),
    "imap": (143, [(SERVER, b"* OK IMAP4rev1 ready\r\n"), (CLIENT, b"a1 STARTTLS\r\n"), (SERVER, b"a1 OK Begin TLS negotiation now.\r\n")]),
    "pop3": (110, [(SERVER, b"+OK POP3 ready\r\n"), (CLIENT, b"STLS\r\n"), (SERVER, b"+OK Begin TLS negotiation\r\n")]),
    "ftp": (21, [(SERVER, b"220 FTP ready\r\n"), (CLIENT, b"AUTH TLS\r\n"), (SERVER, b"234 AUTH TLS OK.\r\n")]),
    "ldap": (389, [(CLIENT, bytes.fromhex("301d02010177188016") + b"1.3.6.1.4.1.1466.20037"), (SERVER, bytes.fromhex("300c02010178070a010004000400"))]),
    "postgresql": (5432, [(CLIENT, bytes.fromhex("00000008 04d2162f")), (SERVER, b"S")]),
    "xmpp": (5222, [(CLIENT, b"<?xml version='1.0'?><stream:stream to='test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"),
                    (SERVER, b"<?xml version='1.0'?><stream:stream id='1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
                             b"<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"),
                    (CLIENT, b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"), (SERVER, b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")]),
    "mysql": (3306, [(SERVER, bytes.fromhex("4a0000000a") + b"8.0.36\0" + bytes.fromhex("0b000000") + b"abcdefgh" + bytes.fromhex("00ffff" "ff" "0200" "ffdf" "15")
                      + bytes(10) + b"ijklmnopqrst\0" + b"mysql_native_password\0"), (CLIENT, bytes.fromhex("20000001" "05aef71f" "00000001" "ff") + bytes(23))]),
    "http-connect": (3128, [(CLIENT, b"CONNECT server.test:443 HTTP/1.1\r\nHost: server.test:443\r\n\r\n"), (SERVER, b"HTTP/1.1 200 Connection established\r\n\r\n")]),
    "socks5": (1080, [(CLIENT, bytes.fromhex("050100")), (SERVER, bytes.fromhex("0500")), (CLIENT, bytes.fromhex("050100017f000001" "01bb")),
                      (SERVER, bytes.fromhex("050000017f000001" "01bb"))]),
}


def sides(packets):
    """(client port, server port): who sent the first packet."""
    tcp, _, _ = payload(packets[0][1])
    return struct.unpack_from(">HH", packets[0][1], tcp)


def side_of(frame, client_port):
    tcp, _, _ = payload(frame)
    return CLIENT if struct.unpack_from(">H", frame, tcp)[0] == client_port else SERVER


def rewritten(frame, ports=None, sequence=0, acknowledged=0, body=None, flags=None):
    """A copy with other ports, numbers moved on, another payload."""
    tcp, start, end = payload(frame)
    new = bytearray(frame[:start] + (frame[start:end] if body is None else body))
    if ports:
        struct.pack_into(">HH", new, tcp, *(ports.get(p, p) for p in struct.unpack_from(">HH", new, tcp)))
    for at, add in ((4, sequence), (8, acknowledged)):
        struct.pack_into(">I", new, tcp + at, (struct.unpack_from(">I", new, tcp + at)[0] + add) & 0xffffffff)
    struct.pack_into(">H", new, 16, len(new) - 14)
    if flags is not None:
        new[tcp + 13] = flags
    return bytes(sums(new, tcp))


def upgraded(packets, port, words):
    """The same connection behind what is said before the ClientHello."""
    client, server = sides(packets)
    ports, said = {server: port}, [0, 0]
    first = next(i for i, p in enumerate(packets) if payload(p[1])[2] > payload(p[1])[1])
    acknowledgement = next(p[1] for p in packets[:first] if side_of(p[1], client) == CLIENT and p is not packets[0])
    syn_ack = next(p[1] for p in packets[:first] if side_of(p[1], client) == SERVER)
    base = {CLIENT: rewritten(acknowledgement, body=b""), SERVER: rewritten(syn_ack, sequence=1, body=b"")}
    out = [[w, rewritten(f, ports), n] for w, f, n in packets[:first]]
    when = packets[first][0]
    for side, data in words:
        when += 100
        out.append([when, rewritten(base[side], ports, said[side], said[1 - side], data, 0x18), 0])
        said[side] += len(data)
    for w, frame, _ in packets[first:]:
        side = side_of(frame, client)
        out.append([w + 100 * (len(words) + 1), rewritten(frame, ports, said[side], said[1 - side]), 0])
    return [[w, f, len(f)] for w, f, _ in out]


def with_keep_alives(packets):
    """TCP keep-alives: after each segment its sender repeats the last byte."""
    out = []
    for when, frame, size in packets:
        _, start, end = payload(frame)
        out.append([when, frame, size])
        if end > start:
            again = rewritten(frame, sequence=end - start - 1, body=frame[end - 1:end], flags=0x10)
            out.append([when + 3, again, len(again)])
    return out


def sent_again_in_pieces(packets):
    """Every segment comes again, in pieces of 300 bytes."""
    return [copy for p in packets for copy in [p] + ([[w + 5, f, n] for w, f, n in split([p], 300)] if len(p[1]) > 380 else [])]


def sent_again_joined(packets):
    """Every segment comes in pieces of 300 bytes, and the second half of them again as one."""
    out = []
    for when, frame, size in packets:
        _, start, end = payload(frame)
        out += split([[when, frame, size]], 300)
        if end - start > 600:
            half = (end - start) // 2
            again = rewritten(frame, sequence=half, body=frame[start + half:end])
            out.append([when + 9, again, len(again)])
    return out


def ends_swapped(packets):
    """Each packet changes places with the acknowledgement that follows it."""
    out = list(packets)
    for i in range(3, len(out) - 1):
        (_, a, _), (_, b, _) = out[i], out[i + 1]
        if payload(a)[2] > payload(a)[1] and payload(b)[2] == payload(b)[1] and a[26:30] == b[30:34] and not b[payload(b)[0] + 13] & 5:
            out[i], out[i + 1] = out[i + 1], out[i]
    return out


def left_before_answer(packets):
    """The client ends right behind its ClientHello: its FIN and the server's alert cross on their way."""
    client, _ = sides(packets)
    from_client = [p for p in packets if side_of(p[1], client) == CLIENT]
    hello = next(p for p in from_client if payload(p[1])[2] > payload(p[1])[1])
    end = rewritten(hello[1], sequence=payload(hello[1])[2] - payload(hello[1])[1], body=b"", flags=0x11)
    at = packets.index(hello) + 1
    answers = [p for p in packets[at:] if side_of(p[1], client) == SERVER]
    return packets[:at] + [[hello[0] + 1, end, len(end)]] + answers


def last_words_late(packets):
    """What the server says last before the ClientHello is recorded behind it."""
    client, _ = sides(packets)
    full = [i for i, p in enumerate(packets) if payload(p[1])[2] > payload(p[1])[1]]
    hello = next(i for i in full if side_of(packets[i][1], client) == CLIENT and packets[i][1][payload(packets[i][1])[1]] == 22)
    words = max(i for i in full if i < hello and side_of(packets[i][1], client) == SERVER)
    out = packets[:words] + packets[words + 1:hello + 1]
    return out + [[packets[hello][0] + 1, *packets[words][1:]]] + packets[hello + 1:]


def inside_renegotiation(packets):
    """The recorder was started when the client had asked for a renegotiation, and it was not answered yet."""
    client, _ = sides(packets)
    spoken = [i for i, p in enumerate(packets) if payload(p[1])[2] > payload(p[1])[1] and side_of(p[1], client) == CLIENT]
    first = [packets[i][1][payload(packets[i][1])[1]] for i in spoken]
    again = [i for i, kind in zip(spoken, first) if kind == 22][2]      # behind the hello and the first handshake's own flight
    return packets[again + 1:]


def without_hello(packets):
    """The recorder lost the ClientHello."""
    first = next(i for i, p in enumerate(packets) if payload(p[1])[2] > payload(p[1])[1])
    return packets[:first] + packets[first + 1:]


def without_clock(packets):
    """A recorder whose clock does not run."""
    return [[0, frame, size] for _, frame, size in packets]


FOREIGN_PORTS = {"dns": 53, "radius": 1812, "bfd": 3784}  # of UDP, which Wireshark's tables give to these


def datagrams_on(packets, port):
    """The same datagrams, to another port of the server; without checksums."""
    server = struct.unpack_from(">H", packets[0][1], 36)[0]
    out = []
    for when, frame, size in packets:
        new = bytearray(frame)
        for at in (34, 36):
            if struct.unpack_from(">H", new, at)[0] == server:
                struct.pack_into(">H", new, at, port)
        struct.pack_into(">H", new, 40, 0)
        out.append([when, bytes(new), size])
    return out
