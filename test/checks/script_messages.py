#!/usr/bin/env python3
"""plugin/try.sh and test/run.sh stop with a clear word, before they touch anything, where they
cannot work.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import shutil
import subprocess
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class ScriptTest(unittest.TestCase):
    def run_script(self, script, *arguments, **options):
        return subprocess.run(["/bin/sh", os.path.join(ROOT, script), *arguments], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, **options)


class Messages(ScriptTest):
    def test_other_distribution(self):
        """Without apt-get, that is: of all programs there are only three, none of which changes anything."""
        with tempfile.TemporaryDirectory() as folder:
            for program in ("cat", "dirname", "id"):
                os.symlink(shutil.which(program), os.path.join(folder, program))
            for script in ("plugin/try.sh", "test/run.sh"):
                with self.subTest(script):
                    done = self.run_script(script, env={"PATH": folder})
                    self.assertIn("Fedora:   dnf install cmake gcc make ", done.stderr)
                    self.assertIn("Arch:     pacman -S cmake ", done.stderr)
                    self.assertEqual((done.returncode, done.stdout), (2, ""))

    def test_capture(self):
        """Checked before anything is installed."""
        with tempfile.TemporaryDirectory() as folder:
            empty, text = (os.path.join(folder, name) for name in ("empty.pcap", "keys.log"))
            for path, content in ((empty, ""), (text, "CLIENT_RANDOM 00 00\n")):
                with open(path, "w", encoding="ascii") as file:
                    file.write(content)
            for path, words in (("absent.pcapng", "no such file"), (folder, "not a file"), (empty, "is empty"), (text, "is a text, not a capture")):
                with self.subTest(words):
                    done = self.run_script("plugin/try.sh", path)
                    self.assertEqual((done.returncode, done.stdout, done.stderr), (2, "", "tlswhy: %s: %s\n" % (path, words)))

    def test_help(self):
        for script in ("plugin/try.sh", "test/run.sh"):
            with self.subTest(script):
                done = self.run_script(script, "--help")
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertIn("  sh %s" % script, done.stdout)
                self.assertNotRegex(done.stdout, "(?m)^#|SPDX")

    def test_unknown_words(self):
        done = self.run_script("plugin/try.sh", "--install")
        self.assertEqual((done.returncode, done.stderr), (2, "tlswhy: --install: no such option; usage: sh plugin/try.sh [CAPTURE]\n"))
        done = self.run_script("test/run.sh", "everything")
        self.assertEqual((done.returncode, done.stderr), (2, "tlswhy: everything: no such part of the tests; sh test/run.sh --help lists them\n"))

    def test_too_many_arguments(self):
        done = self.run_script("plugin/try.sh", "one", "two")
        self.assertEqual((done.returncode, done.stderr), (2, "tlswhy: usage: sh plugin/try.sh [CAPTURE]\n"))


@unittest.skipUnless(shutil.which("apt-get") and os.getuid() == 0, "for root on Debian")
class Network(ScriptTest):
    def test_none(self):
        """One line within 20 seconds, be it that apt says so or that it says nothing; apt-get and dpkg-query are stand-ins."""
        for apt in ("echo Err:1 http://deb.example bookworm InRelease", "sleep 60"):
            with self.subTest(apt), tempfile.TemporaryDirectory() as folder:
                for name, line in (("apt-get", apt), ("dpkg-query", "exit 1"), ("apt-cache", "exit 1")):
                    with open(os.path.join(folder, name), "w", encoding="ascii") as file:
                        file.write("#!/bin/sh\nexec %s\n" % line if line.startswith("sleep") else "#!/bin/sh\n%s\n" % line)
                    os.chmod(file.name, 0o755)
                begin = time.monotonic()
                done = self.run_script("plugin/try.sh", env={"PATH": folder + ":" + os.environ["PATH"]})
                self.assertLess(time.monotonic() - begin, 20)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertRegex(done.stderr, r"\Atlswhy: asking the package sources \.\.\.\ntlswhy: no network: no package source [^\n]*\n\Z")


if __name__ == "__main__":
    unittest.main()
