#!/usr/bin/env bash
# Starts the whole stack on this machine: installs what is missing, builds what has changed, runs the AppHost.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: ./run.sh [options]

  --base-port N    first port of the stack (8080); all other ports count from it
  --bind ADDRESS   address that Web and Inference listen on (127.0.0.1); 0.0.0.0 = every network
  --data DIR       folder that keeps all state (.data beside this script, or RETRAINLOOP_DATA)
  --no-demo        leave out the sample production line
  --aspire         run on the Aspire packages: dashboard, containers (needs Docker and a package source that has them)
  --Key:Sub=value  any other configuration
TEXT
}

step() { printf '\033[1m== %s\033[0m\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

aspire=false
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --aspire) aspire=true ;;
    --data) [ $# -gt 1 ] || fail "--data needs a folder."; mkdir -p "$2"; export RETRAINLOOP_DATA; RETRAINLOOP_DATA=$(cd "$2" && pwd); shift ;;
    --data=*) mkdir -p "${1#*=}"; export RETRAINLOOP_DATA; RETRAINLOOP_DATA=$(cd "${1#*=}" && pwd) ;;
    --base-port | --bind) [ $# -gt 1 ] || fail "$1 needs a value."; arguments+=("$1=$2"); shift ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

command -v dotnet >/dev/null || fail "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download"
dotnet --version >/dev/null 2>&1 || fail "The .NET 10 SDK is needed, but 'dotnet' here is another version: https://dotnet.microsoft.com/download"

has_postgres() { [ -n "${ConnectionStrings__postgres:-}" ] || command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; }
has_redis() { [ -n "${ConnectionStrings__redis:-}" ] || command -v redis-server >/dev/null || command -v valkey-server >/dev/null; }

install_missing() {
  local packages=() sudo=''
  has_postgres || packages+=(postgresql)
  has_redis || packages+=(redis-server)
  [ ${#packages[@]} -gt 0 ] || return 0
  if command -v apt-get >/dev/null; then
    [ "$(id -u)" -eq 0 ] || sudo=sudo
    step "Installing ${packages[*]}"
    $sudo apt-get update -qq
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
    # The packages start servers of their own; the stack brings its own instead.
    local service
    for service in "${packages[@]}"; do
      if [ -d /run/systemd/system ]; then $sudo systemctl disable --now "$service" >/dev/null 2>&1 || true
      else $sudo service "$service" stop >/dev/null 2>&1 || true; fi
    done
  elif command -v brew >/dev/null; then
    packages=("${packages[@]/%postgresql/postgresql@17}")
    packages=("${packages[@]/%redis-server/redis}")
    step "Installing ${packages[*]}"
    brew install --quiet "${packages[@]}"
  else
    fail "Please install ${packages[*]} with the package manager of this system, or start with --aspire, which runs them as containers."
  fi
}

# What the stack is built from: a second start skips the build when nothing was added, removed or edited.
folders=(*/*.csproj)
folders=("${folders[@]%/*}")
sources() {
  find "${folders[@]}" Directory.*.props global.json .editorconfig BannedSymbols.txt \( -name bin -o -name obj \) -prune -o -type f "$@" -print
}
source_list() { echo "Accelerator=${Accelerator:-}"; sources | sort; }
is_built() { [ -f "$1" ] && [ "$(source_list)" = "$(cat "$1")" ] && [ -z "$(sources -newer "$1" | head -n 1)" ]; }

if $aspire; then
  export UseAspirePackages=true
  arguments=(${arguments[@]+"${arguments[@]/#--no-demo/--RetrainLoop:Demo=false}"})
  arguments=(${arguments[@]+"${arguments[@]/#--base-port=/--RetrainLoop:BasePort=}"})
  step "Restoring the Aspire packages"
  if ! restored=$(dotnet restore AppHost -v quiet 2>&1); then
    grep -m 3 -E 'error' <<<"$restored" >&2 || true
    fail "The Aspire packages cannot be restored from the package sources of this machine. Start without --aspire, which needs none of them."
  fi
  step "Starting"
  exec dotnet run --project AppHost -c Release --no-restore -- ${arguments[@]+"${arguments[@]}"}
fi

install_missing
stamp=AppHost/obj/local/built
if ! is_built "$stamp"; then
  step "Building"
  mkdir -p "$(dirname "$stamp")"
  source_list >"$stamp.new"
  dotnet build AppHost -c Release -v quiet "-clp:ErrorsOnly;NoSummary" --nologo || fail "The build failed; the lines above tell why."
  mv "$stamp.new" "$stamp"
fi
step "Starting"
exec dotnet AppHost/bin/Release/net10.0/AppHost.dll ${arguments[@]+"${arguments[@]}"}
