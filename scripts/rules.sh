# shellcheck shell=bash
# Rules of the repository that no compiler knows. Sourced by ./check after sections.sh.
# shellcheck disable=SC2154 # section_work comes from there

# Prints what breaks a rule ($1), one case a line from standard input, and remembers that it was broken.
broken() {
    local found
    found=$(cat)
    if [ -n "$found" ]; then
        printf '%s\n%s\n\n' "$1" "$found"
        echo "0 1 0" >>"$section_work/counts"
    else
        echo "1 0 0" >>"$section_work/counts"
    fi
}

no_binaries() {
    git diff --cached --numstat "$(git hash-object -t tree /dev/null)" | awk -F '\t' '$1 == "-" { print $3 }'
}

no_download_addresses() {
    git grep -nE '"resolved": *"[a-z+]*://|^ *resolved "|tarball: ' -- '*package-lock.json' '*npm-shrinkwrap.json' '*yarn.lock' '*pnpm-lock.yaml'
    git grep -nE '<(plugin)?[rR]epositor(y|ies)>' -- '*pom.xml'
    git grep -nE 'registry *=' -- '*.npmrc'
}

no_unfinished_marks() {
    # Written so that this line is not found itself.
    git grep -nIwE 'TO''DO|FIX''ME|XX''X' -- . ':!LICENSE'
}

no_long_files() {
    git ls-files -- '*/src/main/*.java' 'javascript-client/*.js' | grep -v /test/ | while IFS= read -r file; do
        [ -f "$file" ] && awk -v file="$file" 'END { if (NR > 900) print file ": " NR " lines" }' "$file"
    done
}

# What two translations of one page must share: the levels of the headings, in order, and the code blocks.
page_skeleton() {
    awk '
        /^```/ { code = !code; print; next }
        code { print; next }
        /^#+ / { print "heading " $1 }
        /^<!-- snippet/ { print }
    ' "$1"
}

readmes_in_step() {
    diff <(page_skeleton README.md) <(page_skeleton README.zh-CN.md)
}

repository_rules() {
    git rev-parse --is-inside-work-tree >/dev/null || return
    no_binaries | broken "Binary files do not belong into the repository:"
    no_download_addresses | broken "Lock files and build files must not name a package registry (npm install --omit-lockfile-registry-resolved):"
    no_unfinished_marks | broken "Unfinished work is an issue, not a mark in the text:"
    no_long_files | broken "A source file has at most 900 lines:"
    readmes_in_step | broken "README.md and README.zh-CN.md differ in their headings or code blocks:"
}
