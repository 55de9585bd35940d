#!/usr/bin/env python3
"""Merges both captures of each pair here into one, by mergecap, and looks at what the plugin says of that.

usage: merged.py --plugin tlswhy.so [--each N] [PATTERN...]

The connection is there twice then: with other addresses where the router translates them, else in one stream, where TCP's
numbers make it look like repetitions. Its failure must be told once, with a cause and an origin that the labels of both
captures together allow (run.py), and evidence must name the interface; where nothing failed, nothing may be told. The
statistics must count what the report counts. Every second pair keeps its two interfaces; the others have one, as
mergecap makes of two files of the old format. Of what runs without TCP neither the origin nor the interface need be named.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import concurrent.futures
import json
import os
import re
import struct
import subprocess
import sys

sys.dont_write_bytecode = True
import run
from world import World

import doors

NAMED = ("interface ", "between ")


def drop_secrets(path, out):
    """mergecap and editcap cannot write them: blocks of type 10 (pcapng 4.7)."""
    with open(path, "rb") as file:
        data = file.read()
    at, kept = 0, b""
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        kept += b"" if kind == 10 else data[at:at + length]
        at += length
    with open(out, "wb") as file:
        file.write(kept)


def merge(world, folder, label, separate):
    """The path of both captures of LABEL's pair in one file; SEPARATE: each keeps its interface."""
    parts = []
    for key in ("capture", "with"):
        path = run.put(world, folder, label, key)
        parts.append(path + ".bare")
        drop_secrets(path, parts[-1])
    merged = parts[0] + ".merged.pcapng"
    subprocess.run(["mergecap", *(["-I", "none"] if separate else []), "-w", merged, *parts], check=True, capture_output=True)
    os.chmod(merged, 0o644)
    return merged


def differences(labels, failures, separate):
    """Sentences: what FAILURES, of one merged capture, have wrong."""
    told = [run.Told(*(run.of_json(f, key) for key in run.TOLD)) for f in failures if f["cause"] not in doors.BENIGN]
    best = {cause for label in labels for cause in label["best"]}
    if all(label["truth"] == "none" for label in labels):
        return ["frame %s: verdict %s where nothing failed" % (v.frame, v.cause) for v in told]
    if not told:
        return [] if "none" in best else ["no verdict where one of %s was expected" % "/".join(sorted(best))]
    found = [] if len(told) == 1 else ["told %d times" % len(told)]
    who = {name for label in labels for name in (label["who"], *run.expert.list_of(label.get("who_also")))} | run_missed(labels)
    datagrams = any(label.get("datagrams") for label in labels)
    who |= {"none"} if datagrams else set()
    for verdict, failure in zip(told, failures):
        at = "frame %s: " % verdict.frame
        if verdict.cause not in best:
            found.append(at + "cause %s is not among %s" % (verdict.cause, "/".join(sorted(best))))
        if run.CONFIDENCE.index(verdict.confidence) > max(run.CONFIDENCE.index(label["most"]) for label in labels):
            found.append(at + "%s is more than both captures allow" % verdict.confidence)
        if verdict.origin.replace("-", "none") not in who:
            found.append(at + "origin %s is not %s" % (verdict.origin, "/".join(sorted(who))))
        if verdict.origin != "-" and separate and not datagrams and not any(e["text"].startswith(NAMED) for e in failure["evidence"]):
            found.append(at + "no evidence names the interface")
    return found


def run_missed(labels):
    """{"none"}, where run.py allows one of the captures to have no origin."""
    missed = run.read_missed()
    keys = {"%s/%s --with %s" % (os.path.basename(label["folder"]), label["capture"], label["with"]) for label in labels}
    return {"none"} if keys & set(missed) else set()


def check(world, folder, labels, separate):
    done = world.run([world.tshark, "-q", "-n", "-r", merge(world, folder, labels[0], separate), "-z", "tlswhy,report:json", "-z", "tlswhy,tree"])
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        return ["tshark: status %d: %s" % (done.returncode, done.stderr.strip())]
    return differences(labels, [f for line in lines for f in line.get("failures", [])], separate) + miscounted(lines[-1]["summary"], done.stdout)


def miscounted(summary, tree):
    """Sentences: what the statistics in TREE count otherwise than the report's SUMMARY."""
    names = {"connections": "Connections", "failed": "Failed", "completed": "Completed", "undecided": "Undecided"}
    counts = {key: re.search(r"^ *%s +(\d+)" % name, tree, re.M) for key, name in names.items()}
    return ["the statistics count %s %s, the report %d" % (found[1] if found else "no", key, summary[key])
            for key, found in counts.items() if not found or int(found[1]) != summary[key]]


def pairs_of(patterns):
    """[(folder, name, labels of both captures)], of one connection each"""
    found = {}
    for path in sorted(run.glob.glob(os.path.join(run.HERE, "*", "labels.jsonl"))):
        folder = os.path.dirname(path)
        for label in run.read_labels(folder):
            if label["capture"].endswith((".client.pcapng", ".server.pcapng")) and os.path.basename(folder) != "inspected":
                found.setdefault((folder, label["pair"]), []).append({**label, "folder": folder})
    return [(folder, name, labels) for (folder, name), labels in found.items()
            if not patterns or any(p in os.path.join(folder, name) for p in patterns)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--each", type=int, default=1, metavar="N")
    parser.add_argument("patterns", nargs="*")
    args = parser.parse_args()
    chosen, failed = pairs_of(args.patterns)[::args.each], 0
    if not chosen:
        sys.exit("no pair found")
    with World(args.plugin) as world, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [(folder, name, pool.submit(check, world, folder, labels, at % 2 == 0)) for at, (folder, name, labels) in enumerate(chosen)]
        for folder, name, job in jobs:
            wrong = job.result()
            if wrong:
                failed += 1
                print("FAIL %s/%s, merged\n     %s" % (os.path.basename(folder), name, "\n     ".join(wrong)), flush=True)
    print("%d merged pairs, %d failed" % (len(chosen), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
