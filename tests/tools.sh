#!/bin/sh
# Brings what the tests need from the system: a browser, Node.js for the provider's own tools, PostgreSQL.
missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="chromium fonts-noto-color-emoji"
command -v npm >/dev/null 2>&1 || missing="$missing nodejs npm"
# What tests do without, if it cannot be had: they are skipped then.
optional=""
ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1 || command -v pg_ctl >/dev/null 2>&1 || optional="postgresql"
[ -z "$missing$optional" ] && exit 0
become=""
[ "$(id -u)" = 0 ] || become="sudo -n"
if command -v apt-get >/dev/null 2>&1 && $become apt-get update -qq >/dev/null 2>&1 &&
    $become env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing $optional >/dev/null 2>&1; then
    exit 0
fi
[ -z "$missing" ] && exit 0
echo "The tests need $missing. Install them (on Debian: apt-get install $missing), then run this again."
exit 1
