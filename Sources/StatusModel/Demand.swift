/// How much a project is asked for, which drives how often it is read (SPEC §4).
public enum Demand: String, CaseIterable, Hashable, Sendable {
    /// A watch on it is open.
    case watched
    /// It was read a short while ago.
    case recentlyRead = "recently_read"
    /// Nobody has read it lately: it is read at leisure while anybody watches anything, and else not at all.
    case idle
    /// Nobody has asked for it in so long that it is not read by itself any more.
    case forgotten
}
