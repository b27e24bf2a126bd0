#!/bin/sh
# What a new user does, from nothing: a clone of this repository at HEAD, an empty home directory, then the two
# commands of the README. Ends with 0 only if both work, the brief is there, and set-up has nothing left to do.
#
#   scripts/fresh_clone.sh
set -eu
repository=$(cd "$(dirname "$0")/.." && pwd)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'fresh_clone: %s\n' "$*" >&2; exit 1; }
milliseconds() { echo $(($(date +%s%N) / 1000000)); }

git -C "$repository" rev-parse --verify --quiet HEAD >/dev/null || fail 'the repository has no commit yet'
say "a clone of $(git -C "$repository" rev-parse --short HEAD)"
git clone --quiet --no-hardlinks "$repository" "$work/zopa"
mkdir "$work/home"
export HOME="$work/home"
unset XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME VIRTUAL_ENV PYTHONPATH MAKEFLAGS MAKELEVEL MFLAGS
cd "$work/zopa"

say 'make brief'
make brief
page=out/muscat-2026.html
[ -s "$page" ] || fail "make brief left no $page"
printf '%s: %s bytes\n' "$page" "$(wc -c < "$page")"

say 'make test'
make test

if unshare -n true 2>/dev/null; then
    offline='unshare -n'
elif unshare -rn true 2>/dev/null; then
    offline='unshare -rn'
else
    offline=''
fi
say "make setup again${offline:+, with no network}"
before=$(milliseconds)
$offline make setup
took=$(($(milliseconds) - before))
[ "$took" -lt 2000 ] || fail "the second make setup took $took ms, more than 2000"
printf 'took %s ms\n' "$took"

[ -z "$(git status --porcelain)" ] || fail "the commands left files behind: $(git status --porcelain)"
say 'a fresh clone works'
