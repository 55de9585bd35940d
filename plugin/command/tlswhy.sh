#!/bin/sh
# The command `tlswhy`: the plugin's report on capture files, by way of tshark.
#
# SPDX-License-Identifier: GPL-2.0-or-later
version='@PROJECT_VERSION@'
tshark=${TSHARK:-tshark}

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

# TEXT without what steers a terminal.
plain() {
    printf '%s' "$1" | LC_ALL=C tr '\000-\037\177' '?' | sed 's/\xc2[\x80-\x9f]/?/g'
}

say() {
    printf 'tlswhy: %s\n' "$(plain "$*")" >&2
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
    warn_of_plugins "$1"
    sed -e '/^Running as user "root"/d' -e '/^ *\*\* (tshark:.*dangerous/d' -e '/found in multiple directories/d' \
        -e 's/^t\(shark\|lswhy\): //' \
        -e 's/^The \(file ".*"\|standard input\) isn.t a capture file .*/not a capture file that Wireshark can read/' \
        -e 's/^The \(file ".*"\|standard input\) \(appears to have been cut short\|appears to be damaged\)/the capture is incomplete: it \2/' \
        -e 's/^The \(file ".*"\|standard input\) \(appears\|is\|has\|could\|contains\)/\2/' "$1" |
        awk 'NF && !seen[$0]++' |
        while IFS= read -r line; do say "$2: $line"; done
}

# Wireshark loads the first plugin of a name that it finds. That there is another one matters where it took the wrong one.
warn_of_plugins() {
    grep -q 'found in multiple directories' "$1" || return 0
    loaded=$(plugin_version)
    [ "$loaded" = "$version" ] ||
        say "there are two plugins, and Wireshark loads tlswhy $loaded, not $version: remove one (see tshark -G plugins)"
}

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

# ---- what is taken away ----

# packet_comments CAPTURE: number of the frame, tab, its comments with $between between them, as printf %b reads them.
# From Wireshark 4.4 on, the lines of a longer comment stand before the whole of it, and the first one once more.
between=$(printf '\036')
packet_comments() {
    "$tshark" -n -r "$1" -Y frame.comment -T fields -e frame.number -e frame.comment -E "aggregator=$between" 2>/dev/null |
        LC_ALL=C awk -F '\t' -v between="$between" '{
            n = split($2, part, between)
            top = 0
            for (i = 1; i <= n; i++) {
                k = split(part[i], line, "\\\\n")
                same = k > 1 && top >= k
                for (j = 1; same && j <= k; j++) same = kept[top - k + j] == line[j]
                if (same) top -= k
                if (same && top && kept[top] == line[1]) top--
                kept[++top] = part[i]
            }
            text = kept[1]
            for (i = 2; i <= top; i++) text = text between kept[i]
            print $1 "\t" text
        }'
}

# one_comment_each FILE KEPT: of the lines "frame, tab, comment" of FILE, one "frame:comment" for each frame. Of KEPT, such
# lines, the comments come first.
one_comment_each() {
    LC_ALL=C awk -F '\t' -v kept="$2" -v between="$between" '
        FILENAME == kept { gsub(between, "\\n\\n", $2); before[$1] = $2; next }
        !($1 in text) { order[++n] = $1; text[$1] = before[$1] }
        { text[$1] = text[$1] (text[$1] == "" ? "" : "\\n\\n") $2 }
        END { for (i = 1; i <= n; i++) print order[i] ":" substr(text[order[i]], 1, 60000) }' "$2" "$1" # pcapng: 65535
}

# add_comments IN OUT: those of its standard input, "frame:text" a line. Where there are more than an argument list holds,
# OUT is copied again.
add_comments() {
    editcap "$1" "$2" >&2 || [ -s "$2" ] || return # it also complains of a capture that is cut short
    while IFS= read -r line; do printf '%b\0' "-a$line"; done |
        xargs -0 -r -s 100000 sh -c 'to=$1; shift; editcap "$@" "$to" "$to.part" && mv -f "$to.part" "$to"' sh "$2" >&2
}

# Whether comments that IN had are all in OUT: newer editcaps replace those of a packet that gets one.
are_kept() {
    packet_comments "$1" >"$tmp/now"
    awk -F '\t' -v now="$tmp/now" '
        FILENAME == now { text[$1] = $2; next }
        index(text[$1], $2) != 1 { lost = 1 }
        END { exit lost }' "$tmp/now" "$tmp/before"
}

# part FILE OFFSET LENGTH
part() {
    tail -c +$(($2 + 1)) "$1" | head -c "$3"
}

# Of FILE, pcapng in this machine's byte order, the blocks of keys that stand before the first packet go to $tmp/keys, all
# else to $tmp/keyless. False: there are none.
split_keys() {
    : >"$tmp/keys"
    : >"$tmp/keyless"
    offset=0
    while [ "$offset" -lt 1000000000 ]; do
        block=$(od -An -tu4 -j "$offset" -N 8 "$1" | awk '{ print $1, $2 }')
        type=${block% *} length=${block#* }
        case $offset,$type in
        0,168627466 | [1-9]*,1 | [1-9]*,4) part "$1" "$offset" "$length" >>"$tmp/keyless" ;; # section, interface, names
        [1-9]*,10) part "$1" "$offset" "$length" >>"$tmp/keys" ;;
        *) break ;;
        esac
        [ "${length:-0}" -ge 12 ] || break
        offset=$((offset + length))
    done
    tail -c +$((offset + 1)) "$1" >>"$tmp/keyless"
    [ -s "$tmp/keys" ]
}

# The blocks of keys come behind the section's head.
restore_keys() {
    head=$(od -An -tu4 -j 4 -N 4 "$1" | tr -d ' ')
    { head -c "$head" "$1" && cat "$tmp/keys" && tail -c +$((head + 1)) "$1"; } >"$1.part" && mv -f "$1.part" "$1"
}

# write_comments CAPTURE: the copy, with $tmp/lines on it. The editcap of Wireshark 4.0 writes no capture that holds keys.
write_comments() {
    rm -f "$annotate"
    add_comments "$1" "$annotate" <"$tmp/lines" 2>"$tmp/editing" && return
    grep -q "can't be written as" "$tmp/editing" && split_keys "$1" || return
    add_comments "$tmp/keyless" "$annotate" <"$tmp/lines" 2>"$tmp/editing" && restore_keys "$annotate"
}

# annotate CAPTURE: the copy with comments; a capture that others unpack is unpacked for it.
annotate() {
    whole=$1
    program=$(unpacker_of "$1")
    if [ -n "$program" ]; then
        "$program" -dc <"$1" >"$tmp/whole" 2>/dev/null
        whole=$tmp/whole
    fi
    packet_comments "$whole" >"$tmp/before"
    : >"$tmp/none"
    one_comment_each "$tmp/comments" "$tmp/none" >"$tmp/lines"
    write_comments "$whole"
    if [ -s "$tmp/before" ] && ! are_kept "$annotate"; then
        one_comment_each "$tmp/comments" "$tmp/before" >"$tmp/lines"
        write_comments "$whole"
    fi
    if [ ! -s "$annotate" ]; then
        tell_messages "$tmp/editing" editcap
        die "$annotate: cannot be written"
    fi
    say "$annotate: a copy, packets with comments on them: $(($(wc -l <"$tmp/lines")))"
}

# check_take_away N CAPTURE: how many captures there are, and the first one. Nothing that is there is written over.
check_take_away() {
    [ "$mode" = report ] || [ -z "$annotate$certificates" ] || wrong_usage "--annotate and --certificates do not go with --$mode"
    if [ -n "$annotate" ]; then
        [ "$1" -eq 1 ] || wrong_usage "--annotate takes one capture"
        [ "$2" != - ] || wrong_usage "--annotate needs a file, which it reads twice"
        [ -z "$anonymize" ] || wrong_usage "--annotate does not go with --anonymize: the copy would hold every packet as it is"
        [ ! -e "$annotate" ] || die "$annotate: is there already, and is not written over"
        command -v editcap >/dev/null || die "editcap is not installed (it comes with tshark)"
        export TLSWHY_COMMENTS="$tmp/comments"
    fi
    if [ -n "$certificates" ]; then
        [ -z "$anonymize" ] || wrong_usage "--certificates does not go with --anonymize: certificates are full of names"
        [ -d "$certificates" ] || mkdir "$certificates" 2>/dev/null || die "$certificates: is no folder, and cannot be made"
        [ -w "$certificates" ] || die "$certificates: no permission to write there"
        export TLSWHY_CERTIFICATES="$certificates"
    fi
}

# ---- following ----

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

# Leaves the captures that are named in $@ of the caller's, so it is a loop there; this reads one option. $1 is its word,
# $2 what follows. Sets $used to how many words it took.
read_option() {
    used=1
    case $1 in
    --help | -h) usage; exit 0 ;;
    --version) show_version; exit 0 ;;
    --filter | --keys | --with | --remember | --log | --html | --ladder | --annotate | --certificates | -i) [ $# -ge 2 ] || wrong_usage "$1 needs a value"; used=2 ;;
    esac
    case $1 in
    --filter) filter=$2 ;;
    --filter=*) filter=${1#*=} ;;
    --with) others=$others$2$newline ;;
    --with=*) others=$others${1#*=}$newline ;;
    --remember) mode=remember; facts=$2 ;;
    --remember=*) mode=remember; facts=${1#*=} ;;
    --keys) keys=$2 ;;
    --keys=*) keys=${1#*=} ;;
    --log) mode=log; log=$2 ;;
    --follow) mode=follow ;;
    -i) interface=$2 ;;
    --log=*) mode=log; log=${1#*=} ;;
    --html) html=$2 ;;
    --html=*) html=${1#*=} ;;
    --annotate) annotate=$2 ;;
    --annotate=*) annotate=${1#*=} ;;
    --certificates) certificates=$2 ;;
    --certificates=*) certificates=${1#*=} ;;
    --ladder) ladder=$2 ;;
    --ladder=*) ladder=${1#*=} ;;
    --all) options=$options:all ;;
    --full) options=$options:full ;;
    --commands) options=$options:commands ;;
    --json) options=$options:json ;;
    --anonymize) anonymize=1; options=$options:anonymize ;;
    --causes) mode=causes ;;
    *) wrong_usage "unknown option: $1" ;;
    esac
}

# N: how many captures there are.
check_pictures() {
    [ -z "$html$ladder" ] || [ "$1" -eq 1 ] || wrong_usage "--${html:+html}${ladder:+ladder} takes one capture"
    case $html${ladder:+:ladder}$options in
    ?*:ladder* | ?*:json*) [ -z "$html" ] || wrong_usage "--html goes neither with --ladder nor with --json" ;;
    esac
    [ -z "$html" ] || options=$options:html
    case $ladder in
    "") ;;
    *[!a-z:0-9]* | *:*:*) wrong_usage "--ladder needs tcp:N or udp:N" ;;
    tcp:[0-9]* | udp:[0-9]*) options=$options:ladder=${ladder%:*}.${ladder#*:} ;;
    *) wrong_usage "--ladder needs tcp:N or udp:N" ;;
    esac
}

check_keys() {
    [ -n "$keys" ] || return 0
    [ -e "$keys" ] || die "$keys: cannot read the key log: no such file"
    [ ! -d "$keys" ] || die "$keys: cannot read the key log: it is a directory"
    [ -r "$keys" ] || die "$keys: cannot read the key log: no permission"
    # a line of a key log is a label, a client's random and a secret
    grep -q '^[A-Z][A-Z0-9_]* [0-9A-Fa-f]\{16,\} [0-9A-Fa-f]*' "$keys" || grep -q '^RSA ' "$keys" ||
        say "$keys: holds no keys"
    export TLSWHY_KEYS="$keys"
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

filter=''
keys=''
others=''
n_others=0
facts=''
remembered=''
newline='
'
anonymize=''
mode=report
log=''
html=''
ladder=''
annotate=''
certificates=''
interface=''
source=''
options=''
child=''
# Options may stand behind captures: each word is taken from the front, and a capture goes to the end.
left=$#
while [ "$left" -gt 0 ]; do
    case $1 in
    --)
        shift
        left=$((left - 1))
        while [ "$left" -gt 0 ]; do
            set -- "$@" "$1"
            shift
            left=$((left - 1))
        done
        ;;
    -?*)
        if [ "$left" -gt 1 ]; then read_option "$1" "$2"; else read_option "$1"; fi
        shift "$used"
        left=$((left - used))
        ;;
    *)
        set -- "$@" "$1"
        shift
        left=$((left - 1))
        ;;
    esac
done
[ $# -gt 0 ] || [ "$mode" != report ] || wrong_usage
[ "$mode" != remember ] || [ $# -eq 1 ] || wrong_usage "--remember takes one capture"
[ -z "$others" ] || [ "$mode" = report ] || wrong_usage "--with does not go with --$mode"
[ $# -eq 0 ] || [ "$mode" = report ] || [ "$mode" = follow ] || [ "$mode" = remember ] || wrong_usage "--$mode takes no capture"
command -v "$tshark" >/dev/null || die "tshark is not installed (package tshark, or wireshark-cli)"
check_keys
check_pictures $#

tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap end_child HUP INT TERM
check_take_away $# "${1-}"
export TLSWHY_FILE=''
exec 4>&1 # the output, also where that of a command is caught
exec 5<&0 # the input, which a child in the background does not have else
if [ -t 1 ]; then terminal=1; else terminal=''; fi
case $mode in
causes) show_causes ;;
log) show_log "$log" ;;
follow) follow "$@" ;;
remember) remember "$1" "$1" "$facts" ;;
*)
    remember_others
    options=$options$(terminal_options)
    report_all "$@"
    ;;
esac
