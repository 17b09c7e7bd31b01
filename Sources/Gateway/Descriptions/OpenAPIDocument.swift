import JSON
import VoiceCore

/// The description of the HTTP interface, made of the routes that answer it (OpenAPI 3.1).
enum OpenAPIDocument {
    /// - Parameter version: Of the server.
    static func make(of routes: [Route], version: String) -> JSONValue {
        var paths: JSONObject = [:]
        for route in routes {
            var methods = paths[route.path]?.members ?? [:]
            methods[route.method.lowercased()] = operation(route)
            paths[route.path] = .object(methods)
        }
        return .object([
            "openapi": "3.1.0",
            "info": .object([
                "title": "Hearsay", "version": .string(version),
                "summary": "A voice server: speaks texts, and hears what is said.",
            ]),
            "paths": .object(paths),
            "components": .object([
                "schemas": .object(ResourceSchemas.all),
                "securitySchemes": .object(["token": .object(["type": "http", "scheme": "bearer"])]),
            ]),
        ])
    }

    private static func operation(_ route: Route) -> JSONValue {
        let rule = AccessRule(of: route)
        let guide = RouteGuide.all[rule.name]
        var members: JSONObject = [
            "operationId": .string(identifier(of: route)), "summary": .string(guide?.summary ?? rule.name),
            "security": .array(security(rule.need)), "responses": .object(responses(guide)),
        ]
        let parameters = parameters(of: route, guide)
        if !parameters.isEmpty { members["parameters"] = .array(parameters) }
        if let body = guide.flatMap({ body(of: $0) }) { members["requestBody"] = body }
        return .object(members)
    }

    /// `GET /v1/jobs/{id}` as `get_v1_jobs_id`.
    private static func identifier(of route: Route) -> String {
        let words = route.path.split { !$0.isLetter && !$0.isNumber }.joined(separator: "_")
        return route.method.lowercased() + "_" + words
    }

    /// One of these is enough; the scopes are those of the token.
    private static func security(_ need: AccessRule.Need) -> [JSONValue] {
        switch need {
        case .nothing: []
        case .anyToken: [.object(["token": .array([])])]
        case .anyOf(let scopes): scopes.names.map { .object(["token": .array([.string($0)])]) }
        }
    }

    private static func parameters(of route: Route, _ guide: RouteGuide?) -> [JSONValue] {
        let names = route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.dropFirst().dropLast() }
        let inPath = names.map { name -> JSONValue in
            .object(["name": .string(String(name)), "in": "path", "required": true, "schema": JSONSchema.text])
        }
        let inQuery = (guide?.query ?? [:]).sorted { $0.key < $1.key }.map { name, schema -> JSONValue in
            .object(["name": .string(name), "in": "query", "schema": schema])
        }
        return inPath + inQuery
    }

    private static func body(of guide: RouteGuide) -> JSONValue? {
        switch guide.body {
        case .none, .message(nil, _): nil
        case .message(let shape?, let isOptional):
            .object([
                "required": .bool(!isOptional), "content": content(["application/json"], JSONSchema.object(shape)),
            ])
        case .other(let mediaType, let schema): .object(["required": true, "content": content([mediaType], schema)])
        }
    }

    private static func responses(_ guide: RouteGuide?) -> JSONObject {
        let schema = guide?.answer.map(JSONSchema.reference) ?? JSONSchema.anything
        var content: JSONObject = [:]
        for mediaType in guide?.mediaTypes ?? [] {
            content[mediaType] = .object(mediaType == "application/json" ? ["schema": schema] : [:])
        }
        return [
            String(guide?.status ?? 200): .object(["description": "What was asked for", "content": .object(content)]),
            "default": .object([
                "description": "An error with a stable code",
                "content": self.content(["application/json"], JSONSchema.reference("Error")),
            ]),
        ]
    }

    private static func content(_ mediaTypes: [String], _ schema: JSONValue) -> JSONValue {
        .object(Dictionary(mediaTypes.map { ($0, .object(["schema": schema])) }) { $1 })
    }
}
