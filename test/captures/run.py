#!/usr/bin/env python3
"""Runs the plugin on every capture here and compares.

usage: run.py --plugin tlswhy.so [--update] [--all-doors] [--each N] [PATTERN...]

Beside the captures of a folder stand `expected`, what the plugin says of each (expected.py), and
labels.jsonl, what an expert may say. A capture passes if the verdicts (two passes, JSON) are
the expected ones, agree with the label, and are those of the report. For the first capture of each
folder, and with --all-doors for each one, all other doors must show the same: one pass, fields, a
custom column, the report after one pass. Where the label says "hindsight", what comes later tells the
cause, which one pass can show only in its report.

--update writes the verdicts into the `expected` files: look at the difference before you commit it.
PATTERN: only captures whose path contains it; --each: of these only each Nth. TSHARK in the environment: another
tshark.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import collections
import concurrent.futures
import difflib
import glob
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tshark"))
sys.dont_write_bytecode = True

import doors
import expected
import expert
from world import World


def rows(verdicts):
    return ["|".join(map(str, verdict)) + "\n" for verdict in verdicts]


def compare_with_label(label, verdicts):
    return expert.differences(label, verdicts) if label else ["labels.jsonl does not have it"]


def compare_report(report, verdicts):
    text, counts = report
    failures = [verdict for verdict in verdicts if verdict.cause not in doors.BENIGN]
    found = ["report lacks: " + verdict.reason for verdict in failures if verdict.reason not in text]
    if counts != collections.Counter(verdict.cause for verdict in failures):
        found.append("report counts %r" % dict(counts))
    return found


def brief(verdict):
    return verdict.frame, verdict.cause, verdict.confidence, doors.unescaped(verdict.reason)


def compare_one_pass(got, verdicts):
    wanted = [brief(verdict) for verdict in verdicts]
    return list(difflib.unified_diff(rows(wanted), rows(got), "two passes, JSON", "one pass, fields", n=0))


def compare_column(got, verdicts):
    reasons = collections.defaultdict(list)
    for verdict in verdicts:
        reasons[verdict.frame].append(verdict.reason)
    wanted = {frame: ",".join(texts) for frame, texts in reasons.items()}
    return [] if got == wanted else ["column shows %r instead of %r" % (got, wanted)]


def check(world, path, wanted, all_doors, update):
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
        if not all_doors:
            return found, said
        in_one_pass = doors.one_pass(world, capture, **options)
        if label.get("hindsight"):
            found += [] if [v[0] for v in in_one_pass] == [v.frame for v in verdicts] else ["one pass has verdicts on other frames"]
        else:
            early = [verdict for verdict in verdicts if not doors.may_be_late(verdict) or brief(verdict) in in_one_pass]
            found += compare_one_pass(in_one_pass, early)
            found += compare_column(doors.custom_column(world, capture, **options), early)
        if doors.report(world, capture, **options) != report:
            found.append("the report after one pass differs from that after two")
        return found, said
    except (doors.DoorError, ValueError) as error:
        return str(error).splitlines(), wanted or []


def first_of_folders(paths):
    firsts = {}
    for path in paths:
        firsts.setdefault(os.path.dirname(path), path)
    return set(firsts.values())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--all-doors", action="store_true")
    parser.add_argument("--each", type=int, default=1, metavar="N")
    parser.add_argument("patterns", nargs="*")
    arguments = parser.parse_args()
    paths = [path for path in sorted(glob.glob(os.path.join(HERE, "*", "*.pcapng")))
             if not arguments.patterns or any(pattern in path for pattern in arguments.patterns)][::arguments.each]
    if not paths:
        sys.exit("no capture found")
    through_all = paths if arguments.all_doors else first_of_folders(paths)
    folders = {folder: expected.read(folder) for folder in sorted(set(map(os.path.dirname, paths)))}
    told = collections.defaultdict(dict)
    failed = 0
    with World(arguments.plugin) as world, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [(path, pool.submit(check, world, path, folders[os.path.dirname(path)].get(os.path.basename(path)),
                                   path in through_all, arguments.update)) for path in paths]
        for path, job in jobs:
            wrong, told[os.path.dirname(path)][os.path.basename(path)] = job.result()
            failed += bool(wrong)
            if wrong:
                print("FAIL %s" % os.path.relpath(path, HERE))
                print("".join("     %s\n" % line.rstrip("\n") for line in wrong), end="", flush=True)
    for folder in told if arguments.update else ():
        expected.write(folder, told[folder])
    print("%d captures, %d failed" % (len(paths), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
