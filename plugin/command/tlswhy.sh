#!/bin/sh
# The command `tlswhy`: the plugin's report on capture files, by way of tshark.
#
# SPDX-License-Identifier: GPL-2.0-or-later
version='@PROJECT_VERSION@'
tshark=${TSHARK:-tshark}

usage() {
    cat <<'EOF'
Usage: tlswhy [OPTION]... CAPTURE...
       tlswhy --causes

Explains why TLS, DTLS and QUIC handshakes in capture files failed. Files may
be compressed; "-" is the standard input (tcpdump -w - | tlswhy -).

  --all          a line for every failed connection; else equal ones are counted
  --json         one JSON object for each failed connection, one a line
  --filter EXPR  only what this Wireshark display filter matches
  --keys FILE    TLS key log (SSLKEYLOGFILE) to decrypt with
  --anonymize    pseudonyms for addresses and names, to share the report;
                 numbered anew in each file
  --causes       every cause that tlswhy knows: its meaning and what to do
  --version      versions of this command, the plugin and tshark
  --help         this text

On a terminal the report is in colour, unless NO_COLOR is set.

Exit status: 0 no handshake failed, 1 at least one did, 2 a capture could not be
read.
EOF
}

say() {
    printf 'tlswhy: %s\n' "$*" >&2
}

die() {
    say "$@"
    exit 2
}

wrong_usage() {
    [ $# -eq 0 ] || say "$@"
    usage >&2
    exit 2
}

tshark_version() {
    "$tshark" --version 2>/dev/null | sed -n '1s/^[^0-9]*\([0-9.]*[0-9]\).*/\1/p'
}

# The version of the plugin that tshark loads; empty if it loads none.
plugin_version() {
    "$tshark" -G plugins 2>/dev/null | awk '$1 ~ /^tlswhy/ { print $2; exit }'
}

show_version() {
    loaded=$(plugin_version)
    printf 'tlswhy %s (plugin %s, tshark %s)\n' "$version" "${loaded:-not loaded}" "$(tshark_version)"
}

explain_missing_plugin() {
    say "this tshark ($(tshark_version)) does not load the plugin tlswhy.so."
    cat >&2 <<'EOF'
Check with: tshark -G plugins | grep tlswhy
Either it was installed for another version of Wireshark: then build and install it again.
Or it was installed for one user only: for root, Wireshark reads nothing but the global plugin
folder; run tlswhy as that user, or install the plugin for everybody.
EOF
    exit 2
}

# A reason not to ask tshark about FILE at all, or nothing. tshark takes "-" for its input, as
# others do.
why_not() {
    if [ "$1" = - ]; then return
    elif [ ! -e "$1" ]; then echo "no such file"
    elif [ -d "$1" ]; then echo "is a directory"
    elif [ ! -r "$1" ]; then echo "no permission to read it"
    elif [ -f "$1" ] && [ ! -s "$1" ]; then echo "is empty"
    fi
}

# Wireshark reads pictures, programs and such as "captures" of one packet, and its guesses at
# old formats can take a text for one.
no_capture() {
    [ -f "$1" ] || return
    case $(captype "$1" 2>/dev/null) in
    *": mime" | *": mp4" | *": unknown") ;;
    *) false ;;
    esac
}

# What tshark said on its way, in this command's voice: its warning about root and its habit of
# repeating the file's name left out, no line twice.
tell_messages() {
    sed -e '/^Running as user "root"/d' -e '/^ *\*\* (tshark:.*dangerous/d' -e "/$summary_pattern/d" -e 's/^tshark: //' \
        -e 's/^The file ".*" isn.t a capture file .*/not a capture file that Wireshark can read/' \
        -e 's/^The file ".*" \(appears\|is\|has\|could\|contains\)/\1/' "$1" |
        awk 'NF && !seen[$0]++' |
        while IFS= read -r line; do say "$2: $line"; done
}

# How the terminal looks that the output goes to, as options of the plugin's texts.
terminal_options() {
    [ -n "$terminal" ] || return
    [ -n "${NO_COLOR-}" ] || [ "${TERM-dumb}" = dumb ] || printf ':color'
    columns=$(stty size <&4 2>/dev/null | cut -d ' ' -f 2)
    case $columns in
    "" | 0 | *[!0-9]*) ;;
    *) printf ':width=%s' "$columns" ;;
    esac
}

# Of progress, for FILE: its size only where tshark's offsets are those of the file.
progress_options() {
    [ -t 2 ] || return
    printf ':progress=3'
    case $1 in
    - | *.gz | *.zst | *.lz4) ;;
    *) [ ! -f "$1" ] || printf ':size=%s' "$(($(wc -c <"$1")))" ;;
    esac
}

# run_tshark FILE STATISTIC: output and messages go to files of $tmp, progress to the terminal.
run_tshark() {
    "$tshark" -q -n ${keys:+-o "tls.keylog_file:$keys"} -r "$1" -z "$2" 3>&2 >"$tmp/report" 2>"$tmp/messages"
    if grep -q '^tshark: Invalid -z argument' "$tmp/messages"; then
        explain_missing_plugin
    fi
}

# The plugin's list of causes comes as a statistic, so tshark must read something: a capture
# without packets (a pcap header: magic number, version 2.4, time zone, accuracy, length, Ethernet).
show_causes() {
    printf '\324\303\262\241\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0' >"$tmp/empty.pcap"
    run_tshark "$tmp/empty.pcap" "tlswhy,causes$(terminal_options)"
    if [ ! -s "$tmp/report" ]; then
        tell_messages "$tmp/messages" "$tshark"
        exit 2
    fi
    cat "$tmp/report"
}

# report FILE LABEL: prints the report on FILE. 0: no failures, 1: failures, 2: not analysed.
report() {
    reason=$(why_not "$1")
    if [ -n "$reason" ]; then
        say "$1: $reason"
        return 2
    fi
    TLSWHY_FILE=$2
    run_tshark "$1" "tlswhy,report$options$(progress_options "$1")${filter:+,$filter}"
    if grep -q 'Filter ".*" is invalid' "$tmp/messages"; then
        die "$(sed -n 's/.*Filter "\(.*\)" is invalid - /invalid filter "\1": /p' "$tmp/messages")"
    fi
    # The line that counts ends the text; beside JSON it is among the messages.
    summary=$(cat "$tmp/report" "$tmp/messages" | sed -n "s/$summary_pattern.*/\1/p" | tail -n 1)
    case $summary in
    "0 conn"*)
        if no_capture "$1"; then
            say "$1: not a capture file that Wireshark can read"
            return 2
        fi
        ;;
    "")
        tell_messages "$tmp/messages" "$1"
        [ -s "$tmp/messages" ] || say "$1: tshark gave no report"
        return 2
        ;;
    esac
    [ "$files" -eq 1 ] || [ -n "$json" ] || printf '== %s ==\n' "$2"
    cat "$tmp/report"
    tell_messages "$tmp/messages" "$1"
    case $summary in
    *": 0 failed") return 0 ;;
    *) return 1 ;;
    esac
}

summary_pattern='^\([0-9]* connections\{0,1\}: [0-9]* failed\)'
filter=''
keys=''
json=''
anonymize=''
causes=''
options=''
while [ $# -gt 0 ]; do
    case $1 in
    --help | -h) usage; exit 0 ;;
    --version) show_version; exit 0 ;;
    --filter | --keys) [ $# -ge 2 ] || wrong_usage "$1 needs a value" ;;
    esac
    case $1 in
    --filter) filter=$2; shift 2 ;;
    --filter=*) filter=${1#*=}; shift ;;
    --keys) keys=$2; shift 2 ;;
    --keys=*) keys=${1#*=}; shift ;;
    --all) options=$options:all; shift ;;
    --json) json=1; options=$options:json; shift ;;
    --anonymize) anonymize=1; options=$options:anonymize; shift ;;
    --causes) causes=1; shift ;;
    --) shift; break ;;
    -?*) wrong_usage "unknown option: $1" ;;
    *) break ;;
    esac
done
[ $# -gt 0 ] || [ -n "$causes" ] || wrong_usage
[ $# -eq 0 ] || [ -z "$causes" ] || wrong_usage "--causes takes no capture"
command -v "$tshark" >/dev/null || die "tshark is not installed (package tshark, or wireshark-cli)"
[ -z "$keys" ] || [ -r "$keys" ] || die "$keys: cannot read the key log"

tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM
export TLSWHY_FILE=''
exec 4>&1 # the output, also where that of a command is caught
if [ -t 1 ]; then terminal=1; else terminal=''; fi
if [ -n "$causes" ]; then
    show_causes
    exit 0
fi
options=$options$(terminal_options)

status=0
files=$#
number=0
for file; do
    number=$((number + 1))
    # Whoever ends a live capture with ^C wants the report on it: tshark makes it, this shell waits.
    if [ "$file" = - ]; then trap : INT; else trap 'exit 2' INT; fi
    if [ -n "$anonymize" ]; then label=capture-$number; else label=$file; fi
    report "$file" "$label"
    result=$?
    [ "$result" -le "$status" ] || status=$result
done
exit "$status"
