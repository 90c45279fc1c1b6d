import Alerts
import Daemon
import Language

/// A test suite a file, a test case a test.
struct PackTestsJUnit {
    private let outcome: PackTestsTask.Outcome
    init(_ outcome: PackTestsTask.Outcome) { self.outcome = outcome }

    var text: String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"goodstanding rules test\">\n"
        for (name, tests) in outcome.files {
            let failures = tests.count { !$0.differences.isEmpty }
            text +=
                "  <testsuite name=\"\(XML.escaped(name))\" tests=\"\(tests.count)\" failures=\"\(failures)\">\n"
            for test in tests {
                let head = "    <testcase classname=\"\(XML.escaped(name))\" name=\"\(XML.escaped(test.test))\""
                let inner = test.differences.map {
                    "      <failure message=\"\(XML.escaped($0.message))\"/>\n"
                }.joined()
                text += inner.isEmpty ? head + "/>\n" : head + ">\n" + inner + "    </testcase>\n"
            }
            text += "  </testsuite>\n"
        }
        let errors = outcome.diagnostics.filter { $0.severity == .error }
        if !errors.isEmpty {
            text += "  <testsuite name=\"files\" tests=\"\(errors.count)\" errors=\"\(errors.count)\">\n"
            for error in errors {
                let (line, column) = error.source.lineAndColumn(at: error.range.lowerBound)
                text +=
                    "    <testcase name=\"\(XML.escaped("\(error.source.name):\(line):\(column)"))\">\n"
                    + "      <error message=\"\(XML.escaped(error.message))\"/>\n    </testcase>\n"
            }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }
}
