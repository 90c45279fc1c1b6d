/// The series of one name. Whoever asks for them names them from here: the page of metrics, the Grafana dashboard and the
/// alert rules.
struct Family: Sendable, CustomStringConvertible {
    enum Kind: String, Sendable { case gauge, counter, histogram }

    let name: String
    let kind: Kind
    let help: String

    private init(_ name: String, _ kind: Kind, _ help: String) {
        (self.name, self.kind, self.help) = ("goodstanding_\(name)", kind, help)
    }

    /// So that it stands in a query.
    var description: String { name }

    // MARK: The whole

    static let build = Family("build_info", .gauge, "The running program.")
    static let start = Family("start_time_seconds", .gauge, "When the daemon started.")
    static let ready = Family("ready", .gauge, "1 when all stores are judged, 0 at the start and while judging fails.")
    static let alive = Family("alive", .gauge, "1 when all that goes round came round in time, else 0.")
    static let stores = Family("stores", .gauge, "Watched stores by standing.")
    static let leftOut = Family("stores_left_out", .gauge, "Watched stores without series of their own (`metrics:`).")
    static let alerts = Family("alerts", .gauge, "Open alerts by state.")
    static let lastEvaluation = Family(
        "last_evaluation_timestamp_seconds", .gauge, "When the last evaluation that looked at a store began.")
    static let lastEvaluationTook = Family(
        "last_evaluation_duration_seconds", .gauge, "How long the last evaluation took.")
    static let expiry = Family(
        "expiry_timestamp_seconds", .gauge, "When a consent, a secret or a certificate ends unless it is renewed.")
    static let slowed = Family(
        "slowed_stores", .gauge, "Stores pulled less than configured, to keep to half of a limit.")
    static let heldBack = Family(
        "held_back_stores", .gauge, "Stores not pulled, since no plan with them keeps to half of a limit.")

    // MARK: One store

    static let storeStanding = Family(
        "store_standing", .gauge, "Where a store stands: -1 unjudged, 0 ok, 1 warning, 2 breach, 3 unknown.")
    static let storeRoom = Family(
        "store_room_ratio", .gauge,
        "How far the rule that decides is from its limit, as a share of the way there from the best figure; less than 0 beyond it."
    )
    static let quarantined = Family(
        "store_quarantined_facts", .gauge, "Facts that are or may be the store's and could not be read.")
    static let storeCovered = Family(
        "store_covered_until_timestamp_seconds", .gauge, "Up to when all that the store's rules read is complete.")
    static let storePulled = Family(
        "store_last_pull_timestamp_seconds", .gauge, "When a pull of the store's platform last caught up.")
    static let storeFailures = Family(
        "store_consecutive_pull_failures", .gauge, "Failed pulls of the store's platform since one caught up.")
    static let ruleStanding = Family(
        "rule_standing", .gauge, "Where a rule stands: -1 unjudged, 0 ok, 1 warning, 2 breach, 3 unknown.")
    static let ruleRoom = Family(
        "rule_room_ratio", .gauge,
        "How far a rule is from its limit, as a share of the way there from the best figure; less than 0 beyond it.")
    static let ruleHeadroom = Family(
        "rule_headroom", .gauge,
        "How far a metric that a rule judges by is from its limit, in the metric's own unit; less than 0 beyond it.")
    static let ruleValue = Family(
        "rule_value", .gauge, "A metric that a rule judges by; shares as ratios, durations in seconds.")
    static let ruleLimit = Family("rule_limit", .gauge, "What that metric is held against.")

    // MARK: Sources

    static let feedFinished = Family(
        "feed_last_finished_timestamp_seconds", .gauge, "When a pull of the feed last caught up.")
    static let feedFailures = Family(
        "feed_consecutive_failures", .gauge, "Failed pulls of the feed since one caught up.")
    static let failingStores = Family(
        "platform_failing_stores", .gauge, "Stores whose last pull of their platform failed.")
    static let sourceStores = Family("source_stores", .gauge, "Stores that are judged by what a source brings.")
    static let sourceStale = Family(
        "source_stale_stores", .gauge, "Of these, those where what the source brings has grown stale.")
    static let sourceCovered = Family(
        "source_covered_until_timestamp_seconds", .gauge,
        "Up to when what a source brings is complete, at the store where that is longest ago.")

    // MARK: Notices

    static let owed = Family("notices_owed", .gauge, "Notices that no receiver has taken yet.")
    static let delayed = Family("notices_delayed", .gauge, "Notices put off after a failed attempt.")
    static let outbox = Family(
        "outbox_notices", .gauge, "Notices that a receiver has not taken yet: due, or delayed after a failed attempt.")
    static let down = Family(
        "receiver_down_since_timestamp_seconds", .gauge, "Since when a receiver takes nothing.")
    static let abandoned = Family("notices_abandoned_total", .counter, "Notices given up, as they grew too old.")

    // MARK: Counts since the start

    static let facts = Family("facts_total", .counter, "Facts pulled.")
    static let pages = Family("pages_total", .counter, "Pages pulled and committed.")
    static let pullFailures = Family("pull_failures_total", .counter, "Pulls that could not go on.")
    static let evaluations = Family("evaluations_total", .counter, "Evaluations of stores.")
    static let delivered = Family("notices_delivered_total", .counter, "Notices that a receiver took.")
    static let deliveryFailures = Family("delivery_failures_total", .counter, "Attempts at delivery that failed.")
    static let reloads = Family("reloads_total", .counter, "Configurations taken in while running.")
    static let reloadFailures = Family("reload_failures_total", .counter, "Configurations refused while running.")

    // MARK: Durations

    static let pullTook = Family("pull_duration_seconds", .histogram, "How long pulls take.")
    static let evaluationTook = Family("evaluation_duration_seconds", .histogram, "How long passes of evaluation take.")
    static let deliveryTook = Family(
        "delivery_duration_seconds", .histogram, "How long attempts at delivery take.")
    static let requestTook = Family(
        "http_request_duration_seconds", .histogram, "How long the daemon's own pages take to answer.")
}
