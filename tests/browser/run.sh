#!/usr/bin/env bash
# Runs browser tests: run.sh FOLDER FILE.test.mjs...   What npm brings goes into FOLDER, once per lock file.
# Where the release has no Chromium package (Ubuntu has a snap only), the tests are skipped and say so.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
folder=$1
shift

for browser in chromium-headless-shell chromium; do
  if CALLBOARD_BROWSER=$(command -v "$browser"); then break; fi
done
if [[ -z $CALLBOARD_BROWSER ]]; then
  if grep -qs '^ID=debian' /etc/os-release; then
    echo "browser: Chromium is missing; ./test installs it" >&2
    exit 1
  fi
  echo "skipped: this release has no Chromium package" >&2
  exit 77
fi
export CALLBOARD_BROWSER

mkdir -p "$folder"
(
  flock 9
  if ! cmp -s "$here/package-lock.json" "$folder/installed.json"; then
    cp "$here"/package.json "$here"/package-lock.json "$here"/.npmrc "$folder/"
    if ! (cd "$folder" && npm ci --no-progress >npm.log 2>&1); then
      cat "$folder/npm.log" >&2
      # Only where nobody answers: a registry that refuses, or a wrong checksum, is a failure.
      if grep -qE 'EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT' "$folder/npm.log"; then
        echo "skipped: the npm registry cannot be reached; once it could be, tests/browser needs it no more" >&2
        exit 77
      fi
      exit 1
    fi
    cp "$here/package-lock.json" "$folder/installed.json"
  fi
) 9>"$folder/lock"
export CALLBOARD_NODE_MODULES=$folder/

# Without the cluster that ./test starts, one of our own for this run.
if [[ -z ${CALLBOARD_TEST_POSTGRES-} ]]; then
  exec "$here/../with_postgres.sh" node --test "$@"
fi
exec node --test "$@"
