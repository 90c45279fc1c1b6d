import Alerts
import Daemon
import Facts
import HTTPTypes

/// What programs do on behalf of somebody: the acts of the pages' forms, with the same rights and in the same audit.
extension APIRoute {
    static let acts: [APIRoute] = [
        act(
            .post, "/stores/{store}/rules/{rule}/acknowledgement", "acknowledge",
            "Somebody looks after the alert of a rule at a store: no reminders and no further receivers until it ends or grows worse.",
            [store, rule], ActBody(why, until), AlertActs.acknowledge),
        act(
            .post, "/stores/{store}/rules/{rule}/acceptance", "accept",
            "Somebody answers for the breaches of a rule at a store: until a day they count as warnings.",
            [store, rule],
            ActBody(why, .required("until", .text, untilMeaning)), AlertActs.accept),
        act(
            .delete, "/stores/{store}/rules/{rule}/acceptance", "endAcceptance", "Nobody answers for them any more.",
            [store, rule, whyAsked], nil
        ) { act in try await AlertActs.accept(act.with("undo", "true")) },
        act(
            .post, "/silences", "silence",
            "Alerts of a store, or of one of its rules, are told to nobody for a time. Without a rule critical ones are told all the same.",
            [],
            ActBody(
                .required("store", .text, "the id of a store"), .init("rule", .text, "the id of a rule of its pack"),
                why,
                until,
                .init(
                    "ends", .word(Silence.End.allCases.map(\.rawValue)),
                    "`time`: at `until`; `resolved`: when what goes on is over; `worse`: when it grows worse")),
            AlertActs.silence),
        act(
            .delete, "/silences/{silence}", "unsilence", "A silence ends before its time; what still goes on is told.",
            [APIParameter.path("silence", "its id"), whyAsked], nil, AlertActs.unsilence),
        act(
            .post, "/stores/{store}/marks", "mark", "What our own people know of a fact and no API tells.", [store],
            ActBody(
                .required("fact", .text, "its kind and id: `refund/R-17`"),
                .required("members", .texts, "`MEMBER` or `MEMBER=VALUE`, such as `excluded` or `liable=carrier`"), why,
                until), StoreActs.mark),
        act(
            .delete, "/stores/{store}/marks", "unmark", "Takes back all marks in force on a fact.",
            [store, APIParameter.required("fact", "its kind and id: `refund/R-17`"), whyAsked], nil, StoreActs.unmark),
        act(
            .post, "/stores/{store}/readings", "measure", "A figure that somebody read in the platform's back end.",
            [store],
            ActBody(
                .required("name", .text, "of the measure"),
                .required("value", .figure, "a number, or a share with `%`"),
                .init("expected", .figure, "what it is held against"),
                .init("at", .text, "a day of the store's, or a moment; without it, now"),
                .init("is_meant", .truth, "it is far from what it was, and right all the same")), StoreActs.measure),
        act(
            .delete, "/stores/{store}/readings", "unmeasure", "Takes back a reading that somebody entered.",
            [
                store, APIParameter.required("name", "of the measure"),
                APIParameter("at", .text, "as it was entered; without it, the newest"),
            ], nil, StoreActs.unmeasure),
        act(
            .post, "/stores/{store}/recheck", "recheck", "A store is pulled and judged now.", [store], nil,
            StoreActs.recheck),
        act(
            .post, "/receivers/{receiver}/test", "testReceiver",
            "A receiver is told something, to see whether it takes it.",
            [APIParameter.path("receiver", "its id")], nil, ReceiverActs.test),
        act(
            .post, "/outbox/{notice}/retry", "retryNotice", "A notice that was given up is owed again.",
            [APIParameter.path("notice", "its id")], nil, ReceiverActs.retry),
    ]

    private static let why = ActBody.Member.required("why", .text, "for who reads it later")
    private static let untilMeaning = "a day, the first without it; a moment; or a time from now such as `2h`"
    private static let until = ActBody.Member("until", .text, untilMeaning)
    private static let whyAsked = APIParameter.required("why", "for who reads it later")

    private static func act(
        _ method: HTTPRequest.Method, _ path: String, _ id: String, _ summary: String, _ parameters: [APIParameter],
        _ body: ActBody?, _ perform: @escaping @Sendable (Act) async throws -> Act.Done
    ) -> APIRoute {
        APIRoute(
            method: method, path: path, id: id, summary: summary, permission: .act, parameters: parameters,
            body: body?.json, answer: .named("Done"),
            refusals: [.forbidden, .notFound, .conflict] + (body == nil ? [] : ActBody.refusals),
            act: { request in
                guard request.caller.isOperator else { throw APIProblem(.forbidden, "who asks may look, and not act") }
                let sent = try await body?.fields(of: request.http) ?? []
                let act = Act(
                    form: FormBody(fields: request.written + sent), caller: request.caller, state: request.state,
                    assembly: request.assembly)
                do {
                    let done = try await perform(act)
                    await request.state.evaluation.ring()
                    await request.state.delivery.ring()
                    return ActBody.done(done)
                } catch is Act.Forbidden {
                    throw APIProblem(.forbidden, "this is not yours to do")
                } catch let error as TaskError {
                    // Of what a path names, it is not there; of what a body says, it cannot be done.
                    let isMissing = error.words == Page.noSuchStore || error.isUsage && body == nil
                    throw APIProblem(isMissing ? .notFound : .conflict, error.words.en)
                }
            })
    }
}

extension Act {
    /// The same with one field more.
    fileprivate func with(_ name: String, _ value: String) -> Act {
        Act(form: FormBody(fields: form.fields + [(name, value)]), caller: caller, state: state, assembly: assembly)
    }
}
