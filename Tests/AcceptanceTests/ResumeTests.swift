import Foundation
import TestSupport
import Testing

@Suite(
    "A ledger that was copied, moved or restored sends nothing until somebody lets it go", .serialized,
    .timeLimit(.minutes(3)))
struct ResumeTests {
    /// The ledger of a site, as a person copies it: the file and what SQLite keeps beside it.
    private func copy(_ site: Site, to folder: Workplace) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: site.folder.path)
        where name.hasPrefix("ledger.db") || name.hasSuffix(".yaml") {
            try FileManager.default.copyItem(atPath: site.folder.file(name), toPath: folder.file(name))
        }
    }

    @Test("a moved ledger judges and keeps its notices; resume shows them, and --yes has the daemon send them")
    func moved() async throws {
        let site = try Site()
        let copied = try Workplace()
        // The first daemon finds a receiver that takes nothing.
        try await Hook.serving({ _ in .status(500) }) { hook, address in
            try site.configure(receivers: ["{id: ops, webhook: \"\(address)\"}"])
            try await site.take(Site.refunds(3, at: "a"))
            try await RunningDaemon.running(site.config) { daemon in
                try #require(await Wait.until { !hook.arrivals.isEmpty }, "\(daemon.log)")
                #expect(await daemon.stop().status == 0)
            }
        }
        let status = try await Program.run("resume", "--config", site.config)
        #expect(status.status == 0 && status.output.contains("nothing is held"), "\(status)")
        try await Hook.serving({ _ in .status(204) }) { hook, address in
            try self.copy(site, to: copied)
            let config = copied.file("goodstanding.yaml")
            let text = try String(contentsOfFile: config, encoding: .utf8)
            try copied.write("goodstanding.yaml", text.replacing(/http:.*hook/, with: address))
            try await RunningDaemon.running(config) { daemon in
                try #require(daemon.lines(with: "another place", "goodstanding resume").count == 1, "\(daemon.log)")
                try #require(await Wait.until { daemon.counts(1, "breach") }, "it judges all the same")
                let checked = try await Program.run("check", "--config", config)
                #expect(checked.status == 2 && checked.error.contains("goodstanding resume"), "\(checked.error)")
                let looked = try await Program.run("doctor", "--config", config)
                #expect(looked.status == 1 && looked.output.contains("another place"), "\(looked.output)")
                let shown = try await Program.run("resume", "--config", config)
                #expect(shown.status == 0 && shown.output.contains("ops: 1 notice sent at once"), "\(shown.output)")
                #expect(shown.output.contains("--yes") && hook.arrivals.isEmpty, "showing lets nothing go")
                let released = try await Program.run("resume", "--yes", "--config", config)
                #expect(released.status == 0, "\(released)")
                #expect(await Wait.until { hook.arrivals.count == 1 }, "it is sent: \(daemon.log)")
                #expect(daemon.lines(with: "resumed").count == 1)
            }
        }
        let again = try await Program.run("resume", "--config", copied.file("goodstanding.yaml"))
        #expect(again.output.contains("nothing is held"))
    }

    @Test("an older ledger that was put back in its place is known by its age, one put there anew by its file")
    func restored() async throws {
        let site = try Site()
        try site.configure()
        try await site.take(Site.refunds(1, at: "a"))
        func start() async throws -> String {
            try await RunningDaemon.running(site.config) { daemon in
                let log = daemon.log
                #expect(await daemon.stop().status == 0)
                return log
            }
        }
        #expect(!(try await start()).contains("resume"))
        let backup = try Workplace()
        try copy(site, to: backup)
        #expect(!(try await start()).contains("resume"), "a restart is no restore")
        // In place: the same file, and what it held before.
        for name in ["ledger.db-wal", "ledger.db-shm"] {
            try? FileManager.default.removeItem(atPath: site.folder.file(name))
        }
        try? FileManager.default.copyItem(
            atPath: backup.file("ledger.db-wal"), toPath: site.folder.file("ledger.db-wal"))
        let bytes = try Data(contentsOf: URL(filePath: backup.file("ledger.db")))
        let file = try FileHandle(forWritingTo: URL(filePath: site.ledger))
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: bytes)
        try file.close()
        #expect((try await start()).contains("it was restored"))
        let released = try await Program.run("resume", "--yes", "--config", site.config)
        #expect(released.output.contains("it was restored") && released.status == 0)
        #expect(!(try await start()).contains("resume"))
        // By a copy that takes its place.
        try FileManager.default.moveItem(atPath: site.ledger, toPath: site.folder.file("old"))
        try FileManager.default.copyItem(atPath: site.folder.file("old"), toPath: site.ledger)
        #expect((try await start()).contains("is a copy of the one"))
    }

    @Test("one that was put back with all that lies beside it is known by what its service keeps apart")
    func restoredWhole() async throws {
        let site = try Site()
        try site.configure()
        try await site.take(Site.refunds(1, at: "a"))
        let cache = try Workplace()
        let apart = ["CACHE_DIRECTORY": cache.path]
        func start() async throws -> String {
            try await RunningDaemon.running(site.config, environment: apart) { daemon in
                let log = daemon.log
                #expect(await daemon.stop().status == 0)
                return log
            }
        }
        #expect(!(try await start()).contains("resume"))
        let backup = try Workplace()
        try copy(site, to: backup)
        #expect(!(try await start()).contains("resume"), "a restart is no restore")
        // In place, the file that counts along among them.
        for name in try FileManager.default.contentsOfDirectory(atPath: site.folder.path)
        where name.hasPrefix("ledger.db-") {
            try FileManager.default.removeItem(atPath: site.folder.file(name))
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: backup.path) where name.hasPrefix("ledger.db") {
            let bytes = try Data(contentsOf: URL(filePath: backup.file(name)))
            guard let file = FileHandle(forWritingAtPath: site.folder.file(name)) else {
                try bytes.write(to: URL(filePath: site.folder.file(name)))
                continue
            }
            try file.truncate(atOffset: 0)
            try file.write(contentsOf: bytes)
            try file.close()
        }
        #expect((try await start()).contains("it was restored"))
        // Whoever lets it go sees nothing of that folder.
        let released = try await Program.run("resume", "--yes", "--config", site.config)
        #expect(released.status == 0, "\(released)")
        #expect(!(try await start()).contains("resume"))
    }
}
