#!/usr/bin/env bash
# Browser tests are skipped with one sentence where npm's registry does not answer, and fail where it
# does and npm fails all the same: unreachable_registry.sh ROOT
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin"
printf '#!/bin/sh\nexit 0\n' >"$folder/bin/chromium-headless-shell"
printf '#!/bin/sh\necho "npm error code $NPM_SAYS"\nexit 1\n' >"$folder/bin/npm"
chmod +x "$folder"/bin/*
export PATH=$folder/bin:$PATH

# with CODE: how run.sh ends when npm says so; what it says goes to $folder/said.
with() {
  local code=0
  NPM_SAYS=$1 "$root/tests/browser/run.sh" "$folder/node" none.test.mjs 2>"$folder/said" || code=$?
  echo "$code"
}

root=$1
[[ $(with EAI_AGAIN) == 77 ]]
grep -q "skipped: the npm registry cannot be reached" "$folder/said"
[[ $(with EINTEGRITY) == 1 ]]
