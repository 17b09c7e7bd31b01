import Flow
import Net
import Secrets
import Sound
import Speaking
import VoiceCore
import Wire
import JSON

extension SocketConnection {
    /// Does what a command asks and answers it.
    func perform(_ command: Command, _ request: [UInt8]?) async throws(ErrorReply) {
        if case .anyOf(let scopes) = AccessRule(of: command).need { try identity.grant.need(anyOf: scopes) }
        switch command {
        case .hello: throw ErrorReply(.helloTwice, "this connection has said hello")
        case .auth(let token): try await replaceToken(token, request)
        case .subscribe(let command): try await subscribe(command, request)
        case .unsubscribe(let command): try await unsubscribe(command, request)
        case .speak(let speak): send(.ok(to: request, try await self.speak(speak)))
        case .speakOpen(let speak): send(.ok(to: request, try await open(speak)))
        case .speakAppend(let append): try await self.append(append, request)
        case .speakClose(let id): try await closeText(of: id, request)
        case .abort(let abort): send(.ok(to: request, try await self.abort(abort)))
        case .listenerOpen(let open): try await openListener(open, request)
        case .listenerState(let state):
            try await listeners.setState(state)
            send(.ok(to: request))
        case .listenerUpdate(let update):
            try await listeners.update(update)
            send(.ok(to: request))
        case .listenerClose(let id):
            try await listeners.close(id)
            send(.ok(to: request))
        case .sourceOpen(let open): send(.ok(to: request, try await openSource(open)))
        case .sourceUpdate(let update):
            try await updateSource(update)
            send(.ok(to: request))
        case .sourceOrder(let order):
            try await self.order(order)
            send(.ok(to: request))
        case .sessionStart(let session):
            send(.ok(to: request, ["session": WireSession(try await hold(session)).json]))
        case .sessionEnd(let id):
            try await end(id)
            send(.ok(to: request))
        case .queueSet(let command):
            let queue = try await QueueRules.perform(
                command, ownSession: identity.session, by: identity.grant, in: parts)
            send(.ok(to: request, queue))
        case .playback: break
        case .ping: send(.ok(to: request))
        }
    }

    // MARK: Events

    private func subscribe(_ command: SubscribeCommand, _ request: [UInt8]?) async throws(ErrorReply) {
        for session in command.filter.sessions ?? [] { try identity.cover(session) }
        let bounds = await writer.subscribe(command.filter, after: command.lastSequence)
        if let bounds {
            let (newest, oldest) = (Int(clamping: bounds.newest), Int(clamping: bounds.oldest))
            send(.ok(to: request, ["seq": .integer(newest), "oldest": .integer(oldest)]))
        }
        await writer.resume()
        if bounds == nil {
            throw ErrorReply(
                .tooManyRequests, "this connection has too many subscriptions",
                limit: LimitName.subscriptions.rawValue)
        }
    }

    private func unsubscribe(_ command: SubscribeCommand, _ request: [UInt8]?) async throws(ErrorReply) {
        await writer.unsubscribe(command.filter)
        send(.ok(to: request))
        await writer.resume()
    }

    // MARK: Speaking

    func speak(_ speak: WireSpeak) async throws(ErrorReply) -> [String: JSONValue] {
        let request = speak.keyedRequest(defaultSession: identity.session)
        try SpeakingRules.check(request, ownSession: identity.session, by: identity.grant)
        do throws(SpeakRefusal) {
            return WireJob(try await parts.dispatcher.speak(request, by: identity.grant)).acceptance
        } catch {
            throw ErrorReply(error)
        }
    }

    private func abort(_ command: AbortCommand) async throws(ErrorReply) -> [String: JSONValue] {
        let scope = try await SpeakingRules.scope(
            of: command, ownSession: identity.session, by: identity.grant, in: parts.dispatcher)
        let aborted = await parts.dispatcher.abort(scope, by: identity.grant)
        return ["aborted": .array(aborted.map { .string($0.rawValue) })]
    }

    // MARK: Listeners

    private func openListener(_ command: ListenerOpenCommand, _ request: [UInt8]?) async throws(ErrorReply) {
        let scope = command.scope ?? .session(identity.session)
        switch scope {
        case .everyone: try identity.grant.need(anyOf: .control)
        case .session(let session):
            try identity.cover(session)
            guard await parts.sessions.info(session) != nil else { throw ConnectionIdentity.unknown(session) }
        }
        if let output = command.output, output == .local || output.rawValue.hasPrefix("room:") {
            throw ErrorReply(.outOfRange, "that output is the server's own", field: "output")
        }
        let opened = try await listeners.open(command, in: scope, by: identity.grant)
        let format: JSONValue = .object([
            "codec": .string(command.format.codec.rawValue), "sample_rate": .integer(command.format.sampleRate),
            "channels": 1,
        ])
        send(
            .ok(
                to: request,
                [
                    "listener_id": .string(opened.description.id.rawValue), "format": format,
                    "output": .string(opened.description.output.rawValue), "resumed": .bool(opened.isResumed),
                ]))
        opened.isTold.open()
    }

    // MARK: Sessions and tokens

    /// Makes or finds a session and keeps it alive as long as the connection.
    func hold(_ wanted: WireSessionRequest) async throws(ErrorReply) -> SessionInfo {
        let id = wanted.id ?? (identity.grant.isBound ? identity.grant.session ?? .default : nil)
        if let id { try identity.cover(id) }
        if let voice = wanted.voice, await parts.engines.synthesizer(for: voice) == nil {
            throw ErrorReply(.unknownVoice, "no engine has this voice", field: "voice")
        }
        let info: SessionInfo
        do throws(SessionError) {
            info = try await parts.sessions.open(
                id, name: wanted.name, voice: wanted.voice, isStored: wanted.isStored, isLocal: identity.isLocal)
        } catch {
            throw ErrorReply(error)
        }
        if !identity.held.contains(info.id) {
            identity.held.append(info.id)
            await parts.sessions.hold(info.id)
        }
        return await parts.sessions.info(info.id) ?? info
    }

    private func end(_ id: SessionID) async throws(ErrorReply) {
        try identity.cover(id)
        guard await parts.sessions.info(id) != nil else { throw ConnectionIdentity.unknown(id) }
        if id != identity.session { try identity.grant.need(anyOf: .control) }
        guard id != .default else { throw ErrorReply(.notAllowed, "the session default never ends") }
        guard await parts.sessions.end(id) else { throw ConnectionIdentity.unknown(id) }
        _ = await parts.dispatcher.abort(.session(id), by: identity.grant)
    }

    /// Replaces the token of the connection by another one that covers what the connection holds.
    private func replaceToken(_ text: String, _ request: [UInt8]?) async throws(ErrorReply) {
        let grant: Grant
        do throws(Refusal) {
            grant = try parts.grant(for: text, from: identity.peer)
        } catch {
            await parts.turnstile.wait(error.delay)
            throw error.error
        }
        guard ([identity.session] + identity.held).allSatisfy(grant.covers) else {
            throw ErrorReply(.notAllowed, "the token is for another session", field: "token")
        }
        let coversListeners = await listeners.areAllowed(by: grant)
        let hasSubscriptions = await writer.hasSubscriptions
        let coversSources = sources.isEmpty || (grant.allows(.capture) && grant.token == identity.grant.token)
        guard coversListeners, coversSources, grant.allows(.events) || !hasSubscriptions else {
            throw ErrorReply(.notAllowed, "the token allows less than what is open here", field: "token")
        }
        identity.grant = grant
        await writer.replaceGrant(grant)
        watchGrant()
        send(.ok(to: request, identity.grantFields))
    }

    // MARK: Welcome

    /// - Returns: False if the session of hello was refused; the connection is closed then.
    func welcome(_ greeting: Greeting) async -> Bool {
        do throws(ErrorReply) {
            let session = try await openOwnSession(greeting.hello.session)
            identity.session = session.id
            var fields = identity.grantFields
            fields["v"] = 1
            fields["server"] = .object(["name": "Hearsay", "version": .string(parts.server.version)])
            fields["session"] = WireSession(session).json
            fields["limits"] = parts.server.limits.json
            socket.send(Frame.text(Reply("welcome", to: greeting.request, fields).json))
            return true
        } catch {
            _ = Greeting.refuse(socket, greeting.request, error, parts.counters)
            return false
        }
    }

    private func openOwnSession(_ wanted: WireSessionRequest?) async throws(ErrorReply) -> SessionInfo {
        try await hold(wanted ?? WireSessionRequest(id: identity.session))
    }
}

extension ConnectionIdentity {
    /// What the token allows, and until when.
    fileprivate var grantFields: [String: JSONValue] {
        var fields: [String: JSONValue] = ["scopes": .array(grant.scopes.names.map(JSONValue.string))]
        fields["expires_at"] = grant.expiresAt.map { .string($0.iso8601) }
        return fields
    }
}
