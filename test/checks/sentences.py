#!/usr/bin/env python3
"""Every phrase that people read stands in plugin/catalogue/: no string of the C sources holds two words in a row, but for those
listed here, which are no phrases of ours.

usage: sentences.py [--root FOLDER]

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|^[ \t]*#[ \t]*include[^\n]*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', re.S | re.M)
PHRASE = re.compile(r"[A-Za-z]{2,}[,:;]? +[A-Za-z(]")

ALLOWED = {
    # what other programs send
    "AUTH TLS", "AUTH SSL", "PROXY TCP4 ", "PROXY TCP6 ", "PROXY UNKNOWN",
    "speaking plain HTTP to an SSL-enabled server port",
    "The plain HTTP request was sent to HTTPS port",
    "Client sent an HTTP request to an HTTPS server",
    "combination of host and port requires TLS",
    "<title>400 No required SSL certificate was sent</title>",
    "<title>400 The SSL certificate error</title>",
    # what is signed (RFC 8446 4.4.3)
    "TLS 1.3, server CertificateVerify", "TLS 1.3, client CertificateVerify",
    # PEM (RFC 7468)
    "-----BEGIN CERTIFICATE-----\\n", "-----END CERTIFICATE-----\\n",
    # names of protocols and libraries
    "QUIC v1", "QUIC v2", "Mbed TLS",
    # commands to copy
    "openssl s_client", " -cipher DEFAULT:@SECLEVEL=0", " -cert CERTIFICATE.pem -key KEY.pem", " -psk_identity IDENTITY -psk HEXADECIMAL-KEY",
    # the beginning of OpenSSL's texts in alerts.def
    "ssl/tls alert ",
    # Wireshark's names for its data sources
    "Reassembled TCP", "Decrypted TLS",
}


def sources(root):
    for folder, _, names in os.walk(os.path.join(root, "plugin")):
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith((".c", ".h")))


def literals(text):
    """(line, string): neighbours are one string, as for the compiler"""
    whole, line, end = None, 0, 0
    for token in TOKEN.finditer(text):
        if not token.group().startswith('"'):
            continue
        if whole is not None and not text[end:token.start()].strip():
            whole += token.group()[1:-1]
        else:
            if whole is not None:
                yield line, whole
            whole, line = token.group()[1:-1], text.count("\n", 0, token.start()) + 1
        end = token.end()
    if whole is not None:
        yield line, whole


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", default=ROOT)
    root = parser.parse_args().root
    found, used = [], set()
    for path in sources(root):
        with open(path, encoding="utf-8") as file:
            for line, literal in literals(file.read()):
                if literal in ALLOWED:
                    used.add(literal)
                elif PHRASE.search(literal):
                    found.append('%s:%d: "%s" belongs in plugin/catalogue/' % (os.path.relpath(path, root), line, literal))
    if root == ROOT:
        found += ['"%s" is allowed, and nowhere' % literal for literal in sorted(ALLOWED - used)]
    for line in found:
        print(line)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
