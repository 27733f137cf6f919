#!/usr/bin/env bash
# Runs every test. On a bare Debian or Ubuntu machine with the .NET SDK it first installs what the tests start: PostgreSQL, Redis, Chromium, an SMTP server.
# Usage: ./test.sh [project ...]     for example: ./test.sh Monitor.Tests      (none = all)
set -euo pipefail
cd "$(dirname "$0")"

install_missing() {
  local missing=()
  command -v redis-server >/dev/null || missing+=(redis-server)
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || command -v postgres >/dev/null || missing+=(postgresql)
  command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
  # Without an SMTP server the tests of e-mail skip, so elsewhere than on Debian nobody has to find one.
  /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || ! command -v apt-get >/dev/null || missing+=(python3-aiosmtpd)
  [ ${#missing[@]} -eq 0 ] && return
  if ! command -v apt-get >/dev/null; then
    echo "The tests start PostgreSQL, Redis and Chromium. Please install: ${missing[*]}" >&2
    exit 1
  fi
  echo "Installing ${missing[*]}"
  local sudo=""
  [ "$(id -u)" -eq 0 ] || sudo=sudo
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2; exit 1; }
install_missing
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build RetrainLoop.sln -c Release -v quiet -clp:ErrorsOnly

if [ $# -gt 0 ]; then projects=("$@"); else
  # The whole-stack tests come last and alone, so that they have the machine to themselves.
  projects=($(ls -d tests/*.Tests | xargs -n1 basename | grep -v '^Loop.Tests$'))
  [ -d tests/Loop.Tests ] && projects+=(Loop.Tests)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0 broken=0 failures="" retried=""
run() { dotnet test --project "tests/$1" -c Release --no-build --output Normal "${@:2}" 2>&1 | tee "$log"; }
# Each failed test with the first lines of its message: where only the end of a log is kept, they are told again there.
explain() {
  awk -v project="$1" '
    /^failed / { sub(/^failed /, ""); sub(/ \([0-9hmsd ]+\)$/, ""); print project ": " $0; left = 5; next }
    /^[^ ]/ || /^ +at / || /^ +(Standard|Error) output/ { left = 0 }
    left > 0 && !/^  from / && NF { sub(/Xunit[.]MicrosoftTestingPlatform[.]XunitException: /, ""); print "  " $0; left-- }' "$log"
}
count() { sed -nE "s/^ *$1: ([0-9]+).*/\1/p" "$log" | tail -n 1; }
for project in "${projects[@]}"; do
  echo "== $project"
  outcome=0
  run "$project" || outcome=1
  passed=$((passed + $(count succeeded || true) + 0)) skipped=$((skipped + $(count skipped || true) + 0)) lost=$(count failed)
  # Browsers and whole stacks depend on the machine's mood: what fails there runs once more before it counts, and is named.
  if [ "${lost:-0}" -gt 0 ] && [[ $project =~ ^(Browser|Loop)\.Tests$ ]]; then
    mapfile -t names < <(sed -nE 's/^failed ([A-Za-z0-9_.]+).*/\1/p' "$log" | sort -u)
    echo "== $project: once more ${names[*]}"
    retried+=$(printf '%s\n' "${names[@]/#/$project: }")$'\n'
    outcome=0
    run "$project" "${names[@]/#/--filter-method=}" || outcome=1
    passed=$((passed + $(count succeeded || true) + 0)) lost=$(count failed)
  fi
  [ "$outcome" -eq 0 ] || failures+=$(explain "$project" | grep . || echo "$project: ended without a result; its log above says why")$'\n'
  failed=$((failed + ${lost:-0})) broken=$((broken + outcome))
done
[ -f TestResults/loop.md ] && { echo "== One pass of the loop"; cat TestResults/loop.md; }
# A module that crashed before it could count is a failure too.
[ "$broken" -gt 0 ] && [ "$failed" -eq 0 ] && failed=$broken
[ -n "$retried" ] && printf '== Needed a second try\n%s' "$retried"
[ -n "$failures" ] && printf '== Failed\n%s' "$failures"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
