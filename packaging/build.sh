# shellcheck shell=bash
# Sourced by ./run and ./test: configures and builds one preset. A second call with nothing to do is
# silent and takes well under a second. All output goes to stderr: stdout belongs to the programs.

# As many compilers as cores, but none that would make the machine swap: the largest of our units
# takes about 1.3 GB with sanitizers on.
build_jobs() {
  local cores memory_mb
  cores=$(nproc 2>/dev/null || echo 1)
  memory_mb=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo 2>/dev/null)
  if [[ -n $memory_mb ]] && ((memory_mb / 1300 < cores)); then
    cores=$((memory_mb < 2600 ? 1 : memory_mb / 1300))
  fi
  echo "$cores"
}

configure_preset() {
  local root=$1 preset=$2 dir=$1/build/$2 flags=() home
  home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$dir/CMakeCache.txt" 2>/dev/null)
  if [[ -e $dir/build.ninja && $home == "$root" && ! $root/CMakePresets.json -nt $dir/build.ninja ]]; then
    return
  fi
  # The clone was moved or copied: CMake refuses the old cache.
  [[ -z $home || $home == "$root" ]] || flags+=(--fresh)
  # Whoever only wants to run it shall not be stopped by what a newer compiler warns of; ./test is.
  [[ $preset == dev ]] || flags+=(-DCMAKE_COMPILE_WARNING_AS_ERROR=OFF)
  (cd "$root" && cmake --preset "$preset" "${flags[@]}") || return 1
}

# build_preset ROOT PRESET [TARGET]: returns when build/PRESET is up to date; exits 70 when it cannot be.
build_preset() {
  local root=$1 preset=$2 target=${3-all}
  # Built by root before, perhaps.
  { mkdir -p "$root/build" && : >>"$root/build/.lock"; } 2>/dev/null \
    || fail 77 "cannot write $root/build (owner $(stat -c %U "$root/build" 2>/dev/null || echo none), you are $(id -un))" \
      "sudo chown -R $(id -un): $root/build"
  {
    # Two terminals may start at once; the second waits for the first one's build.
    flock -n 9 || { say "Waiting for another build in $root/build ..."; flock 9; }
    configure_preset "$root" "$preset" || fail 70 "configuring failed, see above"
    if [[ $(ninja -C "$root/build/$preset" -n "$target") != *'no work to do'* ]]; then
      say "Building $preset (the first time takes some minutes) ..."
      ninja -C "$root/build/$preset" -j "$(build_jobs)" "$target" || fail 70 "building failed, see above"
    fi
  } 9>"$root/build/.lock" </dev/null >&2
}
