import Facts
import Language

/// Reports: what is asked for, made while nobody waits, and fetched.
extension PackReading {
    /// `source.report`: how any report is had.
    func reportPlan(_ cursor: YAMLCursor, _ credentials: [String]) -> PullPlan.ReportPlan? {
        guard
            let keys = cursor.keys(
                ["create", "look", "fetch", "valid"], required: ["create", "look", "fetch", "valid"]),
            let create = keys["create"].flatMap({ create($0, credentials) }),
            let look = keys["look"].flatMap({ look($0, credentials) }),
            let fetch = keys["fetch"]?.keys(["get", "url"], required: ["get", "url"]),
            let place = fetch["get"], let path = place.string(), let url = fetch["url"]?.string(),
            let valid = keys["valid"]?.span()
        else { return nil }
        check(path: path, place, credentials + ["id"])
        return PullPlan.ReportPlan(
            create: create, look: look, fetch: .init(path: path, url: Self.names(url)), valid: valid)
    }

    private func create(_ cursor: YAMLCursor, _ credentials: [String]) -> PullPlan.ReportPlan.Create? {
        guard let keys = cursor.keys(["post", "json", "moments", "id"], required: ["post", "json", "id"]),
            let place = keys["post"], let path = place.string(), let id = keys["id"]?.string(), let body = keys["json"]
        else { return nil }
        check(path: path, place, credentials)
        return PullPlan.ReportPlan.Create(
            path: path, json: json(body, credentials + ["type", "from", "until"]),
            moments: moments(keys["moments"])?.first ?? .rfc3339, id: Self.names(id))
    }

    private func look(_ cursor: YAMLCursor, _ credentials: [String]) -> PullPlan.ReportPlan.Look? {
        let needed = ["get", "status", "waiting", "made", "failed", "document"]
        guard let keys = cursor.keys(needed + ["empty"], required: needed), let place = keys["get"],
            let path = place.string(), let status = keys["status"]?.string(), let document = keys["document"]?.string()
        else { return nil }
        check(path: path, place, credentials + ["id"])
        func words(_ key: String) -> [String] { keys[key]?.items()?.compactMap { $0.string() } ?? [] }
        return PullPlan.ReportPlan.Look(
            path: path, status: Self.names(status), waiting: words("waiting"), made: words("made"),
            empty: words("empty"), failed: words("failed"), document: Self.names(document))
    }

    /// A stream that is a report: `report: {type: NAME, format: tabs}`. It is asked for every so often and no oftener.
    func reportStream(_ entry: YAMLEntry) -> PullPlan.Stream? {
        let known = ["report", "every", "window", "again", "reach", "markets", "items", "facts"]
        guard let keys = entry.value.keys(known, required: ["report", "every", "facts"]),
            let report = keys["report"]?.keys(["type", "format", "timed"], required: ["type", "format"]),
            let type = report["type"]?.string(),
            let word = report["format"]?.word(of: PullPlan.Report.Format.allCases.map(\.rawValue)),
            let format = PullPlan.Report.Format(rawValue: word)
        else { return nil }
        var stream = PullPlan.Stream(
            name: entry.key, path: "", query: [], moments: .rfc3339, paging: .single,
            items: keys["items"].map(Self.paths) ?? [[]], facts: (keys["facts"]?.items() ?? []).compactMap(factMapping))
        stream.report = PullPlan.Report(type: type, format: format, isTimed: report["timed"]?.bool() ?? true)
        (stream.every, stream.window) = (keys["every"]?.span(), keys["window"]?.span())
        if let window = keys["window"], stream.window.map({ $0 < .hours(1) }) ?? false {
            window.error("a report is about an hour at least")
        }
        (stream.again, stream.reach) = (keys["again"]?.span(), keys["reach"]?.span())
        stream.markets = keys["markets"]?.items()?.compactMap { $0.string() } ?? []
        return stream
    }
}
