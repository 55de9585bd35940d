"""One process of sharkd, asked over its standard input: what a program with many files open one after the other sees.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import re
import subprocess


class Ended(Exception):
    """sharkd is gone; with what it wrote to standard error."""


class Sharkd:
    """with Sharkd(world) as sharkd: sharkd.ask("load", file=...). STOCK: without the plugin."""

    def __init__(self, world, stock=False):
        environment = dict(world.environment, MALLOC_ARENA_MAX="1", MALLOC_TRIM_THRESHOLD_="0") # what is free goes back
        if stock:
            environment["WIRESHARK_PLUGIN_DIR"] = os.path.join(world.folder, "none")
        self.errors = open(os.path.join(world.folder, "sharkd.err"), "w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen(["sharkd", "-"], cwd=world.folder, env=environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.errors, encoding="utf-8", errors="replace",
                                        **world.identity())
        self.asked = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(60)
        self.errors.close()

    def said(self):
        """Its standard error so far."""
        self.errors.seek(0)
        return self.errors.read()

    def ask(self, method, **parameters):
        """The result, or None for an error that sharkd answers with (a file that is cut short)."""
        self.asked += 1
        try:
            self.process.stdin.write(json.dumps({"jsonrpc": "2.0", "id": self.asked, "method": method,
                                                 "params": parameters}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
            while line and not line.startswith("{"):
                line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise Ended(self.said())
        return json.loads(line).get("result")

    def memory(self):
        """Resident bytes."""
        with open("/proc/%d/status" % self.process.pid, encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+) kB", status.read()).group(1)) * 1024
