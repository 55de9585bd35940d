# A copy of the capture, with verdicts as comments on its packets. Part of the command tlswhy; see tlswhy.sh.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154 # the parts share their variables

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
