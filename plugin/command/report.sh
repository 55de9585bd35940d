# The report on captures. Part of the command tlswhy; see tlswhy.sh.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154 # the parts share their variables

# run_report FILE: the plugin's report on it is in $tmp/report then.
run_report() {
    unpacker=$(unpacker_of "$1")
    input=$1
    if [ -n "$unpacker" ]; then
        if ! command -v "$unpacker" >/dev/null; then
            say "$1: is compressed with $unpacker, which Wireshark does not read: install $unpacker, or unpack it"
            return 2
        fi
        unpack "$1" "$unpacker"
        input=-
    fi
    run_tshark "$input" "tlswhy,report$options$(progress_options "$input")${filter:+,$filter}"
    if [ -n "$unpacker" ]; then
        exec 5<&0
        [ ! -s "$tmp/unpacking" ] || sed 's/^/The file "-" is incomplete: /' "$tmp/unpacking" >>"$tmp/messages"
    fi
    if grep -q 'Filter ".*" is invalid' "$tmp/messages"; then
        die "$(sed -n 's/.*Filter "\(.*\)" is invalid - /invalid filter "\1": /p' "$tmp/messages")"
    fi
}

# report FILE LABEL: prints the report on FILE. 0: no failures, 1: failures, 2: not analysed, or not to its end.
report() {
    reason=$(why_not "$1")
    if [ -n "$reason" ]; then
        say "$1: $reason"
        return 2
    fi
    TLSWHY_FILE=$2
    : >"$tmp/counts"
    run_report "$1" || return
    read -r connections failed <"$tmp/counts" || connections=''
    case $connections in
    0)
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
    [ -n "$failed" ] && analysed=$((analysed + 1))
    if [ -n "$html" ]; then
        cat "$tmp/report" >"$html" || die "$html: cannot be written"
        printf '%s: connections: %s, failed: %s\n' "$html" "$connections" "$failed"
    else
        cat "$tmp/report"
    fi
    tell_messages "$tmp/messages" "$1"
    [ -z "$annotate" ] || annotate "$1"
    ! grep -q 'cut short\|damaged or corrupt\|is incomplete:\|: cannot be written$' "$tmp/messages" || return 2
    [ "$failed" = 0 ] || return 1
}

report_all() {
    status=0
    number=0
    analysed=0
    export TLSWHY_COUNTS="$tmp/counts"
    [ $# -eq 1 ] || export TLSWHY_STORE="$tmp/store"
    for file; do
        number=$((number + 1))
        # Whoever ends a live capture with ^C wants the report on it: tshark makes it, this shell waits.
        if [ "$file" = - ]; then trap : INT; else trap end_child INT; fi
        if [ -n "$anonymize" ]; then label=capture-$number; else label=$file; fi
        report "$file" "$label"
        result=$?
        [ "$result" -le "$status" ] || status=$result
    done
    if [ $# -gt 1 ] && [ "$analysed" -gt 0 ]; then
        ask_plugin "tlswhy,report:stored$options"
        cat "$tmp/report"
    fi
    exit "$status"
}
