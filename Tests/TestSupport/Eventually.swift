/// Returns once the condition holds, letting other tasks run until then; the test's time limit ends a vain wait.
package func eventually(_ condition: () async -> Bool) async {
    while await !condition() { await Task.yield() }
}
