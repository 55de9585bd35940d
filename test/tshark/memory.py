#!/usr/bin/env python3
"""A program that opens one file after the other gets the plugin's memory back at each close.

usage: memory.py tlswhy.so

Ten files in one sharkd, and one file ten times, each beside a sharkd without the plugin: Wireshark itself keeps something
of each file. What the plugin adds must not grow, over all those files, by what it needs for two of them.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "bench"))
sys.dont_write_bytecode = True

import captures
from sharkd import Sharkd
from world import WorldTest

PLUGIN = sys.argv.pop(1)
CONNECTIONS = 400        # in a file, of which most fail: their verdicts are what the plugin keeps most of
SETTLED = 3              # files after which caches have their size


class Memory(WorldTest):
    PLUGIN = PLUGIN

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ready = os.path.join(cls.world.folder, "ready.pcap")
        captures.write(cls.ready, 20)
        os.chmod(cls.ready, 0o644)
        cls.files = []
        for number in range(10):
            path = os.path.join(cls.world.folder, "%d.pcap" % number)
            captures.write(path, CONNECTIONS, healthy=0.05 + 0.01 * number)
            os.chmod(path, 0o644)
            cls.files.append(path)

    def sizes(self, files, stock):
        """Resident bytes after a small file, which makes the program ready, and after each of FILES."""
        with Sharkd(self.world, stock) as sharkd:
            found = []
            for path in [self.ready] + files:
                self.assertEqual(sharkd.ask("load", file=path), {"status": "OK"})
                sharkd.ask("frames")
                found.append(sharkd.memory())
            self.assertEqual(sharkd.ask("tap", tap0="stat:tlswhy") is None, stock)
        return found

    def check(self, files):
        plugin, stock = self.sizes(files, False), self.sizes(files, True)
        added = [mine - others for mine, others in zip(plugin, stock)]
        told = "bytes that the plugin adds, after each file: %s" % added
        self.assertGreater(added[1], added[0], told)
        self.assertLess(added[-1] - added[SETTLED], 2 * (added[1] - added[0]), told)
        print(told)

    def test_ten_files(self):
        self.check(self.files)

    def test_one_file_ten_times(self):
        self.check(self.files[:1] * 10)


if __name__ == "__main__":
    unittest.main()
