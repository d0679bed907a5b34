# Sourced by script/bench: how long the first status of a project takes that was never read, with its providers far away.
# shellcheck disable=SC2154 # What is not assigned here is script/bench's.

cold_latency_milliseconds=200
cold_p50_milliseconds_max=230
cold_p95_milliseconds_max=500

# Projects cold-0, cold-1 and so on, all linked alike. Nothing is read anew.
write_cold_configuration() {
    local links index
    links=$(provider_links)
    {
        printf '{\n    socket: { path: "%s" },\n    refresh: { ttl: "1h", jitter: 0 },\n' "$directory/cold.sock"
        printf '    projects: {\n'
        for ((index = 0; index < cold_projects; index++)); do printf '        "cold-%d": { %s },\n' "$index" "$links"; done
        printf '    },\n}\n'
    } >"$directory/cold.json5"
}

# ask_cold ANSWERED: by a daemon that has just started and remembers nothing; prints what cold-project does.
ask_cold() {
    rm -rf "$directory/cold.sock" "$directory/cold-state"
    mkdir "$directory/cold-state"
    start cold env STATE_DIRECTORY="$directory/cold-state" "$daemon" --config "$directory/cold.json5"
    "$tools/cold-project" --socket "$directory/cold.sock" --prefix cold- --projects "$cold_projects" \
        --configured "${#providers[@]}" --answered "$1" >"$directory/cold-result" ||
        fail "The first status of cold projects failed: $(tail -n 20 "$directory/cold.log")"
    stop_newest
}

# The four together, and then one that hangs: the others must be told in the first answer all the same.
measure_cold() {
    local last=${providers[-1]}
    declare -gA cold=()
    start_simulators --latency "${cold_latency_milliseconds}ms"
    write_cold_configuration

    note "    $cold_projects projects of ${#providers[@]} providers, ${cold_latency_milliseconds} ms away"
    ask_cold "${#providers[@]}"
    cold[whole]=$(<"$directory/cold-result")

    note "    The same with $last hanging"
    simulate "$last" faults --data '{"kind":"hang"}' >/dev/null
    ask_cold "$((${#providers[@]} - 1))"
    cold[hanging]=$(<"$directory/cold-result")
    stop_simulators
}

# cold_row NAME RESULT FIGURE BOUND: the figure that is required, beside the others.
cold_row() {
    local name
    verdict "$(value "$3" "$2")" '≤' "$4"
    printf '%-24s' "$1"
    for name in p50_ms p95_ms max_ms; do pad 12 "$(printf '%.1f ms' "$(value "$name" "$2")")"; done
    pad 18 "${3%_ms} ≤ $4 ms"
    printf '  %s\n' "$mark"
}

print_cold() {
    printf '%-24s%12s%12s%12s%18s\n' 'first status' p50 p95 max required
    cold_row "${#providers[@]} providers" "${cold[whole]}" p50_ms "$cold_p50_milliseconds_max"
    cold_row '' "${cold[whole]}" p95_ms "$cold_p95_milliseconds_max"
    cold_row 'one of them hanging' "${cold[hanging]}" p95_ms "$cold_p95_milliseconds_max"
}
