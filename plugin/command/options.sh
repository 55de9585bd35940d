# The options, and which of them go together. Part of the command tlswhy; see tlswhy.sh.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154 # the parts share their variables

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
