# How tshark is run. Part of the command tlswhy; see tlswhy.sh.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154 # the parts share their variables

# The program that unpacks FILE, where Wireshark does not: by the first bytes.
unpacker_of() {
    [ -f "$1" ] || return 0
    case $(od -An -tx1 -N6 "$1" 2>/dev/null | tr -d ' \n') in
    fd377a585a00) echo xz ;;
    425a68*) echo bzip2 ;;
    esac
}

# FILE, unpacked by PROGRAM, becomes the input of tshark.
unpack() {
    rm -f "$tmp/unpacked"
    mkfifo "$tmp/unpacked"
    "$2" -dc <"$1" >"$tmp/unpacked" 2>"$tmp/unpacking" 4>&- 5<&- &
    exec 5<"$tmp/unpacked"
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

# start_tshark INPUT STATISTIC: what it prints and says goes to files of $tmp, its progress to the terminal. A shell hears
# a signal only where it waits for a child in the background; who ends the shell ends tshark.
start_tshark() {
    "$tshark" -q -n ${keys:+-o "tls.keylog_file:$keys"} ${remembered:+-o "tlswhy.remembered:$remembered"} -r "$1" -z "$2" \
        3>&2 >"$tmp/report" 2>"$tmp/messages" <&5 &
    child=$!
}

# run_tshark INPUT STATISTIC, to its end
run_tshark() {
    start_tshark "$1" "$2"
    # A signal that the trap lets pass ends a wait, not the child.
    while kill -0 "$child" 2>/dev/null; do wait "$child"; done
    child=''
    if grep -q '^tshark: Invalid -z argument' "$tmp/messages"; then
        explain_missing_plugin
    fi
}

# What is left to do when a signal ends this shell.
end_child() {
    if [ -n "$child" ]; then
        [ -z "$source" ] || kill "$source"
        kill -9 "$child"
        wait "$child"
    fi 2>/dev/null
    exit 2
}

# The plugin's lists come as statistics, so tshark must read something: a capture without packets (a pcap header: magic
# number, version 2.4, time zone, accuracy, length, Ethernet).
ask_plugin() {
    printf '\324\303\262\241\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0' >"$tmp/empty.pcap"
    run_tshark "$tmp/empty.pcap" "$1"
}
