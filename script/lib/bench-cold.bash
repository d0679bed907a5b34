# Sourced by script/bench: how long the first status of a project takes that was never read, with its providers far away.
# Each provider is played by a process of its own, so that no bound on connections to one host counts.
# shellcheck disable=SC2154 # What is not assigned here is script/bench's.

cold_latency_milliseconds=200
cold_p50_milliseconds_max=230
cold_p95_milliseconds_max=500

# cold_link PROVIDER BASE: what a project's section says of that provider. A provider that the daemon does not know yet is
# left out of the measurement, see find_cold_providers.
cold_link() {
    local token="file:$directory/token-$1"
    case $1 in
    github) printf 'github: { repo: "acme/shop", api: "%s", credential: "%s" }' "$2" "$token" ;;
    vercel) printf 'vercel: { project: "shop", api: "%s/vercel", credential: "%s" }' "$2" "$token" ;;
    sanity)
        printf 'sanity: { project: "simsanity", dataset: "production", api: "%s/sanity", dataApi: "%s/sanity", ' "$2" "$2"
        printf 'credential: "%s" }' "$token"
        ;;
    supabase)
        printf 'supabase: { ref: "abcdefghijklmnopqrst", api: "%s/supabase", ' "$2"
        printf 'url: "%s/supabase/project/abcdefghijklmnopqrst", ' "$2"
        printf 'credential: "%s", projectKey: "%s-project" }' "$token" "$token"
        ;;
    esac
}

write_cold_tokens() {
    local name
    (
        umask 077
        printf 'sim-token' >"$directory/token-github"
        for name in vercel sanity supabase; do printf 'sim-%s-token' "$name" >"$directory/token-$name"; done
        printf 'sb_secret_sim' >"$directory/token-supabase-project"
    )
}

# write_cold_configuration COUNT PROVIDER…: projects cold-0, cold-1 and so on, all linked alike. Nothing is read anew.
write_cold_configuration() {
    local count=$1 links='' name index
    shift
    for name; do links+="$(cold_link "$name" "${cold_base[$name]:-http://127.0.0.1:1}"), "; done
    {
        printf '{\n    socket: { path: "%s" },\n    refresh: { ttl: "1h", jitter: 0 },\n' "$directory/cold.sock"
        printf '    projects: {\n'
        for ((index = 0; index < count; index++)); do printf '        "cold-%d": { %s },\n' "$index" "$links"; done
        printf '    },\n}\n'
    } >"$directory/cold.json5"
}

# Those of the four that this daemon's configuration takes.
find_cold_providers() {
    local name
    cold_providers=()
    for name in github vercel sanity supabase; do
        write_cold_configuration 1 "$name"
        ! "$daemon" --check-config --config "$directory/cold.json5" >/dev/null 2>&1 || cold_providers+=("$name")
    done
    ((${#cold_providers[@]} > 0)) || fail 'The daemon takes none of the providers of this benchmark.'
    ((${#cold_providers[@]} == 4)) || note "    Only of: ${cold_providers[*]}. The requirement is for four."
}

start_cold_simulators() {
    local name
    for name in "${cold_providers[@]}"; do
        start "sim-$name" "$products/telltale-sim" --port 0 --port-file "$directory/port-$name" \
            --latency "${cold_latency_milliseconds}ms" --quiet
        wait_until 10 "${processes[-1]}" test -s "$directory/port-$name" ||
            fail "The simulator of $name does not start: $(<"$directory/sim-$name.log")"
        cold_base[$name]=http://127.0.0.1:$(<"$directory/port-$name")
    done
}

# ask_cold ANSWERED: by a daemon that has just started and remembers nothing; prints what cold-project does.
ask_cold() {
    rm -rf "$directory/cold.sock" "$directory/cold-state"
    mkdir "$directory/cold-state"
    start cold env STATE_DIRECTORY="$directory/cold-state" "$daemon" --config "$directory/cold.json5"
    "$tools/cold-project" --socket "$directory/cold.sock" --prefix cold- --projects "$cold_projects" \
        --configured "${#cold_providers[@]}" --answered "$1" >"$directory/cold-result" ||
        fail "The first status of cold projects failed: $(tail -n 20 "$directory/cold.log")"
    stop_newest
}

# The four together, and then one that hangs: the others must be told in the first answer all the same.
measure_cold() {
    local name last
    declare -gA cold_base=() cold=()
    write_cold_tokens
    find_cold_providers
    start_cold_simulators
    write_cold_configuration "$cold_projects" "${cold_providers[@]}"

    note "    $cold_projects projects of ${#cold_providers[@]} providers, ${cold_latency_milliseconds} ms away"
    ask_cold "${#cold_providers[@]}"
    cold[whole]=$(<"$directory/cold-result")

    last=${cold_providers[-1]}
    note "    The same with $last hanging"
    curl --noproxy '*' --fail --silent --show-error --data '{"kind":"hang"}' "${cold_base[$last]}/_sim/faults" >/dev/null
    ask_cold "$((${#cold_providers[@]} - 1))"
    cold[hanging]=$(<"$directory/cold-result")
    for name in "${cold_providers[@]}"; do stop_newest; done
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
    cold_row "${#cold_providers[@]} providers" "${cold[whole]}" p50_ms "$cold_p50_milliseconds_max"
    cold_row '' "${cold[whole]}" p95_ms "$cold_p95_milliseconds_max"
    cold_row 'one of them hanging' "${cold[hanging]}" p95_ms "$cold_p95_milliseconds_max"
}
