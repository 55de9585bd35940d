#!/usr/bin/env python3
"""Runs the plugin on every capture here and compares.

usage: run.py --plugin tlswhy.so [--update] [--each N] [PATTERN...]

Beside the captures of a folder stand `expected`, what the plugin says of each (expected.py), and
labels.jsonl, what an expert may say. A capture passes if the verdicts (two passes, JSON) are
the expected ones, agree with the label, and are those of the report. all_doors.py looks elsewhere, too.

--update writes the verdicts into the `expected` files: look at the difference before you commit it.
PATTERN: only captures whose path contains it; --each: of these only each Nth. TSHARK in the environment: another
tshark. What ../versions/differences names for its version is expected to differ.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import collections
import concurrent.futures
import glob
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tshark"))
sys.dont_write_bytecode = True

import doors
import expected
import expert
from world import World, differing


def compare_with_label(label, verdicts):
    return expert.differences(label, verdicts) if label else ["labels.jsonl does not have it"]


def compare_report(report, verdicts):
    text, counts = report
    failures = [verdict for verdict in verdicts if verdict.cause not in doors.BENIGN]
    found = ["report lacks: " + verdict.reason for verdict in failures if verdict.reason not in text]
    if counts != collections.Counter(verdict.cause for verdict in failures):
        found.append("report counts %r" % dict(counts))
    return found


def check(world, path, wanted, update):
    """What is wrong with the verdicts on one capture: lines, none if nothing; and what `expected` should say of it.
    WANTED: what it says, None if nothing."""
    label = expert.read(os.path.dirname(path)).get(os.path.basename(path), {})
    options = {"decode_as": label.get("decode_as")}
    capture = world.put(path, os.path.join("captures", os.path.relpath(path, HERE)))
    try:
        verdicts, report = doors.two_passes(world, capture, **options)
        found, said = compare_with_label(label, verdicts), expected.lines_of(verdicts, expected.fields_named(wanted or []))
        if update:
            return found, said
        found += expected.differences(wanted, verdicts)
        found += compare_report(report, verdicts)
        return found, said
    except (doors.DoorError, ValueError) as error:
        return str(error).splitlines(), wanted or []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--each", type=int, default=1, metavar="N")
    parser.add_argument("patterns", nargs="*")
    arguments = parser.parse_args()
    paths = [path for path in sorted(glob.glob(os.path.join(HERE, "*", "*.pcapng")))
             if not arguments.patterns or any(pattern in path for pattern in arguments.patterns)][::arguments.each]
    if not paths:
        sys.exit("no capture found")
    folders = {folder: expected.read(folder) for folder in sorted(set(map(os.path.dirname, paths)))}
    told = collections.defaultdict(dict)
    failed, differ, said = 0, 0, time.monotonic()
    with World(arguments.plugin) as world, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [(path, pool.submit(check, world, path, folders[os.path.dirname(path)].get(os.path.basename(path)),
                                   arguments.update)) for path in paths]
        known = differing(world.version)
        for n, (path, job) in enumerate(jobs):
            wrong, told[os.path.dirname(path)][os.path.basename(path)] = job.result()
            if os.path.relpath(path, HERE) in known:
                differ += bool(wrong)
            elif wrong:
                failed += 1
                print("FAIL %s" % os.path.relpath(path, HERE))
                print("".join("     %s\n" % line.rstrip("\n") for line in wrong), end="", flush=True)
            if time.monotonic() - said > 60:
                said = time.monotonic()
                print("captures: %d of %d" % (n + 1, len(paths)), flush=True)
    for folder in told if arguments.update else ():
        expected.write(folder, told[folder])
    print("%d captures, %d failed, %d differ as versions/differences says" % (len(paths), failed, differ))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
