// What a reload cannot apply.
extension Configuration {
    /// The settings beside the projects and the entries of `oauth` that another configuration has different, by their path
    /// in the file, in the order of the sections: `socket.path`, `refresh.ttl`. A path says nothing of a value.
    package func settings(differingFrom other: Self) -> [String] {
        socket.keys(differingFrom: other.socket).map { "socket.\($0)" }
            + access.keys(differingFrom: other.access).map { "access.\($0)" }
            + limits.paths("limits", differingFrom: other.limits)
            + refresh.paths("refresh", differingFrom: other.refresh)
            + retry.paths("retry", differingFrom: other.retry)
            + breaker.paths("breaker", differingFrom: other.breaker)
            + store.paths("store", differingFrom: other.store)
            + log.paths("log", differingFrom: other.log)
            + http.paths("http", differingFrom: other.http)
            + statusPages.paths("statusPages", differingFrom: other.statusPages)
            + actions.paths("actions", differingFrom: other.actions)
    }
}

extension TabularSection {
    fileprivate func paths(_ name: String, differingFrom other: Self) -> [String] {
        Self.fields.filter { $0.differs(self, other) }.map { "\(name).\($0.key)" }
    }
}

extension SocketConfiguration {
    fileprivate func keys(differingFrom other: Self) -> [String] {
        [
            ("path", path != other.path), ("group", groupID != other.groupID), ("mode", mode != other.mode),
            ("directoryMode", directoryMode != other.directoryMode),
        ].filter(\.1).map(\.0)
    }
}

extension AccessPolicy {
    fileprivate func keys(differingFrom other: Self) -> [String] {
        [("users", users != other.users), ("groups", groups != other.groups)].filter(\.1).map(\.0)
    }
}
