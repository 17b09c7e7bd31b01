import Testing

@testable import SpokenText

/// What becomes of written English; the tables are the promise of `Docs/Text.md`.
@Suite struct EnglishTests {
    @Test(arguments: [
        ("1,234,567.89", "one million two hundred thirty-four thousand five hundred sixty-seven point eight nine"),
        ("-5 or −3", "minus five or minus three"), ("007", "zero zero seven"), ("3.14", "three point one four"),
        ("6.02e23", "six point zero two times ten to the power of twenty-three"),
        ("1st, 22nd and 103rd", "first, twenty-second and one hundred third"),
        ("1/2 or 3/4", "one half or three quarters"),
        ("118/120 passed", "one hundred eighteen out of one hundred twenty passed"),
        ("24/7 or 50/50", "twenty-four seven or fifty fifty"), ("6'2\" tall", "six feet two inches tall"),
        ("5-10 and 5–10", "five to ten and five to ten"), ("1½", "one and a half"),
        ("3 1/2 cups, 2 3/4 km", "three and a half cups, two and three quarters kilometers"),
        ("10 000 people", "ten thousand people"), ("100 200 300", "one hundred two hundred three hundred"),
        ("10%–20%", "ten percent to twenty percent"), ("50k-100k", "fifty thousand to one hundred thousand"),
        ("10 x 10 cm", "ten by ten centimeters"), ("3 x 4 = 12", "three times four equals twelve"),
        ("5'11, not 45°30'15\"", "five feet eleven inches, not forty-five degrees thirty minutes fifteen seconds"),
        ("1990s and '90s", "nineteen nineties and nineties"), ("in 1984", "in nineteen eighty-four"),
        ("2048 files", "two thousand forty-eight files"), ("from 1990 to 2000", "from nineteen ninety to two thousand"),
        ("1920x1080", "one thousand nine hundred twenty by one thousand eighty"), ("10x faster", "ten times faster"),
        ("3:1", "three to one"), (".5", "point five"), ("0x1F", "hex one F"),
        ("12345678901234567890123456789012345678901234567890", "a number of fifty digits"),
        ("Chapter IV of World War II", "Chapter four of World War two"), ("Henry VIII.", "Henry the eighth."),
        ("1-800-555-1234", "one, eight zero zero, five five five, one two three four"),
        ("0170 1234567", "zero one seven zero, one two three four five six seven"),
        ("+49 170 1234567", "plus four nine, one seven zero, one two three four five six seven"),
        ("(555) 123-4567", "five five five, one two three, four five six seven"), ("3D", "three D"),
        ("No. 5", "number five"), ("No. I did not.", "No. I did not."),
    ])
    func `numbers`(text: String, words: String) {
        #expect(spoken(text) == words)
    }

    @Test(arguments: [
        ("5km", "five kilometers"), ("1 km", "one kilometer"), ("90 km/h", "ninety kilometers per hour"),
        ("20°C", "twenty degrees Celsius"), ("5°", "five degrees"), ("50%", "fifty percent"),
        ("5 m²", "five square meters"),
        ("1.5 TB", "one point five terabytes"), ("512 MiB", "five hundred twelve mebibytes"),
        ("250ms", "two hundred fifty milliseconds"), ("1h30m", "one hour thirty minutes"),
        ("2d 4h", "two days four hours"),
        ("5–10 km", "five to ten kilometers"), ("10k users", "ten thousand users"),
        ("100 MB/s", "one hundred megabytes per second"),
        ("40 req/s", "forty requests per second"), ("(+3%)", "(plus three percent)"), ("5 A players", "five A players"),
        ("3 in a row", "three in a row"),
    ])
    func `units`(text: String, words: String) {
        #expect(spoken(text) == words)
    }

    @Test(arguments: [
        ("$5.20", "five dollars and twenty cents"), ("$1", "one dollar"), ("$0.99", "ninety-nine cents"),
        ("-$5", "minus five dollars"), ("€3", "three euros"), ("5 €", "five euros"), ("£5–10", "five to ten pounds"),
        ("US$1.5M", "one point five million US dollars"), ("$2 billion", "two billion dollars"),
        ("USD 7", "seven US dollars"), ("5.20 EUR", "five euros and twenty cents"),
        ("$5/month", "five dollars per month"),
        ("$2/unit", "two dollars per unit"), ("¥500", "five hundred yen"), ("£0.01", "one penny"),
    ])
    func `money`(text: String, words: String) {
        #expect(spoken(text) == words)
    }

    @Test(arguments: [
        ("2024-05-03", "May third, twenty twenty-four"), ("5/3/2024", "May third, twenty twenty-four"),
        ("25/12/2023", "December twenty-fifth, twenty twenty-three"), ("03.05.2024", "May third, twenty twenty-four"),
        ("May 3, 2024", "May third, twenty twenty-four"), ("Jan. 5th", "January fifth"),
        ("3 May 2024", "the third of May, twenty twenty-four"), ("March 2024", "March twenty twenty-four"),
        ("the 3rd of May", "the third of May"), ("In Jan. we go", "In January we go"), ("Mon–Fri", "Monday to Friday"),
        ("Mon, 3 May", "Monday, the third of May"),
        ("2024-05-03T14:30:00Z", "May third, twenty twenty-four, at fourteen thirty UTC"),
        ("14:30", "fourteen thirty"), ("9:05", "nine oh five"), ("9:00", "nine o'clock"), ("14:00", "fourteen hundred"),
        ("2pm", "two P M"), ("2:30 p.m. today", "two thirty P M today"), ("at 10 a.m.", "at ten A M."),
        ("23:59:59", "twenty-three fifty-nine and fifty-nine seconds"),
        ("10:00-11:30", "ten o'clock to eleven thirty"), ("9am–5pm", "nine A M to five P M"),
        ("9-11am", "nine to eleven A M"), ("9:00 - 11:00", "nine o'clock to eleven o'clock"),
        ("2024-05-03T10:00-05:00", "May third, twenty twenty-four, at ten o'clock UTC minus five"),
        ("2024-05-03 10:00-11:30", "May third, twenty twenty-four, at ten o'clock to eleven thirty"),
        ("2024/05/03", "May third, twenty twenty-four"), ("Jan-Mar, Mon 10:00", "January to March, Monday ten o'clock"),
        ("Q3 2024", "Q3 twenty twenty-four"),
        ("2024-13-45", "two thousand twenty-four dash thirteen dash forty-five"),
    ])
    func `dates and times`(text: String, words: String) {
        #expect(spoken(text) == words)
    }

    @Test func `a date with slashes has the order of its region`() {
        #expect(spoken("5/3/2024", language: "en-GB") == "March fifth, twenty twenty-four")
        #expect(spoken("5/3/2024", language: "en-US") == "May third, twenty twenty-four")
    }

    @Test(arguments: [
        ("https://www.example.org/a/b?c=d#e, then", "example dot org, then"),
        ("(https://example.com).", "(example dot com)."),
        ("http://localhost:8080/x", "localhost port eight zero eight zero"), ("github.com/foo/bar!", "github dot com!"),
        ("jane.doe@example.org", "jane dot doe at example dot org"), ("README.md", "README dot M D"),
        (".env", "dot env"),
        ("/usr/local/bin/hearsay", "bin slash hearsay"), ("~/notes.txt", "home slash notes dot text"),
        ("Sources/ClauseCutter.swift:42", "Sources slash Clause Cutter dot swift line forty-two"),
        ("/health", "slash health"),
        ("C:\\Users\\me", "C slash Users slash me"), ("and/or", "and or"),
        ("192.168.0.1:80", "one nine two dot one six eight dot zero dot one port eight zero"),
        ("10.0.0.0/8", "one zero dot zero dot zero dot zero slash eight"),
        ("00:1A:2b:3C:4D:5E", "M A C address ending in five E"),
        ("de-ad-be-ef-00-01", "M A C address ending in zero one"),
        ("fe80::1", "I P version six address ending in one"),
    ])
    func `addresses and paths`(text: String, words: String) {
        #expect(spoken(text) == words)
    }

    @Test(arguments: [
        ("parseHTTPRequest()", "parse HTTP Request"), ("ClauseCutter", "Clause Cutter"),
        ("snake_case_name", "snake case name"),
        ("MAX_RETRY_COUNT", "max retry count"), ("URLs", "URLs"), ("commit a1b2c3d", "commit A one B two C three D"),
        ("a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4e5f6a1b2", "hash A one B two C three D"),
        ("v1.2.3", "version one point two point three"),
        ("2.0.0-beta.1", "two point zero point zero beta one"), ("Swift 6.3", "Swift six point three"),
        ("550e8400-e29b-41d4-a716-446655440000", "U U I D five five zero E"), ("--verbose", "dash dash verbose"),
        ("-v", "dash v"),
        ("typescript@5.4.2", "typescript at five point four point two"), ("std::vector", "std vector"),
        ("request.text", "request dot text"), ("C++ and C#", "C plus plus and C sharp"),
        ("Use .NET", "Use dot NET"),
    ])
    func `code`(text: String, words: String) {
        #expect(spoken(text) == words)
    }

    @Test(arguments: [
        ("Fruit, e.g. apples, etc. They rot.", "Fruit, for example apples, et cetera. They rot."),
        ("i.e. that", "that is that"), ("A.k.a., Foo etc., Bar", "also known as, Foo et cetera, Bar"),
        ("Washington, D.C. is here, in D.C.", "Washington, D C is here, in D C."),
        ("Mr. and Mrs. Smith", "Mister and Missus Smith"),
        ("Dr. Smith vs. Mr. Jones", "Doctor Smith versus Mister Jones"), ("approx. 10", "approximately ten"),
        ("On Elm St. today", "On Elm Street today"), ("Go to St. John", "Go to Saint John"),
        ("fig. 3, pp. 5-10", "figure three, pages five to ten"),
        ("the U.S. army", "the U S army"), ("w/o sugar", "without sugar"), ("J. S. Bach", "J. S. Bach"),
        ("a & b", "a and b"), ("a → b ≤ c", "a to b less than or equal to c"), ("x = 5", "x equals five"),
        ("2*3", "two times three"), ("x²", "x squared"), ("10^5", "ten to the power of five"), ("R&D", "R and D"),
        ("#topic and #123", "hashtag topic and number one hundred twenty-three"), ("ask @jane", "ask at jane"),
        ("Really!!! Yes???", "Really! Yes?"), ("well.....", "well..."), ("~5 minutes", "about five minutes"),
        ("§ 5", "section five"),
    ])
    func `words and signs`(text: String, words: String) {
        #expect(spoken(text) == words)
    }

    @Test(arguments: [
        ("Great 🎉🎉🎉 work", "Great, party popper, work"), ("👍🏽", "thumbs up"), ("Hi 👨‍👩‍👧.", "Hi, family."),
        ("so 🫨 odd", "so odd"),
        ("⚠️ careful", "warning, careful"), ("1️⃣ first", "one first"), ("in 🇩🇪 now", "in now"), ("❤️", "heart"),
        ("done 👩🏿‍💻!", "done, person at a computer!"),
    ])
    func `pictures`(text: String, words: String) {
        #expect(spoken(text) == words)
    }

    @Test(arguments: ["de", "de-DE", "fr", "ja", "und"])
    func `other languages are only cleaned`(language: String) {
        #expect(
            spoken("**Am** 3.5. um 14:30 🎉 kostet `es` 5 € !!!", language: language)
                == "Am 3.5. um 14:30 kostet es 5 € !")
        #expect(
            spoken("[da](https://example.org/x) https://www.example.org/x?y", language: language) == "da example.org")
    }
}
