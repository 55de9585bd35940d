# Causes, and the lines of logs. Part of the command tlswhy; see tlswhy.sh.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154 # the parts share their variables

show_causes() {
    ask_plugin "tlswhy,causes$(terminal_options)"
    if [ ! -s "$tmp/report" ]; then
        tell_messages "$tmp/messages" "$tshark"
        exit 2
    fi
    cat "$tmp/report"
}

# The text goes through a pipe, never through a command line: a log may hold anything.
show_log() {
    if [ "$1" = - ]; then
        exec 5<&0
    else
        printf '%s\n' "$1" >"$tmp/log"
        exec 5<"$tmp/log"
    fi
    ask_plugin "tlswhy,log$(terminal_options)"
    cat "$tmp/report"
    [ ! -s "$tmp/report" ] || exit 0
    sed '/^Running as user "root"/d' "$tmp/messages" >&2
    exit 1
}
