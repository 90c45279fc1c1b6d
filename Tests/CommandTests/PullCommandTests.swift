import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("pull brings what the feeds have")
struct PullCommandTests {
    private func folder(_ address: String) throws -> Workplace {
        let folder = try Workplace()
        try folder.write("shop.yaml", Sample.pack)
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            packs: [shop.yaml]
            stores: [{match: "shop-*", pack: shop}]
            feeds: [{id: erp, url: "\(address)"}]
            """)
        return folder
    }

    /// A shop that answers everything with the same.
    private func pull(_ status: String, _ body: String = "") async throws -> Program.Outcome {
        try await RawServer.running({ connection in
            guard connection.readHead() != nil else { return }
            connection.write(
                "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
        }) { server in
            let folder = try Workplace()
            try folder.write(
                "goodstanding.yaml",
                """
                database: sqlite:ledger.db
                stores:
                  - id: woo-1
                    pack: woocommerce
                    timezone: UTC
                    endpoint: http://127.0.0.1:\(server.port)
                    credentials: {consumer_key: ck_abc, consumer_secret: {env: KEY}}
                """)
            return try await folder.run("pull", environment: ["KEY": "cs_QvXz-1"])
        }
    }

    @Test("a failure at a platform names the list, the path, and where to look at the store")
    func listOfFailure() async throws {
        let nothing = try await pull("404 Not Found")
        #expect(
            nothing.status == 1
                && nothing.error.contains("store 'woo-1' failed at orders, page 1: the server answered 404")
                && nothing.error.contains("there is nothing at /wp-json/wc/v3/orders; check endpoint:"),
            "\(nothing.everything)")
        let refused = try await pull("401 No")
        #expect(refused.error.contains("failed at orders, page 1: "), "\(refused.everything)")
        #expect(
            refused.error.contains("check credentials: of the store or its account; goodstanding doctor says more"),
            "\(refused.everything)")
    }

    @Test("a store is no feed, and --format is for --plan")
    func namedWrongly() async throws {
        let folder = try Workplace()
        try folder.write(
            "goodstanding.yaml",
            """
            database: sqlite:ledger.db
            stores: [{id: pdd-1, pack: pinduoduo, credentials: {client_id: a, redirect_uri: b, client_secret: {env: KEY}}}]
            """)
        let environment = ["KEY": "QvXz-1"]
        let store = try await folder.run("pull", "--feed", "pdd-1", environment: environment)
        #expect(
            store.status == 64 && store.error.contains("'pdd-1' is a store: say --store pdd-1; there is no feed"),
            "\(store.everything)")
        let none = try await folder.run("pull", "--feed", "erp", environment: environment)
        #expect(none.status == 64 && none.error.contains("there is none in the configuration"), "\(none.everything)")
        let format = try await folder.run("pull", "--format", "json", environment: environment)
        #expect(format.status == 64 && format.error.contains("--format is for --plan"), "\(format.everything)")
        let plan = try await folder.run(
            "pull", "--plan", "--store", "other*", "--format", "json", environment: environment)
        #expect(plan.status == 0 && plan.output.contains(#""methods":[]"#), "\(plan.everything)")
    }

    /// What an export tells beside how far it is complete, which every pull moves.
    private func facts(_ folder: Workplace) async throws -> [String] {
        try await folder.run("export").output.split(separator: "\n").map(String.init)
            .filter { !$0.contains(#""kind":"coverage""#) }
    }

    @Test("page by page, and the same again changes nothing")
    func pull() async throws {
        try await FeedServer(lines: Sample.facts, pageSize: 7).serving { address in
            let folder = try self.folder("\(address)/facts")
            let pulled = try await folder.run("pull")
            #expect(pulled.status == 0 && pulled.output == "", "\(pulled.everything)")
            #expect(pulled.error.contains("feed 'erp'") && pulled.error.contains("\(Sample.facts.count) facts"))
            let facts = try await self.facts(folder)
            #expect(facts.count == Sample.facts.count)

            #expect(try await folder.run("pull").status == 0)
            #expect(try await self.facts(folder) == facts)
            #expect(try await folder.run("verify").status == 0)
        }
    }

    @Test("the figures are those of the same facts from a file")
    func figures() async throws {
        try await FeedServer(lines: Sample.facts, pageSize: 7).serving { address in
            let folder = try self.folder("\(address)/facts")
            try #require(try await folder.run("pull").status == 0)
            let pulled = try await folder.run("metrics", "--at", Sample.at, "--format", "csv").output
            let imported = try await Sample().at("metrics", "--format", "csv").output
            let known = imported.lines.filter { !$0.hasPrefix("shop-fig") && !$0.hasPrefix("silent") }
            #expect(pulled.lines == known && known.count == 4 * 5 + 2)
        }
    }

    @Test("a feed that takes a kind over from files says so, and so does a file that comes after it")
    func takingOver() async throws {
        @Sendable func rating(_ id: String) -> String {
            #"{"kind":"rating","store":"shop-a","id":"\#(id)","score":5,"rated_at":"2026-02-20T00:00:00Z"}"#
        }
        try await FeedServer(lines: [rating("f1"), rating("f2")], pageSize: 7).serving { address in
            let folder = try self.folder("\(address)/facts")
            try #require(try await folder.run("import", "-", input: rating("x") + "\n" + rating("y")).status == 0)
            let pulled = try await folder.run("pull")
            #expect(
                pulled.error.contains("no longer counted, as the feed brings that kind there now: rating 2"),
                "\(pulled.error)")
            let later = try await folder.run("import", "-", input: rating("z"))
            #expect(
                later.error.contains("set aside and not counted, as another source brings that kind there: rating 1"),
                "\(later.error)")
            #expect(later.error.contains("`sources:`"))
            let figures = try await folder.run("metrics", "--at", Sample.at, "--format", "csv")
            #expect(figures.output.contains("shop-a,ratings,2\n"))
        }
    }

    @Test("of what a pull that broke off brought for the first time nothing is judged")
    func half() async throws {
        func order(_ id: Int, _ store: String) -> String {
            #"{"kind":"order","store":"\#(store)","id":"\#(id)","paid_at":"2026-02-20T00:00:00Z"}"#
        }
        func page(_ facts: [String], next: String) -> String {
            let body = #"{"facts":[\#(facts.joined(separator: ","))],"next":\#(next)}"#
            return "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        }
        // The first pull knows one store; the second breaks off after a page of another.
        let answers = [
            page([order(1, "shop-a")], next: "null"), page([order(1, "shop-b")], next: "\"c\""),
            "HTTP/1.1 400 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        ]
        let asked = Mutex(0)
        try await RawServer.running({ connection in
            guard connection.readHead() != nil else { return }
            let number = asked.withLock { count in
                count += 1
                return count
            }
            connection.write(answers[min(number, answers.count) - 1])
        }) { server in
            let folder = try self.folder("http://127.0.0.1:\(server.port)/facts")
            try folder.write(
                "shop.yaml",
                """
                pack: shop
                timezone: UTC
                metrics: {paid: count(order by paid_at over 30d)}
                rules: {few: {require: paid < 5}}
                """)
            #expect(try await folder.run("pull").status == 0)
            let file = (1...10).map { order($0, "shop-b") }.joined(separator: "\n")
            try #require(try await folder.run("import", "-", input: file).status == 0)
            let before = try await folder.run("check", "--at", Sample.at, "--store", "shop-b")
            #expect(before.status == 2, "ten are too many: \(before.everything)")
            #expect(try await folder.run("pull").status == 1)
            let after = try await folder.run("check", "--at", Sample.at, "--store", "shop-b")
            #expect(after.status == 3, "the feed has taken it over, and its pull has not finished: \(after.everything)")
        }
    }

    @Test("a source that only the configuration changed is told, and what rests on it is unknown until it is taken in")
    func changedSource() async throws {
        let folder = try Workplace.watchingEveryStore()
        let config = try String(contentsOfFile: folder.file("goodstanding.yaml"), encoding: .utf8)
        let feed = config + "\nfeeds: [{id: erp, url: \"http://127.0.0.1:9/facts\"}]\n"
        try #require(try await folder.run("import", "-", input: Sample.facts.joined(separator: "\n")).status == 0)
        try folder.write(
            "goodstanding.yaml", feed.replacing("pack: shop}", with: "pack: shop, sources: {order: \"feed:erp\"}}"))
        for command in ["check", "metrics"] {
            let ended = try await folder.run(command, "--at", Sample.at, "--store", "shop-oak")
            #expect(ended.error.contains("stand by another source than the configuration names"), "\(ended.error)")
            #expect(command != "check" || ended.status == 3, "\(ended.everything)")
        }
        try #require(try await folder.run("import", "-", input: Sample.facts[0]).status == 0)
        let after = try await folder.run("check", "--at", Sample.at)
        #expect(!after.error.contains("another source"), "\(after.error)")
    }

    @Test("check --pull pulls first")
    func check() async throws {
        try await FeedServer(lines: Sample.facts, pageSize: 100).serving { address in
            let folder = try self.folder("\(address)/facts")
            let ended = try await folder.run("check", "--pull", "--at", Sample.at, "--store", "shop-fir")
            #expect(ended.status == 1, "\(ended.everything)")
        }
    }

    @Test("a feed that answers with an error has failed, and a check on it is unknown")
    func refused() async throws {
        try await FeedServer(lines: [], pageSize: 1).serving { address in
            let folder = try self.folder("\(address)/nothing-here")
            let pulled = try await folder.run("pull")
            #expect(pulled.status == 1)
            #expect(
                pulled.error
                    == "feed 'erp' failed at page 1: the server answered 404: there is nothing at this address; check the url\n"
            )
            let checked = try await folder.run("check", "--pull")
            #expect(checked.status == 3, "\(checked.everything)")
        }
    }

    @Test("a feed that there is not is wrong usage, and so is pulling without any")
    func usage() async throws {
        let folder = try folder("http://127.0.0.1:1/facts")
        let misnamed = try await folder.run("pull", "--feed", "epr")
        #expect(misnamed.status == 64 && misnamed.error.contains("'epr'") && misnamed.error.contains("erp"))
        for wait in ["soon", "-1s", "2d", "30"] {
            let ended = try await folder.run("pull", "--wait=\(wait)")
            #expect(ended.status == 64 && ended.error.contains("--wait"), "\(ended.everything)")
        }
        let none = try await Workplace.watchingEveryStore().run("pull")
        #expect(none.status == 64 && !none.error.isEmpty)
    }
}
