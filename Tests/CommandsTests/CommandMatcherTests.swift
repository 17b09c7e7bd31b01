import Commands
import Testing

@Suite struct CommandMatcherTests {
    private static let palaver = try? CommandBook(CommandBook.palaverText)

    @Test(arguments: [
        ("Start a new note.", "start_block", 100.0), ("start new note", "start_block", 100),
        ("okay so take this down please", "start_block", 100), ("Break, break, break!", "stop_block", 100),
        // As a recogniser may understand them.
        ("start a new no", "start_block", 90), ("take is down", "start_block", 90),
        ("brake break break", "stop_block", 80),
        ("and session", "stop_block", 85), ("click clicked click", "stop_block", 85),
        // Those of the later version.
        ("Rupert, start a draft.", "start_block", 100), ("okay, hey Freddy: new draft now!", "start_block", 100),
        ("wake up rupert start uh draft", "start_block", 100), ("Freddy, take this down", "start_block", 100),
        ("Rupert, stop draft.", "stop_block", 100), ("hey freddy close draft now", "stop_block", 100),
        ("rupert end draft", "stop_block", 100), ("and that is all. Rupert, break, break.", "stop_block", 100),
        ("freddy great great", "stop_block", 100), ("freddy stop stop", "stop_block", 100),
        ("Rupert! Stop now!", "stop_block", 100), ("Stop. Stop. Stop. Stop.", "stop_block", 100),
    ])
    func `Palaver's phrases are found, also half understood`(_ text: String, _ name: String, _ score: Double) throws {
        let matches = CommandMatcher(try #require(Self.palaver)).matches(in: text)
        #expect(matches.map(\.name) == [name])
        #expect(try #require(matches.first).score >= score)
    }

    @Test(arguments: [
        "", "…", "He did not start anything new.", "We took a break after the session.", "not a note was left",
        "and mister john dashwood had then leisure to consider how much there might be prudently in his power",
        "the great great grandfather of the click", "down this road we take a turn", "a quick fox", "the end",
        // Close to the later version's, but without its names.
        "start a draft", "I am ready to start a draft", "the report starts a draft", "already a new draft",
        "Are you ready? Stop now.", "we had to stop and stop again", "stop stop", "a top stop shop",
        "Rupert starts a letter", "Rupert and Freddy stop at the draft board", "is Rupert at the end of the draft",
    ])
    func `other talk is no command`(_ text: String) throws {
        #expect(CommandMatcher(try #require(Self.palaver)).matches(in: text).isEmpty)
    }

    @Test(arguments: [
        ("tart the oats", "start a note", ["start_block"]), ("take the stow", "take this down", ["start_block"]),
        ("and sessions", "end session", ["stop_block"]),
        ("please uh tart the oats for me", "start a note", ["start_block"]),
        ("please uh tart the oats for me", nil, []),
        // The sound alone is no command, nor is the text alone, nor two that differ.
        ("all the chinese took", "start a note", []), ("tart the oats", nil, []),
        ("tart the oats", "take this down", []),
    ])
    func `a command that text and sound point to need be less alike`(
        _ text: String, _ order: String?, _ names: [String]
    ) throws {
        let matcher = CommandMatcher(try #require(Self.palaver))
        #expect(matcher.matches(in: text, confirmedBy: order).map(\.name) == names)
    }

    @Test func `within a long sentence a phrase must be said more exactly`() throws {
        let book = try CommandBook("[attention]\nphrase = computer\n[stop]\nphrase = session end\n")
        let matcher = CommandMatcher(book)
        #expect(matcher.matches(in: "possession and").map(\.name) == ["stop"])
        #expect(matcher.matches(in: "he gives possession and use of it to them").isEmpty)
        #expect(matcher.matches(in: "that is all for now sessions end").map(\.name) == ["stop"])
        #expect(matcher.call(in: "counter")?.matchedText == "counter")
        #expect(matcher.call(in: "he stood behind the counter") == nil)
        #expect(matcher.call(in: "well computers what time is it")?.matchedText == "computers")
        // What was said in earlier utterances makes no sentence longer.
        #expect(matcher.matches(in: "he gives it to them possession and", from: 5).map(\.name) == ["stop"])
        #expect(matcher.matches(in: "he gives it to them possession and", from: 0).isEmpty)
    }

    @Test func `one half understood counts within a long sentence if it was called for or ends a draft`() throws {
        let book = try CommandBook(
            """
            [attention]
            phrase = rupert listen
            [lamp]
            phrase = lamp on
            [stop]
            phrase = break break break
            draft = ends
            """)
        let matcher = CommandMatcher(book)
        #expect(matcher.matches(in: "we took the lamb on to the green").isEmpty)
        // Several commands in one breath are not in each other's way.
        #expect(matcher.matches(in: "lamb on and lamb on and lamb on").count == 3)
        #expect(matcher.matches(in: "well rupert listens lamb on and that is that").map(\.name) == ["lamp"])
        #expect(matcher.matches(in: "and then we went home again brake brake brake").map(\.name) == ["stop"])
    }

    @Test func `a grammar holds all that can be said in so many words`() throws {
        let book = try CommandBook(
            """
            [attention]
            phrase = (rupert|hey you)
            [light]
            phrase = turn {state:on|off} [the] light
            phrase = make it {colour}
            phrase = stufe 7
            [stop]
            phrase = stop
            attention = required
            """)
        #expect(
            book.grammar == """
                #JSGF V1.0;
                grammar orders;
                <call> = ( ( rupert | hey you ) );
                public <order> = [ <call> ] ( turn ( on | off ) [ the ] light ) | <call> [ ( stop ) ];

                """)
        #expect(try CommandBook("[a]\nphrase = make it {colour}").grammar == nil)
        #expect(try CommandBook("[attention]\nphrase = hey\n[a]\nphrase = make it {colour}").grammar == nil)
    }

    private static let drinks = """
        [slots]
        size = small|large|(eight|twelve) ounce
        milk = [lots of] (soy milk|milk)
        [attention]
        phrase = hey you
        [drink]
        phrase = [can i have|give me] [a|an] <{size}|with|and|{milk}|{drink:latte|iced mocha}> [please]
        [stop]
        phrase = stop
        attention = required
        """

    @Test(arguments: [
        (
            "can i have a small latte with lots of soy milk please",
            ["drink": "latte", "size": "small", "milk": "lots of soy milk"]
        ),
        ("twelve ounce iced mocha", ["drink": "iced mocha", "size": "twelve ounce"]),
        ("a latte small and milk", ["drink": "latte", "size": "small", "milk": "milk"]),
        // Whoever says it twice means the last one.
        ("a small large latte", ["drink": "latte", "size": "large"]),
    ]) func `slots may come in any order`(_ text: String, _ slots: [String: String]) throws {
        let matcher = CommandMatcher(try CommandBook(Self.drinks))
        let order = try #require(matcher.order(text, score: 88))
        #expect(order.name == "drink" && order.slots == slots && order.score == 88)
        #expect(order.matchedText == text && order.words == 0..<text.split(separator: " ").count)
        // In free text the very words count.
        let found = matcher.matches(in: "So, \(text.uppercased())! Thanks.")
        #expect(found.map(\.name) == ["drink"] && found.first?.slots == slots)
    }

    @Test func `an order has every word of a command, and its call`() throws {
        let matcher = CommandMatcher(try CommandBook(Self.drinks))
        #expect(matcher.order("a small latte today", score: 90) == nil)
        #expect(matcher.order("stop", score: 90) == nil)
        #expect(matcher.order("a small latte", score: 74) == nil && matcher.order("a small latte", score: 75) != nil)
        #expect(!matcher.isCall("hey you", score: 69) && !matcher.isCall("", score: 90))
        #expect(matcher.call(in: "well, hey you")?.matchedText == "hey you")
        #expect(matcher.call(in: "hey you stop") == nil && matcher.call(in: "hey there") == nil)
        #expect(matcher.order("hey you stop", score: 90)?.attentionText == "hey you")
        #expect(matcher.order("stop", after: "so hey you", score: 90)?.attentionText == "hey you")
        #expect(matcher.order("stop", after: "hey you there we are", score: 90) == nil)
        #expect(matcher.isCall("hey you", score: 90) && !matcher.isCall("hey you stop", score: 90))
    }

    @Test func `the longest order takes half a second a word, and its pauses`() throws {
        let book = try CommandBook(
            "[attention]\nphrase = hey you\n[lamp]\nphrase = [the] lamp on\nphrase = lamp {what}\n")
        #expect(book.longestOrder == .milliseconds(2_500 + 5 * 500))
        #expect(try #require(Self.palaver).longestOrder <= .seconds(9))
    }

    @Test func `a grammar of what comes in any order repeats it`() throws {
        let book = try CommandBook("[a]\nphrase = go <fast|{far:very|not} far|7>")
        #expect(
            book.grammar?.contains(
                "go ( fast | ( very | not ) far ) [ ( fast | ( very | not ) far ) [ ( fast | ( very | not ) far ) ] ]")
                == true)
    }

    @Test func `every match says what it matched, and no word belongs to two`() throws {
        let matcher = CommandMatcher(try #require(Self.palaver))
        let matches = matcher.matches(in: "Rupert, listen: start a new note. Buy milk. Break break break break.")
        #expect(matches.map(\.name) == ["start_block", "stop_block"])
        let start = try #require(matches.first)
        #expect(start.matchedText == "start a new note")
        #expect(start.pattern == "start [a] new note")
        #expect(start.words == 2..<6)
        #expect(start.attentionText == "rupert listen")
        #expect(matches.last?.attentionText == nil)
        #expect(matches.last?.words == 8..<11)
    }

    @Test func `what calls a draft by name is no part of it`() throws {
        let matcher = CommandMatcher(try #require(Self.palaver))
        let said = "so hey Rupert, start the draft now. Buy milk. Hey Freddy, end draft now."
        #expect(matcher.matches(in: said).map(\.words) == [1..<7, 9..<14])
        #expect(matcher.order("wake up freddy new draft", score: 90)?.effect == .begins)
        #expect(matcher.order("rupert stop now", score: 90)?.effect == .ends)
    }

    @Test func `slots take what was said between the words`() throws {
        let book = try CommandBook(
            """
            [light]
            phrase = turn {state:on|off} [the] {room:kitchen|living room} (light|lights)
            [remind]
            phrase = remind me in {time} to {what}
            """)
        let matcher = CommandMatcher(book)
        #expect(
            matcher.matches(in: "Turn off the living room lights").map(\.slots)
                == [["state": "off", "room": "living room"]])
        #expect(matcher.matches(in: "turn on kitchen light").map(\.slots) == [["state": "on", "room": "kitchen"]])
        #expect(matcher.matches(in: "turn on the bathroom light").isEmpty)
        #expect(
            matcher.matches(in: "Please remind me in ten minutes to call Anna back").map(\.slots)
                == [["time": "ten minutes", "what": "call anna back"]])
    }

    @Test func `a command may be bound to an attention phrase right before it`() throws {
        let book = try CommandBook(
            """
            [attention]
            phrase = rupert listen
            [lamp]
            phrase = lamp on
            attention = required
            """)
        let matcher = CommandMatcher(book)
        #expect(matcher.matches(in: "the lamp on the desk").isEmpty)
        #expect(matcher.matches(in: "Rupert, listen. Lamp on.").map(\.attentionText) == ["rupert listen"])
        #expect(matcher.matches(in: "rupert listens uh lamp on").count == 1)
        #expect(matcher.matches(in: "rupert listen while I tell you of a lamp on a desk").isEmpty)
    }

    @Test func `a threshold decides how alike is alike enough`() throws {
        func book(_ threshold: Int) throws -> CommandBook {
            try CommandBook("[lamp]\nphrase = lamp on\nthreshold = \(threshold)\n")
        }
        #expect(try CommandMatcher(book(70)).matches(in: "lamb on").count == 1)
        #expect(try CommandMatcher(book(95)).matches(in: "lamb on").isEmpty)
    }

    @Test func `hours of talk are searched in no time, and what is not searched is cut`() throws {
        let matcher = CommandMatcher(try #require(Self.palaver))
        let talk = Array(repeating: "talk", count: 100_000).joined(separator: " ")
        #expect(matcher.matches(in: talk + " break break break").isEmpty)
    }

    @Test func `a wake phrase that was found in the sound counts as if it were written`() throws {
        let book = try CommandBook("[light]\nphrase = lights on").answering(to: Phrase("hey rupert"))
        let matcher = CommandMatcher(book)
        #expect(matcher.matches(in: "a report lights on").isEmpty)
        #expect(matcher.matches(in: "a report lights on", wake: "hey rupert").map(\.attentionText) == ["hey rupert"])
        // Words before the place were said in an earlier utterance.
        #expect(matcher.matches(in: "lights on and off", wake: "hey rupert", from: 2).isEmpty)
        #expect(matcher.matches(in: "hey rupert lights on").map(\.attentionText) == ["hey rupert"])
    }
}
