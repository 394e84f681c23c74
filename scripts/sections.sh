# shellcheck shell=bash
# Runs the sections of ./check, keeps their results and writes the summary. Sourced by ./check.

section_work=$(mktemp -d "${TMPDIR:-/tmp}/bowline-check.XXXXXX") || exit 1
trap 'rm -rf "$section_work"' EXIT
logs=target/check
rm -rf "$logs"
mkdir -p "$logs" || exit 1
total_passed=0
total_failed=0
total_skipped=0
sections_failed=0

say_result() { # NAME RESULT PASSED FAILED SKIPPED SECONDS
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$@" >>"$section_work/results"
}

# Runs the command $2… as the section named $1. Its output goes to a file and is shown only if it fails.
section() {
    local name=$1 started=$SECONDS code=0 result=passed passed failed skipped seconds log
    log=$logs/$(printf '%s' "$name" | tr -cs 'A-Za-z0-9' '-').log
    shift
    printf '\n== %s\n' "$name"
    : >"$section_work/counts"
    : >"$section_work/skips"
    : >"$section_work/failures"
    "$@" >"$log" 2>&1 || code=$?
    seconds=$((SECONDS - started))
    read -r passed failed skipped <<<"$(awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' "$section_work/counts")"
    if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
        failed=1 # it failed before or after its tests
    elif [ $((passed + failed + skipped)) -eq 0 ]; then
        passed=1 # a section that counts no tests is one
    fi
    if [ "$failed" -gt 0 ]; then
        result=FAILED
        sections_failed=$((sections_failed + 1))
        # Maven tells of each step; what went wrong is in the other lines.
        grep -vE '^\[INFO\]|^WARNING: .*(sun\.misc\.Unsafe|terminally deprecated|Please consider reporting)' "$log" >"$section_work/shown"
        if [ "$(wc -l <"$section_work/shown")" -gt 400 ]; then
            grep -E '^\[ERROR\]|^ *not ok|FAILED' "$section_work/shown" | head -n 100
            echo "   … and the last lines:"
        fi
        tail -n 300 "$section_work/shown"
        echo "   … all of it is in $log"
        [ -s "$section_work/failures" ] || echo "see $log" >"$section_work/failures"
    fi
    sed "s|^|$name: |" "$section_work/skips" >>"$section_work/all-skips"
    sed "s|^|$name: |" "$section_work/failures" >>"$section_work/all-failures"
    total_passed=$((total_passed + passed))
    total_failed=$((total_failed + failed))
    total_skipped=$((total_skipped + skipped))
    say_result "$name" "$result" "$passed" "$failed" "$skipped" "$seconds"
    printf '   %s: %d passed, %d failed, %d skipped in %d s\n' "$result" "$passed" "$failed" "$skipped" "$seconds"
}

skip_section() { # NAME REASON
    printf '\n== %s\n   skipped: %s\n' "$1" "$2"
    total_skipped=$((total_skipped + 1))
    say_result "$1" skipped 0 0 1 0
    echo "$1: $2" >>"$section_work/all-skips"
}

# Runs sections beside those that come next: $@ calls "section". They are told of by "join_sections".
sections_beside() {
    beside_work=$section_work/beside
    mkdir -p "$beside_work"
    run_beside "$@" >"$beside_work/out" 2>&1 &
    beside=$!
}

# What it counts is its own.
run_beside() {
    local section_work=$beside_work total_passed=0 total_failed=0 total_skipped=0 sections_failed=0
    trap - EXIT
    "$@"
    echo "$total_passed $total_failed $total_skipped $sections_failed" >"$section_work/totals"
}

# Waits for the sections that run beside, and counts them.
join_sections() {
    local passed failed skipped bad
    wait "$beside"
    cat "$beside_work/out"
    cat "$beside_work/results" >>"$section_work/results" 2>/dev/null
    cat "$beside_work/all-skips" >>"$section_work/all-skips" 2>/dev/null
    cat "$beside_work/all-failures" >>"$section_work/all-failures" 2>/dev/null
    read -r passed failed skipped bad <"$beside_work/totals" || { passed=0 failed=1 skipped=0 bad=1; }
    total_passed=$((total_passed + passed))
    total_failed=$((total_failed + failed))
    total_skipped=$((total_skipped + skipped))
    sections_failed=$((sections_failed + bad))
}

# Counts the tests in the surefire report directories given, and notes each skipped or failed test with its reason.
count_surefire() {
    find "$@" -name 'TEST-*.xml' -exec cat {} + 2>/dev/null >"$section_work/xml"
    awk -v counts="$section_work/counts" -v skips="$section_work/skips" -v failures="$section_work/failures" '
        function attribute(name,    at, rest) {
            at = index($0, " " name "=\"")
            if (!at) return ""
            rest = substr($0, at + length(name) + 3)
            return substr(rest, 1, index(rest, "\"") - 1)
        }
        function plain(text) {
            gsub(/&quot;/, "\"", text); gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&apos;/, "\047", text)
            gsub(/&#10;/, " ", text); gsub(/&amp;/, "\\&", text)
            return text
        }
        /^<testsuite / {
            bad = attribute("errors") + attribute("failures")
            print attribute("tests") - bad - attribute("skipped"), bad, attribute("skipped") + 0 >counts
        }
        /^  <testcase / { test = attribute("classname") "." attribute("name") }
        function reason() {
            if (attribute("message") != "") return plain(attribute("message"))
            # A failed assumption: what was thrown stands inside.
            sub(/.*<!\[CDATA\[([A-Za-z0-9.$]+: )?/, "")
            return $0
        }
        /^    <skipped/ { print plain(test) ": " reason() >skips }
        /^    <(failure|error)/ { print substr(plain(test) ": " reason(), 1, 500) >failures }
    ' "$section_work/xml"
}

# Counts tests from the closing lines of a test program on standard input: TAP or the other reporter of node, or a line
# "N passed, N failed". Notes each skipped or failed test with its reason.
count_lines() {
    sed "s/$(printf '\033')\[[0-9;]*m//g" | awk -v counts="$section_work/counts" -v skips="$section_work/skips" \
        -v failures="$section_work/failures" '
        function failed_test() {
            if (test != "") print substr(test, 1, 500) >failures
            test = ""
        }
        /^(#|ℹ) pass [0-9]+$/ { passed += $3 }
        /^(#|ℹ) (fail|cancelled) [0-9]+$/ { failed += $3 }
        /^(#|ℹ) (skipped|todo) [0-9]+$/ { skipped += $3 }
        /^([A-Za-z]+: )?[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ {
            sub(/^[A-Za-z]+: /, "")
            passed += $1; failed += $3; skipped += $5
        }
        /^ *ok .* # SKIP/ { sub(/^ *ok [0-9]+ - /, ""); sub(/ # SKIP */, ": "); print >skips }
        /^ *﹣ / { sub(/^ *﹣ /, ""); print >skips }
        # TAP: the reason follows, of several lines maybe; that a test below failed is told there.
        /^ *not ok [0-9]+ - / { failed_test(); test = $0; sub(/^ *not ok [0-9]+ - /, "", test); next }
        test != "" && /^ *error: .*subtests? failed/ { test = ""; next }
        test != "" && /^ *error: *[|>]-?$/ { block = 1; next }
        test != "" && (block || /^ *error: /) { sub(/^ *(error: )?/, ""); test = test ": " $0; block = 0; failed_test() }
        /^✖ failing tests:/ { listed = 1; next }
        listed && /^✖ / { sub(/^✖ /, ""); print >failures }
        END { failed_test() }
        END { print passed + 0, failed + 0, skipped + 0 >counts }
    '
}

# Prints the table, what was skipped or failed and why, and last the one line that says it all. Ends the script.
summary() {
    printf '\n== summary\n'
    awk -F '\t' '
        BEGIN { printf "%-34s %-8s %7s %7s %8s %8s\n", "section", "result", "passed", "failed", "skipped", "seconds" }
        { printf "%-34s %-8s %7d %7d %8d %8d\n", $1, $2, $3, $4, $5, $6 }
    ' "$section_work/results"
    echo "$SECONDS seconds in all"
    if [ -n "${tools_missing:-}" ]; then
        printf '\nTools that are missing:\n%s' "$tools_missing"
    fi
    if [ -s "$section_work/all-skips" ]; then
        printf '\nSkipped:\n'
        cat "$section_work/all-skips"
    fi
    if [ -s "$section_work/all-failures" ]; then
        printf '\nFailed:\n'
        cat "$section_work/all-failures"
    fi
    local code=0
    [ "$sections_failed" -eq 0 ] || code=1
    if [ "$total_skipped" -gt 0 ] && [ "${CI:-}" = true ]; then
        printf '\nIn CI every test must run: what was skipped counts as a failure.\n'
        code=1
    fi
    printf '\n%d passed, %d failed, %d skipped\n' "$total_passed" "$total_failed" "$total_skipped"
    exit "$code"
}
