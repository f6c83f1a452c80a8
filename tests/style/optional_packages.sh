#!/usr/bin/env bash
# ./test goes on without packages that it can do without, and stops where one is needed, on a system
# where nobody may install: optional_packages.sh ROOT
set -euo pipefail

source "$1/packaging/packages.sh"

# A system with g++ and nothing else, for somebody who is not root and has no sudo.
dpkg-query() { printf 'g++ installed\n'; }
apt-get() { :; }
apt-cache() { printf 'zsh:\n  Candidate: 5.9\n'; }
id() { echo 1000; }
command() {
  [[ $2 != sudo ]] || return 1
  builtin command "$@"
}

(install_packages g++ -- zsh) 2>&1 | grep -x "Going on without: zsh"
if (install_packages g++ cmake -- zsh) 2>/dev/null; then
  echo "it goes on without cmake, which it needs"
  exit 1
fi

# Where somebody may, and one of the optional ones cannot be installed, the others are.
(
  apt_get() { :; }
  install_wanted() { [[ " ${packages_wanted[*]} " != *" zsh "* ]]; }
  install_packages g++ cmake -- zsh
) 2>&1 | grep -x "Going on without: zsh"
