/// Returns once the condition holds, letting other tasks run until then; the test's time limit ends a vain wait.
package func eventually(_ condition: () async -> Bool) async {
    while await !condition() { await Task.yield() }
}

/// Lets other tasks run until the condition has held for a while, or they have had more turns than they can need: for
/// what a test expects not to happen.
package func settled(_ isQuiet: () async -> Bool) async {
    var (quietCount, turnCount) = (0, 0)
    while quietCount < 6, turnCount < 20_000 {
        for _ in 0..<5 { await Task.yield() }
        quietCount = await isQuiet() ? quietCount + 1 : 0
        turnCount += 1
    }
}
