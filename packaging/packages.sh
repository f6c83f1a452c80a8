# shellcheck shell=bash disable=SC2034
# Sourced by ./run and ./test: installs the Debian or Ubuntu packages that are missing, asking apt once.
# Promises: nothing happens when nothing is missing, nothing installed is removed, stdout stays empty.
#
# A need is one package or alternatives, best first: "libboost1.81-dev|libboost-dev". Any installed one
# will do; else the first that this release has is taken.

# Boost: 1.81 is the newest of Debian 12, where libboost-dev is 1.74; later releases have it newer.
packages_to_build=(
  g++ cmake ninja-build 'pkgconf|pkg-config'
  libcaf-dev 'libboost1.81-dev|libboost-dev' libpqxx-dev libsqlite3-dev nlohmann-json3-dev libsodium-dev zlib1g-dev libbrotli-dev
  libncurses-dev libutf8proc-dev
)
packages_to_bench=(postgresql python3)
packages_to_test=(postgresql python3 python3-websockets tmux fortunes nodejs)
# Taken where the release has them: the corpus in more languages, and the version of clang-format that
# our rules are written for (the test skips others).
packages_to_test_if_any=(
  fortunes-bg fortunes-de fortunes-es fortunes-it fortunes-pl fortunes-ru fortunes-zh
  clang-format-14
  zsh fish # Their completion is tried where they are.
)
# clang-tidy 14 reads the standard library of GCC 12, which is Debian 12's; elsewhere it is skipped.
if grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release; then
  packages_to_test_if_any+=(clang-tidy-14)
fi

# Debian has npm apart; other packages of Node.js bring it, and refuse to stand beside Debian's.
command -v npm >/dev/null || packages_to_test+=(npm)
# The page is tested in a real browser. Ubuntu has Chromium as a snap only; the tests are skipped there.
if grep -qs '^ID=debian' /etc/os-release; then
  packages_to_test+=('chromium-headless-shell|chromium')
else
  packages_to_test_if_any+=('chromium-headless-shell|chromium')
fi

say() { printf '%s\n' "$*" >&2; }

# fail EXIT_CODE WHAT [HINT]
fail() {
  say "error: $2"
  [[ $# -lt 3 ]] || say "hint: $3"
  exit "$1"
}

# as_root COMMAND...: a terminal may ask for sudo's password, a script may not.
as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif ! command -v sudo >/dev/null; then
    fail 77 "installing packages needs root, and there is no sudo" \
      "as root: apt-get install --no-install-recommends ${packages_wanted[*]}"
  elif [[ -t 2 && -r /dev/tty ]]; then
    sudo -- "$@"
  else
    sudo -n -- "$@"
  fi
}

# C.UTF-8 comes with libc: a minimal system has no other locale, and PostgreSQL's package makes its
# databases in the locale of this call. stdin is not apt's: it may be a pipe into the client.
apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
    apt-get -o DPkg::Lock::Timeout=300 "$@" </dev/null >&2
}

# True when one of the alternatives in $1 is installed. `packages_installed` holds " a b c ".
is_installed() {
  local name
  for name in ${1//|/ }; do
    [[ $packages_installed != *" $name "* ]] || return 0
  done
  return 1
}

# Prints the first alternative that apt could install, or nothing.
first_available() {
  local name policy
  for name in ${1//|/ }; do
    policy=$(LC_ALL=C apt-cache policy "$name" 2>/dev/null)
    if [[ $policy == *"  Candidate: "[^\(]* ]]; then
      printf '%s' "$name"
      return
    fi
  done
}

# install_packages NEED... [-- NEED_IF_AVAILABLE...]
install_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "This is not Debian or Ubuntu; going on with what is installed. Needed: $*"
    return
  fi
  local need name required=1 missing=() optional=()
  packages_installed=" $(dpkg-query -W -f '${Package} ${db:Status-Status}\n' \
    | sed -n 's/ installed$//p' | tr '\n' ' ')"
  packages_wanted=()
  for need in "$@"; do
    if [[ $need == -- ]]; then
      required=0
    elif ! is_installed "$need"; then
      if ((required)); then missing+=("$need"); else optional+=("$need"); fi
    fi
  done

  # Lists are only fetched for what cannot be done without.
  if ((${#missing[@]})); then
    say "Missing packages: ${missing[*]//|*/}"
    packages_wanted=("${missing[@]//|*/}")
    apt_get update -q || fail 69 "apt-get update failed, see above"
    packages_wanted=()
  fi
  for need in "${missing[@]}"; do
    name=$(first_available "$need")
    [[ -n $name ]] || fail 69 "this release has no package ${need//|/ or }" \
      "Debian 12, Debian 13 and Ubuntu 24.04 (with universe) have them all"
    packages_wanted+=("$name")
  done
  local required_count=${#packages_wanted[@]}
  for need in "${optional[@]}"; do
    name=$(first_available "$need")
    [[ -z $name ]] || packages_wanted+=("$name")
  done
  ((${#packages_wanted[@]})) || return 0

  say "Installing: ${packages_wanted[*]}"
  install_wanted && return
  if ((required_count)); then
    ((required_count < ${#packages_wanted[@]})) || fail 69 "apt-get install failed, see above"
    local without=("${packages_wanted[@]:required_count}")
    packages_wanted=("${packages_wanted[@]:0:required_count}")
    install_wanted || fail 69 "apt-get install failed, see above"
    packages_wanted=("${without[@]}")
  fi
  say "Going on without: ${packages_wanted[*]}"
}

# --no-remove: rather fail than exchange a package that somebody else needs. In a shell of its own: what
# as_root ends is not ours.
install_wanted() {
  (apt_get install -y -q --no-install-recommends --no-remove "${packages_wanted[@]}")
}
