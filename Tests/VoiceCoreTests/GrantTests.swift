import Testing
import VoiceCore

@Suite struct GrantTests {
    private func grant(_ scopes: Scopes, session: String? = nil, room: String? = nil) -> Grant {
        Grant(token: TokenID("x"), scopes: scopes, session: session.map { SessionID($0) }, room: room)
    }

    @Test(arguments: [.speak, .listen, .capture, .events, .control, .admin] as [Scopes])
    func `each scope allows itself, and admin everything`(_ scope: Scopes) {
        #expect(grant(scope).allows(scope) && grant(.admin).allows(scope))
        #expect(!grant(Scopes.all.subtracting([scope, .admin])).allows(scope))
    }

    @Test func `one of several scopes is enough`() {
        #expect(grant(.speak).allows(anyOf: [.speak, .control]))
        #expect(!grant([.listen, .events]).allows(anyOf: [.speak, .control]))
    }

    @Test func `a bound token covers its session, and one bound to a room alone none`() {
        #expect(grant(.speak).covers(SessionID("a")) && !grant(.speak).isBound)
        #expect(grant(.speak, session: "a").covers(SessionID("a")) && !grant(.speak, session: "a").covers(.default))
        #expect(grant(.speak, session: "a", room: "r").covers(SessionID("a")))
        #expect(!grant(.speak, room: "r").covers(.default) && grant(.speak, room: "r").isBound)
    }

    @Test func `a bound token is never one of an administrator`() {
        #expect(!grant(.admin, session: "a").allows(.admin) && !grant(.admin, session: "a").allows(.speak))
        #expect(grant(.all, room: "r").allows(.control) && !grant(.all, room: "r").allows(.admin))
    }
}
