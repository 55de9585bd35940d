#!/usr/bin/env python3
r"""Makes test/pairs: the same connections recorded at both ends of a path, and failed ones beside ones that work.

usage: make_pairs.py [--list] [--keep] [PATTERN...]

PATTERN selects pairs by shell pattern or part of the name ("reset", "*-13*"). --list prints the names, --keep leaves the
temporary folder with logs and keys.

To be run as root where network namespaces can be made; elsewhere it says so, and exit status 77. Needs what make.py
needs (see its head), and

  apt-get install iproute2 nftables ethtool tshark wireshark-common openssl

What the rows in cases_pairs.py promise is compared with the programs' logs and with what tshark reads in both
captures; what differs is not written.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import fnmatch
import os
import shutil
import signal
import subprocess
import sys

sys.dont_write_bytecode = True
import cases_pairs
import make
import pairs

PAIRS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "pairs")
PORT, CANNOT = 443, 77


def why_not():
    """What stands in the way of making pairs here, None if nothing does."""
    missing = sorted({"%s (package %s)" % need for need in pairs.NEEDS.items() if not shutil.which(need[0])})
    if missing:
        return "not installed: " + ", ".join(missing)
    if os.geteuid():
        return "network namespaces with cables between them need root"
    name = "tlswhy-%d-try" % os.getpid()
    tried = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    if tried.returncode:
        return "no network namespace can be made: " + tried.stderr.strip()
    try:
        for command in (["ip", "link", "add", "one", "netns", name, "type", "veth", "peer", "name", "two", "netns", name],
                        ["ip", "netns", "exec", name, "nft", "add", "table", "ip", "lab"]):
            tried = subprocess.run(command, capture_output=True, text=True)
            if tried.returncode:
                return "%s: %s" % (" ".join(command), tried.stderr.strip())
    finally:
        subprocess.run(["ip", "netns", "del", name], check=False)
    return None


def main():
    parser = argparse.ArgumentParser(description="make the pairs of test/pairs")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("patterns", nargs="*")
    args = parser.parse_args()
    chosen = [p for p in cases_pairs.PAIRS if not args.patterns or any(w in p.name or fnmatch.fnmatch(p.name, w) for w in args.patterns)]
    if args.list:
        print("\n".join(pair.name for pair in chosen))
        return 0
    if not chosen:
        sys.exit("make_pairs.py: no pair matches")
    reason = why_not()
    if reason:
        print("make_pairs.py: skipped: " + reason)
        return CANNOT
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))            # so that programs, folders and namespaces are cleared away
    return make.play(chosen, PAIRS, PORT, args.keep)


if __name__ == "__main__":
    sys.exit(main())
