#!/usr/bin/env python3
"""The notice on a port of another protocol: where Wireshark reads TLS as that, and not where it has left TLS unread.

usage: other_port.py tlswhy.so

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import sys
import unittest

sys.dont_write_bytecode = True

from world import CAPTURES, ROOT, WorldTest

sys.path.insert(0, os.path.join(ROOT, "test", "lab"))
import derive

PLUGIN = sys.argv.pop(1)


class OtherPort(WorldTest):
    PLUGIN = PLUGIN

    def notices(self, capture):
        done = self.world.run([self.world.tshark, "-n", "-r", capture, "-Y", "tlswhy.notice", "-T", "fields", "-e", "tlswhy.notice"])
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.splitlines()

    def capture(self, *name):
        return self.world.put(os.path.join(CAPTURES, *name), name[-1])

    def test_port_of_another(self):
        texts = self.notices(self.capture("server-cert-unknown-ca", "rediscli-redis-13.pcapng"))
        self.assertTrue([text for text in texts if '"Decode As" tcp.port == ' in text], texts)

    def test_acknowledged_before_it_comes(self):
        """Stock Wireshark takes such a ClientHello for one that was sent again, and reads nothing in it."""
        path = os.path.join(self.world.own_folder("made"), "swapped.pcap")
        derive.to_pcap(self.capture("server-cert-unknown-ca", "curl-apache-12.pcapng"), path)
        head, packets = derive.read_pcap(path)
        hello = next(i for i, p in enumerate(packets) if p[1][derive.payload(p[1])[1]:][:1] == b"\x16")
        first, then = packets[hello:hello + 2]
        self.assertNotEqual(first[1][26:30] + first[1][34:36], then[1][26:30] + then[1][34:36])
        packets[hello:hello + 2] = [first[0], *then[1:]], [then[0], *first[1:]]
        derive.write_pcap(path, head, packets)
        os.chmod(path, 0o644)
        self.assertEqual([text for text in self.notices(path) if "Decode As" in text], [])


if __name__ == "__main__":
    unittest.main()
