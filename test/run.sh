#!/bin/sh
# Runs the tests of tlswhy from a fresh clone:
#
#   sh test/run.sh                        the usual ones: at most 15 minutes on two idle cores
#   sh test/run.sh all                    everything: some hours
#   sh test/run.sh unit                   the engine alone, without Wireshark
#   sh test/run.sh checks                 layers, formatting, bounds, scripts
#   sh test/run.sh captures [PATTERN...]  the verdicts on all captures whose path contains PATTERN
#   sh test/run.sh gui                    Wireshark itself, with keyboard and mouse; the page of --html in Chromium, if it is there
#   sh test/run.sh damage [PATTERN...]    captures with frames lost, swapped, cut, doubled: nobody healthy is accused
#
# Installs what they need (Debian, Ubuntu and their like; root, or a user with sudo), says before what that is and how
# big, and builds in ./build/test. Nothing else on the machine changes; the plugin itself is not installed. Each minute
# a line says what is going on. In the environment: SUITES, the Debian releases ("trixie sid") whose Wireshark is to be
# tried on a third of the captures, too (root only; `all` takes those besides this one); MIRROR, where these come from.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
root=$(cd "$(dirname "$0")/.." && pwd -P) || exit 2
. "$root/plugin/packages.sh"

test_packages='libcmocka-dev python3 binutils'
check_packages='pmccabe shellcheck'
lab_packages='openssl gnutls-bin libnss3-tools curl wget gcc libmbedtls-dev libwolfssl-dev iproute2 util-linux tcpdump' # programs that talk TLS
gui_packages='wireshark at-spi2-core dbus fonts-dejavu-core imagemagick openbox python3-pyatspi xdotool xvfb'
bench_packages=valgrind # it also counts instructions
slow_packages=cppcheck

optional_packages= # for checks that other releases leave out

tier=${1-usual}
[ $# -eq 0 ] || shift
case $tier in
usual) packages="$check_packages $lab_packages $gui_packages $bench_packages" optional_packages=clang-format-14 ;;
all) packages="$check_packages $lab_packages $gui_packages $bench_packages $slow_packages" optional_packages='clang-format-14 clang-tidy-14' ;;
unit) packages= ;;
checks) packages=$check_packages optional_packages=clang-format-14 ;;
captures | damage) packages= ;;
gui) packages=$gui_packages ;;
--help | -h)
    usage "$0"
    exit 0
    ;;
*) die "$tier: no such part of the tests; sh test/run.sh --help lists them" ;;
esac
case $tier in
captures | damage) ;;
*) [ $# -eq 0 ] || die "$tier takes no more words; sh test/run.sh --help" ;;
esac

require_debian
if [ "$tier" = all ] && [ -z "${SUITES-}" ] && [ "$(id -u)" -eq 0 ]; then
    # shellcheck disable=SC1091
    SUITES=$(. /etc/os-release && printf '%s\n' bullseye bookworm trixie sid | grep -vxF "${VERSION_CODENAME-}" | tr '\n' ' ')
fi
export SUITES="${SUITES-}"
[ -z "$SUITES" ] || packages="$packages debootstrap"
choose_build_folder "$root/build/test"
# shellcheck disable=SC2086 # lists of words
install_packages $build_packages $test_packages $packages
compile -DTLSWHY_TESTS=ON -DTLSWHY_WERROR=ON
cd "$build" || exit 2

# Each minute: what of ctest's is running, by its own lines.
report_progress() {
    minutes=0
    while sleep 60 >/dev/null 2>&1; do # which outlives the end of all by up to a minute
        minutes=$((minutes + 1))
        awk -v minutes=$minutes '
            $1 == "Start" { running[$3] = 1 }
            / Test +#/ { for (i = 1; i < NF; i++) if ($i ~ /^#/) { n = $(i + 1); delete running[n] } split($1, done, "/") }
            END {
                printf "tlswhy: %d min, %s of %s tests done; running:", minutes, done[1] + 0, done[2] == "" ? "?" : done[2]
                for (name in running) printf " %s", name
                print ""
            }' "$build/progress" >&2
    done
}

# run_ctest OPTION...
run_ctest() {
    : >"$build/progress"
    report_progress &
    reporter=$!
    trap 'kill $reporter 2>/dev/null' EXIT
    mkfifo "$build/lines" 2>/dev/null
    tee "$build/progress" <"$build/lines" &
    writer=$!
    ctest --output-on-failure --parallel "$(nproc)" "$@" >"$build/lines" 2>&1
    status=$?
    wait $writer
    return $status
}

case $tier in
usual) run_ctest -LE '^all$' ;;
all) run_ctest -LE '^sample$' ;;
unit | checks) run_ctest -R "^$tier/" ;;
gui) run_ctest -R '^gui(/|$)' ;;
captures) python3 "$root/test/captures/run.py" --plugin "$build/tlswhy.so" "$@" ;;
damage) python3 "$root/test/captures/damage.py" --plugin "$build/tlswhy.so" "$@" ;;
esac
