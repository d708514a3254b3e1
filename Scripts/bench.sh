#!/usr/bin/env bash
# Measures nnrepl against its peers, side by side in one run: each round runs nnrepl and then the peer. What counts is
# the ratio of the medians; one thread each.
#
#   Scripts/bench.sh                    every row whose peer is installed
#   Scripts/bench.sh xor start          rows whose name contains one of the words
#   Scripts/bench.sh --rounds 9         more rounds (5)
#   Scripts/bench.sh --record           also write Benchmarks/RESULTS.md
#   Scripts/bench.sh --install-peers    install the peers first, into .build/peers
#   Scripts/bench.sh growth             how time grows with examples, width, depth and length of a graph
#   Scripts/bench.sh memory             the most memory at once: at the start, and in training on 60,000 examples
#   Scripts/bench.sh count              instructions of the interpreter's programs, against the recorded figures
#   Scripts/bench.sh count --record     record those figures
set -euo pipefail
# shellcheck source=Scripts/dependencies.sh
. "$(dirname "$0")/dependencies.sh"

rounds=5
record=false
install=false
words=()
what=compare
case ${1:-} in
  growth | memory | count) what=$1 && shift ;;
esac
while [ $# -gt 0 ]; do
  case $1 in
    --rounds) rounds=${2:?--rounds needs a number} && shift ;;
    --record) record=true ;;
    --install-peers) install=true ;;
    -*) fail "there is no option $1; the first lines of $0 list them" ;;
    *) words+=("$1") ;;
  esac
  shift
done

# name | unit | seconds in it | the program's row | the peer | its row | ratio aimed at
#
# A row is what follows the name of the program that runs it: nn, py, lua …, see `run_row`.
rows='
start         | ms  | 1e-3 | start nnrepl              | Lua           | start lua              | 0.15
start         | ms  | 1e-3 | start nnrepl              | Octave        | start octave           | 12
start         | ms  | 1e-3 | start nnrepl              | Python        | start python           |
start         | ms  | 1e-3 | start nnrepl              | Python, NumPy | start numpy            | 10
start         | ms  | 1e-3 | start nnrepl              | PyTorch       | start torch            |
loop          | s   | 1    | nn loop                   | Lua           | lua loop               | 1
loop          | s   | 1    | nn loop                   | LuaJIT        | luajit loop            |
loop          | s   | 1    | nn loop                   | Python        | py python_rows loop    |
loop          | s   | 1    | nn loop                   | Octave        | octave loop            |
fib           | s   | 1    | nn fib                    | Lua           | lua fib                | 1
fib           | s   | 1    | nn fib                    | LuaJIT        | luajit fib             |
fib           | s   | 1    | nn fib                    | Python        | py python_rows fib     |
xor-by-hand   | µs  | 1e-6 | nn xor-by-hand            | NumPy         | py numpy_rows xor      | 10
xor-by-hand   | µs  | 1e-6 | nn xor-by-hand            | Octave        | octave xor             |
xor-gradients | µs  | 1e-6 | nn xor-gradients          | PyTorch       | py torch_rows xor      | 100
xor-gradients | µs  | 1e-6 | nn xor-gradients          | JAX, step     | py jax_rows            | 8
xor-gradients | µs  | 1e-6 | nn xor-gradients          | autograd      | py autograd_rows xor   |
xor-gradients | µs  | 1e-6 | nn xor-gradients          | micrograd     | py micrograd_rows xor  |
xor-train     | µs  | 1e-6 | nn xor-train              | JAX, loop     | py jax_rows            | 1
mlp           | µs  | 1e-6 | nn mlp                    | NumPy         | py numpy_rows mlp      | 1.25
mlp           | µs  | 1e-6 | nn mlp                    | PyTorch       | py torch_rows mlp      |
chain         | µs  | 1e-6 | nn chain                  | PyTorch       | py torch_rows chain    | 22
chain         | µs  | 1e-6 | nn chain                  | autograd      | py autograd_rows chain |
chain         | µs  | 1e-6 | nn chain                  | micrograd     | py micrograd_rows chain |
elementwise   | ms  | 1e-3 | nn matrices               | NumPy         | py numpy_rows matrices | 1.8
elementwise   | ms  | 1e-3 | nn matrices               | PyTorch       | py torch_rows matrices |
sigmoid       | ms  | 1e-3 | nn matrices               | NumPy         | py numpy_rows matrices | 1
sigmoid       | ms  | 1e-3 | nn matrices               | PyTorch       | py torch_rows matrices | 1
tanh          | ms  | 1e-3 | nn matrices               | NumPy         | py numpy_rows matrices | 1
tanh          | ms  | 1e-3 | nn matrices               | PyTorch       | py torch_rows matrices | 1
sum           | ms  | 1e-3 | nn matrices               | NumPy         | py numpy_rows matrices |
product-64    | µs  | 1e-6 | nn matrices               | NumPy         | py numpy_rows matrices | 0.97
product-256   | µs  | 1e-6 | nn matrices               | NumPy         | py numpy_rows matrices | 0.97
product-1024  | ms  | 1e-3 | nn matrices               | NumPy         | py numpy_rows matrices | 0.97
table         | ms/MB | 1e-3 | nn table TABLE          | NumPy         | py numpy_rows table TABLE |
table         | ms/MB | 1e-3 | nn table TABLE          | pandas        | py pandas_rows table TABLE |
'

benchmarks=$root/Benchmarks
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 VECLIB_MAXIMUM_THREADS=1
export XLA_FLAGS="--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

# ---- peers -----------------------------------------------------------------

python=${NNREPL_PEERS_PYTHON:-$root/.build/peers/bin/python}

install_peers() {
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
  if command -v apt-get >/dev/null; then
    ${as_root[@]+"${as_root[@]}"} apt-get install -y -qq octave lua5.4 luajit python3-venv >&2
  elif command -v brew >/dev/null; then
    brew install --quiet octave lua luajit python >&2
  fi
  python3 -m venv "$root/.build/peers"
  "$python" -m pip install --quiet numpy torch jax autograd micrograd pandas
}

first_command() {
  local name
  for name in "$@"; do
    if command -v "$name"; then return 0; fi
  done
  return 1
}

# Whether a row's peer is there; Python's are asked for the module they are about.
has_peer() {
  case $1 in
    lua | "start lua") first_command lua5.4 lua >/dev/null ;;
    luajit) first_command luajit >/dev/null ;;
    octave | "start octave") first_command octave-cli octave >/dev/null ;;
    python_rows) has_python ;;
    *) has_python && "$python" -c "import ${1%_rows}" 2>/dev/null ;;
  esac
}
has_python() { [ -x "$python" ] || command -v "$python" >/dev/null; }

peer_key() {
  case $1 in
    "py "*) set -- $1 && echo "$2" ;;
    "start python") echo python_rows ;;
    "start numpy" | "start torch") echo "${1#start }_rows" ;;
    "start "*) echo "$1" ;;
    *) echo "${1%% *}" ;;
  esac
}

# ---- running ---------------------------------------------------------------

# Seconds that a command takes to start and answer, over twenty times.
time_start() {
  local TIMEFORMAT=%R count=20 seconds
  case $1 in octave | python | torch) count=4 ;; esac
  seconds=$({ time for ((i = 0; i < count; i++)); do "${@:2}" >/dev/null 2>&1; done; } 2>&1)
  awk -v seconds="$seconds" -v count="$count" 'BEGIN { printf "start %.6e\n", seconds / count }'
}

# Runs what a row names; prints lines of a name, seconds, and perhaps a result to compare.
run_row() {
  set -- ${1//TABLE/$scratch/table.csv}
  case "$1 $2" in
    "start nnrepl") time_start nnrepl "$command_path" -e 1+1 ;;
    "start lua") time_start lua "$(first_command lua5.4 lua)" -e 'print(1+1)' ;;
    "start octave") time_start octave "$(first_command octave-cli octave)" --eval '1+1' ;;
    "start python") time_start python "$python" -c 'print(1+1)' ;;
    "start numpy") time_start python "$python" -c 'import numpy; print(1+1)' ;;
    "start torch") time_start torch "$python" -c 'import torch; print(1+1)' ;;
    nn*) "$command_path" "$benchmarks/$2.nn" "${@:3}" ;;
    lua*) "$(first_command "${1/%lua/lua5.4}" "$1")" "$benchmarks/peers/$2.lua" ;;
    octave*) "$(first_command octave-cli octave)" "$benchmarks/peers/octave_rows.m" "$2" ;;
    py*) "$python" "$benchmarks/peers/$2.py" "${@:3}" ;;
  esac
}

# What a program measured against another goes to a file for each round, so that rows of the same two run them once.
measured() { echo "$scratch/$(tr -c 'a-zA-Z0-9\n' - <<<"$1 $2")"; }

run_once() {
  local file
  file=$(measured "$1" "$2").$3
  if [ -e "$file" ]; then return 0; fi
  if ! run_row "$1" >"$file" 2>"$scratch/errors"; then
    say "$1 failed:"
    cat "$scratch/errors" >&2
  fi
}

times_of() { cat "$(measured "$1" "$2")".* | awk -v name="$3" '$1 == name { print $2 }' | sort -g; }
result_of() { cat "$(measured "$1" "$2")".* | awk -v name="$3" '$1 == name && NF > 2 { print $3; exit }'; }

wanted() {
  local word
  if [ ${#words[@]} -eq 0 ]; then return 0; fi
  for word in "${words[@]}"; do
    case $1 in *"$word"*) return 0 ;; esac
  done
  return 1
}

trimmed() { sed 's/^ *//; s/ *$//' <<<"$1"; }

write_table() {
  awk 'BEGIN { srand(1); print "a,b,c,d,e,f,g,h,i,j"; for (r = 0; r < 111000; r++) {
    line = ""; for (c = 0; c < 10; c++) line = line (c ? "," : "") sprintf("%.15f", rand()); print line } }' |
    head -c 20000000 | sed '$d' >"$scratch/table.csv"
}

# ---- the report ------------------------------------------------------------

# One line: the medians in the row's unit, the ratio, its spread over the rounds, and whether it reaches the aim.
compare() {
  local name=$1 unit=$2 scale=$3 own=$4 peer=$5 theirs=$6 aim=$7
  local a b
  a=$(result_of "$own" "$theirs" "$name")
  b=$(result_of "$theirs" "$own" "$name")
  if [ -n "$a" ] && [ -n "$b" ] && [ "$a" != "$b" ]; then say "$name: nnrepl's result is $a, that of $peer is $b"; fi
  paste <(times_of "$own" "$theirs" "$name") <(times_of "$theirs" "$own" "$name") |
    awk -v name="$name" -v unit="$unit" -v scale="$scale" -v peer="$peer" -v aim="$aim" '
      NF == 2 { n++; own[n] = $1; peers[n] = $2 }
      END {
        if (!n) { printf "| %s | %s | | | failed | |\n", name, peer; exit }
        middle = int((n + 1) / 2)
        ratio = peers[middle] / own[middle]
        low = peers[1] / own[n]; high = peers[n] / own[1]
        verdict = aim == "" ? "" : sprintf(ratio >= aim ? "reached (%s)" : "below %s", aim)
        printf "| %s | %s | %.4g %s | %.4g %s | %.3g× (%.3g–%.3g) | %s |\n", name, peer,
          own[middle] / scale, unit, peers[middle] / scale, unit, ratio, low, high, verdict
      }'
}

processor() {
  if [ -r /proc/cpuinfo ]; then
    awk -F ': ' '/model name/ { print $2; exit }' /proc/cpuinfo
  else
    sysctl -n machdep.cpu.brand_string
  fi
}

versions() {
  local lua
  "$command_path" --version
  if lua=$(first_command lua5.4 lua); then "$lua" -v | cut -d' ' -f1,2; fi
  if first_command luajit >/dev/null; then luajit -v | cut -d' ' -f1,2; fi
  if first_command octave-cli >/dev/null; then octave-cli --version | head -n 1; fi
  if has_python; then
    "$python" -V
    "$python" -m pip list 2>/dev/null | awk '/^(numpy|torch|jax|autograd|micrograd|pandas) / { print $1, $2 }'
  fi
}

# OpenBLAS says which kernel it chose, where it is used.
own_kernel() {
  OPENBLAS_VERBOSE=2 "$command_path" -e 'ones(300, 300)*ones(300, 300);' 2>&1 | sed -n 's/^Core: //p'
}

# NumPy brings an OpenBLAS of its own, often one that knows newer processors: both are to use the same kernel.
choose_kernel() {
  local core
  if [ -n "${OPENBLAS_CORETYPE:-}" ]; then return 0; fi
  core=$(own_kernel)
  if [ -n "$core" ]; then export OPENBLAS_CORETYPE=$core; fi
}

kernels() {
  local core
  core=$(own_kernel)
  printf 'nnrepl %s' "${core:-unknown}"
  if has_peer numpy_rows; then
    core=$(OPENBLAS_VERBOSE=2 "$python" -c 'import numpy; numpy.ones((300, 300)) @ numpy.ones((300, 300))' 2>&1 |
      sed -n 's/^Core: //p')
    printf ', NumPy %s' "${core:-unknown}"
  fi
}

list() { paste -s -d ';' - | sed 's/;/; /g'; }

heading() {
  cat <<END
# Speed

Made by \`Scripts/bench.sh\` on $(date +%Y-%m-%d): medians of $rounds rounds, nnrepl and its peer in turn, one thread each.
The ratio is the peer's time over nnrepl's; in brackets the worst and the best that the rounds allow. Times drift from
machine to machine and from hour to hour, ratios less.

- Processor: $(processor)
- System: $(uname -sr)
- Versions: $(versions | list)
- BLAS kernels: $(kernels)

| row | peer | nnrepl | the peer | ratio (spread) | aim |
|---|---|---|---|---|---|
END
}

main_compare() {
  local missing=()
  if $install; then install_peers; fi
  build_command
  choose_kernel
  if wanted table; then write_table; fi
  heading
  while IFS='|' read -r name unit scale own peer theirs aim; do
    name=$(trimmed "$name") own=$(trimmed "$own") theirs=$(trimmed "$theirs") peer=$(trimmed "$peer")
    if [ -z "$name" ] || ! wanted "$name"; then continue; fi
    if ! has_peer "$(peer_key "$theirs")"; then
      missing+=("$name against $peer")
      continue
    fi
    for ((round = 1; round <= rounds; round++)); do
      run_once "$own" "$theirs" "$round"
      run_once "$theirs" "$own" "$round"
    done
    compare "$name" "$(trimmed "$unit")" "$(trimmed "$scale")" "$own" "$peer" "$theirs" "$(trimmed "$aim")"
  done <<<"$rows"
  if [ ${#missing[@]} -gt 0 ]; then
    printf '\nNot measured, since the peer is not installed: '
    printf '%s\n' "${missing[@]}" | list
    say "Scripts/bench.sh --install-peers installs what is missing"
  fi
}

# shellcheck source=Scripts/bench/count.sh
. "$root/Scripts/bench/count.sh"
# shellcheck source=Scripts/bench/growth.sh
. "$root/Scripts/bench/growth.sh"
# shellcheck source=Scripts/bench/memory.sh
. "$root/Scripts/bench/memory.sh"

if $record && [ $what = compare ]; then
  main_compare | tee "$benchmarks/RESULTS.md"
else
  main_$what
fi
