import Testing

@testable import RemoteEngines

@Suite struct CircuitTests {
    @Test func `two failures are borne, the third opens it`() {
        var circuit = Circuit()
        circuit.answered()
        circuit.failed("cut", isLasting: false, at: .zero)
        circuit.failed("cut", isLasting: false, at: .zero)
        #expect(circuit.phase == .ready)
        circuit.failed("cut", isLasting: false, at: .seconds(10))
        #expect(circuit.phase == .failed(until: .seconds(11), reason: "cut"))
        #expect(circuit.refusal == "cut")
    }

    @Test func `a refused key opens it at once`() {
        var circuit = Circuit()
        circuit.failed("key", isLasting: true, at: .zero)
        #expect(circuit.refusal == "key")
    }

    @Test func `the pause doubles up to a minute until it speaks again`() {
        var circuit = Circuit()
        var pauses: [Duration] = []
        for _ in 0..<8 {
            circuit.failed("down", isLasting: true, at: .zero)
            if case .failed(let until, _) = circuit.phase { pauses.append(until) }
            circuit.answered()
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
        circuit.spoke()
        circuit.failed("cut", isLasting: false, at: .zero)
        #expect(circuit.phase == .ready)
    }

    @Test func `a pause that the server wants is kept`() {
        var circuit = Circuit()
        circuit.failed("too many", isLasting: true, pause: .seconds(30), at: .seconds(5))
        #expect(circuit.phase == .failed(until: .seconds(35), reason: "too many"))
    }
}
