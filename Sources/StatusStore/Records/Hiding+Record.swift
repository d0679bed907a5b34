import CProtobufC
import CTelltaleProtos
import StatusCore
import StatusModel

/// What policy hides of a project, on its way into a record.
struct Hiding: RecordPart {
    var items: [ItemKey: Set<Role>]

    /// Nil for more than is read back: a part of it would tell of the others that they were not hidden.
    init?(_ items: [ItemKey: Set<Role>]) {
        guard items.count <= RecordBounds.hiddenItemsMax else { return nil }
        self.items = items
    }

    init(message: Telltale__Store__V1__Hiding, clock: RecordClock) throws(RecordError) {
        items = [:]
        let hidden: [HiddenItem] = try readParts(
            message.items, count: message.n_items, max: RecordBounds.hiddenItemsMax, "items", clock)
        for item in hidden { try enter(item.roles, under: item.key, into: &items, "items") }
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__Hiding> {
        let message = writer.make(telltale__store__v1__hiding__init)
        (message.pointee.n_items, message.pointee.items) = writer.parts(
            items.lazy.map { HiddenItem(key: $0.key, roles: $0.value) }, max: RecordBounds.hiddenItemsMax)
        return message
    }
}

private struct HiddenItem: RecordPart {
    var key: ItemKey
    var roles: Set<Role>

    init(key: ItemKey, roles: Set<Role>) {
        self.key = key
        self.roles = roles
    }

    init(message: Telltale__Store__V1__HiddenItem, clock: RecordClock) throws(RecordError) {
        self.init(key: try readItem(message.item, "item"), roles: [])
        for role in try bounded(message.roles, count: message.n_roles, max: RecordBounds.rolesMax, "roles") {
            roles.insert(try readCase(role, "roles"))
        }
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__HiddenItem> {
        let message = writer.make(telltale__store__v1__hidden_item__init)
        message.pointee.item = writer.text(key.description)
        (message.pointee.n_roles, message.pointee.roles) = writer.numbers(roles, max: RecordBounds.rolesMax)
        return message
    }
}
