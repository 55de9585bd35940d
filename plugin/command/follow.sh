# Following packets as they come. Part of the command tlswhy; see tlswhy.sh.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154 # the parts share their variables

# feed_file FILE FROM: writes FILE from byte FROM (1: the first) to its end, and what is added to it; in the background, where
# a signal then reaches it.
feed_file() {
    exec tail -c "+$2" -f "$1" 2>/dev/null
}

# Where the packets of a file begin that goes on with another one: pcapng may have several sections, pcap has one head.
behind_head() {
    case $(od -An -tx1 -N4 "$1" 2>/dev/null | tr -d ' \n') in
    d4c3b2a1 | a1b2c3d4 | 4d3cb2a1 | a1b23c4d) echo 25 ;;
    *) echo 1 ;;
    esac
}

# Writes the files that PATTERN matches, one after the other in the order of their names, as they come. A file is done when
# there is a next one; what makes them has closed it then.
feed_files() {
    last=''
    feeding=''
    trap '[ -z "$feeding" ] || kill "$feeding" 2>/dev/null; exit' TERM EXIT
    while :; do
        next=$(next_file "$1" "$last")
        if [ -n "$next" ]; then
            if [ -n "$feeding" ]; then
                sleep 1
                kill "$feeding" 2>/dev/null
            fi
            if [ -z "$last" ]; then from=1; else from=$(behind_head "$next"); fi
            feed_file "$next" "$from" &
            feeding=$!
            last=$next
        else
            sleep 1
        fi
    done
}

# next_file PATTERN LAST: the first match behind LAST.
next_file() {
    # shellcheck disable=SC2086 # a pattern
    for each in $1; do
        if [ -f "$each" ] && { [ -z "$2" ] || [ "$(printf '%s\n%s\n' "$2" "$each" | LC_ALL=C sort | tail -n 1)" != "$2" ]; }; then
            printf '%s' "$each"
            return
        fi
    done
}

# Starts what brings the packets of $1 (empty: an interface) into the pipe that tshark reads.
start_source() {
    source=''
    rm -f "$tmp/live"
    case $1 in
    -) say "following the standard input; its end or ^C ends it"; return ;;
    esac
    mkfifo "$tmp/live"
    if [ -z "$1" ]; then
        command -v dumpcap >/dev/null || die "dumpcap is not installed (it comes with tshark); or: tcpdump -U -w - | tlswhy --follow -"
        dumpcap -q -P -w - ${interface:+-i "$interface"} >"$tmp/live" 2>"$tmp/capturing" 4>&- 5<&- &
        say "following ${interface:-the first interface}; ^C ends it"
    elif [ -e "$1" ]; then
        feed_file "$1" 1 >"$tmp/live" 4>&- 5<&- &
        say "following $1; ^C ends it"
    else
        [ -n "$(next_file "$1" '')" ] || die "$1: no such file"
        feed_files "$1" >"$tmp/live" 4>&- 5<&- &
        say "following the files $1; ^C ends it"
    fi
    source=$!
    exec 5<"$tmp/live"
}

# ^C: what brings the packets ends, so tshark comes to the end of its input, and counts.
stop_following() {
    if [ -n "$source" ]; then
        kill "$source" 2>/dev/null
    else
        kill -INT "$child" 2>/dev/null
    fi
}

follow() {
    [ $# -le 1 ] || wrong_usage "--follow takes one capture, or a pattern in quotes"
    [ $# -eq 0 ] || [ -z "$interface" ] || wrong_usage "--follow takes an interface or a capture"
    export TLSWHY_COUNTS="$tmp/counts"
    start_source "${1-}"
    # it reads a pipe, so nothing is written to disk
    "$tshark" -l -q -n ${keys:+-o "tls.keylog_file:$keys"} -r - -z "tlswhy,follow$options${filter:+,$filter}" \
        <&5 2>"$tmp/messages" &
    child=$!
    trap stop_following INT
    while kill -0 "$child" 2>/dev/null; do wait "$child"; done
    child=''
    [ -z "$source" ] || kill "$source" 2>/dev/null
    ! grep -q '^tshark: Invalid -z argument' "$tmp/messages" || explain_missing_plugin
    # ^C stops a capture wherever it is: that its last packet is cut short says nothing
    sed '/cut short in the middle/d' "$tmp/messages" >"$tmp/others"
    tell_messages "$tmp/others" "${1:-${interface:-capture}}"
    read -r connections failed 2>/dev/null <"$tmp/counts" || connections=''
    if [ -z "$connections" ]; then
        [ ! -s "$tmp/capturing" ] || tell_messages "$tmp/capturing" dumpcap
        exit 2
    fi
    [ "$failed" = 0 ] || exit 1
    exit 0
}
