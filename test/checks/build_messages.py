#!/usr/bin/env python3
"""A build without one of the things it needs names the packages that bring it.

usage: build_messages.py CMAKE

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CMAKE = sys.argv.pop(1)


class Build(unittest.TestCase):
    def configure(self, *options, **environment):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([CMAKE, "-S", ROOT, "-B", folder, *options], capture_output=True, text=True,
                                  env=dict(os.environ, **environment))
        self.assertNotEqual(done.returncode, 0)
        return done.stderr

    def test_no_wireshark(self):
        self.assertIn("tlswhy: Wireshark's development files are missing: install wireshark-dev (Debian/Ubuntu), "
                      "wireshark-devel (Fedora/RHEL), wireshark-devel (openSUSE), wireshark-cli (Arch), wireshark-dev (Alpine)\n",
                      self.configure("-DCMAKE_DISABLE_FIND_PACKAGE_Wireshark=ON"))

    def test_no_libraries(self):
        said = self.configure(PKG_CONFIG_LIBDIR="/absent", PKG_CONFIG_PATH="")
        self.assertIn("GLib's development files are missing: install libglib2.0-dev (Debian/Ubuntu), ", said)
        self.assertIn("GnuTLS's development files are missing: install libgnutls28-dev (Debian/Ubuntu), ", said)

    def test_no_pkg_config(self):
        self.assertIn("pkg-config is missing: install ", self.configure("-DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON"))


if __name__ == "__main__":
    unittest.main()
