# The command `tlswhy`: the plugin's report on capture files, by way of tshark. CMake puts it together of its parts
# (plugin/cmake/command.cmake); this is the last one, which does what the options say.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154 # the parts share their variables

version='@PROJECT_VERSION@'
tshark=${TSHARK:-tshark}
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
