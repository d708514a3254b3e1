# shellcheck shell=bash
# Read by bench.sh: the most memory that nnrepl has at once, as the system counts it (VmHWM): for an answer, and while it
# trains on 60,000 examples, where the data and the parameters are what it cannot do without.

# Peak bytes of a command, whose output goes to $scratch/output. The mark only ever rises, so the last look before the
# end is the answer.
peak_of() {
  local pid mark peak=0
  "$@" >"$scratch/output" 2>&1 &
  pid=$!
  while mark=$(awk '$1 == "VmHWM:" { print $2 }' "/proc/$pid/status" 2>/dev/null) && [ -n "$mark" ]; do
    peak=$mark
    sleep 0.002
  done
  if ! wait $pid; then
    cat "$scratch/output" >&2
    fail "$* failed"
  fi
  echo $((peak * 1024))
}

main_memory() {
  local needed peak
  if [ ! -r /proc/self/status ]; then fail "memory is measured on Linux only"; fi
  build_command
  # It waits for a line of input, so that there is time to look.
  peak=$(peak_of bash -c "exec '$command_path' - < <(sleep 0.3; echo 1+1; sleep 0.3)")
  echo "| what | peak | of what is needed | aim |"
  echo "|---|---|---|---|"
  awk -v peak="$peak" 'BEGIN { printf "| start | %.1f MB | | below 25 MB |\n", peak / 1e6 }'
  peak=$(peak_of "$command_path" "$benchmarks/memory.nn")
  needed=$(awk '$1 == "memory" { print $2 }' "$scratch/output")
  awk -v peak="$peak" -v needed="$needed" 'BEGIN {
    printf "| training, 60,000 × 784 | %.1f MB | %.3f× | below 1.3× |\n", peak / 1e6, peak / needed }'
}
