#!/usr/bin/env python3
"""The same connection in other clothes must get the same verdict.

usage: derived.py --plugin tlswhy.so [--each N] [PATTERN...]

Takes a sample of the captures here and derives others from them (../lab/derive*.py). Where the
bytes that prove a verdict are still there (tunnels, other link layers, an upgrade to TLS, duplicates, other
segment borders), the verdict must be the same but for its frames. Where some are missing, it may be weaker:
never proven with another cause, never by the other side, and nothing on a healthy connection.

PATTERN: only derivations whose name contains it; --each: of these only each Nth.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import concurrent.futures
import os
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
for folder in ("tshark", "lab"):
    sys.path.insert(0, os.path.join(os.path.dirname(HERE), folder))
sys.dont_write_bytecode = True

import derive
import derive_links
import derive_streams
import doors
from world import CAPTURES, World

# one of each kind: who rejects what, how it ends
SAMPLE = ["server-cert-expired/curl-apache-12", "client-cert-missing/ossl-ossl-12", "version-no-overlap/ossl-apache-13-12",
          "client-cert-issuer-not-listed/ossl-ossl-12", "healthy/ossl-ossl-12", "healthy/ossl-ossl-13"]
FEW = [SAMPLE[0], SAMPLE[-1]]
DATAGRAMS = ["cipher-no-overlap/dtls-ossl-ossl", "server-cert-expired/dtls-ossl-ossl", "client-cert-missing/dtls-ossl-ossl",
             "healthy/dtls-ossl-gnutls"]

SAME_STREAM = [derive.double_everything, derive.split, derive_streams.with_keep_alives,
               derive_streams.sent_again_in_pieces, derive_streams.sent_again_joined]
# of the last two Wireshark reads not all, as it puts nothing into order unless told (tcp.reassemble_out_of_order)
WEAKER = [derive.without_start, derive.without_server_flight, derive.short, derive_streams.without_hello, derive_streams.without_clock,
          derive.split_and_shuffle, derive_streams.ends_swapped]
NANOSECONDS = 0xa1b23c4d


def pcap_head(link, magic=0xa1b2c3d4):
    return struct.pack("<IHHiIII", magic, 2, 4, 0, 0, 262144, link)


def upgrade(name):
    port, words = derive_streams.UPGRADES[name]
    return lambda packets: (derive_links.ETHERNET, derive_streams.upgraded(packets, port, words))


def in_nanoseconds(path, packets):
    derive.write_pcap(path, pcap_head(derive_links.ETHERNET, NANOSECONDS),
                      [[w // 1000000 * 1000000, f, n] for w, f, n in packets])


def on_two_interfaces(path, packets):
    """Each direction on an interface of its own, one pcapng."""
    client, _ = derive_streams.sides(packets)
    parts = []
    for side in (derive_streams.CLIENT, derive_streams.SERVER):
        parts.append("%s.%d" % (path, side))
        derive.write_pcap(parts[-1], pcap_head(derive_links.ETHERNET), [p for p in packets if derive_streams.side_of(p[1], client) == side])
    subprocess.run(["mergecap", "-I", "none", "-w", path, *parts], check=True)


def plain_pcap(change):
    def write(path, packets):
        link, changed = change(packets)
        derive.write_pcap(path, pcap_head(link), changed)
    return write


def foreign(name):
    port = derive_streams.FOREIGN_PORTS[name]
    return lambda packets: (derive_links.ETHERNET, derive_streams.datagrams_on(packets, port))


def same_link(change):
    return lambda packets: (derive_links.ETHERNET, change(packets))


def derivations():
    """(name, sample, write(path, packets), may it be weaker?)"""
    for change in SAME_STREAM:
        yield change.__name__, SAMPLE, plain_pcap(same_link(change)), False
    for change in WEAKER:
        yield change.__name__, SAMPLE, plain_pcap(same_link(change)), True
    for change in derive_links.ALL:
        yield "link: " + change.__doc__, FEW, plain_pcap(change), False
    for name in derive_streams.UPGRADES:
        yield "upgrade: " + name, FEW, plain_pcap(upgrade(name)), False
    for name in derive_streams.FOREIGN_PORTS:
        yield "DTLS on the port of " + name, DATAGRAMS, plain_pcap(foreign(name)), False
    yield "nanoseconds", FEW, in_nanoseconds, False
    yield "two interfaces", FEW, on_two_interfaces, False


def brief(verdict):
    return verdict.cause, verdict.confidence, verdict.sender, verdict.phase, str(verdict.alert), doors.unescaped(verdict.reason)


def failures(world, path):
    verdicts, _ = doors.two_passes(world, path)
    return [brief(v) for v in verdicts if v.cause not in doors.BENIGN]


def differences(before, after, weaker):
    if not weaker:
        return [] if before == after else ["%s\n       became %s" % (before, after)]
    if not before:
        return ["on a healthy connection: %s" % (v,) for v in after]
    causes, senders = {v[0] for v in before}, {v[2] for v in before} | {"unknown"}
    wrong = [v for v in after if (v[1] == "proven" and v[0] not in causes) or v[2] not in senders]
    return ["%s is not what the undamaged capture says: %s" % (v, before) for v in wrong]


def one(world, source, name, write, weaker):
    original = os.path.join(world.folder, "sources", source.replace("/", "_") + ".pcap")
    _, packets = derive.read_pcap(original)
    derived = os.path.join(world.folder, "derived", "%s %s.pcap" % (source.replace("/", "_"), name.replace("/", "_").replace(":", "")))
    write(derived, packets)
    os.chmod(derived, 0o644)
    try:
        return differences(world.known[source], failures(world, derived), weaker)
    except (doors.DoorError, ValueError) as error:
        return str(error).splitlines()


def read_sources(world):
    """The sample as plain pcap files in this world, and what is said of them."""
    world.known = {}
    for source in SAMPLE + DATAGRAMS:
        path = os.path.join(world.folder, "sources", source.replace("/", "_") + ".pcap")
        derive.to_pcap(os.path.join(CAPTURES, source + ".pcapng"), path)
        os.chmod(path, 0o644)
        world.known[source] = failures(world, path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--each", type=int, default=1, metavar="N")
    parser.add_argument("patterns", nargs="*")
    arguments = parser.parse_args()
    chosen = [(name, source, write, weaker) for name, sample, write, weaker in derivations() for source in sample
              if not arguments.patterns or any(p in name for p in arguments.patterns)][::arguments.each]
    failed = n = 0
    with World(arguments.plugin) as world, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for folder in ("sources", "derived"):
            os.mkdir(os.path.join(world.folder, folder), 0o755)
        read_sources(world)
        jobs = [(name, source, pool.submit(one, world, source, name, write, weaker)) for name, source, write, weaker in chosen]
        for name, source, job in jobs:
            n, wrong = n + 1, job.result()
            failed += bool(wrong)
            if wrong:
                print("FAIL %s of %s" % (name, source))
                print("".join("     %s\n" % line for line in wrong), end="", flush=True)
    if not n:
        sys.exit("no derivation matches")
    print("%d derived captures, %d failed" % (n, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
