#!/bin/sh
# Brings what the tests need from the system: a browser, and Node.js for the provider's own tools.
missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="chromium fonts-noto-color-emoji"
command -v npm >/dev/null 2>&1 || missing="$missing nodejs npm"
[ -z "$missing" ] && exit 0
become=""
[ "$(id -u)" = 0 ] || become="sudo -n"
if command -v apt-get >/dev/null 2>&1 && $become apt-get update -qq >/dev/null 2>&1 &&
    $become env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1; then
    exit 0
fi
echo "The tests need $missing. Install them (on Debian: apt-get install $missing), then run this again."
exit 1
