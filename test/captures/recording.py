"""A capture file as its packets, to be changed and written again; secrets go with it.

Only what the lab writes: pcapng in little endian, one interface, microseconds.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import collections
import struct

SECTION, INTERFACE, PACKET, SECRETS = 0x0A0D0D0A, 1, 6, 10
ETHERNET = 1
UDP, RADIUS_PORT, RADIUS_HEADER, RADIUS_STATE = 17, 1812, 20, 24

Packet = collections.namedtuple("Packet", "time data size")     # microseconds, captured bytes, bytes on the wire


class Recording:
    """LINK: the interface's link type; SECRETS: blocks as they stand in the file."""

    def __init__(self, link, packets, secrets=()):
        self.link, self.packets, self.secrets = link, packets, list(secrets)

    def with_packets(self, packets):
        return Recording(self.link, packets, self.secrets)


def blocks(data):
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if length < 12:
            raise ValueError("no block at byte %d" % at)
        yield kind, data[at:at + length]
        at += length


def read(path):
    """ValueError: more interfaces than one, or another resolution."""
    with open(path, "rb") as file:
        data = file.read()
    links, packets, secrets = [], [], []
    for kind, block in blocks(data):
        if kind == INTERFACE:
            links.append(struct.unpack_from("<H", block, 8)[0])
            if resolution(block) != 6:
                raise ValueError("no microseconds")
        elif kind == SECRETS:
            secrets.append(block)
        elif kind == PACKET:
            high, low, captured, size = struct.unpack_from("<IIII", block, 12)
            packets.append(Packet(high << 32 | low, block[28:28 + captured], size))
    if len(links) != 1:
        raise ValueError("%d interfaces" % len(links))
    return Recording(links[0], packets, secrets)


def resolution(block):
    at = 16
    while at + 4 <= len(block) - 4:
        code, length = struct.unpack_from("<HH", block, at)
        if code == 9:
            return block[at + 4]
        if code == 0:
            break
        at += 4 + (length + 3) // 4 * 4
    return 6


def block_of(kind, body):
    body += bytes(-len(body) % 4)
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def write(path, recording, interfaces=1):
    """INTERFACES: with more than one, packets go to them by turns."""
    out = [block_of(SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    out += [block_of(INTERFACE, struct.pack("<HHI", recording.link, 0, 0))] * interfaces
    out += recording.secrets
    for n, packet in enumerate(recording.packets):
        time = max(0, packet.time)
        out.append(block_of(PACKET, struct.pack("<IIIII", n % interfaces, time >> 32, time & 0xFFFFFFFF, len(packet.data), packet.size) + packet.data))
    with open(path, "wb") as file:
        file.write(b"".join(out))


def is_ipv4(packet):
    return len(packet.data) > 34 and packet.data[12:14] == b"\x08\x00" and packet.data[14] >> 4 == 4


def sender(packet):
    """Address and port; of what is_ipv4()."""
    at = 14 + (packet.data[14] & 15) * 4
    return packet.data[26:30] + packet.data[at:at + 2]


def change_radius_state(data, at, number):
    """DATA from AT on is IPv4: where it carries RADIUS, the State becomes one of NUMBER. By it a conversation is known
    whatever its addresses (RFC 2865 5.24): a copy with the same State would be the same one, forwarded by a proxy."""
    udp = at + (data[at] & 15) * 4
    if data[at + 9] != UDP or len(data) < udp + 8 or RADIUS_PORT not in struct.unpack_from(">HH", data, udp):
        return
    attribute = udp + 8 + RADIUS_HEADER
    while attribute + 2 < len(data) and data[attribute + 1] > 2:
        if data[attribute] == RADIUS_STATE:
            data[attribute + 2] ^= number
        attribute += data[attribute + 1]


def at_address(packet, number):
    """The packet with addresses of its own for NUMBER; checksums are not mended, nobody checks them."""
    tagged = packet.data[12:14] == b"\x81\x00"
    at = (18 if tagged else 14) + 12
    if len(packet.data) < at + 8:
        return packet
    data = bytearray(packet.data)
    for where in (at, at + 4):
        data[where:where + 2] = bytes((10, number))
    change_radius_state(data, at - 12, number)
    return packet._replace(data=bytes(data))


def at_port(packet, known, number):
    """The packet of UDP over IPv4 with port NUMBER in the place of KNOWN; without a checksum, which IPv4 allows."""
    if not is_ipv4(packet) or packet.data[23] != 17:
        return packet
    data, at = bytearray(packet.data), 14 + (packet.data[14] & 15) * 4
    for where in (at, at + 2):
        if data[where:where + 2] == known.to_bytes(2, "big"):
            data[where:where + 2] = number.to_bytes(2, "big")
    data[at + 6:at + 8] = b"\0\0"
    return packet._replace(data=bytes(data))
