#!/usr/bin/env python3
"""What another capture shows, in the real Wireshark: the preference tlswhy.remembered, with a file of facts that
`tlswhy --remember` wrote, with one that is damaged, and with one of another version.

usage: remembered.py --plugin tlswhy.so --command TLSWHY --screenshots FOLDER

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import glob
import os
import shutil
import sys

sys.dont_write_bytecode = True
import run
from world import ROOT, World

MAGIC = b"tlswhy-facts-"
PAIR = os.path.join(ROOT, "test", "pairs", "reset", "curl-nginx-12-hello-client.%s.pcapng")


def put_profile(world, name, remembered):
    """A profile with this value of the preference."""
    path = os.path.join(world.folder, "preferences")
    with open(path, "w", encoding="utf-8") as file:
        file.write("tlswhy.remembered: %s\n" % remembered)
    world.put(path, os.path.join("home", ".config", "wireshark", "profiles", name, "preferences"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--command", required=True)
    parser.add_argument("--screenshots", required=True)
    arguments = parser.parse_args()
    missing = [program for program in run.PROGRAMS if not shutil.which(program)]
    if missing:
        sys.exit("not installed: %s (test/run.sh installs what the tests need)" % ", ".join(missing))
    os.makedirs(arguments.screenshots, exist_ok=True)
    with World(arguments.plugin) as world, run.Display() as display:
        capture, other = (world.put(PAIR % end, end + ".pcapng") for end in ("client", "server"))
        pictures, facts = world.own_folder("pictures"), os.path.join(world.own_folder("facts"), "server.facts")
        done = world.run([world.put(arguments.command, "tlswhy"), "--remember", facts, other])
        if done.returncode:
            sys.exit("tlswhy --remember: %s" % done.stderr)
        with open(facts, "rb") as whole, open(facts + ".cut", "wb") as cut:
            cut.write(whole.read()[:-100])
        with open(facts, "rb") as whole, open(facts + ".old", "wb") as old:
            old.write(MAGIC + b"1" + whole.read()[len(MAGIC) + 1:])
        for end in (".cut", ".old"):
            os.chmod(facts + end, 0o644)
        put_profile(world, "Whole", facts)
        put_profile(world, "Cut", facts + ".cut")
        put_profile(world, "Old", facts + ".old")
        world.give("home")
        world.put(os.path.join(run.HERE, "person.py"), "person.py")
        session = world.put(os.path.join(run.HERE, "session_remembered.py"), "session_remembered.py")
        try:
            done = run.sit_down(world, display, session, capture, pictures)
        finally:
            for picture in glob.glob(os.path.join(pictures, "*.png")):
                shutil.copy(picture, arguments.screenshots)
    print(done.stdout + (done.stderr if done.returncode else ""), end="")
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
