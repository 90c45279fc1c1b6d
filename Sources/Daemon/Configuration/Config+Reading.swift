import Alerts
import Facts
import Foundation
package import Language
import Rules

/// What stands in the way of a configuration, with places; or why no file could be read at all.
package struct ConfigurationError: Error, Sendable {
    package var diagnostics: [Diagnostic]

    package init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
    init(_ message: String, file: String) {
        diagnostics = [Diagnostic(.error, message, at: 0..<0, in: SourceText(name: file, text: ""))]
    }
}

extension Config {
    /// Where the configuration is looked for: what was asked for, else $GOODSTANDING_CONFIG, else two usual places.
    package static func find(_ asked: String?, environment: [String: String]) throws(ConfigurationError) -> String {
        if let path = asked ?? environment["GOODSTANDING_CONFIG"].flatMap({ $0.isEmpty ? nil : $0 }) { return path }
        let usual = ["./goodstanding.yaml", "/etc/goodstanding/goodstanding.yaml"]
        if let path = usual.first(where: { FileManager.default.fileExists(atPath: $0) }) { return path }
        throw ConfigurationError(
            "there is no configuration: neither \(usual.joined(separator: " nor ")) exists; write one, or name one with --config or GOODSTANDING_CONFIG",
            file: "configuration")
    }

    /// Reads, checks and resolves a configuration. All errors at once; warnings come back with the configuration.
    ///
    /// - Parameter resolvesSecrets: false for commands that ask nobody anything: a person who may read the ledger need
    ///   not be able to read the secrets.
    package static func read(
        _ path: String, environment: [String: String], resolvesSecrets: Bool = true
    ) throws(ConfigurationError) -> (config: Config, warnings: [Diagnostic]) {
        let (config, found) = examine(path, environment: environment, resolvesSecrets: resolvesSecrets)
        guard let config, !found.contains(where: { $0.severity == .error }) else { throw ConfigurationError(found) }
        return (config, found)
    }

    /// The same for who has more to check: what could be read comes back whatever else is wrong.
    static func examine(
        _ path: String, environment: [String: String], resolvesSecrets: Bool, namesSecrets: Bool = false
    ) -> (config: Config?, diagnostics: [Diagnostic]) {
        let log = DiagnosticLog()
        let reader = ConfigReader(
            folder: URL(filePath: path).deletingLastPathComponent().path, environment: environment,
            resolvesSecrets: resolvesSecrets, namesSecrets: namesSecrets, log: log)
        guard let source = reader.text(ofFile: path, what: "the configuration") else {
            return (nil, log.diagnostics)
        }
        let config = reader.config(
            from: ConfigFile(source, log: log), path: path, digest: ContentID.digest(of: [source.text]))
        return (config, log.inOrder.shortened().withoutSecrets())
    }
}
