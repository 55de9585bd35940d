#!/bin/sh
# Wireshark's own checks, where its source is at hand: what its tree would refuse (functions, field definitions,
# encodings, item calls, true/false strings).
#
#   WIRESHARK_SOURCE=FOLDER sh test/checks/wireshark.sh
#
# Its checkfiltername.pl cannot read fields that a catalogue defines; test/tshark/filters.py looks at their names where
# they are registered. Exit status 77 without WIRESHARK_SOURCE.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd -P)
[ -n "${WIRESHARK_SOURCE-}" ] || { echo "wireshark: skipped, WIRESHARK_SOURCE names no source of Wireshark"; exit 77; }
cd "$WIRESHARK_SOURCE"
[ -e tools/checkAPIs.pl ] || { echo "wireshark: $WIRESHARK_SOURCE is no source of Wireshark"; exit 1; }

dissectors=$(find "$root/plugin/epan" -name '*.c')
all=$(find "$root/plugin" "$root/include" -name '*.[ch]')

{
    # shellcheck disable=SC2086 # lists of files
    {
        perl tools/checkAPIs.pl $all || echo "checkAPIs.pl: exit status $?"
        perl tools/checkhf.pl $dissectors || echo "checkhf.pl: exit status $?"
        perl tools/fix-encoding-args.pl $dissectors || echo "fix-encoding-args.pl: exit status $?"
    }
    for file in $dissectors; do # these take one, and say what they examine
        python3 tools/check_typed_item_calls.py --consecutive --label --mask --file "$file" || echo "$file: $?"
        python3 tools/check_tfs.py --file "$file" || echo "$file: $?"
    done | grep -vE '^(Examining:|Running |[0-9]+ (issues|warnings|errors)|0 |$|.*\.c *$)' || true
} 2>&1 | {
    bad=0
    while IFS= read -r line; do
        echo "$line"
        bad=1
    done
    exit $bad
}
