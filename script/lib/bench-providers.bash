# Sourced by script/bench: the four providers as simulators, and links to them. Each is played by a process of its own, so
# that no bound on connections to one host counts.
# shellcheck disable=SC2154 # What is not assigned here is script/bench's.

# provider_link PROVIDER BASE: what a project's section says of that provider.
provider_link() {
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

# provider_links [PATH]: the links of a project to all providers, each at its simulator with the path behind it.
provider_links() {
    local name
    for name in "${providers[@]}"; do printf '%s, ' "$(provider_link "$name" "${base[$name]}${1:-}")"; done
}

write_tokens() {
    local name
    (
        umask 077
        printf 'sim-token' >"$directory/token-github"
        for name in vercel sanity supabase; do printf 'sim-%s-token' "$name" >"$directory/token-$name"; done
        printf 'sb_secret_sim' >"$directory/token-supabase-project"
    )
}

# takes FRAGMENT: whether this daemon's configuration takes it at the top.
takes() {
    printf '{ %s }\n' "$1" >"$directory/taken.json5"
    "$daemon" --check-config --config "$directory/taken.json5" >/dev/null 2>&1
}

# Those of the four that this daemon's configuration takes. One that it does not know is left out of the measurements.
find_providers() {
    local name
    declare -gA base=()
    providers=()
    write_tokens
    for name in github vercel sanity supabase; do
        ! takes "projects: { shop: { $(provider_link "$name" http://127.0.0.1:1) } }" || providers+=("$name")
    done
    ((${#providers[@]} > 0)) || fail 'The daemon takes none of the providers of this benchmark.'
    ((${#providers[@]} == 4)) || note "    Only of: ${providers[*]}. The requirement is for four."
}

# store_section FILE: where a daemon of ours keeps what it learns; nothing for one that keeps nothing. Without it two daemons
# of one user would meet in the same file.
store_section() {
    local section="store: { path: \"$1\" },"
    ! takes "$section" || printf '%s' "$section"
}

# start_simulators [OPTION…]: of telltale-sim. stop_simulators ends them; until then nothing else may be started that
# outlives it.
start_simulators() {
    local name
    for name in "${providers[@]}"; do
        rm -f "$directory/port-$name"
        start "sim-$name" "$products/telltale-sim" --port 0 --port-file "$directory/port-$name" --quiet "$@"
        wait_until 10 "${processes[-1]}" test -s "$directory/port-$name" ||
            fail "The simulator of $name does not start: $(<"$directory/sim-$name.log")"
        base[$name]=http://127.0.0.1:$(<"$directory/port-$name")
    done
}

stop_simulators() {
    local name
    for name in "${providers[@]}"; do stop_newest; done
}

# simulate PROVIDER PATH [CURL OPTION…]: one call of the control interface of a provider's simulator.
simulate() {
    local name=$1 path=$2
    shift 2
    curl --noproxy '*' --fail --silent --show-error "$@" "${base[$name]}/_sim/$path"
}

# The providers' own limits would end what is measured here: ten thousand projects of one account.
lift_limits() {
    simulate github github/tokens/sim-token --request PUT --data '{"hourly_limit":1000000}' >/dev/null
    simulate vercel vercel/tokens/sim-vercel-token --request PUT --data '{"limit":1000000}' >/dev/null
    simulate supabase supabase/tokens/sim-supabase-token --request PUT --data '{"minute_limit":1000000}' >/dev/null
}

# How many requests all simulators have got.
upstream_requests() {
    local name sum=0
    for name in "${providers[@]}"; do sum=$((sum + $(simulate "$name" requests | jq .total))); done
    printf '%d' "$sum"
}
