import StatusCore
import StatusModel

// Other entries, without a restart.
extension OAuthRefresher {
    /// Takes these entries in the place of those so far. One that has not changed keeps its tokens and its refresh that is
    /// under way; what becomes of the others is told to whoever reads by them.
    ///
    /// Tokens belong to their file: an entry that names the file of one that has changed or gone, by whatever name, goes on
    /// with what is known of it. A refresh that was sent ends first, for the token that it spends is dead and the answer has to
    /// come into the file.
    package func redefine(_ entries: [OAuthEntry]) {
        self.entries = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
        adoptEntries()
        notePersistence()
    }

    /// Makes grants of the entries, but for files of which a refresh is under way; its end calls this again.
    func adoptEntries() {
        let gone = grants.filter { name, grant in entries[name] != grant.entry && flights[name] == nil }
        for name in gone.keys { drop(name) }
        let files = Set(grants.values.map(\.entry.tokenFile))
        for (name, entry) in entries where grants[name] == nil && !files.contains(entry.tokenFile) {
            let known = gone.values.first { $0.entry.tokenFile == entry.tokenFile && $0.tokens != nil }
            grants[name] = known?.passed(to: entry) ?? OAuthGrant(entry: entry)
            if let known {
                schedule.loaded(name, expiresAt: known.expiresAt, at: time.now.instant, using: &generator)
            }
            announce(name)
        }
    }

    private func drop(_ name: String) {
        // What only memory has is written once more; whoever goes on with the file has it from here.
        save(name)
        grants[name] = nil
        schedule.removed(name)
        warned.remove(name)
    }
}
