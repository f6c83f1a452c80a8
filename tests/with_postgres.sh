#!/bin/bash
# Runs a command beside a private PostgreSQL cluster that is gone when the command ends:
#   tests/with_postgres.sh COMMAND [ARGUMENT...]
# Exports CALLBOARD_TEST_POSTGRES (URI of a maintenance database; its user may create and drop
# databases), and CALLBOARD_TEST_PGDATA, _PGBIN, _PGPORT and _PGUSER (the system user that runs it) for
# tests that stop and start it. Ends with the command's exit code. Nothing outside its temporary
# directory is touched.
set -euo pipefail

[ $# -gt 0 ] || { echo "usage: $0 COMMAND [ARGUMENT...]" >&2; exit 64; }

fail() { echo "with_postgres: $*" >&2; exit 69; }

# The newest server binaries; Debian keeps them out of PATH.
bin=""
for candidate in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V) "$(dirname "$(command -v initdb || true)")"; do
  [ -x "$candidate/initdb" ] && [ -x "$candidate/pg_ctl" ] && bin="$candidate"
done
[ -n "$bin" ] || fail "no PostgreSQL server is installed: apt-get install postgresql"

# PostgreSQL refuses to run as root.
as_user=()
user="$(id -un)"
if [ "$(id -u)" = 0 ]; then
  user=postgres
  id "$user" >/dev/null 2>&1 || user=nobody
  as_user=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups)
fi

home="$(mktemp -d /tmp/callboard-postgres.XXXXXX)"
data="$home/data"
port=""

finish() {
  code=$?
  trap - EXIT INT TERM HUP
  if [ -f "$data/postmaster.pid" ]; then
    "${as_user[@]}" "$bin/pg_ctl" -D "$data" -m immediate -w -t 20 stop >/dev/null 2>&1 || true
  fi
  rm -rf "$home"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

[ "$(id -u)" != 0 ] || chown "$user" "$home"
cd "$home" # initdb complains where its user may not be.
password="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
(umask 077; printf '%s' "$password" >"$home/password")
[ "$(id -u)" != 0 ] || chown "$user" "$home/password"

if ! "${as_user[@]}" "$bin/initdb" -D "$data" --username=callboard --auth=scram-sha-256 \
    --pwfile="$home/password" --encoding=UTF8 --locale=C.UTF-8 >"$home/initdb.log" 2>&1; then
  cat "$home/initdb.log" >&2
  fail "initdb failed"
fi

# fsync stays on: what the tests call durable must be. Few connections suffice, small memory too.
cat >>"$data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$home'
max_connections = 60
shared_buffers = 32MB
log_min_messages = fatal
CONF

# A port may be taken between our look and the start: then another is tried.
for _ in 1 2 3 4 5; do
  port=$((20000 + RANDOM % 12000))
  if "${as_user[@]}" "$bin/pg_ctl" -D "$data" -o "-p $port" -l "$home/log" -w -t 60 start >/dev/null 2>&1; then
    break
  fi
  port=""
done
[ -n "$port" ] || { cat "$home/log" >&2; fail "the cluster does not start"; }
echo "port = $port" >>"$data/postgresql.conf" # For those who restart it.

export CALLBOARD_TEST_POSTGRES="postgres://callboard:$password@127.0.0.1:$port/postgres"
export CALLBOARD_TEST_PGDATA="$data" CALLBOARD_TEST_PGBIN="$bin" CALLBOARD_TEST_PGPORT="$port" CALLBOARD_TEST_PGUSER="$user"

cd "$OLDPWD"
"$@"
