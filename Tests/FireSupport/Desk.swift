import Foundation
import TestSupport

/// A command among the receivers: it lays what it is given on a desk, a file each, refuses some of it, and takes some
/// without living to say so.
struct Desk: Sendable {
    /// Also the label of its team, and how the ids of its stores begin.
    static let id = "command"

    private let folder: Workplace

    init() throws {
        folder = try Workplace()
        try FileManager.default.createDirectory(atPath: folder.file("desk"), withIntermediateDirectories: true)
        // The first of all and, by the process's number, one in seven come at a bad time; one in eleven is taken and ends
        // badly.
        try folder.write(
            "take.sh",
            """
            name=$(date +%s%N)-$$-$GOODSTANDING_NOTICE_ID
            if [ ! -e "$1/../begun" ] || [ $(($$ % 7)) = 0 ]; then
              : > "$1/../begun"; cat > /dev/null; : > "$1/../refused-$$"; exit 75
            fi
            cat > "$1/../$name" && mv "$1/../$name" "$1/$name"
            if [ $(($$ % 11)) = 0 ]; then : > "$1/../refused-$$"; exit 1; fi
            """)
    }

    var entry: String {
        "{id: \(Self.id), command: [/bin/sh, \"\(folder.file("take.sh"))\", \"\(folder.file("desk"))\"], "
            + "when: {labels: {team: \(Self.id)}}}"
    }

    /// What lies there, in the order in which it came.
    var papers: [(notice: String, body: Data)] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.file("desk")).sorted().map { name in
                let notice = name.split(separator: "-", maxSplits: 2).last.map(String.init) ?? ""
                return (notice, try Data(contentsOf: URL(filePath: folder.file("desk/" + name))))
            }
        }
    }

    var refusals: Int {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).count { $0.hasPrefix("refused-") }
        }
    }
}
