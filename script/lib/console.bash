# Sourced by the scripts beside it: how they speak to people.
# Colour only on a terminal; quiet while things go well, the whole log when they do not.

bold='' green='' red='' dim='' plain=''
if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
    bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' dim=$'\e[2m' plain=$'\e[0m'
fi

say() { printf '%s\n' "$*"; }

headline() { printf '%s%s%s\n' "$bold" "$*" "$plain"; }

note() { printf '%s%s%s\n' "$dim" "$*" "$plain"; }

good() { printf '%s%s%s\n' "$green" "$*" "$plain"; }

bad() { printf '%s%s%s\n' "$red" "$*" "$plain"; }

# fail SENTENCE [EXIT CODE]: says what went wrong, and ends the script.
fail() {
    bad "$1" >&2
    exit "${2:-1}"
}

# run_quietly LABEL COMMAND…: runs the command with its output in .build/logs, and shows that it is alive: one line that
# renews itself on a terminal, else a line every ten seconds. Shows the whole log when the command fails.
run_quietly() {
    local label=$1 log ticker status=0 started=$SECONDS
    shift
    mkdir -p .build/logs
    log=".build/logs/${label//[^[:alnum:]]/-}.log"
    : >"$log"

    # The ticker is the background job and the command is not: Ctrl-C then reaches the command.
    report_progress "$label" "$log" &
    ticker=$!
    "$@" >"$log" 2>&1 </dev/null || status=$?
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    [[ ! -t 1 ]] || printf '\r\e[K'

    if ((status != 0)); then
        cat "$log"
        bad "$label failed (exit $status) after $((SECONDS - started)) s: $*"
        return "$status"
    fi
    note "    $label: $((SECONDS - started)) s"
}

# Runs until it is killed, or the script that started it has gone.
report_progress() {
    local label=$1 log=$2 started=$SECONDS reported=0 elapsed last
    while kill -0 $$ 2>/dev/null; do
        sleep 0.2 >/dev/null 2>&1
        elapsed=$((SECONDS - started))
        if [[ -t 1 ]]; then
            last=$(tail -n 1 "$log" | tr -d '\r\e' | cut -c 1-80)
            printf '\r\e[K%s    %s: %s s  %s%s' "$dim" "$label" "$elapsed" "$last" "$plain"
        elif ((elapsed >= reported + 10)); then
            reported=$elapsed
            say "    $label: $elapsed s  $(tail -n 1 "$log" | cut -c 1-80)"
        fi
    done
}

# wait_until SECONDS PROCESS COMMAND…: polls every 50 ms until the command succeeds; fails when the time is over, or the
# process that is to bring it about has ended.
wait_until() {
    local deadline=$((SECONDS + $1)) process=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) && kill -0 "$process" 2>/dev/null || return 1
        sleep 0.05
    done
}
