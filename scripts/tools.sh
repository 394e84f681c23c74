# shellcheck shell=bash
# Installs the tools that the tests need, where that can be done. Sourced by ./check, which sets required_jdks and
# reads node_missing.
# shellcheck disable=SC2034,SC2154

# What could not be had, one sentence a line.
tools_missing=

# Runs a command as root, if that goes without asking.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

can_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }
}

apt_updated=
apt_install() {
    can_install || return 1
    echo "Installing $* …"
    if [ -z "$apt_updated" ]; then
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update >/dev/null 2>&1
        apt_updated=yes
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" >/dev/null 2>&1
}

# Makes sure of the command $1, from the Debian packages that follow.
need_command() {
    local name=$1
    shift
    command -v "$name" >/dev/null 2>&1 && return
    apt_install "$@" || could_not "$name is missing and could not be installed (Debian's package: $1)."
}

could_not() {
    echo "$1"
    tools_missing="$tools_missing$1
"
}

need_jdk() {
    list_jdks | grep -q "^$1 " && return
    apt_install "openjdk-$1-jdk-headless" || could_not "JDK $1 is missing and could not be installed."
}

need_nginx() {
    [ -x /usr/sbin/nginx ] && return # where only root's PATH looks
    need_command nginx nginx-light
}

need_chromium() {
    local browser
    for browser in chromium chromium-browser google-chrome; do
        command -v "$browser" >/dev/null 2>&1 && return
    done
    [ -d "/Applications/Google Chrome.app" ] && return
    need_command chromium chromium
}

# The library of the system's own Python, for which Debian packages libraries.
need_python_websockets() {
    /usr/bin/python3 -c 'import websockets' >/dev/null 2>&1 && return
    apt_install python3-websockets || could_not "Python's websockets is missing and could not be installed (Debian's package: python3-websockets)."
}

# Installs the node packages of each directory that has a lock file, unless they are there already.
need_node_packages() {
    local lock package
    for lock in javascript-client/package-lock.json verification/*/package-lock.json \
        verification/src/test/*/package-lock.json; do
        [ -f "$lock" ] || continue
        package=$(dirname "$lock")
        if [ -f "$package/node_modules/.package-lock.json" ] &&
            [ -z "$(find "$lock" "$package/package.json" -newer "$package/node_modules/.package-lock.json")" ]; then
            continue
        fi
        echo "Installing the node packages of $package …"
        # The browser comes from the system, so no package needs to fetch one.
        (cd "$package" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund --silent) ||
            could_not "The node packages of $package could not be installed."
    done
}

install_tools() {
    local release
    for release in $required_jdks; do
        need_jdk "$release"
    done
    find_maven >/dev/null || need_command mvn maven
    need_command shellcheck shellcheck
    need_command node nodejs
    need_command npm npm
    need_command openssl openssl
    need_command curl curl
    need_command php php-cli
    need_command redis-server redis-server
    need_nginx
    need_command systemd-analyze systemd
    need_chromium
    need_python_websockets
    if command -v npm >/dev/null 2>&1; then
        need_node_packages
    fi
}

# Sets node_missing to the reason why no JavaScript test can run, or to nothing.
find_node() {
    node_missing=
    local release
    if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
        node_missing="Node.js with npm is missing"
        return
    fi
    release=$(node --version)
    release=${release#v}
    if [ "${release%%.*}" -lt 20 ]; then
        node_missing="Node.js is $release, and the tests need 20 or later"
    fi
}

# Runs a command for $1 seconds at most, where there is a command for that. 124 means that the time was up.
limited() {
    local seconds=$1
    shift
    if command -v timeout >/dev/null 2>&1; then
        timeout --foreground -k 20 "$seconds" "$@"
    else
        "$@"
    fi
}
