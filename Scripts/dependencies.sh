# shellcheck shell=bash
# Read by the other scripts: sees to it that what nnrepl is built with is there.
#
#   libedit     line editing at the prompt
#   OpenBLAS    matrix products, LAPACK (Accelerate on macOS)
#   libzip      NPZ files

# The project's own folder; callers stay where they are, so that the paths they were given keep their meaning.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What `swift build` is told everywhere, as an array.
build_options=(--package-path "$root")

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "error: $*"
  exit 1
}

# Whether a file lies in one of the places compilers and linkers look.
has_header() {
  local folder
  for folder in /usr/include /usr/local/include /usr/include/*-linux-gnu*; do
    if [ -e "$folder/$1" ]; then return 0; fi
  done
  return 1
}
has_library() {
  local found
  for found in /usr/lib/*-linux-gnu*/"$1" /usr/lib/"$1" /usr/lib64/"$1" /usr/local/lib/"$1" /lib/*-linux-gnu*/"$1"; do
    if [ -e "$found" ]; then return 0; fi
  done
  return 1
}

require_swift() {
  if ! command -v swift >/dev/null; then
    fail "nnrepl is written in Swift 6.2 or newer, and there is no swift command; see https://www.swift.org/install"
  fi
}

missing_on_linux() {
  local missing=()
  if ! has_header histedit.h || ! has_library libedit.so; then missing+=(libedit-dev); fi
  if ! has_library libopenblas.so; then missing+=(libopenblas-dev); fi
  if ! has_header zip.h; then missing+=(libzip-dev); fi
  echo ${missing[@]+"${missing[@]}"}
}

install_on_linux() {
  local missing
  missing=$(missing_on_linux)
  if [ -z "$missing" ]; then return 0; fi
  # shellcheck disable=SC2086 # several names
  install_packages $missing
}

# Installs packages by the names Debian gives them.
install_packages() {
  local as_root=()
  if ! command -v apt-get >/dev/null; then
    fail "these packages are missing, by the names Debian gives them: $*. There is no apt-get here; install them" \
      "with your system's package manager (Fedora: libedit-devel openblas-devel libzip-devel valgrind)"
  fi
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      fail "as root, run: apt-get install $*"
    fi
    as_root=(sudo)
  fi
  say "installing $*"
  {
    ${as_root[@]+"${as_root[@]}"} apt-get update -qq
    ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
  } >&2
}

install_on_macos() {
  local prefix
  if ! command -v brew >/dev/null; then
    fail "libzip is needed, and there is no brew command to install it with; see https://brew.sh"
  fi
  prefix=$(brew --prefix)
  if [ ! -e "$prefix/include/zip.h" ]; then
    say "installing libzip"
    brew install --quiet libzip >&2
  fi
  build_options+=(-Xcc "-I$prefix/include" -Xlinker "-L$prefix/lib")
}

install_dependencies() {
  require_swift
  case $(uname -s) in
    Linux) install_on_linux ;;
    Darwin) install_on_macos ;;
    *) fail "nnrepl runs on Linux and macOS, and this is $(uname -s)" ;;
  esac
}

# Builds the command in release mode, where sources are newer than the last build. Sets `command_path`.
build_command() {
  local folder=$root/.build/command stamp log
  stamp=$folder/built
  command_path=$folder/release/nnrepl
  if [ -x "$command_path" ] && [ -e "$stamp" ] && [ -z "$(newer_sources "$stamp")" ]; then return 0; fi
  install_dependencies
  mkdir -p "$folder"
  log=$folder/log
  touch "$stamp.new"
  say "building nnrepl (the first time takes some minutes)"
  if ! swift build "${build_options[@]}" --scratch-path "$folder" -c release --product nnrepl \
    $(static_library_option) >"$log" 2>&1; then
    cat "$log" >&2
    fail "nnrepl could not be built"
  fi
  mv "$stamp.new" "$stamp"
}

# The Swift libraries in the program: it starts twice as fast, and runs where Swift is not installed.
static_library_option() {
  if [ "$(uname -s)" = Linux ]; then echo --static-swift-stdlib; fi
}

newer_sources() {
  find "$root/Sources" "$root/Package.swift" -newer "$1" -print 2>/dev/null | head -n 1
}
