# Sourced by script/bench: how soon an event is with the last of all who watch, beside a C server that writes the same bytes
# to the same sockets in a loop; what a watch weighs, and what reading costs meanwhile.
# shellcheck disable=SC2154 # What is not assigned here is script/bench's.

# Watches, connections, and how many times as long as the loop's last arrival ours may take. Both are timed from the request
# that makes the event, though the loop makes none: it has the bytes. Beside that whole stands the ratio from when the event is
# made, which tells how it is spread; the making is a figure of its own.
watch_modes=('1000 1000 1.5' '10000 10000 1.5' '1000 10 2.5')
# What does not grow with the watches: the event with one watch alone.
watch_alone='1×1'
watch_bytes_max=512
watch_project=watched
watch_results=.build/logs/bench-watch-runs.tsv

# write_watch_configuration SIDE: a project of no provider, so that nothing happens to it but what is reported. The judged
# daemon keeps nothing, as the yardstick does not: a commit would be most of what is measured.
write_watch_configuration() {
    cat >"$directory/watch-$1.json5" <<END
{
    socket: { path: "$directory/watch-$1.sock" },
    limits: { connections: 16384, perUid: 12288, watchesPerConnection: 1024 },
    store: { $([[ $1 == ours ]] && echo 'enabled: false' || echo "path: \"$directory/watch.db\"") },
    projects: { "$watch_project": {} },
}
END
}

start_watched() {
    rm -f "$directory/watch-$1.sock"
    start "watch-$1" "${on_server_core[@]}" "$daemon" --config "$directory/watch-$1.json5"
}

# watch_load SIDE OPTION…: prints what watch-load does.
watch_load() {
    local side=$1
    shift
    "${on_load_core[@]}" "$tools/watch-load" --socket "$directory/watch-$side.sock" --project "$watch_project" "$@" ||
        fail "Watching at $side failed: $(tail -n 20 "$directory/watch-$side.log")"
}

# run_watch SIDE WATCHES CONNECTIONS PAIR [OPTION…]: appends one row to the results.
run_watch() {
    local line side=$1 mode=$2×$3 pair=$4
    line=$(watch_load "$1" --watches "$2" --connections "$3" --rounds "$watch_rounds" "${@:5}")
    [[ $# -eq 4 ]] || mode="$mode ${*:5}"
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$mode" "$pair" "$side" "$(value first_us "$line")" "$(value last_us "$line")" \
        "$(value spread_us "$line")" >>"$results"
}

# watch_pairs WATCHES CONNECTIONS [OPTION…]: who comes first changes with each pair.
watch_pairs() {
    local pair
    for ((pair = 1; pair <= pairs; pair++)); do
        ((pair % 2)) || run_watch ours "$1" "$2" "$pair" "${@:3}"
        run_watch limit "$1" "$2" "$pair" "${@:3}"
        ! ((pair % 2)) || run_watch ours "$1" "$2" "$pair" "${@:3}"
    done
}

# Each watch on a connection that has made a call before, in a daemon that has just started.
measure_watch_bytes() {
    start_watched ours
    watch[bytes]=$(watch_load ours --watches 4000 --connections 4000 --rounds 1 --warm-up 0 --pid "${processes[-1]}")
    stop_newest
}

measure_watch() {
    local mode watches connections results=$watch_results
    declare -gA watch=()
    mkdir -p "${results%/*}"
    printf 'mode\tpair\tside\tfirst µs\tlast µs\tspread µs\n' >"$results"
    rm -f "$directory"/watch.db*
    write_watch_configuration ours
    write_watch_configuration disk
    note '    4000 idle watches on 4000 connections'
    measure_watch_bytes

    start_watched ours
    watch[probe]=$(watch_load ours --watches 1 --connections 1 --rounds 1 --warm-up 0)
    rm -f "$directory/watch-limit.sock"
    start watch-limit "${on_server_core[@]}" "$tools/watch-limit" --socket "$directory/watch-limit.sock" \
        --event-bytes "$(value event_bytes "${watch[probe]}")"
    note '    One watch alone'
    watch_pairs 1 1
    for mode in "${watch_modes[@]}"; do
        read -r watches connections _ <<<"$mode"
        note "    $watches watches on $connections connections: $pairs pairs of $watch_rounds events"
        watch_pairs "$watches" "$connections"
    done
    note '    The same with 16 more that nobody reads'
    watch_pairs 1000 1000 --stalled 16
    note '    10000 watches, events on end, and one reader'
    watch[crowd]=$(watch_load ours --watches 10000 --connections 10000 --rounds "$((watch_rounds * 2))" --pipeline 4 \
        --read-project "$watch_project")
    stop_newest
    stop_newest

    note '    A daemon with a store: 1000 watches'
    start_watched disk
    watch[disk]=$(watch_load disk --rounds "$watch_rounds")
    watch[stream]=$(watch_load disk --rounds "$((watch_rounds * 20))" --pipeline 32)
    stop_newest
}

watch_milliseconds() { awk -v us="$1" 'BEGIN { printf "%.2f ms", us / 1000 }'; }

# watch_spreading MODE: the ratio of the last arrivals, counted on each side from when it has the event with one watch alone.
watch_spreading() {
    awk -F '\t' -v mode="$1" -v alone="$watch_alone" '
        $1 == mode { last[$3, $2] = $5; pairs[$2] }
        $1 == alone { made[$3, $2] = $5 }
        END {
            for (pair in pairs)
                print (last["ours", pair] - made["ours", pair]) / (last["limit", pair] - made["limit", pair])
        }' "$results" | median
}

# watch_row NAME MODE BOUND
watch_row() {
    local whole spreading
    whole=$(ratio "$2" 5)
    spreading=$(watch_spreading "$2")
    verdict "$whole" '≤' "$3"
    printf '%-44s' "$1"
    pad 12 "$(watch_milliseconds "$(column "$2" ours 5)")"
    pad 12 "$(watch_milliseconds "$(column "$2" limit 5)")"
    printf '%10.2f%10.2f' "$whole" "$spreading"
    pad 16 "whole ≤ $3"
    printf '  %s\n' "$mark"
}

# watch_figure NAME FIGURE [BOUND]
watch_figure() {
    printf '%-44s' "$1"
    pad 12 "$2"
    if [[ -n ${3:-} ]]; then
        verdict "${2%% *}" '≤' "$3"
        pad 24 "≤ $3 ${2#* }"
        printf '%10s  %s' '' "$mark"
    fi
    printf '\n'
}

print_watch() {
    local mode watches connections bound disk=${watch[disk]} results=$watch_results
    printf '%-44s%12s%12s%10s%10s%16s\n' "an event of $(value event_bytes "${watch[probe]}") bytes, last arrival" ours limit \
        whole made required
    for mode in "${watch_modes[@]}"; do
        read -r watches connections bound <<<"$mode"
        watch_row "$watches watches on $connections connections" "$watches×$connections" "$bound"
    done
    watch_row '1000 on 1000, and 16 that nobody reads' '1000×1000 --stalled 16' 1.5
    printf '%-44s' 'one watch alone: the making of an event'
    pad 12 "$(watch_milliseconds "$(column "$watch_alone" ours 5)")"
    pad 12 "$(watch_milliseconds "$(column "$watch_alone" limit 5)")"
    printf '\n'
    watch_figure '1000 on 1000, with a store: first arrival' "$(watch_milliseconds "$(value first_us "$disk")")"
    watch_figure '… from the first to the last' "$(watch_milliseconds "$(value spread_us "$disk")")"
    watch_figure '… events a second to all of them' "$(value events_per_second "${watch[stream]}")"
    watch_figure '10000 on 10000: a read meanwhile, p50' "$(watch_milliseconds "$(value read_p50_us "${watch[crowd]}")")"
    watch_figure '… p99' "$(watch_milliseconds "$(value read_p99_us "${watch[crowd]}")")"
    watch_figure 'each idle watch' "$(value bytes_per_watch "${watch[bytes]}") B" "$watch_bytes_max"
    note "    Every run of the watches: $results"
}
