extension Migrations {
    /// All steps of the store's schema.
    package static let store = Migrations(steps: [
        Step(version: 1, sql: firstSchema), Step(version: 2, sql: deliveries), Step(version: 3, sql: actions),
    ])

    /// Rows stay where they are when they change (`rowid`), so a table is read in the order of its pages without an index.
    private static let firstSchema = """
        CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, record BLOB NOT NULL, seal INTEGER NOT NULL) STRICT;
        CREATE TABLE projects (project TEXT NOT NULL UNIQUE, record BLOB NOT NULL, seal INTEGER NOT NULL) STRICT;
        CREATE TABLE links (
            project TEXT NOT NULL, item TEXT NOT NULL, record BLOB NOT NULL, seal INTEGER NOT NULL,
            UNIQUE (project, item)) STRICT;
        CREATE TABLE items (
            project TEXT NOT NULL, item TEXT NOT NULL, record BLOB NOT NULL, seal INTEGER NOT NULL,
            UNIQUE (project, item)) STRICT;
        CREATE TABLE breakers (
            upstream TEXT NOT NULL, place TEXT NOT NULL, record BLOB NOT NULL, seal INTEGER NOT NULL,
            UNIQUE (upstream, place)) STRICT;
        CREATE TABLE limits (
            origin TEXT NOT NULL, credential TEXT NOT NULL, record BLOB NOT NULL, seal INTEGER NOT NULL,
            UNIQUE (origin, credential)) STRICT;
        CREATE TABLE budgets (upstream TEXT NOT NULL UNIQUE, record BLOB NOT NULL, seal INTEGER NOT NULL) STRICT;
        CREATE TABLE runs (
            project TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL,
            record BLOB NOT NULL, seal INTEGER NOT NULL) STRICT;
        CREATE UNIQUE INDEX runs_by_id ON runs (project, kind, id) WHERE id <> '';
        CREATE UNIQUE INDEX runs_by_content ON runs (project, kind, at, seal) WHERE id = '';
        CREATE INDEX runs_by_kind ON runs (project, kind, at);
        CREATE INDEX runs_by_age ON runs (at);
        CREATE TABLE operations (
            id TEXT NOT NULL UNIQUE, project TEXT NOT NULL, user TEXT NOT NULL, request TEXT NOT NULL,
            boot INTEGER, uptime INTEGER, at INTEGER, record BLOB NOT NULL, seal INTEGER NOT NULL) STRICT;
        CREATE UNIQUE INDEX operations_by_request ON operations (project, user, request) WHERE request <> '';
        CREATE INDEX operations_by_age ON operations (boot, uptime, at) WHERE boot IS NOT NULL;
        CREATE TABLE events (
            epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, boot INTEGER NOT NULL, uptime INTEGER NOT NULL,
            at INTEGER NOT NULL, record BLOB NOT NULL, seal INTEGER NOT NULL, UNIQUE (epoch, sequence)) STRICT;
        CREATE INDEX events_by_age ON events (boot, uptime, at);
        """

    /// Webhooks that were taken.
    private static let deliveries = """
        CREATE TABLE deliveries (
            project TEXT NOT NULL, provider TEXT NOT NULL, id TEXT NOT NULL, boot INTEGER NOT NULL,
            uptime INTEGER NOT NULL, at INTEGER NOT NULL, record BLOB NOT NULL, seal INTEGER NOT NULL,
            UNIQUE (project, provider, id)) STRICT;
        CREATE INDEX deliveries_by_age ON deliveries (boot, uptime, at);
        """

    /// Operations by their owner's key and by their place in a project's list, and what actions have made of links. No
    /// earlier daemon has recorded an operation.
    private static let actions = """
        DROP INDEX operations_by_request;
        ALTER TABLE operations RENAME COLUMN user TO owner;
        ALTER TABLE operations ADD COLUMN item TEXT NOT NULL DEFAULT '';
        ALTER TABLE operations ADD COLUMN created INTEGER NOT NULL DEFAULT 0;
        CREATE UNIQUE INDEX operations_by_request ON operations (owner, request) WHERE request <> '';
        CREATE INDEX operations_by_place ON operations (project, created, id);
        CREATE INDEX operations_under_way ON operations (id) WHERE boot IS NULL;
        CREATE TABLE link_changes (
            project TEXT NOT NULL, item TEXT NOT NULL, record BLOB NOT NULL, seal INTEGER NOT NULL,
            UNIQUE (project, item)) STRICT;
        """
}
