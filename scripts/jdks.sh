# shellcheck shell=sh
# Finds the JDKs of this machine. Sourced by ./bowline and ./check; starts no JVM, so it costs a few milliseconds.
# BOWLINE_SYSTEM_ROOT is put before the system's directories; only the tests set it.

# Prints the feature release (17, 21, 25 …) of the JDK at $1, from its "release" file; fails where there is no JDK.
jdk_version() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    jdk_line=$(grep '^JAVA_VERSION=' "$1/release" 2>/dev/null) || return 1
    jdk_number=${jdk_line#*=}
    jdk_number=${jdk_number#\"}
    jdk_number=${jdk_number#1.} # Java 8 calls itself 1.8
    jdk_number=${jdk_number%%[!0-9]*}
    [ -n "$jdk_number" ] && echo "$jdk_number"
}

# Prints "RELEASE HOME" for every JDK found, that of JAVA_HOME first, then those on the PATH. One that is
# reachable by two names is mostly printed once.
list_jdks() {
    {
        [ -z "${JAVA_HOME:-}" ] || echo "$JAVA_HOME"
        for jdk_tool in javac java; do
            jdk_path=$(command -v "$jdk_tool" 2>/dev/null) || continue
            jdk_path=$(readlink -f "$jdk_path" 2>/dev/null) || continue
            echo "${jdk_path%/bin/*}"
        done
        jdk_system=${BOWLINE_SYSTEM_ROOT:-}
        for jdk_home in \
            "$jdk_system"/usr/lib/jvm/* "$jdk_system"/usr/lib64/jvm/* "$jdk_system"/usr/java/* \
            "$jdk_system"/usr/local/openjdk* "$jdk_system"/usr/local/java/* "$jdk_system"/opt/java/* \
            "$jdk_system"/opt/jdk* \
            "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.gradle/jdks/* "$HOME"/.asdf/installs/java/* \
            "$HOME"/.local/share/mise/installs/java/* "$HOME"/.jenv/versions/* \
            "$jdk_system"/Library/Java/JavaVirtualMachines/*/Contents/Home \
            "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
            "$jdk_system"/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
            "$jdk_system"/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
            [ -d "$jdk_home/bin" ] && (cd "$jdk_home" && pwd -P)
        done
    } | awk '!seen[$0]++' | while IFS= read -r jdk_home; do
        jdk_release=$(jdk_version "$jdk_home") && echo "$jdk_release $jdk_home"
    done
    return 0
}

# Prints the path of Maven's command; fails where there is none.
find_maven() {
    command -v mvn 2>/dev/null && return 0
    jdk_system=${BOWLINE_SYSTEM_ROOT:-}
    for maven_home in "${MAVEN_HOME:-}" "${M2_HOME:-}" "$HOME/.sdkman/candidates/maven/current" \
        "$jdk_system/usr/share/maven" "$jdk_system/opt/maven" "$jdk_system/usr/local/maven"; do
        if [ -n "$maven_home" ] && [ -x "$maven_home/bin/mvn" ]; then
            echo "$maven_home/bin/mvn"
            return 0
        fi
    done
    return 1
}
