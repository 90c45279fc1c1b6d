import Daemon
import Facts

/// The cookie that holds a session's id: no script reads it, and no other site's page sends it along.
enum SessionCookie {
    static let name = "goodstanding"

    static func opened(_ id: String, _ config: Config) -> String {
        "\(name)=\(id); Max-Age=\(Admission.lasting.microseconds / 1_000_000)\(attributes(config))"
    }

    static func closed(_ config: Config) -> String { "\(name)=; Max-Age=0\(attributes(config))" }

    /// A cookie for the login form alone, so that nobody can be logged in as somebody else without his noticing.
    static let loginName = "goodstanding-login"
    static func login(_ value: String, _ config: Config) -> String {
        "\(loginName)=\(value); Max-Age=3600\(attributes(config))"
    }

    private static func attributes(_ config: Config) -> String {
        let isSecure = config.publicURL?.hasPrefix("https://") ?? false
        return "; Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
    }
}
