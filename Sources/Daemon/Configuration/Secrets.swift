package import Curl
import Foundation

/// Where a secret comes from. The only place that turns a reference into its text.
package enum SecretReference: Sendable, Hashable {
    case env(String)
    case file(String)
    /// A systemd credential: a file in $CREDENTIALS_DIRECTORY; where there is none, in `secrets/` beside the
    /// configuration.
    case credential(String)
    /// Written into the configuration itself: accepted, with a warning.
    case literal(String)
}

extension SecretReference {
    /// By which one is told from another without being read. What stands in the file itself is its own name.
    var name: Secret {
        switch self {
        case .env(let name): Secret("env \(name)")
        case .file(let path): Secret("file \(path)")
        case .credential(let name): Secret("credential \(name)")
        case .literal(let text): Secret(text)
        }
    }
}

package struct SecretError: Error, Sendable, Hashable {
    /// What is missing and what to do; never the secret.
    package var message: String
}

package struct Secrets: Sendable {
    private let environment: [String: String]
    /// Relative paths of `{file:}` begin here.
    private let folder: String

    package init(environment: [String: String], folder: String) {
        (self.environment, self.folder) = (environment, folder)
    }

    package func resolve(_ reference: SecretReference) throws(SecretError) -> Secret {
        switch reference {
        case .literal(let text):
            return Secret(text)
        case .env(let name):
            guard let text = environment[name], !text.isEmpty else {
                throw SecretError(
                    message:
                        "the environment variable \(shown(name)) is not set; set it for the process that runs goodstanding"
                )
            }
            return Secret(text)
        case .file(let path):
            return try read(path.hasPrefix("/") ? path : folder + "/" + path)
        case .credential(let name):
            guard let directory = environment["CREDENTIALS_DIRECTORY"], !directory.isEmpty else {
                // What LoadCredential= hands to the service lies beside the configuration, for whoever may read it.
                let path = "\(folder)/secrets/\(name)"
                guard FileManager.default.fileExists(atPath: path) else {
                    throw SecretError(
                        message:
                            "the credential \(name) is neither handed over by systemd (LoadCredential=) nor a file \(path)"
                    )
                }
                return try read(path)
            }
            // LoadCredential=secrets:FOLDER gives a file secrets_NAME for each file of the folder.
            let paths = ["\(directory)/\(name)", "\(directory)/secrets_\(name)"]
            return try read(paths.first { FileManager.default.fileExists(atPath: $0) } ?? paths[0])
        }
    }

    /// Who writes the secret where its name belongs is not to read it in a log.
    private func shown(_ name: String) -> String {
        name.wholeMatch(of: #/[A-Za-z_][A-Za-z0-9_]{0,39}/#) != nil && !name.hasPrefix("whsec_") ? name : "named there"
    }

    private func read(_ path: String) throws(SecretError) -> Secret {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            let exists = FileManager.default.fileExists(atPath: path)
            throw SecretError(
                message: exists
                    ? "the secret file \(path) cannot be read; check its owner and mode"
                    : "the secret file \(path) does not exist")
        }
        guard data.count <= 65_536, let text = String(data: data, encoding: .utf8), !text.contains("\0") else {
            throw SecretError(message: "the secret file \(path) is not a short UTF-8 text")
        }
        // Editors and `echo` end a file with a line break that is no part of the secret.
        let trimmed = text.trimmingCharacters(in: .newlines)
        guard !trimmed.isEmpty else { throw SecretError(message: "the secret file \(path) is empty") }
        return Secret(trimmed)
    }
}
