#!/usr/bin/env python3
"""Runs the plugin on every pair of captures here: on each capture alone, and with the other one.

usage: run.py --plugin tlswhy.so [--command TLSWHY] [--alone] [--update] [--each N] [PATTERN...]

Beside the captures of a folder stand `labels.jsonl`, what happened and what an expert may say of it (lab/make_pairs.py
writes both), and `expected`, what the plugin says: below "NAME.client.pcapng" the verdicts on that capture alone, in the
form of captures/expected.py, and below "NAME.client.pcapng --with NAME.server.pcapng" those of `tlswhy --with`, with the
origin after the alert; of a capture whose name with --with is not there, the label alone judges. What both captures do not
show yet, though the label says that they could, stands in `missed`, with what is lacking: silence or no origin, never an
accusation or a proof. A label says of a capture

  alone     the causes that it may show by itself; "none": silence is right
  best      the same with the other capture
  who       who made the connection fail: client, server, between; none where that cannot be told; who_also: right as well
  most      the highest confidence that both captures together allow
  must_say  what a person must be able to read from both
  datagrams true: no TCP carries it; only merged.py asks
  notice    a regular expression that a notice must match, where nothing failed

TLSWHY: the command, by default the one beside the plugin. --alone: only each capture alone, as also happens where the
command does not know --with. --update writes `expected`: look at the difference before you commit it. PATTERN: only
pairs whose path contains it; --each: of these only each Nth.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import collections
import concurrent.futures
import difflib
import glob
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), folder) for folder in ("captures", "tshark")]
sys.dont_write_bytecode = True

import doors
import expected
import expert
from world import World

CONFIDENCE = ["possible", "likely", "proven"]
TOLD = ["frame", "cause", "confidence", "sender", "phase", "alert", "origin", "reason"]

Told = collections.namedtuple("Told", TOLD)


def read_labels(folder):
    with open(os.path.join(folder, "labels.jsonl"), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def alone(world, folder, label):
    """(what is wrong with the verdicts on one capture, those verdicts as lines)"""
    verdicts, _ = doors.two_passes(world, put(world, folder, label, "capture"))
    return expert.differences({"truth": label["truth"], "best": label["alone"]}, verdicts), expected.lines_of(verdicts)


def together(world, command, folder, label):
    """The same with the other capture."""
    other, capture = (put(world, folder, label, key) for key in ("with", "capture"))
    done = world.run([command, "--json", "--with", other, capture])
    if done.returncode not in (0, 1):                                  # remarks on the other capture go to stderr
        return ["tlswhy --with: status %d: %s" % (done.returncode, done.stderr.strip())], []
    failures = [failure for line in done.stdout.splitlines() if line.startswith("{") for failure in json.loads(line).get("failures", [])]
    verdicts = [Told(*(of_json(failure, key) for key in TOLD)) for failure in failures]
    found = differences(label, [v for v in verdicts if v.cause not in doors.BENIGN])
    if "notice" in label:
        found += unnoticed(world, command, label["notice"], other, capture)
    return found, ["  " + "|".join(map(str, v)) for v in verdicts]


def unnoticed(world, command, wanted, other, capture):
    """Sentences: which notice CAPTURE has not, that must match WANTED."""
    facts = os.path.join(world.own_folder("facts of " + os.path.basename(other)), "facts")
    world.run([command, "--remember", facts, other])
    done = world.run([world.tshark, "-n", "-2", "-o", "tlswhy.remembered:" + facts, "-r", capture, "-T", "fields", "-e", "tlswhy.notice"])
    return [] if re.search(wanted, done.stdout) else ["no notice matches %s" % wanted]


def of_json(failure, key):
    value = failure.get(key)
    if isinstance(value, dict):                                        # an alert has its number and its name
        value = value.get("number")
    return "-" if value is None else value


def differences(label, verdicts):
    """Sentences: what these failures, of both captures together, have wrong."""
    if label["truth"] == "none":
        return ["frame %s: verdict %s where nothing failed" % (v.frame, v.cause) for v in verdicts]
    if not verdicts:
        return [] if "none" in label["best"] else ["no verdict where %s was expected" % "/".join(label["best"])]
    verdict = next((v for v in verdicts if v.cause in label["best"]), verdicts[0])
    found, at = [], "frame %s: " % verdict.frame
    if verdict.cause not in label["best"] and not ("none" in label["best"] and verdict.confidence != "proven"):
        found.append(at + "cause %s is not among %s" % (verdict.cause, "/".join(label["best"])))
    if CONFIDENCE.index(verdict.confidence) > CONFIDENCE.index(label["most"]):
        found.append(at + "%s, where both captures allow %s at most" % (verdict.confidence, label["most"]))
    right = [label["who"], *expert.list_of(label.get("who_also"))]
    if verdict.origin.replace("-", "none") not in right:
        found.append(at + "origin %s is not %s" % (verdict.origin, "/".join(right)))
    return found


def read_missed():
    """{"FOLDER/NAME --with OTHER": what is lacking}"""
    with open(os.path.join(HERE, "missed"), encoding="utf-8") as lines:
        return dict(line.rstrip("\n").split("\t") for line in lines if line.strip() and not line.startswith("#"))


def allow(missed, key, found):
    """FOUND without what is missed, as known; a sentence where it is not missed any more."""
    if key not in missed:
        return found
    lacking = [line for line in found if line.endswith(missed[key])]
    if not lacking:
        return found + ["is not missed any more: take it out of `missed`"]
    return [line for line in found if line not in lacking]


def put(world, folder, label, key):
    """Each label's check has copies of its own: the other capture's check runs beside it."""
    return world.put(os.path.join(folder, label[key]), os.path.join("pairs", os.path.basename(folder), "of " + label["capture"], label[key]))


def knows_with(world, command):
    return bool(command) and "--with" in world.run([command, "--help"]).stdout


def check(world, command, folder, label, wanted, missed, update):
    """(what is wrong, {name in `expected`: lines}) of one capture of a pair; COMMAND: None if alone only."""
    doings = {label["capture"]: lambda: alone(world, folder, label)}
    if command:
        doings["%s --with %s" % (label["capture"], label["with"])] = lambda: together(world, command, folder, label)
    wrong, told = [], {}
    for name, doing in doings.items():
        try:
            found, told[name] = doing()
        except (doors.DoorError, ValueError) as error:
            found, told[name] = str(error).splitlines(), wanted.get(name, [])
        found = allow(missed, "%s/%s" % (os.path.basename(folder), name), found)
        if not update and name in wanted:
            found += list(difflib.unified_diff(wanted[name], told[name], "expected", "got", n=0, lineterm=""))[2:]
        elif not update and name == label["capture"]:                  # with the other one, the label alone may judge
            found.append("`expected` does not have it (--update writes it)")
        wrong += ["%s: %s" % (name, line) for line in found]
    return wrong, told


def write(folder, told, labels):
    """What `expected` says of captures that are gone goes; the rest stays."""
    names = {name for label in labels for name in (label["capture"], "%s --with %s" % (label["capture"], label["with"]))}
    kept = {name: lines for name, lines in {**expected.read(folder), **told}.items() if name in names}
    with open(os.path.join(folder, expected.NAME), "w", encoding="utf-8") as out:
        for name in sorted(kept):
            out.write("".join(line + "\n" for line in [name, *kept[name]]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--command")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--each", type=int, default=1, metavar="N")
    parser.add_argument("patterns", nargs="*")
    args = parser.parse_args()
    labels = {folder: read_labels(folder) for folder in sorted(map(os.path.dirname, glob.glob(os.path.join(HERE, "*", "labels.jsonl"))))}
    chosen = [(folder, label) for folder in labels for label in labels[folder]
              if not args.patterns or any(p in os.path.join(folder, label["capture"]) for p in args.patterns)]
    pairs = sorted({(folder, label["pair"]) for folder, label in chosen})[::args.each]
    chosen = [(folder, label) for folder, label in chosen if (folder, label["pair"]) in set(pairs)]
    if not chosen:
        sys.exit("no pair found")
    command = None if args.alone else args.command or os.path.join(os.path.dirname(os.path.abspath(args.plugin)), "tlswhy")
    missed = read_missed()
    wants, told, failed = {folder: expected.read(folder) for folder in labels}, collections.defaultdict(dict), 0
    with World(args.plugin) as world, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        command = world.put(command, "tlswhy") if command and os.path.exists(command) else None
        if not knows_with(world, command):
            command = None
        jobs = [(folder, label, pool.submit(check, world, command, folder, label, wants[folder], missed, args.update)) for folder, label in chosen]
        for folder, label, job in jobs:
            wrong, lines = job.result()
            told[folder].update(lines)
            if wrong:
                failed += 1
                print("FAIL %s\n     %s" % (os.path.join(os.path.basename(folder), label["capture"]), "\n     ".join(wrong)), flush=True)
    for folder in told if args.update else ():
        write(folder, told[folder], labels[folder])
    print("%d pairs, %d captures%s, %d failed" % (len(pairs), len(chosen), "" if command else " (each alone)", failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
