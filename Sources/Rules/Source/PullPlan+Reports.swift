package import Facts

extension PullPlan {
    /// How a platform's reports are had: one is asked for, is made while nobody waits for it, and lies at an address of its own
    /// then.
    package struct ReportPlan: Sendable {
        package var create: Create
        package var look: Look
        package var fetch: Fetch
        /// A report that was asked for so long ago and is not read yet is asked for anew.
        package var valid: TimeSpan

        /// The call that asks for one.
        package struct Create: Sendable {
            package var path: String
            /// May name `{type}`, `{from}`, `{until}` and credentials; what has no value is left out.
            package var json: JSONTemplate
            /// How moments are written in it.
            package var moments: Moments
            /// Where the answer has the report's id.
            package var id: [String]
        }

        /// The call that asks how far it is.
        package struct Look: Sendable {
            /// May name `{id}`, which is the report's.
            package var path: String
            package var status: [String]
            /// The words for one that is being made, that is there, that is left out as there is nothing to tell, and that
            /// cannot be made.
            package var waiting, made, empty, failed: [String]
            /// Where the answer has the document's id, once it is there.
            package var document: [String]
        }

        /// The call that asks where its document lies.
        package struct Fetch: Sendable {
            /// May name `{id}`, which is the document's.
            package var path: String
            /// Where the answer has the address. It is asked as it stands, without anything that shows who asks.
            package var url: [String]
        }

        /// The three, as `limits:` names them.
        package enum Call: String, Sendable, CaseIterable {
            case create = "report.create"
            case look = "report.look"
            case fetch = "report.fetch"
        }
    }

    /// The report that a stream is.
    package struct Report: Sendable {
        /// As the platform calls it.
        package var type: String
        package var format: Format
        /// Whether it is about a stretch of time that is asked for; else it tells what is now.
        package var isTimed: Bool

        package enum Format: String, Sendable, CaseIterable {
            case json
            /// Lines of columns with tabs between them, under a line with their names.
            case tabs
        }
    }
}
