#!/bin/sh
# Compares the instructions of three fixed workloads with bench/guard.baseline: wall time is noise on
# a shared machine, instructions are not. More than 5 % above the baseline fails.
#
#   bench/guard.sh TARGET/release           compare
#   bench/guard.sh TARGET/release --renew   write the baseline anew, in a commit that says why
#
# Needs valgrind, and the binaries `pipeline` and `fact-sheets`.
set -eu
binaries=$(cd "$1" && pwd)
baseline=$(cd "$(dirname "$0")" && pwd)/guard.baseline
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Prints the instructions of `pipeline check` on one thread.
instructions() {
    (cd "$1" && valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        "$binaries/pipeline" check --quiet --jobs 1 2>&1 >/dev/null) |
        sed -n 's/^==[0-9]*== Collected : //p'
}

"$binaries/fact-sheets" "$work/csv" --rows 5000
"$binaries/fact-sheets" "$work/small" --rows 100
"$binaries/fact-sheets" "$work/bad" --rows 5000 --bad 50
for workload in csv small bad; do
    echo "$workload $(instructions "$work/$workload")"
done >"$work/now"

if [ "${2:-}" = --renew ]; then
    cp "$work/now" "$baseline"
    cat "$baseline"
    exit
fi
awk 'NR == FNR { before[$1] = $2; next }
    { change = 100 * ($2 / before[$1] - 1); printf "%s %d, %+.1f %%\n", $1, $2, change
      if (change > 5) slower = 1 }
    END { exit slower }' "$baseline" "$work/now"
