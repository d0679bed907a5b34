# Sourced by script/bench: a mix of page loads replayed over projects whose providers are 50 to 900 ms away, each project's
# each provider as far as was drawn for it.
# shellcheck disable=SC2154 # What is not assigned here is script/bench's.

pages_hit_percent_min=80
pages_p95_milliseconds_max=500

# Projects page-0, page-1 and so on, each at a place of its own, and first-0, which the mix leaves alone.
write_pages_configuration() {
    local index
    {
        printf '{\n    socket: { path: "%s" },\n    %s\n' "$directory/pages.sock" "$(store_section "$directory/pages.db")"
        printf '    projects: {\n'
        printf '        "first-0": { %s },\n' "$(provider_links "/at/first-$seed")"
        for ((index = 0; index < pages_projects; index++)); do
            printf '        "page-%d": { %s },\n' "$index" "$(provider_links "/at/page-$seed-$index")"
        done
        printf '    },\n}\n'
    } >"$directory/pages.json5"
}

measure_pages() {
    local name before
    declare -gA pages=()
    start_simulators
    lift_limits
    write_pages_configuration
    for name in "${providers[@]}"; do
        simulate "$name" faults --data '{"kind":"latency","delay_ms":50,"jitter_ms":850,"steady":true}' >/dev/null
    done
    rm -f "$directory/pages.sock"
    start pages "$daemon" --config "$directory/pages.json5"

    # What a page would cost that asked the providers itself. It is settled before anything is read anew.
    "$tools/cold-project" --socket "$directory/pages.sock" --prefix first- --projects 1 \
        --configured "${#providers[@]}" --answered 0 >/dev/null || fail "No answer: $(tail -n 20 "$directory/pages.log")"
    sleep 5
    pages[each]=$(upstream_requests)

    note "    $pages_projects projects, $pages_visits visits a second for $pages_seconds s, seed $seed"
    before=$(upstream_requests)
    pages[result]=$("$tools/page-load" --socket "$directory/pages.sock" --prefix page- --projects "$pages_projects" \
        --visits "$pages_visits" --seconds "$pages_seconds" --seed "$seed") ||
        fail "The page loads failed: $(tail -n 20 "$directory/pages.log")"
    pages[upstream]=$(($(upstream_requests) - before))
    stop_newest
    stop_simulators
}

# pages_row NAME FIGURE RELATION BOUND UNIT
pages_row() {
    verdict "$2" "$3" "$4"
    printf '%-40s' "$1"
    pad 16 "$(printf '%.1f %s' "$2" "$5")"
    pad 16 "$3 $4 $5"
    printf '  %s\n' "$mark"
}

print_pages() {
    local line=${pages[result]} without loads
    loads=$(value loads "$line")
    without=$((loads * pages[each]))
    printf '%-40s%16s%16s\n' "page loads: $loads (seed $seed)" '' required
    pages_row 'hit ratio' "$(value hit_percent "$line")" '≥' "$pages_hit_percent_min" %
    pages_row 'answered from memory at once' "$(value strict_percent "$line")" '≥' "$pages_hit_percent_min" %
    pages_row '95 of 100 answers within' "$(value p95_ms "$line")" '≤' "$pages_p95_milliseconds_max" ms
    pages_row 'the same of first loads' "$(value first_p95_ms "$line")" '≤' "$pages_p95_milliseconds_max" ms
    note "    p50 $(value p50_ms "$line") ms, p99 $(value p99_ms "$line") ms; hits $(value hits "$line")," \
        "stale $(value stale "$line"), collapsed $(value collapsed "$line"), fetched $(value fetched "$line")," \
        "checking $(value checking "$line")"
    note "    ${pages[upstream]} upstream requests in place of $without (${pages[each]} for each load):" \
        "$(awk -v used="${pages[upstream]}" -v without="$without" 'BEGIN { printf "%.1f", 100 * (1 - used / without) }') % saved"
}
