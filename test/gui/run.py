#!/usr/bin/env python3
"""A person's way to the reason, in the real Wireshark on a display of its own.

usage: run.py --plugin tlswhy.so --screenshots FOLDER

What is expected to stand there comes from tshark. session.py, what the person does, runs in
the tests' world: without root, with nothing of the caller's desktop.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import glob
import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tshark"))
sys.dont_write_bytecode = True

import doors
from world import CAPTURES, ROOT, World

CAPTURE = os.path.join(CAPTURES, "founding-story", "apache-renegotiation.keys.pcapng")
SESSION_SECONDS = 500  # what it takes on a machine that is busy with other things; else a tenth
PROFILE = "TLS Troubleshooting"
PROGRAMS = ["Xvfb", "dbus-run-session", "import", "openbox", "wireshark", "xdotool"]
PYTHON = "/usr/bin/python3"  # the distribution's: it is the one that has pyatspi


class Display:
    """An X server that nobody else uses; it finds a free number itself. It keeps what it has when its last client leaves: the
    address that the accessibility bus leaves there, by which Debian's Qt 5 finds that bus in time."""

    def __enter__(self):
        reading, writing = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24", "-nolisten", "tcp",
                                        "-noreset"], pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as numbers:
            self.name = ":" + numbers.readline().strip()
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()


def expected_of(world, capture):
    """What session.py is to see: of the capture's one verdict, and what leads to it."""
    verdict = doors.two_passes(world, capture)[0][0]
    hello = doors.tshark(world, capture, "-2", "-Y", "tlswhy.failed_in", "-T", "fields", "-e", "frame.number").split()[0]
    graph = doors.tshark(world, capture, "-q", "-z", "flow,tlswhy,standard")
    return {"frame": str(verdict.frame), "cause": verdict.cause, "reason": verdict.reason, "hello": hello,
            "evidence": verdict.item.all("tlswhy.evidence")[0],
            "evidence frame": verdict.item.all("tlswhy.evidence_tree")[0].one("tlswhy.evidence.frame"),
            "filter": "tcp.stream == 0", "rungs": len(re.findall(r"^\|[\d.]+ +\|", graph, re.M))}


def sit_down(world, display, session, *arguments):
    """A run of session.py, on a session bus of its own."""
    environment = dict(world.environment, DISPLAY=display.name, XDG_RUNTIME_DIR=world.own_folder("run"),
                       QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1", QT_ACCESSIBILITY="1")
    try:
        return world.run(["dbus-run-session", "--", PYTHON, session, *arguments], timeout=SESSION_SECONDS, env=environment)
    except subprocess.TimeoutExpired as late:
        sys.exit("%s\nnot through within %d seconds" % ((late.stdout or b"").decode(), SESSION_SECONDS))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--screenshots", required=True)
    arguments = parser.parse_args()
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        sys.exit("not installed: %s (test/run.sh installs what the tests need)" % ", ".join(missing))
    os.makedirs(arguments.screenshots, exist_ok=True)
    with World(arguments.plugin) as world, Display() as display:
        capture = world.put(CAPTURE, "capture.pcapng")
        for file in glob.glob(os.path.join(ROOT, "plugin", "profile", "*")):
            world.put(file, os.path.join("home", ".config", "wireshark", "profiles", PROFILE, os.path.basename(file)))
        world.give("home")
        expected = os.path.join(world.folder, "expected.json")
        with open(expected, "w", encoding="utf-8") as file:
            json.dump(expected_of(world, capture), file)
        pictures = world.own_folder("pictures")
        world.put(os.path.join(HERE, "person.py"), "person.py")
        session = world.put(os.path.join(HERE, "session.py"), "session.py")
        try:
            done = sit_down(world, display, session, capture, expected, PROFILE, pictures)
        finally:
            for picture in glob.glob(os.path.join(pictures, "*.png")):
                shutil.copy(picture, arguments.screenshots)
    print(done.stdout + (done.stderr if done.returncode else ""), end="")
    print("screenshots are in " + arguments.screenshots)
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
