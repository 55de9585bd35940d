#!/usr/bin/env python3
"""Runs the plugin on every capture here and compares.

usage: run.py --plugin tlswhy.so [--update] [PATTERN...]

Beside NAME.pcapng stands NAME.expected, a line per verdict:

  frame|cause|confidence|sender|phase|alert|reason

and in labels.jsonl what an expert may say. A capture passes if the verdicts are the expected ones,
agree with the label, and are the same through every door (one pass, two passes, JSON, fields,
column, report). --update writes the verdicts into the .expected files; look at the difference
before you commit it. PATTERN: only captures whose path contains it. TSHARK: another tshark.

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
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "doors"))
sys.dont_write_bytecode = True

import doors
import labels
from world import World


def lines_of(verdicts):
    return ["|".join(map(str, verdict)) + "\n" for verdict in verdicts]


def compare_with_golden(path, verdicts, update):
    golden = os.path.splitext(path)[0] + ".expected"
    if update:
        with open(golden, "w", encoding="utf-8") as out:
            out.writelines(lines_of(verdicts))
        return []
    if not os.path.exists(golden):
        return ["%s is missing (--update writes it)" % os.path.basename(golden)]
    with open(golden, encoding="utf-8") as lines:
        return list(difflib.unified_diff(list(lines), lines_of(verdicts), "expected", "got", n=0))[2:]


def compare_with_label(path, verdicts):
    label = labels.read(os.path.dirname(path)).get(os.path.basename(path))
    return labels.differences(label, verdicts) if label else ["labels.jsonl does not have it"]


def compare_doors(world, capture, verdicts, options):
    """VERDICTS came through two passes and JSON; all other doors are held against them."""
    seen_in_one_pass = [verdict for verdict in verdicts if verdict.cause not in doors.LATE]
    found = []
    fields = doors.one_pass_fields(world, capture, **options)
    found += difflib.unified_diff(lines_of(seen_in_one_pass), lines_of(fields), "two passes, JSON", "one pass, fields", n=0)

    reasons = collections.defaultdict(list)
    for verdict in seen_in_one_pass:
        reasons[verdict.frame].append(verdict.reason)
    column = doors.custom_column(world, capture, **options)
    wanted = {frame: ",".join(texts) for frame, texts in reasons.items()}
    if column != wanted:
        found.append("column shows %r instead of %r" % (column, wanted))

    text, counts = doors.report(world, capture, **options)
    failures = [verdict for verdict in verdicts if verdict.cause not in doors.BENIGN]
    if counts != collections.Counter(verdict.cause for verdict in failures):
        found.append("report counts %r" % dict(counts))
    found += ["report lacks: " + verdict.reason for verdict in failures if verdict.reason not in text]
    return found


def check(world, path, update):
    """What is wrong with the verdicts on one capture: lines, none if nothing."""
    label = labels.read(os.path.dirname(path)).get(os.path.basename(path), {})
    options = {"decode_as": label.get("decode_as")}
    capture = world.put(path, os.path.join("captures", os.path.relpath(path, HERE)))
    try:
        verdicts = doors.two_passes_json(world, capture, **options)
        found = compare_with_golden(path, verdicts, update) + compare_with_label(path, verdicts)
        return found if update else found + compare_doors(world, capture, verdicts, options)
    except doors.DoorError as error:
        return [str(error)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("patterns", nargs="*")
    arguments = parser.parse_args()
    paths = [path for path in sorted(glob.glob(os.path.join(HERE, "*", "*.pcapng")))
             if not arguments.patterns or any(pattern in path for pattern in arguments.patterns)]
    if not paths:
        sys.exit("no capture found")
    failed = 0
    with World(arguments.plugin) as world, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [(path, pool.submit(check, world, path, arguments.update)) for path in paths]
        for path, job in jobs:
            wrong = job.result()
            failed += bool(wrong)
            if wrong:
                print("FAIL %s" % os.path.relpath(path, HERE))
                print("".join("     %s\n" % line.rstrip("\n") for line in wrong), end="", flush=True)
    print("%d captures, %d failed" % (len(paths), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
