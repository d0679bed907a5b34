extension Simulator {
    /// Plays one request without a socket, for a test that drives the clock by hand: the answer, and how much later it
    /// would come. Counted and struck by faults as any other.
    ///
    /// - Returns: No answer where a fault leaves HTTP: the peer hangs, breaks off, or sends something else.
    package func play(_ request: SimulatedRequest) -> (answer: SimulatedAnswer?, delay: Duration) {
        let delivery = receive(request)
        defer { if delivery.isCounted { finished() } }
        guard case .answer(let answer) = delivery.transmission else { return (nil, delivery.delay) }
        return (answer, delivery.delay)
    }
}
