"""Captures made from captures: what networks and recorders do to packets, done by rule.

Works on plain pcap files with Ethernet and IPv4.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct
import subprocess


def read_pcap(path):
    data = open(path, "rb").read()
    head, at, packets = data[:24], 24, []
    while at < len(data):
        sec, usec, kept, size = struct.unpack_from("<IIII", data, at)
        packets.append([sec * 1000000 + usec, data[at + 16:at + 16 + kept], size])
        at += 16 + kept
    return head, packets


def write_pcap(path, head, packets):
    with open(path, "wb") as f:
        f.write(head)
        for when, data, size in packets:
            f.write(struct.pack("<IIII", when // 1000000, when % 1000000, len(data), size) + data)


def payload(frame):
    """(where TCP begins, where its payload begins, where the packet ends)"""
    ip = 14
    tcp = ip + (frame[ip] & 15) * 4
    return tcp, tcp + (frame[tcp + 12] >> 4) * 4, ip + struct.unpack_from(">H", frame, ip + 2)[0]


def has_alert(frame):
    _, start, end = payload(frame)
    return end > start and frame[start] == 21


def double_everything(packets):
    """Each packet twice, as where a mirror port shows both ways in and out."""
    return [copy for p in packets for copy in (p, [p[0] + 2, p[1], p[2]])]


def retransmit_alert(packets):
    """Each alert comes again after 210 ms, as if its acknowledgement had been lost."""
    again = [[p[0] + 210000, p[1], p[2]] for p in packets if has_alert(p[1])]
    return sorted(packets + again, key=lambda p: p[0])


def split(packets, most=536):
    """Segments of at most MOST bytes, as on a path with a small MTU."""
    out = []
    for when, frame, size in packets:
        tcp, start, end = payload(frame)
        if end - start <= most:
            out.append([when, frame, size])
            continue
        sequence = struct.unpack_from(">I", frame, tcp + 4)[0]
        for at in range(start, end, most):
            piece = frame[at:min(at + most, end)]
            new = bytearray(frame[:start] + piece)
            struct.pack_into(">H", new, 16, len(new) - 14)
            struct.pack_into(">I", new, tcp + 4, (sequence + at - start) & 0xFFFFFFFF)
            if at + most < end:
                new[tcp + 13] &= ~0x09                                 # FIN and PSH belong to the last one
            out.append([when + (at - start) // most, bytes(sums(new, tcp)), len(new)])
    return out


def split_and_shuffle(packets):
    """Small segments, of which the second and third of each burst change places."""
    out = split(packets)
    for i in range(1, len(out) - 1):
        a, b = out[i], out[i + 1]
        if out[i - 1][0] + 1 == a[0] and a[0] + 1 == b[0] and out[i - 1][1][26:38] == a[1][26:38] == b[1][26:38]:
            out[i], out[i + 1] = [a[0], b[1], b[2]], [b[0], a[1], a[2]]
            break
    return out


def without_start(packets):
    """The capture began after the server's flight."""
    flights = [i for i, p in enumerate(packets) if payload(p[1])[2] > payload(p[1])[1]]
    return packets[flights[1] + 1:]


def only_client(packets):
    """Only the client's direction was recorded."""
    client = packets[0][1][26:30] + packets[0][1][34:36]
    return [p for p in packets if p[1][26:30] + p[1][34:36] == client]


def only_server(packets):
    """Only the server's direction was recorded."""
    mine = only_client(packets)
    return [p for p in packets if p not in mine]


def only_hello(packets):
    """The capture ends when the ClientHello is out."""
    first = next(i for i, p in enumerate(packets) if payload(p[1])[2] > payload(p[1])[1])
    return packets[:first + 2]


def last_words(packets):
    """The capture began with the last payload."""
    return packets[max(i for i, p in enumerate(packets) if payload(p[1])[2] > payload(p[1])[1]):]


def without_server_flight(packets):
    """The recorder lost the packet with the server's certificate."""
    flights = [i for i, p in enumerate(packets) if payload(p[1])[2] > payload(p[1])[1]]
    return packets[:flights[1]] + packets[flights[1] + 1:]


def only_flights(packets, later=30):
    """A filter left the first flight of each side and nothing else; later another connection begins."""
    flights = [p for p in packets if payload(p[1])[2] > payload(p[1])[1]][:2]
    return flights + another(packets[:1], flights[-1][0] + later * 1000000)


def put_together(packets, later=365 * 86400):
    """A recording that ends behind the ClientHello and its acknowledgement, put together with one of a year later."""
    begin = only_hello(packets)
    return begin + another(packets, begin[-1][0] + later * 1000000)


def another(packets, begin):
    """The same at another time from another port."""
    server_port = struct.unpack_from(">H", packets[0][1], payload(packets[0][1])[0] + 2)[0]
    return moved(packets, begin, server_port, 50999)


def overtaken(packets):
    """Small segments; the second one of the server's flight overtakes the first."""
    out = split(packets)
    client = packets[0][1][26:30] + packets[0][1][34:36]
    first = next(i for i, p in enumerate(out) if p[1][26:30] + p[1][34:36] != client and payload(p[1])[2] > payload(p[1])[1])
    a, b = out[first], out[first + 1]
    out[first], out[first + 1] = [a[0], b[1], b[2]], [b[0], a[1], a[2]]
    return out


def renamed(packets, known=4):
    """All but the first datagrams bear connection IDs that nobody has seen; the recording goes on."""
    out = packets[:known]
    for when, frame, size in packets[known:]:
        out.append([when, frame[:40] + bytes(2) + b"\x40" + b"\xee" * 20 + frame[63:], size])      # QUIC begins at 42; no checksum
    later = bytearray(packets[0][1][:42] + bytes(20))
    struct.pack_into(">H", later, 16, len(later) - 14)
    struct.pack_into(">HHHH", later, 34, 50999, 9, 28, 0)                               # discard
    return out + [[out[-1][0] + 30000000, bytes(later), len(later)]]


def short(packets, most=96):
    """Recorded with a snapshot length of MOST bytes."""
    return [[when, frame[:most], size] for when, frame, size in packets]


def moved(packets, begin, server_port, client_port):
    """The same connection, beginning at another time, with another client port."""
    first, out = packets[0][0], []
    for when, frame, size in packets:
        tcp, _, _ = payload(frame)
        new = bytearray(frame)
        ports = struct.unpack_from(">HH", new, tcp)
        struct.pack_into(">HH", new, tcp, *(p if p == server_port else client_port for p in ports))
        out.append([begin + when - first, bytes(sums(new, tcp)), size])
    return out


def sums(frame, tcp):
    """The IP and TCP checksums made right."""
    struct.pack_into(">H", frame, 24, 0)
    struct.pack_into(">H", frame, 24, checksum(frame[14:tcp]))
    struct.pack_into(">H", frame, tcp + 16, 0)
    pseudo = bytes(frame[26:34]) + struct.pack(">BBH", 0, 6, len(frame) - tcp)
    struct.pack_into(">H", frame, tcp + 16, checksum(pseudo + bytes(frame[tcp:])))
    return frame


def checksum(data):
    data = bytes(data) + b"\0" * (len(data) % 2)
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def to_pcap(source, out):
    run = subprocess.run(["editcap", "-F", "pcap", source, out], capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError("editcap: " + run.stderr.strip())


IEEE802_11 = 105  # link type
QOS_DATA_TO_DS = b"\x88\x01\0\0"
LLC_SNAP = b"\xaa\xaa\x03\0\0\0"
A_MSDU = b"\x80\0"  # QoS control


def wireless(head):
    """The head of a pcap file, for 802.11 frames."""
    return head[:20] + struct.pack("<I", IEEE802_11)


def aggregate(connections):
    """One frame for the n-th packets of all CONNECTIONS."""
    frames = []
    for i in range(max(map(len, connections))):
        packets = [c[i] for c in connections if i < len(c)]
        body = b""
        for _, ethernet, _ in packets:
            body += b"\0" * (-len(body) % 4)  # each subframe begins at a multiple of four
            body += ethernet[:12] + struct.pack(">H", len(LLC_SNAP) + len(ethernet) - 12) + LLC_SNAP + ethernet[12:]
        frame = QOS_DATA_TO_DS + b"\2" * 6 + b"\4" * 6 + b"\6" * 6 + struct.pack("<H", i << 4) + A_MSDU + body
        frames.append([max(p[0] for p in packets), frame, len(frame)])
    return frames
