# What the command is told, as it says itself. Part of the command tlswhy; see tlswhy.sh.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154 # the parts share their variables

usage() {
    cat <<'EOF'
Usage: tlswhy [OPTION]... CAPTURE...
       tlswhy --follow [OPTION]... [-i INTERFACE | CAPTURE | 'CAPTURES' | -]
       tlswhy --remember FACTS CAPTURE
       tlswhy --log TEXT | -
       tlswhy --causes

Explains why TLS, DTLS and QUIC handshakes in capture files failed. Files may
be compressed; "-" is the standard input (tcpdump -w - | tlswhy -).

  --follow       a line for each failure when it happens, until ^C: on an
                 interface (default: the first), in a capture that grows, in a
                 ring buffer's files ('NAME*'), or on the standard input
  --all          a line for every failed connection; else equal ones are counted
  --full         all facts, hints and log lines; else 12 lines for each failure
  --commands     the whole openssl command that makes a client's offer again
  --json         one JSON object for each failed connection, one a line; at the
                 end one that counts
  --html FILE    writes a page to FILE that can be sent: it needs nothing else
  --annotate OUT
                 writes a copy of the capture to OUT, with each verdict as a
                 comment on its packet, for any Wireshark (by editcap)
  --certificates DIR
                 writes the chains of failed handshakes to PEM files in DIR
  --ladder ID    one connection, step by step; ID is tcp:N or udp:N, Wireshark's
                 number of its stream
  --filter EXPR  only connections of which this Wireshark display filter matches
                 a frame; a connection counts as a whole
  --with OTHER   uses what another capture shows: of the same connections at
                 another point of their path (who did it, what was lost or
                 changed in between), or of ones that work; repeatable
  --remember FACTS
                 writes what CAPTURE shows to the file FACTS, which the
                 preference tlswhy.remembered takes, for --with in Wireshark
  --keys FILE    TLS key log (SSLKEYLOGFILE) to decrypt with
  --anonymize    pseudonyms for addresses and names, to share the report;
                 numbered anew in each file
  --log TEXT     what a line of a program's log means: which alert, who sent it;
                 "-" reads a log from the standard input
  --causes       every cause that tlswhy knows: its meaning and what to do
  --version      versions of this command, the plugin and tshark
  --help         this text

On a terminal the report is in colour, unless NO_COLOR is set.

Exit status: 0 no handshake failed, 1 at least one did, 2 a capture could not be
read, or not to its end. --log: 0 a line is known, 1 none is.
EOF
}
