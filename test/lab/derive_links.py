"""What may lie around the same connection: tunnels, tags, other link layers, fragments. Each function takes packets of
Ethernet and IPv4 (derive.read_pcap) and gives (link type, packets).

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

from derive import checksum

ETHERNET, RAW, SLL, SLL2, LOOPBACK = 1, 101, 113, 276, 0
OUTER = bytes([198, 51, 100, 1]), bytes([198, 51, 100, 2])
MACS = b"\2\0\0\0\0\2" + b"\2\0\0\0\0\1"


def each(change, link=ETHERNET):
    """A function over all packets from one over a frame; it may give several frames."""
    def over(packets):
        out = []
        for when, frame, _ in packets:
            frames = change(frame)
            for i, new in enumerate(frames if isinstance(frames, list) else [frames]):
                out.append([when + i, new, len(new)])
        return link, out
    over.__doc__ = change.__doc__
    return over


def ip(protocol, payload, source=OUTER[0], target=OUTER[1], fragment=0, number=0):
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), number, fragment, 64, protocol, 0, source, target)
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def udp(source, target, payload):
    return struct.pack(">HHHH", source, target, 8 + len(payload), 0) + payload


def inner(frame):
    """The IPv4 packet, without padding."""
    return frame[14:14 + struct.unpack_from(">H", frame, 16)[0]]


def vlan(frame):
    """802.1Q"""
    return frame[:12] + b"\x81\0\0\x07" + frame[12:]


def qinq(frame):
    """802.1ad"""
    return frame[:12] + b"\x88\xa8\0\x05\x81\0\0\x07" + frame[12:]


def mpls(frame):
    """MPLS, two labels"""
    return frame[:12] + b"\x88\x47" + b"\0\x01\x00\x40" + b"\0\x02\x01\x40" + inner(frame)


def pppoe(frame):
    """PPPoE session"""
    packet = inner(frame)
    return frame[:12] + b"\x88\x64\x11\0\0\x01" + struct.pack(">H", len(packet) + 2) + b"\0\x21" + packet


def ip_in_ip(frame):
    """IP in IP (RFC 2003)"""
    return MACS + b"\x08\0" + ip(4, inner(frame))


def gre(frame):
    """GRE (RFC 2784)"""
    return MACS + b"\x08\0" + ip(47, b"\0\0\x08\0" + inner(frame))


def vxlan(frame):
    """VXLAN (RFC 7348)"""
    return MACS + b"\x08\0" + ip(17, udp(40000, 4789, b"\x08\0\0\0\0\0\x2a\0" + frame))


def gtp(frame):
    """GTP-U"""
    packet = inner(frame)
    return MACS + b"\x08\0" + ip(17, udp(2152, 2152, b"\x30\xff" + struct.pack(">HI", len(packet), 7) + packet))


def ipv6_packet(frame, headers=()):
    """The packet over IPv6; HEADERS: extension headers (number, what stands behind the next header and the length)."""
    packet = inner(frame)
    length = (packet[0] & 15) * 4
    tcp = bytearray(packet[length:])
    source, target = (b"\x20\x01\x0d\xb8" + bytes(8) + packet[at:at + 4] for at in (12, 16))
    struct.pack_into(">H", tcp, 16, 0)
    struct.pack_into(">H", tcp, 16, checksum(source + target + struct.pack(">II", len(tcp), 6) + tcp))
    payload, following = bytes(tcp), 6
    for number, body in reversed(headers):
        payload, following = bytes([following, len(body) // 8]) + body + payload, number
    return struct.pack(">IHBB", 0x60000000, len(payload), following, 64) + source + target + payload


def ipv6(frame):
    """IPv6"""
    return frame[:12] + b"\x86\xdd" + ipv6_packet(frame)


def ipv6_extensions(frame):
    """IPv6 with hop-by-hop and destination options"""
    return frame[:12] + b"\x86\xdd" + ipv6_packet(frame, ((0, b"\1\4\0\0\0\0"), (60, b"\1\4\0\0\0\0")))


def fragments(frame):
    """IP fragments of 256 bytes"""
    packet = inner(frame)
    body, number = packet[20:], struct.unpack_from(">H", packet, 4)[0] or 1
    assert packet[0] == 0x45
    if len(body) <= 256:
        return frame
    return [frame[:14] + ip(6, body[at:at + 256], packet[12:16], packet[16:20],
                            at // 8 | (0x2000 if at + 256 < len(body) else 0), number) for at in range(0, len(body), 256)]


def fragments_backwards(frame):
    """IP fragments of 256 bytes, the last one first"""
    got = fragments(frame)
    return got[::-1] if isinstance(got, list) else got


def raw(frame):
    """raw IP"""
    return inner(frame)


def sll(frame):
    """Linux cooked capture"""
    return struct.pack(">HHH8sH", 0, 1, 6, frame[6:12] + b"\0\0", 0x0800) + inner(frame)


def sll2(frame):
    """Linux cooked capture v2"""
    return struct.pack(">HHIHBB8s", 0x0800, 0, 1, 1, 0, 6, frame[6:12] + b"\0\0") + inner(frame)


def loopback(frame):
    """BSD loopback"""
    return struct.pack("<I", 2) + inner(frame)


ALL = [each(f) for f in (vlan, qinq, mpls, pppoe, ip_in_ip, gre, vxlan, gtp, ipv6, ipv6_extensions, fragments, fragments_backwards)] + \
    [each(raw, RAW), each(sll, SLL), each(sll2, SLL2), each(loopback, LOOPBACK)]
