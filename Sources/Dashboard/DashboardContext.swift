package import Hummingbird

/// What is known of one request on its way.
package struct DashboardContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package var caller = Caller.local

    package init(source: Source) { coreContext = .init(source: source) }
}
