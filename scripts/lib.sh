# shellcheck shell=bash disable=SC2034  # what it sets is read by the scripts that source it
# Shared by the other scripts and bench/run: packages, a build outside the checkout, a private server. To be sourced.
#
# Everything happens in $work, a folder under /tmp that is removed at the end, whatever the end is. PostgreSQL's programs
# and libraries are copied there too: they look up their folders relative to themselves, so `make install` goes into the
# copy, needs no privilege, leaves the machine as it was, and two runs at the same time never meet.
#
# PG_CONFIG names the server to build for. By default it is the newest that packages of Debian have installed, or else the
# one that find_server finds.

set -euo pipefail
umask 022
unset CDPATH  # with it cd prints where it went
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PG_CONFIG=${PG_CONFIG:-$(compgen -G '/usr/lib/postgresql/*/bin/pg_config' | sort -V | tail -n 1 || true)}
# A name on the PATH or a path from here, while the scripts go elsewhere.
[ -z "$PG_CONFIG" ] || PG_CONFIG=$(realpath -ms "$(command -v "$PG_CONFIG" || echo "$PG_CONFIG")")
data=${HEALTH_SCORE_DATA:-$root/../shared/data}
# Examples that build on sample.sql and views.sql, in an order in which one database runs them all, and those that build
# on another one of them.
more_examples=(history book crm parents refresh frozen backtest)
declare -A builds_on=([book]=history)

# Settings for the invoker's own server must not reach the one started here.
for name in "${!PG@}"; do [ "$name" = PG_CONFIG ] || unset "$name"; done
export PGUSER=postgres PGPORT=5432 PGCLIENTENCODING=UTF8 PAGER=
# The checkout may be another user's.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=$root
step_log=
exec 8>&1 9>&2  # what is said to the user from inside a step

die() {
  echo "error: $*" >&2
  exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

as_root() { if is_root; then "$@"; else sudo "$@"; fi; }

# PostgreSQL refuses to run as root, and nothing else here needs to.
as_user() {
  if is_root; then setpriv --reuid=postgres --regid=postgres --init-groups env HOME="$work" "$@"; else "$@"; fi
}

# What is in $work belongs to that user.
hand_over() { if is_root; then chown -R postgres: "$work"; fi; }

# Runs a part of the preparation with its output in a log, which is shown only when the part fails (see cleanup).
step() {
  local title=$1 start=$SECONDS
  shift
  printf '  %-12s' "$title"
  step_log=$work/log/$title.log
  "$@" >"$step_log" 2>&1
  step_log=
  echo "$((SECONDS - start)) s"
}

at_end() { :; }  # a script redefines it to do something at its end, also when it fails

# Ends what still runs in $work (a process of ours has its current folder there) and removes it.
cleanup() {
  local status=$? process
  exec >&8 2>&9  # bash may have left the output where a step that failed had put it
  trap '' INT TERM HUP
  cd /
  if [ -n "$step_log" ] && [ $status -le 128 ]; then
    echo "failed; the end of its output:"
    tail -n 50 "$step_log"
  fi
  at_end
  for _ in {1..10}; do
    local ours=()
    for process in /proc/[0-9]*; do
      [[ $(readlink "$process/cwd" 2>/dev/null) != "$work"* ]] || ours+=("${process#/proc/}")
    done
    [ ${#ours[@]} = 0 ] && break
    kill -QUIT "${ours[@]}" 2>/dev/null || true
    sleep 0.2
  done
  rm -rf "$work"
  exit $status
}

# /tmp and not TMPDIR: a socket's path must be short, and the server's user must be able to get there.
start_work() {
  work=$(mktemp -d /tmp/health_score.XXXXXX)
  trap cleanup EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  mkdir "$work/log"
  cd "$work"
  export PGHOST=$work
}

# The server that Debian's package postgresql stands for; on another system that of the pg_config on the PATH.
find_server() {
  local major
  if command -v apt-get >/dev/null; then
    major=$(packaged_major)
    [ -n "$major" ] || major=$(as_root apt-get update -q >&2 && packaged_major)  # a fresh image has no lists of packages
    [ -n "$major" ] || die "no package of PostgreSQL is known here: set PG_CONFIG"
    PG_CONFIG=/usr/lib/postgresql/$major/bin/pg_config
  else
    PG_CONFIG=$(command -v pg_config) || die "no pg_config here: install PostgreSQL's development files or set PG_CONFIG"
  fi
}
packaged_major() { LC_ALL=C apt-cache depends postgresql | sed -n 's/^ *Depends: postgresql-\([0-9]*\)$/\1/p' || true; }

# Installs what is missing, with the compiler and the server for which PG_CONFIG stands; more packages as arguments,
# +cron for the server's own pg_cron.
install_packages() {
  [ -n "$PG_CONFIG" ] || find_server
  command -v apt-get >/dev/null || return 0  # on another system the packages must be there already
  local packages=(g++ make) server='' missing=() package
  if [[ $PG_CONFIG =~ ^/usr/lib/postgresql/([0-9]+)/bin/pg_config$ ]]; then
    server=postgresql-${BASH_REMATCH[1]}
    packages+=("$server" "postgresql-server-dev-${BASH_REMATCH[1]}")
  fi
  for package in "$@"; do
    case $package in
      # Or it is there from elsewhere; npm only recommends the certificates that it needs.
      nodejs | npm) [ -n "$(command -v "${package%js}")" ] || packages+=("$package" ca-certificates) ;;
      +*) [ -z "$server" ] || packages+=("$server-${package#+}") ;;
      *) packages+=("$package") ;;
    esac
  done
  for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  is_root || command -v sudo >/dev/null || die "no sudo here; first, as root: apt-get update && apt-get install ${missing[*]}"
  printf 'installing %s: ' "${missing[*]}" >&8
  # A server package would create and start a cluster of its own, which is not wanted.
  as_root env DEBIAN_FRONTEND=noninteractive bash -ec '
    settings=/etc/postgresql-common/createcluster.d
    trap "rm -f $settings/health_score.conf; rmdir --ignore-fail-on-non-empty $settings" EXIT
    mkdir -p $settings
    echo "create_main_cluster = false" >$settings/health_score.conf
    apt-get update -q
    apt-get install -q -y --no-install-recommends "$@"' bash "${missing[@]}" </dev/null
}

# Other Debians, and a server with assertions, live in folders under $HEALTH_SCORE_CACHE.
cache=${HEALTH_SCORE_CACHE:-/var/cache/health_score}

# The mirror of Debian that this machine uses.
debian_mirror() {
  local mirrors
  mirrors=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian')
  [ -n "$mirrors" ] || die "no mirror of Debian is known here: apt-get update"
  echo "${mirrors%%$'\n'*}"
}

# A Debian of that suite in a folder, and nothing more than is in every Debian. A suite that debootstrap does not know yet is
# made like sid.
make_root() {  # suite folder
  local mirror more=()
  [ ! -e "$2/made" ] || return 0
  mirror=$(debian_mirror)
  [[ $mirror != https:* ]] || more=(--include=ca-certificates)
  rm -rf "$2"
  mkdir -p "$2"
  debootstrap --variant=minbase "${more[@]}" "$1" "$2" "$mirror" sid
  # A mirror may lag behind its own dates; what it has is signed all the same.
  echo 'Acquire::Check-Valid-Until "false";' >"$2/etc/apt/apt.conf.d/99lag"
  echo "$mirror" >"$2/made"
}

# Runs a command in such a folder, which sees its own processes only: when it ends, so do they, and what is mounted for
# it vanishes. --ro and --rw show a folder of this machine there.
inside() {  # folder [--ro|--rw here there]... command...
  unshare --mount --pid --fork --kill-child bash -ec '
    folder=$1
    shift
    mount -t proc proc "$folder/proc"
    mount --rbind /dev "$folder/dev"
    while [[ $1 = --r[ow] ]]; do
      mkdir -p "$folder$3"
      mount --bind -o "${1#--}" "$2" "$folder$3"
      shift 3
    done
    cp -L /etc/resolv.conf /etc/hosts "$folder/etc/"
    exec chroot "$folder" "$@"' bash "$@"
}

# Copies the sources: in a checkout what git tracks or does not ignore, so no build output.
copy_sources() {
  mkdir "$work/src"
  if [ -e "$root/.git" ] && command -v git >/dev/null; then
    git -C "$root" ls-files -z --cached --others --exclude-standard |
      while IFS= read -r -d '' file; do [ ! -e "$root/$file" ] || printf '%s\0' "$file"; done |
      tar -C "$root" --null --no-recursion -T - -cf - | tar -C "$work/src" --no-same-owner -xf -
  else
    cp -R "$root/." "$work/src"
    chmod -R u+w "$work/src"  # what is copied of a folder that may only be read could not be removed
  fi
}

# Copies the server into $work and lets PG_CONFIG and PATH point to the copy.
copy_server() {
  [ -x "$PG_CONFIG" ] || die "no $PG_CONFIG: install PostgreSQL's development files or set PG_CONFIG"
  local kind folder programs version
  version=$("$PG_CONFIG" --version | sed 's/^PostgreSQL //')
  [ "${version%%[!0-9]*}" -ge 15 ] || die "PostgreSQL 15 or later is needed, and $PG_CONFIG is of $version"
  programs=$("$PG_CONFIG" --bindir)
  for kind in bindir pkglibdir sharedir includedir-server; do
    folder=$("$PG_CONFIG" "--$kind")
    mkdir -p "$work/pg$folder"
    cp -R --preserve=mode,timestamps,links "$folder/." "$work/pg$folder"
  done
  use_server "$work/pg$programs/pg_config"
}

use_server() {
  PG_CONFIG=$1
  PATH=$(dirname "$1"):$PATH
}

# Sources and server in place, owned by the user who will build and run.
prepare() {
  copy_sources
  copy_server
  hand_over
}

# make in the copy of the sources, for the copy of the server.
build() { as_user make -s --no-print-directory -C "${sources:-$work/src}" -j"$(nproc)" PG_CONFIG="$PG_CONFIG" "$@"; }

# Links the module once more, as a test build with these settings of make (-B: compiles it anew), into a server of its
# own in $work/<name>, which PG_CONFIG, PATH and $sources stand for from then on: for use in a subshell.
variant() {  # name setting...
  local own=$work/$1
  as_user mkdir "$own"
  as_user cp -R --preserve=mode,timestamps,links "$work/pg" "$work/src" "$own"  # or make compiles what is older than a header
  sources=$own/src
  use_server "$own/pg${PG_CONFIG#"$work/pg"}"
  as_user rm -f "$sources/health_score.so"  # the object files may stay
  build install with_llvm=no "${@:2}"
}

# Starts a throwaway server in $work, reached through a socket there and nowhere else.
start_server() {
  if is_root; then chown postgres: "$work"; fi
  as_user initdb -D "$work/data" -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync
  as_user tee -a "$work/data/postgresql.conf" >/dev/null <<-END
	listen_addresses = ''
	unix_socket_directories = '$work'
	fsync = off
	shared_buffers = 256MB
	max_wal_size = 4GB
	END
  # Without our output (see start_work), or who reads it waits for the server's end.
  as_user pg_ctl -D "$work/data" -l "$work/data/server.log" -w start 8>&- 9>&- || {
    cat "$work/data/server.log"
    return 1
  }
}

# psql that stops at the first error, without the invoker's settings.
sql() { psql -X -q -v ON_ERROR_STOP=1 "$@"; }

# The fuzzers, with sanitizers. clang does not bring their runtimes by itself.
fuzz_packages=(cmake clang libclang-rt-dev libgtest-dev)
build_fuzzers() {
  as_user cmake -S "$work/src" -B "$work/fuzz" -DFUZZ=ON -DSANITIZE=address,undefined -DCMAKE_CXX_COMPILER=clang++
  as_user cmake --build "$work/fuzz" -j2 --target fuzzers
}

# Runs the fuzzers whose name contains the second argument, two at a time, so many seconds each.
fuzz() {  # seconds name
  local file name failed=0
  for file in "$work/src/test/fuzz/"*"$2"*.cpp; do
    [ "$(jobs -pr | wc -l)" -lt 2 ] || wait -n || failed=1
    fuzz_one "$(basename "$file" .cpp)" "$1" &
  done
  while [ -n "$(jobs -pr)" ]; do wait -n || failed=1; done
  return $failed
}

fuzz_one() {  # name seconds
  local seeds=$work/src/test/fuzz/corpus/$1 own=$work/fuzz/$1 log=$work/log/fuzz_$1.log status=0 kept
  kept=$root/test/fuzz/corpus/$1
  as_user mkdir -p "$own/found" "$own/failed"
  as_user "$work/fuzz/fuzz_$1" -max_total_time="$2" -max_len=4096 -timeout=10 -rss_limit_mb=2500 -print_final_stats=1 \
    -dict="$work/src/test/fuzz/words.dict" -artifact_prefix="$own/failed/" "$own/found" "$seeds" >"$log" 2>&1 || status=$?
  if [ $status = 0 ]; then
    echo "ok    fuzz/$1: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions," \
      "$(sed -n 's/.*DONE *cov: \([0-9]*\) ft: \([0-9]*\).*/\1 edges, \2 features/p' "$log")"
    return
  fi
  echo "FAIL  fuzz/$1"
  grep -E -A 12 'not so:|ERROR:|runtime error:' "$log" | head -n 40 | sed 's/^/      /'
  cp "$own/failed/"* "$kept/" && echo "      kept in test/fuzz/corpus/$1: $(ls "$own/failed")"
  return 1
}
