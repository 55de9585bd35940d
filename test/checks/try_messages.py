#!/usr/bin/env python3
"""plugin/try.sh and test/run.sh stop with a clear word, before they touch anything, where they
cannot work.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Scripts(unittest.TestCase):
    def run_script(self, script, *arguments, **options):
        return subprocess.run(["/bin/sh", os.path.join(ROOT, script), *arguments], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, **options)

    def test_other_distribution(self):
        """Without apt-get, that is: of all programs there are only three, none of which changes anything."""
        with tempfile.TemporaryDirectory() as folder:
            for program in ("cat", "dirname", "id"):
                os.symlink(shutil.which(program), os.path.join(folder, program))
            for script in ("plugin/try.sh", "test/run.sh"):
                with self.subTest(script):
                    done = self.run_script(script, env={"PATH": folder})
                    self.assertIn("Fedora: dnf install", done.stderr)
                    self.assertIn("Arch:   pacman -S", done.stderr)
                    self.assertEqual((done.returncode, done.stdout), (2, ""))

    def test_no_such_capture(self):
        done = self.run_script("plugin/try.sh", "absent.pcapng")
        self.assertEqual((done.returncode, done.stderr), (2, "tlswhy: absent.pcapng: no such file\n"))

    def test_too_many_arguments(self):
        done = self.run_script("plugin/try.sh", "one", "two")
        self.assertEqual((done.returncode, done.stderr), (2, "tlswhy: usage: sh plugin/try.sh [CAPTURE]\n"))


if __name__ == "__main__":
    unittest.main()
