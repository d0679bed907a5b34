package import StatusModel

/// What a report says, beside its own words.
extension RunReport {
    /// How far ahead of the daemon's clock a run may end, for the reporter's clock is another's.
    package static let clockAheadMax = Duration.seconds(300)
    /// The most of a failed check's own words that an event quotes, in Unicode scalars.
    private static let quotedMax = 200

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
        let words = Self.oneLine(Redaction(for: role).words(reason))
        return "\(what) failed: \(failed.count) of \(Self.checks(results.count))" + (words.isEmpty ? "" : "; \(words)")
    }

    private static func checks(_ count: Int) -> String { count == 1 ? "1 check" : "\(count) checks" }

    private static func oneLine(_ text: String) -> String {
        let (byteCount, isCut, mayBreak) = quotation(of: text.utf8Span.span)
        let quoted = text[..<text.utf8.index(text.startIndex, offsetBy: byteCount)]
        let ending = isCut ? "…" : ""
        // A string of its own first: to make room for a part its characters would be counted.
        guard mayBreak else { return String(quoted) + ending }
        var line = String.UnicodeScalarView()
        for scalar in quoted.unicodeScalars { line.append(scalar.breaksLine ? " " : scalar) }
        return String(line) + ending
    }

    /// What of a text is quoted, found by its bytes alone: how many of them, whether that is not all, and whether there may be
    /// something among them that breaks the line.
    private static func quotation(of utf8: Span<UInt8>) -> (byteCount: Int, isCut: Bool, mayBreak: Bool) {
        var (scalars, cut, mayBreak) = (0, 0, false)
        for index in utf8.indices {
            let byte = utf8[index]
            // Not a scalar's further bytes.
            if !(0x80..<0xC0).contains(byte) {
                // The last that fits if more follow gives its place to the ellipsis.
                if scalars == quotedMax - 1 { cut = index }
                if scalars == quotedMax { return (cut, true, mayBreak) }
                scalars += 1
            }
            // Control characters, and the bytes with which those beyond ASCII and the separators begin.
            mayBreak = mayBreak || byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte == 0xE2
        }
        return (utf8.count, false, mayBreak)
    }
}

extension Unicode.Scalar {
    /// A control character, or a separator of lines or paragraphs. No version of Unicode will have others, so nothing is
    /// looked up.
    var breaksLine: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
        default: false
        }
    }
}
