#!/usr/bin/env python3
"""Makes captures afresh and judges them: keys, serial numbers, times and random bytes that no rule can have seen.

usage: fresh.py --plugin tlswhy.so [--keep FOLDER]   (an empty folder, for the captures and the programs' logs)

Some seventy cases of the lab's table, spread over the causes and over the programs that are installed, are played by
the real programs in a temporary folder; the verdicts on what was recorded are held against the cases' labels. Cases of
programs that are not here are left out and counted. Fewer than AT_LEAST captures are a failure; where nothing can be
recorded at all (neither root nor user namespaces) the status is 77.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import collections
import concurrent.futures
import glob
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE] + [os.path.join(os.path.dirname(HERE), folder) for folder in ("tshark", "captures")]
sys.dont_write_bytecode = True

import cases
import cases_breadth
import cases_ends
import cases_stacks
import doors
import expert
import runner
from capture import own_network
from case import Case
from labels import put
from programs import lacking
from world import World

WANTED, AT_LEAST, CANNOT = 64, 36, 77
WORKERS = 3                     # they mostly wait for each other's programs
SLOW = {"Java", "Apache httpd", "Go"}   # seconds to start or to build
TABLE = {c.name: c for c in cases.CASES + cases_stacks.CASES + cases_ends.CASES + cases_breadth.CASES
         if type(c) is Case and not c.later and not c.stop_capture_first and c.patience <= 4 and not SLOW & set(c.programs())}


def choose():
    """Of each cause the case whose programs have been chosen least, and so on until there are enough; no cause is left out."""
    left_out, used, chosen = collections.Counter(), collections.Counter(), []
    by_cause = collections.defaultdict(list)
    for case in TABLE.values():
        absent = lacking(case.programs())
        left_out.update("%s (package %s)" % a for a in absent)
        if not absent:
            by_cause[case.folder].append(case)
    while len(chosen) < WANTED and any(by_cause.values()):
        for folder in sorted(by_cause):
            if by_cause[folder]:
                case = min(by_cause[folder], key=lambda c: sum(used[p] for p in c.programs()))
                by_cause[folder].remove(case)
                used.update(case.programs())
                chosen.append(case)
    return chosen, left_out


def make(folder, names):
    """A worker: plays the cases NAMES in a network of its own; files and labels go to FOLDER."""
    port = own_network()
    bench = runner.Bench(os.path.join(folder, "bench"), port)
    for name in names:
        case = TABLE[name]
        os.makedirs(os.path.join(folder, "captures", case.folder), exist_ok=True)
        try:
            put(os.path.join(folder, "captures"), case.folder, bench.run(case, os.path.join(folder, "captures")))
            print("made %s" % name, flush=True)
        except Exception as error:                                     # two programs that did something else: no capture
            print("not made: %s: %s" % (name, " ".join(str(error).split())[:300]), flush=True)


def start_worker(folder, names):
    os.makedirs(os.path.join(folder, "bench"))
    for path in (folder, os.path.join(folder, "bench")):
        os.chmod(path, 0o755)                                          # some servers' workers are another user
    own = ["unshare", "--user", "--map-root-user", "--net"] if os.geteuid() else []
    return subprocess.Popen([*own, sys.executable, os.path.abspath(__file__), "--make", folder, *names],
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def can_record():
    if not all(shutil.which(p) for p in ("openssl", "dumpcap", "editcap", "ip", "unshare")):
        return False
    return not os.geteuid() or not subprocess.run(["unshare", "--user", "--map-root-user", "--net", "dumpcap", "-D"], capture_output=True).returncode


def judge(world, path, label):
    """What is wrong with the verdicts on one capture, as lines."""
    name = os.path.join("captures", *path.split(os.sep)[-2:])
    try:
        verdicts, _ = doors.two_passes(world, world.put(path, name), decode_as=label.get("decode_as"))
        return expert.differences(label, verdicts)
    except doors.DoorError as error:
        return str(error).splitlines()


def judge_all(plugin, folders):
    """[(file, what is wrong with its verdicts)]"""
    with World(plugin) as world, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = []
        for folder in folders:
            for name, label in sorted(expert.read(folder).items()):
                jobs.append((os.path.join(os.path.basename(folder), name), pool.submit(judge, world, os.path.join(folder, name), label)))
        return [(name, job.result()) for name, job in jobs]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plugin")
    parser.add_argument("--keep")
    parser.add_argument("--make", nargs="+", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.make:
        return make(args.make[0], args.make[1:])
    if not can_record():
        print("nothing can be recorded here: dumpcap, openssl, ip and unshare are needed, as root or with user namespaces")
        return CANNOT
    chosen, left_out = choose()
    for program, count in sorted(left_out.items()):
        print("not installed: %s; %d cases left out" % (program, count))
    folder = args.keep or tempfile.mkdtemp(prefix="lab-fresh-")
    try:
        names = [c.name for c in chosen]
        parts = [os.path.join(folder, str(i)) for i in range(WORKERS)]
        workers = [start_worker(part, names[i::WORKERS]) for i, part in enumerate(parts)]
        output = "".join(worker.communicate()[0] for worker in workers)
        judged = judge_all(args.plugin, sorted(glob.glob(os.path.join(folder, "*", "captures", "*"))))
    finally:
        if not args.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print("".join(line + "\n" for line in output.splitlines() if not line.startswith("made ")), end="")
    wrong = [(name, faults) for name, faults in judged if faults]
    for name, faults in wrong:
        print("FAIL %s\n     %s" % (name, "\n     ".join(faults)))
    made = output.count("made ") - output.count("not made: ")
    print("%d of %d cases made afresh, %d captures judged, %d wrong" % (made, len(chosen), len(judged), len(wrong)))
    return 1 if wrong or made < AT_LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
