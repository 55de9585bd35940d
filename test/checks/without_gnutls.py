#!/usr/bin/env python3
"""A build without GnuTLS, which Wireshark can do without as well: certificates are unread, and the verdicts say so.

usage: without_gnutls.py CMAKE

Nobody healthy is accused, and where the certificate decides nothing more than the alert itself does is said.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "test", "tshark"))
sys.dont_write_bytecode = True
from world import CAPTURES, World

CMAKE = sys.argv.pop(1)


class WithoutGnuTLS(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        for command in ([CMAKE, "-S", ROOT, "-B", folder, "-DTLSWHY_GNUTLS=OFF", "-DTLSWHY_WERROR=ON"],
                        [CMAKE, "--build", folder, "--target", "tlswhy"]):
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        cls.plugin = os.path.join(folder, "tlswhy.so")
        cls.world = cls.enterClassContext(World(cls.plugin))

    def test_not_linked(self):
        symbols = subprocess.run(["nm", "--dynamic", self.plugin], check=True, capture_output=True, text=True).stdout
        self.assertNotIn("gnutls_", symbols)

    def test_said(self):
        path = os.path.join(CAPTURES, "founding-story", "apache-renegotiation.keys.pcapng")
        said = self.world.run([self.world.tshark, "-r", self.world.put(path, "founding.pcapng"), "-Y", "tlswhy.cause",
                               "-T", "fields", "-e", "tlswhy.cause", "-e", "tlswhy.confidence", "-e", "tlswhy.evidence"]).stdout
        self.assertRegex(said, "^client-cert-unknown-ca\tlikely\t")
        self.assertIn("this build of tlswhy reads no certificates, as it was made without GnuTLS", said)

    def test_healthy(self):
        done = subprocess.run([sys.executable, os.path.join(ROOT, "test", "captures", "run.py"), "--plugin", self.plugin,
                               "--each", "10", os.sep + "healthy" + os.sep], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
