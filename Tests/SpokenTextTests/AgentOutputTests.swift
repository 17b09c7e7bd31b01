import Testing

@testable import SpokenText

/// What programs that write programs print: commands, logs, places in files, progress, sizes.
@Suite struct AgentOutputTests {
    @Test(arguments: [
        ("i += 1", "i plus equals one"), ("j -= x", "j minus equals x"), ("x *= 2", "x times equals two"),
        ("i++ and n--", "i plus plus and n minus minus"), ("a === b", "a equals b"),
        ("12 / 4", "twelve divided by four"),
        ("if !done", "if not done"), ("Stop!", "Stop!"), ("for i in 1..10", "for i in one to ten"),
        ("0..<n", "zero up to n"), ("SELECT * FROM users", "SELECT star FROM users"), ("2 * 3", "two times three"),
        ("HEAD~3", "HEAD tilde three"), ("^1.2.3", "caret one point two point three"),
        ("2^10", "two to the power of ten"),
        ("0b1010", "binary one zero one zero"), ("chmod +x run.sh", "chmod plus x run dot S H"),
        ("make 2>&1", "make errors to output"), ("*.swift", "star dot swift"), ("C++", "C plus plus"),
        ("java.lang.NullPointerException", "java dot lang dot Null Pointer Exception"),
        ("It ended.Then", "It ended.Then"), ("a().then(b)", "a dot then(b)"), ("fn(&mut self)", "fn(mut self)"),
        ("12 insertions(+)", "twelve insertions(plus)"), ("#include", "include"),
    ])
    func `code`(text: String, words: String) {
        #expect(spoken(text) == words)
    }

    @Test(arguments: [
        ("main.py:10-20", "main dot P Y lines ten to twenty"), ("main.py#L10", "main dot P Y line ten"),
        ("L42-L50", "lines forty-two to fifty"), ("(App.java:42)", "(App dot java line forty-two)"),
        ("  --> src/main.rs:10:5", "src slash main dot R S line ten"),
        ("GET /api/users?page=2 failed", "GET slash api slash users failed"),
        ("is it src/a.ts?", "is it src slash a dot T S?"),
    ])
    func `places in files`(text: String, words: String) {
        #expect(spoken(text) == words)
    }

    @Test(arguments: [
        ("See No.5", "See number five"), ("No.I won't", "No.I won't"), ("a 4K video", "a four K video"),
        ("$4K", "four thousand dollars"), ("14K users", "fourteen thousand users"),
        ("1080p60 or 720p", "ten eighty P sixty or seven twenty P"), ("RFC 6455", "RFC sixty-four fifty-five"),
        ("ISO-8601", "ISO-eighty-six oh one"), ("H.264", "H dot two six four"),
        ("i7-13700K", "i7 dash thirteen seven hundred K"), ("qwen2.5", "qwen2 point five"),
        ("2.0.0-rc.1+build.5", "two point zero point zero rc one plus build five"),
        ("#1a2b3c", "color one A two B three C"), ("step 3/10", "step three of ten"), ("[3/10]", "three of ten"),
        ("3/10 of it", "three tenths of it"), ("1.2/8 GB", "one point two of eight gigabytes"),
        ("2-3x faster", "two to three times faster"), ("10x-20x", "ten to twenty times"),
        ("1000 rps", "one thousand requests per second"), ("30 tok/s", "thirty tokens per second"),
        ("$15/M tokens", "fifteen dollars per million tokens"), ("~$0.05", "about five cents"),
        ("+$200", "plus two hundred dollars"), ("GMT-5", "GMT minus five"),
    ])
    func `names with numbers, and figures`(text: String, words: String) {
        #expect(spoken(text) == words)
    }

    @Test(arguments: [
        ("It took 1h 5m", "It took one hour five minutes"), ("ETA 5m", "ETA five minutes"),
        ("5m ago", "five minutes ago"),
        ("a wall of 5m", "a wall of five meters"), ("a 30s timeout", "a thirty seconds timeout"),
        ("the 30s", "the thirties"), ("took 00:01:23.4", "took one minute twenty-three point four seconds"),
        ("Elapsed: 01:00:00", "Elapsed: one hour"), ("90:00", "ninety minutes"), ("at 12:30:00", "at twelve thirty"),
        ("2024-05 and 2024-W18", "May twenty twenty-four and week eighteen of twenty twenty-four"),
        ("2024/25", "twenty twenty-four twenty-five"),
        ("Fri May  3 14:30:05 2024", "Friday May third, twenty twenty-four, at fourteen thirty and five seconds"),
        ("2024-05-03 14:30:05,123 - INFO", "May third, twenty twenty-four, at fourteen thirty and five seconds - INFO"),
    ])
    func `spans and dates`(text: String, words: String) {
        #expect(spoken(text) == words)
    }
}
