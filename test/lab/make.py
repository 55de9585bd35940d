#!/usr/bin/env python3
r"""Makes test/captures: real TLS connections between real programs, recorded on loopback.

usage: make.py [--list] [--keep] [PATTERN...]

PATTERN selects cases by shell pattern or part of the name ("founding-story", "*-13*").
--list prints the names, --keep leaves the temporary folder with logs and keys.

Needs openssl, dumpcap, editcap, mergecap, tshark and ip, and for the cases of each program that program:

  apt-get install openssl tshark iproute2 gnutls-bin apache2 nginx haproxy stunnel4 curl wget \
                  openjdk-17-jdk-headless golang-go nodejs libnss3-tools gcc libmbedtls-dev libwolfssl-dev nftables \
                  redis-server redis-tools memcached mariadb-server rabbitmq-server \
                  mosquitto mosquitto-clients nbdkit libnbd-bin docker-registry nats-server exim4-daemon-light slapd ldap-utils \
                  libbearssl-dev android-libboringssl-dev librust-rustls-dev librust-rustls-pemfile-dev cargo erlang-ssl \
                  libbctls-java ghc libghc-tls-dev botan faketime

The cases of OpenSSL 3.5, GnuTLS 3.8 and Go 1.24 use those of a Debian 13, as debootstrap makes it in a folder that
LAB_DEBIAN_13 names (with openssl, gnutls-bin and golang-1.24-go; libnss3-dev, libbrotli-dev and libzstd-dev for compressed
certificates, openssl-provider-fips for FIPS mode); those of the browser need chromium.

Where one is not installed, its cases are left out and named. To be run as root, for the network
namespace and for dumpcap; without a namespace it uses the host's loopback.

Every capture is read back by tshark and compared with its row in cases.py, and both programs' logs
are searched for the words that the row expects; what differs is not written.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import fnmatch
import os
import shutil
import signal
import sys
import tempfile

sys.dont_write_bytecode = True
import cases
import cases_breadth
import cases_browser
import cases_carried
import cases_dtls
import cases_eap
import cases_ends
import cases_libraries
import cases_paths
import cases_quic
import cases_services
import cases_stacks
import labels
import runner
from capture import own_network
from programs import lacking

HERE = os.path.dirname(os.path.abspath(__file__))
CAPTURES = os.path.join(os.path.dirname(HERE), "captures")
PROGRAMS = ["openssl", "dumpcap", "editcap", "mergecap", "tshark", "ip"]


def selected(patterns):
    table = (cases.CASES + cases_stacks.CASES + cases_ends.CASES + cases_paths.CASES + cases_quic.CASES + cases_eap.CASES +
             cases_dtls.CASES + cases_carried.CASES + cases_breadth.CASES + cases_browser.CASES + cases_services.CASES +
             cases_libraries.CASES)
    return [c for c in table if not patterns or any(p in c.name or fnmatch.fnmatch(c.name, p) for p in patterns)]


def play(chosen, captures, port, keep):
    """Plays the rows CHOSEN, and writes their files and labels below CAPTURES; gives an exit status."""
    folder = tempfile.mkdtemp(prefix="tlswhy-lab-")
    os.chmod(folder, 0o711)                                            # Apache's worker is another user
    failed, left_out = [], []
    try:
        bench = runner.Bench(folder, port)
        for case in chosen:
            absent = lacking(case.programs())
            if absent:
                left_out.append(case.name)
                print("left out %s: not installed: %s" % (case.name, ", ".join("%s (package %s)" % a for a in absent)), flush=True)
                continue
            try:
                labels.put(captures, case.folder, bench.run(case, captures))
                print("ok    " + case.name, flush=True)
            except Exception as error:
                failed.append(case.name)
                print("FAIL  %s: %s" % (case.name, error), flush=True)
    finally:
        if keep:
            print("kept " + folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print("%d of %d cases made, %d left out" % (len(chosen) - len(failed) - len(left_out), len(chosen), len(left_out)))
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description="make the captures of test/captures")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("patterns", nargs="*")
    args = parser.parse_args()
    chosen = selected(args.patterns)
    if args.list:
        print("\n".join(c.name for c in chosen))
        return 0
    missing = [p for p in PROGRAMS if not shutil.which(p)]
    if missing:
        sys.exit("make.py: not installed: %s (see the head of this file)" % ", ".join(missing))
    if not chosen:
        sys.exit("make.py: no case matches")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))            # so that programs and folders are cleared away
    return play(chosen, CAPTURES, own_network(), args.keep)


if __name__ == "__main__":
    sys.exit(main())
