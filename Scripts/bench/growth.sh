# shellcheck shell=bash
# Read by bench.sh: how the time of a training step grows with the examples, the width and the depth of a network, and
# with the length of a graph, over four orders of magnitude each.
#
# The programs in Benchmarks/growth print `name size seconds` for each size. The slope is that of the line through the
# logarithms: 1 where twice the size takes twice the time. Where a step is short, what does not grow hides the slope,
# so the slope of the upper half is shown too, and the arithmetic demands no more than 1.

slopes() {
  awk -v upper="$1" '
    { x[++n] = log($2); y[n] = log($3) }
    END {
      first = upper ? int(n / 2) + 1 : 1
      for (k = first; k <= n; k++) { m++; sx += x[k]; sy += y[k]; sxx += x[k]*x[k]; sxy += x[k]*y[k] }
      printf "%.2f", (m*sxy - sx*sy) / (m*sxx - sx*sx)
    }'
}

growth_row() {
  local lines
  lines=$("$command_path" "$benchmarks/growth/$1.nn")
  printf '| %s |' "$1"
  awk '{ printf " %g: %.3g µs%s", $2, $3*1e6, "," }' <<<"$lines" | sed 's/,$//'
  printf ' | %s | %s |\n' "$(slopes 0 <<<"$lines")" "$(slopes 1 <<<"$lines")"
}

main_growth() {
  local file
  build_command
  cat <<END
| what grows | time of one step at each size | slope | upper half |
|---|---|---|---|
END
  for file in "$benchmarks"/growth/*.nn; do
    file=$(basename "$file" .nn)
    if wanted "$file"; then growth_row "$file"; fi
  done
}
