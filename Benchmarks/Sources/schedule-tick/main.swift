import Glibc
import StatusCore
import StatusModel

// What one turn of the refresh schedule costs: take out what is due, plan each anew a time to live ahead, as the engine
// does it. All items have the engine's time to live and jitter, so as many are due in a second whatever came before.
//
// schedule-tick ITEMS SECONDS
//
// Prints one line of `name=value` pairs. `SECONDS` are played as fast as they can be.

/// Items that one turn takes out, as in the engine.
let turnItemsMax = 256
let policy = RefreshPolicy()
let timeToLive = policy.providerTimeToLive
let tick = Duration.milliseconds(10)

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

func items(_ count: Int) -> [ItemReference] {
    (0..<count).compactMap { index in
        let provider = ProviderKey.allCases[index % ProviderKey.allCases.count]
        return ProjectID("project-\(index / ProviderKey.allCases.count)").map {
            ItemReference(project: $0, key: .provider(provider))
        }
    }
}

/// What this process has had of a core, in nanoseconds: others that run beside it count for nothing.
func processorNanoseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

func play(_ items: [ItemReference], seconds: Int) -> (served: Int, ticks: Int, nanoseconds: Double) {
    var generator = SeededGenerator(state: 1)
    var schedule = RefreshSchedule<ItemReference>()
    let start = ContinuousClock.now
    for item in items { schedule.upsert(item, due: start + timeToLive * Double.random(in: 0...1, using: &generator)) }
    var now = start
    var (served, ticks) = (0, 0)
    let end = start + .seconds(seconds)
    let began = processorNanoseconds()
    while now < end {
        now += tick
        ticks += 1
        while true {
            let due = schedule.popDue(at: now, limit: turnItemsMax)
            guard !due.isEmpty else { break }
            served += due.count
            for item in due {
                let interval = timeToLive * Double.random(in: 0.8...1.2, using: &generator)
                schedule.upsert(item, due: now + interval)
            }
        }
    }
    return (served, ticks, processorNanoseconds() - began)
}

let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
guard numbers.count == 2, numbers.allSatisfy({ (1...10_000_000).contains($0) }) else {
    print("usage: schedule-tick ITEMS SECONDS")
    exit(64)
}
let result = play(items(numbers[0]), seconds: numbers[1])
let perItem = Int(result.nanoseconds / Double(max(result.served, 1)))
let perTick = Int(result.nanoseconds / Double(max(result.ticks, 1)))
print(
    "items=\(numbers[0]) served=\(result.served) ticks=\(result.ticks) ns_per_item=\(perItem) ns_per_tick=\(perTick)")
