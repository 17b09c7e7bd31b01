import JSON
import Testing
import Wire

@testable import Gateway

/// The descriptions of the interface, held against what answers.
@Suite struct DescriptionTests {
    @Test func `every request has its sentence, and no sentence is about a request that is gone`() async throws {
        let built = try await Desk().gateway.accessRules.map(\.name)
        #expect(Set(RouteGuide.all.keys) == Set(built))
    }

    @Test func `every command and every event has its sentence`() {
        #expect(Set(MessageGuide.commands.keys) == Set(Command.names))
        // What a later version sends.
        let later: Set = ["listener.gap", "participant.joined", "participant.left", "speaking.changed"]
        #expect(Set(MessageGuide.events.keys) == EventName.all.subtracting(later))
    }

    @Test(arguments: Command.names)
    func `the fields of each command are known`(name: String) throws {
        let shape = try #require(Command.shape(of: name))
        #expect(name == "ping" || !shape.fields.isEmpty)
    }

    @Test func `fields are described as their reader takes them`() throws {
        let speak = try #require(MessageShape.speak)
        let byName = Dictionary(speak.fields.map { ($0.name, $0) }) { $1 }
        #expect(speak.fields.filter(\.isRequired).map(\.name) == ["text"])
        #expect(byName["speed"]?.kind == .number(0.25...4))
        #expect(byName["session_id"]?.kind == .id)
        let hello = try #require(Command.shape(of: "hello"))
        #expect(hello.fields.first { $0.name == "client.name" }?.isRequired == true)
        #expect(TokenWish.shape?.fields.first?.isRequired == true)
        for shape in [MessageShape.abort, .queue, .session, .sessionChange] { #expect(shape != nil) }
    }
}
