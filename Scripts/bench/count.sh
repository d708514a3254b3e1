# shellcheck shell=bash
# Read by bench.sh: counts the instructions that the interpreter needs for the programs in Benchmarks/counts.
#
# Counts repeat where times do not, so a check can hold them to a recorded figure. Each program is run for two numbers
# of rounds; the difference is what its rounds need, whatever the start of the process needs on this machine. Valgrind
# knows no AVX-512, BLAS is told its kernel, and hashing is told its seed, so what is left to depend on is the
# compiler: figures recorded with another one are shown and prove nothing.

counts=$benchmarks/counts.txt
few=20 many=60 # rounds
tolerance=1.05

require_valgrind() {
  if [ "$(uname -s) $(uname -m)" != "Linux x86_64" ]; then
    say "instructions are counted on Linux on x86-64 only"
    exit 0
  fi
  if command -v valgrind >/dev/null; then return 0; fi
  install_packages valgrind
}

compiler() { swift --version 2>/dev/null | sed -n 's/.*\(Swift version [^ ]*\).*/\1/p'; }

instructions() {
  local log=$scratch/callgrind.log
  if ! SWIFT_DETERMINISTIC_HASHING=1 OPENBLAS_CORETYPE=Haswell LC_ALL=C valgrind --tool=callgrind \
    --callgrind-out-file=/dev/null --log-file="$log" "$scratch/nnrepl" "$benchmarks/counts/$1.nn" "$2" >&2; then
    cat "$log" >&2
    fail "Benchmarks/counts/$1.nn failed under valgrind"
  fi
  sed -n 's/.*Collected : *\([0-9]*\).*/\1/p' "$log"
}

# Instructions of one round.
count_row() {
  local first second
  first=$(instructions "$1" "$few")
  second=$(instructions "$1" "$many")
  echo $(((second - first) / (many - few)))
}

recorded() { sed -n "s/^$1 \\([0-9]*\\)\$/\\1/p" "$counts"; }

count_all() {
  local file
  for file in "$benchmarks"/counts/*.nn; do
    file=$(basename "$file" .nn)
    if wanted "$file"; then echo "$file $(count_row "$file")"; fi
  done
}

record_counts() {
  {
    echo "# Instructions of one round of each program in Benchmarks/counts; Scripts/bench.sh count compares with them,"
    echo "# Scripts/bench.sh count --record writes them anew."
    echo "# $(compiler)"
    count_all
  } | tee "$counts.new"
  mv "$counts.new" "$counts"
}

compare_counts() {
  local name count before grown=()
  printf '%-12s %12s %12s\n' program now recorded
  while read -r name count; do
    before=$(recorded "$name")
    printf '%-12s %12d %12s  %s\n' "$name" "$count" "${before:--}" \
      "$(awk -v a="$count" -v b="${before:-0}" 'BEGIN { if (b) printf "%+.1f %%", 100*(a - b)/b }')"
    if [ -n "$before" ] && awk -v a="$count" -v b="$before" -v t=$tolerance 'BEGIN { exit !(a > b*t) }'; then
      grown+=("$name")
    fi
  done < <(count_all)
  if [ ${#grown[@]} -eq 0 ]; then return 0; fi
  if ! grep -qF "# $(compiler)" "$counts"; then
    say "not compared in earnest: the figures were recorded with another compiler than $(compiler)"
    return 0
  fi
  fail "more than 5 % more instructions than recorded: ${grown[*]}. Where that is the price of something wanted," \
    "Scripts/bench.sh count --record records the figures anew"
}

main_count() {
  require_valgrind
  if ! $record && [ ! -e "$counts" ]; then fail "there are no figures yet; Scripts/bench.sh count --record makes them"; fi
  build_command
  # Valgrind stumbles over the debugging information of programs with the Swift libraries inside.
  strip --strip-debug -o "$scratch/nnrepl" "$command_path"
  if $record; then record_counts; else compare_counts; fi
}
