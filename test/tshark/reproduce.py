#!/usr/bin/env python3
"""The command that a verdict gives to make the same offer by hand: run for real, it makes the same offer.

usage: reproduce.py --plugin tlswhy.so

For captures of many clients the command is taken from the hint, sent to a socket of this test instead of the
capture's server, and run by a shell. What openssl then sends is held against the ClientHello of the capture:
versions, cipher suites, groups, signature algorithms (each in order, without GREASE), name, protocols. What openssl
lacks must be said in the hint.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import concurrent.futures
import glob
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True

import doors
from world import CAPTURES, World

SCSV = {0x00ff, 0x5600}
PER_FOLDER = 2                  # captures of one folder; each folder has clients of its own kinds
AT_LEAST = 25                   # commands that must have been run
FOLDERS = ["alpn-no-overlap", "cipher-no-overlap", "version-no-overlap", "group-no-overlap", "sigalg-no-overlap", "sni-*",
           "server-cert-expired", "client-cert-missing", "fallback-refused"]
CARRIERS = {"quic", "eap", "openvpn", "https", "tsql", "derived"}  # names begin so where openssl cannot say the same hello


def grease(value):
    return value & 0x0f0f == 0x0a0a and value >> 8 == value & 0xff


def numbers(data):
    return [v for v, in struct.iter_unpack(">H", data) if not grease(v) and v not in SCSV]


def parse(body, datagram):
    """A ClientHello without its header: what it offers."""
    at = 2 + 32
    at += 1 + body[at]
    if datagram:
        at += 1 + body[at]
    size, = struct.unpack_from(">H", body, at)
    offer = {"suites": numbers(body[at + 2:at + 2 + size]), "versions": [], "groups": [], "schemes": [], "name": None, "alpn": None,
             "fallback": b"\x56\x00" in [body[i:i + 2] for i in range(at + 2, at + 2 + size, 2)]}
    at += 2 + size
    at += 1 + body[at] + 2
    while at + 4 <= len(body):
        kind, size = struct.unpack_from(">HH", body, at)
        data, at = body[at + 4:at + 4 + size], at + 4 + size
        if kind == 0 and data:
            offer["name"] = data[5:]
        elif kind == 10:
            offer["groups"] = numbers(data[2:])
        elif kind == 13:
            offer["schemes"] = numbers(data[2:])
        elif kind == 16:
            offer["alpn"] = data[2:]
        elif kind == 43:
            offer["versions"] = numbers(data[1:])
    offer["versions"] = sorted(offer["versions"] or [struct.unpack_from(">H", body)[0]], reverse=not datagram)
    return offer


def hello_of(data, datagram):
    """The ClientHello's body, from the record that begins DATA; None: it is not whole."""
    record, message = (13, 12) if datagram else (5, 4)
    if len(data) < record + message or data[0] != 22 or data[record] != 1:
        return None
    size = int.from_bytes(data[record + 1:record + 4], "big")
    body = data[record + message:record + message + size]
    return body if len(body) == size else None


class Listener:
    """A server of one connection that only listens. With "with"."""

    def __init__(self, datagram):
        self.datagram, self.data = datagram, b""
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if datagram else socket.SOCK_STREAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(20)
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.listen)

    def __enter__(self):
        if not self.datagram:
            self.socket.listen(1)
        self.thread.start()
        return self

    def listen(self):
        try:
            if self.datagram:
                self.data = self.socket.recv(65536)
                return
            with self.socket.accept()[0] as peer:
                peer.settimeout(20)
                while hello_of(self.data, False) is None:
                    more = peer.recv(65536)
                    if not more:
                        break
                    self.data += more
        except OSError:
            pass

    def __exit__(self, *_):
        self.thread.join()
        self.socket.close()


def offer_of_capture(world, capture):
    """(what the client of the capture offers, over UDP?), or None: its hello is not in one segment."""
    for payload, datagram in (("tcp.payload", False), ("udp.payload", True)):
        shown = "dtls.handshake.type == 1" if datagram else "tls.handshake.type == 1"
        text = doors.tshark(world, capture, "-Y", shown, "-T", "fields", "-e", payload).split()
        body = hello_of(bytes.fromhex(text[0].split(",")[0]), datagram) if text else None
        if body:
            return parse(body, datagram), datagram
    return None


def hint_of(world, capture):
    """(the command, what it leaves out) of the first verdict that has one."""
    text = doors.tshark(world, capture, "-2", "-Y", "tlswhy.cause", "-T", "fields", "-e", "tlswhy.hint", "-E", "aggregator=" + doors.AGGREGATOR)
    for hint in text.replace("\n", doors.AGGREGATOR).split(doors.AGGREGATOR):
        found = re.match(r"Make the same offer by hand(?: \(without (.*?), which OpenSSL 3\.0 cannot offer so\))?: (openssl s_client .*)$", doors.unescaped(hint))
        if found:
            return found.group(2), [part for part in (found.group(1) or "").split(", ") if part]
    return None


def run_command(command, datagram):
    with Listener(datagram) as listener:
        command = re.sub(r"-connect '?\S+?'? ", "-connect %s " % listener.address, command, count=1)
        command = command.replace(" -cert CERTIFICATE.pem -key KEY.pem", "").replace("IDENTITY -psk HEXADECIMAL-KEY", "someone -psk 00")
        process = subprocess.Popen(["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   start_new_session=True)
        try:
            listener.thread.join(15)
        finally:
            if datagram:
                os.killpg(process.pid, signal.SIGKILL)  # the shell alone would leave openssl behind
            output = process.communicate(timeout=20)[0]
    body = hello_of(listener.data, datagram)
    return (parse(body, datagram), output) if body else (None, output)


def left_out_count(names):
    """How many names a hint speaks of: the last one may be "NAME and 7 more"."""
    more = re.search(r" and (\d+) more$", names[-1]) if names else None
    return len(names) + (int(more.group(1)) if more else 0)


def differences(wanted, got, left_out):
    found = []
    if wanted["versions"] == [0x0304]:                                 # what TLS 1.3 cannot use openssl keeps to itself
        wanted["suites"] = [s for s in wanted["suites"] if s >> 8 == 0x13]
        wanted["schemes"] = [s for s in wanted["schemes"] if s >> 8 > 3]
    lacking = 0
    for what in ("suites", "groups", "schemes"):
        known = [v for v in wanted[what] if v in got[what]]
        lacking += len(wanted[what]) - len(known)
        if known != got[what]:
            found.append("%s: openssl sent %r, the client %r" % (what, got[what], wanted[what]))
    if lacking != left_out_count(left_out):
        found.append("%d code points are lacking, but the hint says: %r" % (lacking, left_out))
    for what in ("name", "alpn", "versions", "fallback"):
        if wanted[what] != got[what]:
            found.append("%s: openssl sent %r, the client %r" % (what, got[what], wanted[what]))
    return found


def chosen():
    for pattern in FOLDERS:
        for folder in sorted(glob.glob(os.path.join(CAPTURES, pattern))):
            by_client = {}
            for path in sorted(glob.glob(os.path.join(folder, "*.pcapng"))):
                by_client.setdefault(re.split("[-.]", os.path.basename(path))[0], path)
            kept = [path for client, path in by_client.items() if client not in CARRIERS]
            yield from kept[:PER_FOLDER] if "*" in pattern else kept


def try_one(world, path):
    """None: this capture has no such hello or hint; else what is wrong with its command, as lines."""
    capture = world.put(path, os.path.join("captures", os.path.relpath(path, CAPTURES)))
    offer, hint = offer_of_capture(world, capture), hint_of(world, capture)
    if not offer or not hint or offer[1] != (" -dtls" in hint[0]):  # several connections: the hint is of another one
        return None
    got, output = run_command(hint[0], offer[1])
    wrong = differences(offer[0], got, hint[1]) if got else ["openssl sent no hello: " + output.strip()]
    return [hint[0]] + wrong if wrong else []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plugin", required=True)
    arguments = parser.parse_args()
    run, failed = 0, 0
    with World(arguments.plugin) as world, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, job in [(path, pool.submit(try_one, world, path)) for path in chosen()]:
            wrong = job.result()
            run += wrong is not None
            failed += bool(wrong)
            if wrong:
                print("FAIL %s\n     %s" % (os.path.relpath(path, CAPTURES), "\n     ".join(wrong)), flush=True)
    print("%d commands run, %d made another offer" % (run, failed))
    return 1 if failed or run < AT_LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
