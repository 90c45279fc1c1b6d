import GRDB

extension SQLiteSchema {
    /// What receivers know of an alert and why they do not know an event; of pulls, what their failures mean and what
    /// they usually bring.
    @Sendable static func tellWhatIsWithheld(_ database: Database) throws {
        // As what receivers were last told of it; NULL: nobody was told. Before, everybody was told everything.
        if try add("told TEXT", to: "alerts", database) {
            try database.execute(sql: "UPDATE alerts SET told = announced")
        }
        // Why nobody was told of it.
        try add("withheld TEXT", to: "alert_events", database)
        try add("trouble TEXT", to: "pulls", database)
        try add("brought_at INTEGER", to: "pulls", database)
        try add("brought_count INTEGER NOT NULL DEFAULT 0", to: "pulls", database)
        try add("longest_gap INTEGER NOT NULL DEFAULT 0", to: "pulls", database)
    }

    /// How often alerts came and went of late, in the words of `Flapping`.
    @Sendable static func tellWhatFlaps(_ database: Database) throws {
        try add("flapping TEXT", to: "alerts", database)
    }

    /// By how many observations of other data alerts were found outside ok. Of one that waits already: by one, as far as
    /// its last observation reached.
    @Sendable static func tellWhatIsConfirmed(_ database: Database) throws {
        try add("confirmed INTEGER NOT NULL DEFAULT 1", to: "alerts", database)
        try add("confirmed_to INTEGER", to: "alerts", database)
    }

    /// Whether those who know of an alert were told that nobody knows how it stands.
    @Sendable static func tellWhoKnowsOfBlindness(_ database: Database) throws {
        try add("blind_told INTEGER NOT NULL DEFAULT 0", to: "alerts", database)
    }

    /// Why rules stood where they stood, in the other language; NULL: as in the first. By the index old ones are found.
    @Sendable static func tellWhyInChinese(_ database: Database) throws {
        try add("because_zh TEXT", to: "standing_changes", database)
        try database.execute(
            sql: "CREATE INDEX IF NOT EXISTS standing_changes_by_time ON standing_changes (judged_at)")
    }

    /// Why an alert ended, beyond its reason; whether somebody answered for a breach; which notices a person wants
    /// sent at once, and which a digest tells of.
    @Sendable static func tellWhatTurned(_ database: Database) throws {
        try add("turning TEXT", to: "alerts", database)
        try add("turning TEXT", to: "alert_events", database)
        // By the clock; `at` is how far the data reached.
        try add("found_at INTEGER", to: "alert_events", database)
        try add("ended_by TEXT", to: "silences", database)
        try add("ended_why TEXT", to: "silences", database)
        try add("outside_accepted INTEGER NOT NULL DEFAULT 0", to: "alerts", database)
        try add("hurried_at INTEGER", to: "notices", database)
        // Of what waits for the fate of a digest that tells of it: the digest's number.
        try add("digest INTEGER", to: "notices", database)
        try database.execute(
            sql: """
                CREATE INDEX IF NOT EXISTS notices_in_digest ON notices (digest) WHERE digest IS NOT NULL;
                CREATE INDEX IF NOT EXISTS alert_events_withheld ON alert_events (withheld, at)
                    WHERE withheld IS NOT NULL;
                """)
    }

    /// - Returns: whether it was lacking.
    @discardableResult
    static func add(_ column: String, to table: String, _ database: Database) throws -> Bool {
        let name = String(column.prefix { $0 != " " })
        guard try !database.columns(in: table).contains(where: { $0.name == name }) else { return false }
        try database.execute(sql: "ALTER TABLE \(table) ADD COLUMN \(column)")
        return true
    }
}
