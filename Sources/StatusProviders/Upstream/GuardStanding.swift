package import Resilience

/// How a guard stands to a link: what would become of its next request.
package struct GuardStanding: Hashable, Sendable {
    /// The worst of the link's places; nil when it has none.
    package var place: GuardedPlace?
    package var state: CircuitBreaker.State

    package init(place: GuardedPlace?, state: CircuitBreaker.State) {
        self.place = place
        self.state = state
    }

    /// Until when every request to the place is held; nil unless it is open.
    package var heldUntil: ContinuousClock.Instant? {
        if case .open(let until, _, _) = state { until } else { nil }
    }

    /// The worst of several: what is open longest, then what is half open.
    ///
    /// One whose time of being open is over at `now` is half open to whoever asks next, and is told so.
    package static func worst(
        of places: [(place: GuardedPlace, state: CircuitBreaker.State)], at now: ContinuousClock.Instant
    ) -> Self {
        var worst = Self(place: places.first?.place, state: .closed)
        for (place, state) in places {
            let standing = Self(place: place, state: state.seen(at: now))
            if standing.isWorse(than: worst) { worst = standing }
        }
        return worst
    }

    private func isWorse(than other: Self) -> Bool {
        switch (state, other.state) {
        case (.open(let until, _, _), .open(let otherUntil, _, _)): until > otherUntil
        case (.open, _), (.halfOpen, .closed): true
        case (.halfOpen, _), (.closed, _): false
        }
    }
}

extension CircuitBreaker.State {
    fileprivate func seen(at now: ContinuousClock.Instant) -> Self {
        if case .open(let until, _, _) = self, until <= now { .halfOpen } else { self }
    }
}
