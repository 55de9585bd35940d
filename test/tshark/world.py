"""The same small world for every run of tshark: one plugin, one user, one home, one clock.

As root, Wireshark reads no plugin folder but the global one, where the plugin of these tests does
not belong. So root is dropped; and since that other user may not be able to read the checkout,
plugin and captures are copied into a temporary folder. Nothing of the caller's environment or
Wireshark profile gets in.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

NOBODY = 65534
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CAPTURES = os.path.join(ROOT, "test", "captures")
DIFFERENCES = os.path.join(ROOT, "test", "versions", "differences")


def differing(version):
    """{capture ("folder/name"): why its verdicts differ from what is expected, with this VERSION ("4.4") of Wireshark}"""
    with open(DIFFERENCES, encoding="utf-8") as lines:
        rows = [line.split(None, 2) for line in lines if line.strip() and not line.startswith("#")]
    return {capture: why.strip() for of, capture, why in rows if of == version}


class World:
    """with World("path/tlswhy.so") as world: world.run(["tshark", ...])"""

    def __init__(self, plugin, preload=""):
        self.plugin, self.preload = plugin, preload         # PRELOAD: what a plugin with sanitizers needs
        self.tshark = os.environ.get("TSHARK", "tshark")

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="tlswhy-test-")
        os.chmod(self.folder, 0o755)
        self.home = self.own_folder("home")
        self.environment = {"PATH": os.environ["PATH"], "HOME": self.home, "TMPDIR": self.own_folder("tmp"),
                            "TZ": "UTC", "LC_ALL": "C.UTF-8",
                            "WIRESHARK_PLUGIN_DIR": os.path.join(self.folder, "plugins"),
                            # the helpers that capture take long to ask, and some hang with the sanitizers
                            "WIRESHARK_EXTCAP_DIR": os.path.join(self.folder, "none")}
        self.version = re.search(r"(\d+\.\d+)\.\d+", self.run([self.tshark, "--version"]).stdout).group(1)
        if self.preload:
            self.environment.update(LD_PRELOAD=self.preload, ASAN_OPTIONS="detect_leaks=0")
        self.put(self.plugin, os.path.join("plugins", self.version, "epan", "tlswhy.so"))
        self.require_plugin()
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def own_folder(self, name):
        """A folder that the user of this world may write to."""
        path = os.path.join(self.folder, name)
        os.mkdir(path, 0o700)
        if os.getuid() == 0:
            os.chown(path, NOBODY, NOBODY)
        return path

    def put(self, source, name):
        """Copies a file into this world, readable; returns its path there."""
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        shutil.copyfile(source, path)
        os.chmod(path, 0o755)
        return path

    def give(self, name):
        """Lets the user of this world write to what was put there."""
        for folder, _, files in os.walk(os.path.join(self.folder, name)):
            for path in [folder] + [os.path.join(folder, file) for file in files]:
                if os.getuid() == 0:
                    os.chown(path, NOBODY, NOBODY)

    def identity(self):
        return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}

    def run(self, command, **options):
        """Like subprocess.run, in this world; output as text."""
        options.setdefault("env", self.environment)
        options.setdefault("timeout", 120)
        return subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
                              errors="replace", **self.identity(), **options)

    def require_plugin(self):
        """Without the plugin most comparisons would hold, on empty output."""
        listed = self.run([self.tshark, "-G", "plugins"])
        if not re.search(r"^tlswhy", listed.stdout, re.M):
            sys.exit("tshark does not load %s:\n%s" % (self.plugin, listed.stderr))


class WorldTest(unittest.TestCase):
    """Tests that share one world, self.world. A subclass sets PLUGIN, and COMMAND if it runs self.command."""

    COMMAND = None

    @classmethod
    def setUpClass(cls):
        cls.world = World(cls.PLUGIN)
        cls.world.__enter__()
        cls.addClassCleanup(cls.world.__exit__)
        cls.command = cls.COMMAND and cls.world.put(cls.COMMAND, "tlswhy")
