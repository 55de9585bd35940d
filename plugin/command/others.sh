# What other captures show (--with, --remember). Part of the command tlswhy; see tlswhy.sh.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154 # the parts share their variables

# remember CAPTURE NAME FACTS: what the capture, called NAME, shows goes to the file FACTS.
remember() {
    reason=$(why_not "$1")
    [ -z "$reason" ] || die "$1: $reason"
    unpacker=$(unpacker_of "$1")
    input=$1
    if [ -n "$unpacker" ]; then
        command -v "$unpacker" >/dev/null || die "$1: is compressed with $unpacker: install it, or unpack the file"
        unpack "$1" "$unpacker"
        input=-
    fi
    TLSWHY_FILE=$2
    export TLSWHY_FACTS="$3"
    rm -f "$tmp/facts"
    run_tshark "$input" tlswhy,remember
    unset TLSWHY_FACTS
    [ -z "$unpacker" ] || exec 5<&0
    tell_messages "$tmp/messages" "$1"
    [ -s "$3" ] || { [ -s "$tmp/messages" ] || say "$3: cannot be written"; exit 2; }
    ! no_capture "$1" || die "$1: not a capture file that Wireshark can read"
}

# What the captures of --with show goes to files of $tmp, which all runs of tshark use then.
remember_others() {
    while [ -n "$others" ]; do
        other=${others%%"$newline"*}
        others=${others#*"$newline"}
        n_others=$((n_others + 1))
        if [ -n "$anonymize" ]; then label=other-$n_others; else label=$other; fi
        remember "$other" "$label" "$tmp/facts.$n_others"
        facts=$facts${facts:+:}$tmp/facts.$n_others
    done
    remembered=$facts
}
