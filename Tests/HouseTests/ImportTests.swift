import Foundation
import Testing

/// The compiler keeps undeclared targets out; this keeps what it lets through: libraries reached transitively,
/// Foundation and Glibc. An import that is not in this table is a design change, and is argued for as one.
private let allowed: [String: Set<String>] = {
    let core: Set = ["Facts", "Language", "Rollups", "Rules", "Alerts"]
    return [
        "EmbedPacks": ["Foundation", "PackagePlugin"],
        "Facts": ["CJSON", "Crypto"],
        "Language": ["Facts"],
        "Rollups": ["Facts", "Language"],
        "Rules": ["Facts", "Language", "Rollups", "Yams"],
        "Alerts": ["Facts", "Language", "Rollups", "Rules", "Crypto"],
        "Curl": ["CCurl", "HTTPTypes", "Synchronization", "Glibc"],
        "Ledgers": ["Facts", "Rollups", "Rules", "Alerts", "GRDB", "GRDBSQLite", "Crypto", "Synchronization", "Glibc"],
        "Pull": [
            "Facts", "Rules", "Curl", "CZlib", "CZstd", "HTTPTypes", "Crypto", "Foundation", "Glibc", "Synchronization",
        ],
        "Tables": ["Facts", "Language", "Rules", "CZlib", "Glibc"],
        "Notify": [
            "Facts", "Language", "Rules", "Alerts", "Curl", "HTTPTypes", "Crypto", "Foundation", "Glibc", "CSpawn",
            "Synchronization", "Mustache",
        ],
        "Dashboard": core.union([
            "Ledgers", "Daemon", "Hummingbird", "Mustache", "HTTPTypes", "NIOCore", "Crypto", "ServiceLifecycle",
            "Logging", "Foundation", "Synchronization",
        ]),
        "Simulation": [
            "Facts", "Hummingbird", "HTTPTypes", "NIOCore", "Crypto", "Logging", "Synchronization", "Foundation",
            "Glibc",
        ],
        "Daemon": core.union([
            "Curl", "Ledgers", "Pull", "Tables", "Notify", "Simulation", "ServiceLifecycle", "Logging",
            "Synchronization", "Foundation", "Glibc", "HTTPTypes", "Dispatch", "CMalloc",
        ]),
        "goodstanding": core.union(["Daemon", "Dashboard", "ArgumentParser", "Foundation", "Glibc", "Synchronization"]),
    ]
}()

/// Single files that may import more than their target.
private let exceptions: [String: Set<String>] = [
    "Facts/StoreCalendar.swift": ["Foundation", "Synchronization"],
    // A heap of our own would be no better.
    "Pull/PullTurns.swift": ["HeapModule"],
    // Unicode's composed form of an id.
    "Ledgers/SQLite/StoreRow.swift": ["Foundation"],
]

private let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private struct Import: CustomStringConvertible {
    var file: String
    var module: String
    var description: String { "\(file) imports \(module)" }
}

private func imports(of target: String) throws -> [Import] {
    let folder = package.appending(path: "Sources/\(target)")
    let files =
        FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?
        .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" } ?? []
    return try files.flatMap { file in
        let name = target + String(file.path.dropFirst(folder.path.count))
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line -> Import? in
            let words = line.split(separator: " ")
            guard let at = words.firstIndex(of: "import"), at <= 2, at + 1 < words.count,
                words[..<at].allSatisfy({ $0 == "package" || $0 == "public" || $0 == "internal" || $0.hasPrefix("@") })
            else { return nil }
            let module = words[words.count - 1].split(separator: ".")[0]
            return Import(file: name, module: String(module))
        }
    }
}

@Test("every target is in the table of imports, and the table names no other")
func everyTargetIsListed() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: package.appending(path: "Sources").path)
    let doors: Set = ["CCurl", "CJSON", "CZlib", "CZstd", "CMalloc", "CSpawn", "CPQ"]
    #expect(Set(folders).subtracting(doors) == Set(allowed.keys).intersection(folders))
    #expect(Set(allowed.keys).subtracting(folders).isEmpty)
}

@Test("a target imports only what the house allows it", arguments: allowed.keys.sorted())
func importsFollowTheHouse(_ target: String) throws {
    let found = try imports(of: target)
    try #require(!found.isEmpty || target == "Facts", "no import line found in \(target): is the folder still there?")
    let strays = found.filter { line in
        let extra = exceptions[line.file] ?? []
        return !(allowed[target] ?? []).contains(line.module) && !extra.contains(line.module)
    }
    #expect(strays.isEmpty, "\(strays)")
}
