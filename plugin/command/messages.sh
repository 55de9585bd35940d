# Messages: the command's own, and what tshark said. Part of the command tlswhy; see tlswhy.sh.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154 # the parts share their variables

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
