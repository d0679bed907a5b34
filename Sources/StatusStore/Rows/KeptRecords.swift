import SQLiteDatabase
import StatusCore
import StatusModel

extension StoredProject: KeptRecord {
    static var table: StoreTable { .projects }
    var identity: [SQLValue] { [.text(id.rawValue)] }

    func encoded(by coder: RecordCoder) -> [UInt8] { coder.encode(self) }

    static func decoded(_ bytes: UnsafeRawBufferPointer, by coder: RecordCoder) throws(RecordError) -> Self {
        try coder.project(from: bytes)
    }
}

extension StoredLink: KeptRecord {
    static var table: StoreTable { .links }
    var identity: [SQLValue] { ItemReference(project: project, key: link.key).identity }

    func encoded(by coder: RecordCoder) -> [UInt8] { coder.encode(self) }

    static func decoded(_ bytes: UnsafeRawBufferPointer, by coder: RecordCoder) throws(RecordError) -> Self {
        try coder.link(from: bytes)
    }
}

extension StoredItem: KeptRecord {
    static var table: StoreTable { .items }
    var identity: [SQLValue] { ItemReference(project: project, key: record.key).identity }

    func encoded(by coder: RecordCoder) -> [UInt8] { coder.encode(self) }

    static func decoded(_ bytes: UnsafeRawBufferPointer, by coder: RecordCoder) throws(RecordError) -> Self {
        try coder.item(from: bytes)
    }
}

extension ItemReference {
    /// Links, items and changes of links are found by the same columns.
    var identity: [SQLValue] { [.text(project.rawValue), .text(key.description)] }
}

extension StoredBreaker: KeptRecord {
    static var table: StoreTable { .breakers }
    var identity: [SQLValue] { [.text(upstream), .text(place)] }

    func encoded(by coder: RecordCoder) -> [UInt8] { coder.encode(self) }

    static func decoded(_ bytes: UnsafeRawBufferPointer, by coder: RecordCoder) throws(RecordError) -> Self {
        try coder.breaker(from: bytes)
    }
}

extension StoredLimit: KeptRecord {
    static var table: StoreTable { .limits }
    var identity: [SQLValue] { [.text(scope.origin), .text(scope.credential?.column ?? "")] }

    func encoded(by coder: RecordCoder) -> [UInt8] { coder.encode(self) }

    static func decoded(_ bytes: UnsafeRawBufferPointer, by coder: RecordCoder) throws(RecordError) -> Self {
        try coder.limit(from: bytes)
    }
}

extension CredentialReference {
    /// As the configuration spells it; never empty.
    fileprivate var column: String {
        switch self {
        case .file(let path): "file:\(path)"
        case .environment(let name): "env:\(name)"
        case .systemd(let name): "credential:\(name)"
        case .oauth(let name): "oauth:\(name)"
        }
    }
}

extension StoredBudget: KeptRecord {
    static var table: StoreTable { .budgets }
    var identity: [SQLValue] { [.text(upstream)] }

    func encoded(by coder: RecordCoder) -> [UInt8] { coder.encode(self) }

    static func decoded(_ bytes: UnsafeRawBufferPointer, by coder: RecordCoder) throws(RecordError) -> Self {
        try coder.budget(from: bytes)
    }
}

extension StoredRun: KeptRecord {
    static var table: StoreTable { .runs }
    var identity: [SQLValue] {
        [.text(project.rawValue), .text(run.kind), .text(id), .integer(run.at.nanoseconds)]
    }

    func encoded(by coder: RecordCoder) -> [UInt8] { coder.encode(self) }

    static func decoded(_ bytes: UnsafeRawBufferPointer, by coder: RecordCoder) throws(RecordError) -> Self {
        try coder.run(from: bytes)
    }
}

extension StoredDelivery: KeptRecord {
    static var table: StoreTable { .deliveries }
    var identity: [SQLValue] { [.text(project.rawValue), .text(provider.rawValue), .text(id)] }
    var forgettableSince: Moment? { at }

    func encoded(by coder: RecordCoder) -> [UInt8] { coder.encode(self) }

    static func decoded(_ bytes: UnsafeRawBufferPointer, by coder: RecordCoder) throws(RecordError) -> Self {
        try coder.delivery(from: bytes)
    }
}

extension OperationRecord: KeptRecord {
    static var table: StoreTable { .operations }
    var identity: [SQLValue] { [.text(id), .text(item.project.rawValue), .text(name.owner), .text(name.key)] }
    var place: [SQLValue] { [.text(item.key.description), .integer(createdAt.wall.nanoseconds)] }
    var forgettableSince: Moment? { endedAt }

    func encoded(by coder: RecordCoder) -> [UInt8] { coder.encode(self) }

    static func decoded(_ bytes: UnsafeRawBufferPointer, by coder: RecordCoder) throws(RecordError) -> Self {
        try coder.operation(from: bytes)
    }
}

extension StoredLinkChange: KeptRecord {
    static var table: StoreTable { .linkChanges }
    var identity: [SQLValue] { reference.identity }

    func encoded(by coder: RecordCoder) -> [UInt8] { coder.encode(self) }

    static func decoded(_ bytes: UnsafeRawBufferPointer, by coder: RecordCoder) throws(RecordError) -> Self {
        try coder.linkChange(from: bytes)
    }
}

extension StoredEvent: KeptRecord {
    static var table: StoreTable { .events }
    var identity: [SQLValue] {
        [.integer(Int64(bitPattern: id.epoch)), .integer(Int64(bitPattern: id.sequence))]
    }
    var forgettableSince: Moment? { at }

    func encoded(by coder: RecordCoder) -> [UInt8] { coder.encode(self) }

    static func decoded(_ bytes: UnsafeRawBufferPointer, by coder: RecordCoder) throws(RecordError) -> Self {
        try coder.event(from: bytes)
    }
}
