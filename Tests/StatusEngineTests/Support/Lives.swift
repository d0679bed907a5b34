import Locks
import StatusCore
import StatusEngine
import StatusModel
import Synchronization
import TestSupport

/// Daemons that follow each other over one store and one clock, and a watcher who resumes at each where the last one ended.
final class Lives: Sendable {
    private struct Seen {
        var place = EventID(epoch: 7, sequence: 0)
        var newest: [String: StatusEvent] = [:]
    }

    let store = MemoryStore()
    let time = ManualTime()
    private let seen = Lock(Seen())

    /// The newest event of each project that the watcher has heard of.
    var newest: [String: StatusEvent] { seen.withLock { $0.newest } }

    /// The next daemon, whose reads stay open unless there is a script.
    func rig(_ script: ManualProvider.Script? = nil) -> EngineRig { EngineRig(script, store: store, time: time) }

    /// Where the last daemon ended.
    var place: EventID { seen.withLock { $0.place } }

    /// A daemon in which everything is read.
    func first(
        _ definitions: [ProjectDefinition], _ script: @escaping ManualProvider.Script = { .success($0.reading()) }
    ) async throws {
        _ = try await next(definitions, reading: script)
    }

    /// A daemon in which nobody reads anything, unless there is a script that answers.
    ///
    /// - Returns: What the watcher hears, as `project kind items`, in order.
    func next(
        _ definitions: [ProjectDefinition], role: Role = .owner, reading script: ManualProvider.Script? = nil
    ) async throws -> [String] {
        var told: [StatusEvent] = []
        try await rig(script).run(definitions) { rig in
            if script != nil {
                for definition in definitions { _ = await rig.read(definition.id.rawValue, mode: .force) }
            }
            await rig.published()
            told = hear(rig, role)
        }
        return told.map { event in
            ([event.projectID.rawValue, event.kind] + event.items.map(\.key.description)).joined(separator: " ")
        }
    }

    @discardableResult
    private func hear(_ rig: EngineRig, _ role: Role) -> [StatusEvent] {
        seen.withLock { seen in
            let told = rig.events(after: seen.place, role: role) ?? []
            for event in told { seen.newest[event.projectID.rawValue] = event }
            seen.place = rig.journal.newestID
            return told
        }
    }
}

/// A project that links these items, each to what this target says.
func linked(
    _ id: String, _ keys: [ItemKey] = [EngineRig.github], hidden: [ItemKey: Set<Role>] = [:], target: String = "one"
) -> ProjectDefinition {
    guard let id = ProjectID(id) else { preconditionFailure("\(id) is no project's name") }
    let links = keys.map { key in
        let link: Link.Target =
            switch key {
            case .provider(.sanity): .sanity(SanityTarget(projectID: target, dataset: "production"))
            case .provider: .github(GitHubTarget(owner: "octo-org", repository: target))
            case .service(let name): .service(ServiceTarget(name: name, url: "https://\(target).example.com/"))
            }
        return (key, Link(target: link))
    }
    return ProjectDefinition(id: id, links: Dictionary(uniqueKeysWithValues: links), hidden: hidden)
}
