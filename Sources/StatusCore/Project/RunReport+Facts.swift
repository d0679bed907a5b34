package import StatusModel

/// What a report says, beside its own words.
extension RunReport {
    /// How far ahead of the daemon's clock a run may end, for the reporter's clock is another's.
    package static let clockAheadMax = Duration.seconds(300)
    /// The most of a failed check's own words that an event quotes, in characters.
    private static let quotedMax = 200
    private static let scalarsPerCharacter = 2

    /// Whether all of it passed.
    var hasPassed: Bool { results.allSatisfy(\.passed) }

    /// The run as it is known once it was reported: it has ended by then, whatever the reporter's clock says.
    package func record(at now: UnixTime) -> RunRecord {
        RunRecord(kind: kind.rawValue, at: min(endedAt ?? now, now), passed: hasPassed)
    }

    /// The items that its results name.
    package var namedItems: Set<ItemKey> { Set(results.compactMap(\.key)) }

    /// Whether any of it concerns the project as a whole. So does a run that tells no results.
    var concernsWholeProject: Bool { results.isEmpty || results.contains { $0.key == nil } }

    /// How long the checks took that passed, in their order, by item. What a failed one took says nothing of the item.
    var passedLatencies: [ItemKey: [Duration]] {
        var latencies: [ItemKey: [Duration]] = [:]
        for result in results where result.passed {
            guard let key = result.key, let latency = result.latency else { continue }
            latencies[key, default: []].append(latency)
        }
        return latencies
    }

    /// What of the report cannot be of this project at this moment: the field, and what it must be instead; nil when
    /// all is well.
    package func mistake(about snapshot: ProjectSnapshot, at now: UnixTime) -> (field: String, reason: String)? {
        if let endedAt, endedAt.since(now) > Self.clockAheadMax {
            let seconds = Self.clockAheadMax.components.seconds
            return ("ended_at", "must lie at most \(seconds) s ahead of this host's clock; see to the clocks of both")
        }
        let unknown = results.firstIndex { $0.key.map { snapshot.record(of: $0) == nil } ?? false }
        return unknown.map { ("results[\($0)].key", "must be an item of \(projectID); `telltale status` lists them") }
    }

    /// The run in one line, as the role may read it: reporters may name anything in their words.
    package func line(for role: Role) -> String {
        let what = kind == .diagnostics ? "Diagnostics" : "Smoke tests"
        let failed = results.filter { !$0.passed }
        guard let first = failed.first else {
            return results.isEmpty ? "\(what) passed" : "\(what) passed: \(Self.checks(results.count))"
        }
        let reason = first.message.isEmpty ? first.name : "\(first.name): \(first.message)"
        let words = Redaction(for: role).words(Self.oneLine(reason))
        return "\(what) failed: \(failed.count) of \(Self.checks(results.count))" + (words.isEmpty ? "" : "; \(words)")
    }

    private static func checks(_ count: Int) -> String { count == 1 ? "1 check" : "\(count) checks" }

    private static func oneLine(_ text: String) -> String {
        // A character may be of several scalars; one of more than these is cut.
        let beginning = text.unicodeScalars.prefix(quotedMax * scalarsPerCharacter)
        let isCut = beginning.endIndex < text.unicodeScalars.endIndex
        var line = String.UnicodeScalarView()
        for scalar in beginning {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: line.append(" ")
            default: line.append(scalar)
            }
        }
        return isCut || line.count > quotedMax ? String(line.prefix(quotedMax - 1)) + "…" : String(line)
    }
}
