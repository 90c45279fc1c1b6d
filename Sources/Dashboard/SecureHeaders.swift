import HTTPTypes
import Hummingbird
import NIOCore

/// What a browser is told on every answer: nothing from elsewhere, no framing, no guessing of types.
struct SecureHeaders: RouterMiddleware {
    static let policy = [
        "default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'", "connect-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    func handle(
        _ request: Request, context: DashboardContext,
        next: (Request, DashboardContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as any HTTPResponseError {
            response = try error.response(from: request, context: context)
            // Nobody is left before an empty page.
            if response.body.contentLength == 0 {
                response.body = .init(
                    byteBuffer: ByteBuffer(string: "\(response.status.code) \(response.status.reasonPhrase)\n"))
                response.headers[.contentLength] = nil
                response.headers[.contentType] = "text/plain; charset=utf-8"
            }
        }
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.permissionsPolicy] = "camera=(), geolocation=(), microphone=()"
        return request.method == .head ? response.createHeadResponse() : response
    }
}

extension HTTPField.Name {
    // proof: valid names
    fileprivate static var referrerPolicy: HTTPField.Name { HTTPField.Name("Referrer-Policy")! }
    fileprivate static var permissionsPolicy: HTTPField.Name { HTTPField.Name("Permissions-Policy")! }
}
