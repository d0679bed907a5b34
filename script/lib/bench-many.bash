# Sourced by script/bench: ten thousand projects in one daemon: what they weigh, what a refresh costs among them, and how
# soon they are back after a restart.
# shellcheck disable=SC2154 # What is not assigned here is script/bench's.

many_resident_mebibytes_max=150
# Cost per refresh does not grow with the number of projects; what the measurement itself wavers is allowed for.
many_cost_ratio_max=1.3
many_turn_ratio_max=4
# An idle daemon looks so often whether it has something to give back.
many_idle_seconds=32
# Items that fall due a second while the cost of a refresh is measured, whatever the number of projects. Of the few it
# makes a time to live of a second, which is the shortest.
many_refreshes_per_second=400

# write_many_configuration COUNT: projects many-0, many-1 and so on, all linked alike; nothing is known of them yet.
write_many_configuration() {
    local links index count=$1
    links=$(provider_links)
    rm -f "$directory"/many.db*
    {
        printf '{\n    socket: { path: "%s" },\n' "$directory/many.sock"
        printf '    refresh: { ttl: "%dms" },\n' "$((count * ${#providers[@]} * 1000 / many_refreshes_per_second))"
        store_section "$directory/many.db"
        printf '    projects: {\n'
        for ((index = 0; index < count; index++)); do printf '"many-%d":{%s},\n' "$index" "$links"; done
        printf '    },\n}\n'
    } >"$directory/many.json5"
}

start_many() {
    rm -f "$directory/many.sock"
    start many "$daemon" --config "$directory/many.json5"
}

# read_many COUNT: all projects until all is known; prints what many-projects does.
read_many() {
    "$tools/many-projects" --socket "$directory/many.sock" --prefix many- --projects "$1" \
        --configured "${#providers[@]}" --patience 600 ||
        fail "Reading $1 projects failed: $(tail -n 20 "$directory/many.log")"
}

resident_kibibytes() { awk '/^Rss:/ { print $2 }' "/proc/${processes[-1]}/smaps_rollup"; }

# Time on a core that the newest process has had, in milliseconds.
processor_milliseconds() {
    local stat
    stat=$(<"/proc/${processes[-1]}/stat")
    # Behind the program's name, which may hold anything: the 12th and 13th are user and system time.
    read -r -a stat <<<"${stat##*) }"
    printf '%d' "$(((stat[11] + stat[12]) * 1000 / $(getconf CLK_TCK)))"
}

# measure_refresh_cost: microseconds of processor time for each upstream request, while nothing but refreshing happens.
measure_refresh_cost() {
    local requests milliseconds
    requests=$(upstream_requests) milliseconds=$(processor_milliseconds)
    sleep "$many_seconds"
    requests=$(($(upstream_requests) - requests)) milliseconds=$(($(processor_milliseconds) - milliseconds))
    ((requests > 0)) || fail "Nothing was refreshed in $many_seconds s."
    awk -v ms="$milliseconds" -v n="$requests" 'BEGIN { printf "%.1f", ms * 1000 / n }'
}

# fill COUNT KEY: starts a daemon, reads everything, and notes what it weighs and what a refresh costs.
fill() {
    start_many
    many[$2-filled]=$(read_many "$1")
    many[$2-resident]=$(resident_kibibytes)
    sleep "$many_idle_seconds"
    many[$2-trimmed]=$(resident_kibibytes)
    wait_for_refreshes
    many[$2-cost]=$(measure_refresh_cost)
    many[$2-settled]=$(resident_kibibytes)
}

# Until the first times to live are over and refreshing has begun in earnest.
wait_for_refreshes() {
    local before deadline=$((SECONDS + 300))
    while :; do
        before=$(upstream_requests)
        sleep 1
        (($(upstream_requests) - before < many_refreshes_per_second / 4)) || return 0
        ((SECONDS < deadline)) || fail 'Nothing is refreshed.'
    done
}

# Stopped and started again on what it has stored, with the providers gone: what is answered is what was kept.
restart_many() {
    many[first]=$("$tools/first-answer" --socket "$directory/many.sock" --project many-0 --times 3 -- \
        "$daemon" --config "$directory/many.json5" 2>>"$directory/many.log") ||
        fail "The starts on the store failed: $(tail -n 20 "$directory/many.log")"
    start_many
    "$tools/load" --socket "$directory/many.sock" --project many-0 --probe >/dev/null ||
        fail "No answer: $(tail -n 20 "$directory/many.log")"
    many[restored]=$(resident_kibibytes)
    many[reread]=$(read_many "$many_projects")
    many[restored-read]=$(resident_kibibytes)
    many[store-bytes]=$(stat --format %s "$directory/many.db")
    stop_newest
}

measure_many() {
    declare -gA many=()
    start_simulators
    lift_limits

    note "    $many_few projects: what a refresh costs among few"
    write_many_configuration "$many_few"
    fill "$many_few" few
    stop_newest

    note "    $many_projects projects: every one is read, and then refreshed"
    write_many_configuration "$many_projects"
    fill "$many_projects" many
    stop_newest
    if [[ -e $directory/many.db ]]; then
        note '    The same daemon, started again on its store'
        restart_many
    fi
    stop_simulators
    measure_schedule
}

# measure_schedule: one turn of the schedule with the items of few projects and of many.
measure_schedule() {
    local few=$((many_few * 4)) all=$((many_projects * 4))
    many[turn-few]=$("$tools/schedule-tick" "$few" $((all * 15 / few)))
    many[turn-many]=$("$tools/schedule-tick" "$all" 15)
}

ratio_of() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

# many_row NAME FIGURE UNIT [BOUND]
many_row() {
    printf '%-40s' "$1"
    pad 16 "$2${3:+ $3}"
    if [[ -n ${4:-} ]]; then
        verdict "$2" '≤' "$4"
        pad 16 "≤ $4${3:+ $3}"
        printf '  %s' "$mark"
    fi
    printf '\n'
}

kibibytes_row() { many_row "$1" "$(awk -v k="$2" 'BEGIN { printf "%.1f", k / 1024 }')" MiB "$many_resident_mebibytes_max"; }

print_many() {
    local few all
    printf '%-40s%16s%16s\n' "$many_projects projects of ${#providers[@]} providers" '' required
    kibibytes_row 'resident, everything read once' "${many[many-resident]}"
    kibibytes_row 'when idle again' "${many[many-trimmed]}"
    kibibytes_row 'while all of it is refreshed' "${many[many-settled]}"
    many_row 'read once within' "$(value seconds "${many[many-filled]}")" s
    many_row "a refresh's request among $many_few" "${many[few-cost]}" µs
    many_row "a refresh's request among $many_projects" "${many[many-cost]}" µs
    many_row 'as a ratio' "$(ratio_of "${many[many-cost]}" "${many[few-cost]}")" '' "$many_cost_ratio_max"
    few=$(value ns_per_item "${many[turn-few]}") all=$(value ns_per_item "${many[turn-many]}")
    many_row "schedule, each of $((many_few * 4)) items" "$few" ns
    many_row "schedule, each of $((many_projects * 4)) items" "$all" ns
    many_row 'as a ratio' "$(ratio_of "$all" "$few")" '' "$many_turn_ratio_max"
    many_row 'schedule, one tick of 10 ms' "$(value ns_per_tick "${many[turn-many]}")" ns
    [[ -n ${many[first]:-} ]] || return 0
    many_row 'started again: exec to first answer' "$(value median_ms "${many[first]}")" ms
    kibibytes_row 'resident, restored' "${many[restored]}"
    kibibytes_row 'resident, all of it read again' "${many[restored-read]}"
    many_row 'the store' "$((many[store-bytes] / 1048576))" MiB
}
