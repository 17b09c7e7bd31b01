/// The signs of units.
enum UnitTable {
    /// Units that have squares and cubes.
    static let lengths: Set<String> = [
        "meter", "kilometer", "centimeter", "millimeter", "micrometer", "nanometer", "mile", "foot", "yard", "inch",
    ]

    static let units: [String: Unit] = {
        var units = plain
        for (prefix, name) in [("k", "kilo"), ("M", "mega"), ("G", "giga"), ("T", "tera"), ("P", "peta")] {
            for (sign, base) in [("B", "byte"), ("bit", "bit"), ("b", "bit"), ("Hz", "hertz"), ("W", "watt")] {
                units[prefix + sign] = Unit(name + base, base == "hertz" ? name + base : nil)
            }
            units[prefix + "Wh"] = Unit(name + "watt-hour")
            units[prefix + "bps"] = Unit(name + "bit per second", name + "bits per second")
            units[prefix + "bit/s"] = units[prefix + "bps"]
        }
        for (prefix, name) in [("K", "kibi"), ("M", "mebi"), ("G", "gibi"), ("T", "tebi"), ("P", "pebi")] {
            units[prefix + "iB"] = Unit(name + "byte")
        }
        for (prefix, name) in [("k", "kilo"), ("m", "milli"), ("µ", "micro"), ("μ", "micro"), ("n", "nano")] {
            for (sign, base) in [
                ("g", "gram"), ("V", "volt"), ("A", "amp"), ("Pa", "pascal"), ("J", "joule"), ("F", "farad"),
            ] {
                units[prefix + sign] = Unit(name + base)
            }
            units[prefix + "m"] = Unit(name + "meter")
            units[prefix + "Ω"] = Unit(name + "ohm")
            if prefix != "k" { units[prefix + "s"] = Unit(name + "second") }
        }
        return units
    }()

    private static let plain: [String: Unit] = [
        "m": Unit("meter"), "cm": Unit("centimeter"), "dm": Unit("decimeter"), "mi": Unit("mile"),
        "ft": Unit("foot", "feet"), "in": Unit("inch", "inches"), "yd": Unit("yard"), "ha": Unit("hectare"),
        "g": Unit("gram"), "lb": Unit("pound"), "lbs": Unit("pound"), "oz": Unit("ounce"), "t": Unit("ton"),
        "l": Unit("liter"), "L": Unit("liter"), "ml": Unit("milliliter"), "mL": Unit("milliliter"),
        "cl": Unit("centiliter"), "dl": Unit("deciliter"),
        "s": Unit("second"), "sec": Unit("second"), "secs": Unit("second"), "min": Unit("minute"),
        "mins": Unit("minute"), "h": Unit("hour"), "hr": Unit("hour"), "hrs": Unit("hour"), "d": Unit("day"),
        "us": Unit("microsecond"), "wk": Unit("week"), "wks": Unit("week"), "mo": Unit("month"), "mos": Unit("month"),
        "yr": Unit("year"), "yrs": Unit("year"), "tsp": Unit("teaspoon"), "tbsp": Unit("tablespoon"),
        "mpg": Unit("mile per gallon", "miles per gallon"), "gal": Unit("gallon"),
        "Hz": Unit("hertz", "hertz"), "B": Unit("byte"), "KB": Unit("kilobyte"),
        "bps": Unit("bit per second", "bits per second"),
        "Kbps": Unit("kilobit per second", "kilobits per second"),
        "mph": Unit("mile per hour", "miles per hour"), "kmh": Unit("kilometer per hour", "kilometers per hour"),
        "kph": Unit("kilometer per hour", "kilometers per hour"), "kn": Unit("knot"),
        "rpm": Unit("revolution per minute", "revolutions per minute"),
        "rps": Unit("request per second", "requests per second"), "qps": Unit("query per second", "queries per second"),
        "tps": Unit("transaction per second", "transactions per second"), "req": Unit("request"),
        "reqs": Unit("request"),
        "ops": Unit("operation"), "tok": Unit("token"), "toks": Unit("token"),
        "fps": Unit("frame per second", "frames per second"), "bpm": Unit("beat per minute", "beats per minute"),
        "dpi": Unit("dot per inch", "dots per inch"), "px": Unit("pixel"), "MP": Unit("megapixel"),
        "V": Unit("volt"), "A": Unit("amp"), "W": Unit("watt"), "Wh": Unit("watt-hour"),
        "mAh": Unit("milliamp-hour"), "Ω": Unit("ohm"), "J": Unit("joule"), "N": Unit("newton"), "F": Unit("farad"),
        "C": Unit("coulomb"), "Pa": Unit("pascal"), "hPa": Unit("hectopascal"), "bar": Unit("bar"),
        "psi": Unit("P S I", "P S I"), "cal": Unit("calorie"), "kcal": Unit("kilocalorie"), "dB": Unit("decibel"),
        "dBm": Unit("decibel milliwatt"), "lm": Unit("lumen"), "lx": Unit("lux", "lux"), "mol": Unit("mole"),
        "mW": Unit("milliwatt"), "mHz": Unit("millihertz", "millihertz"), "eV": Unit("electron volt"),
        "MPa": Unit("megapascal"), "MJ": Unit("megajoule"), "K": Unit("kelvin"), "mg": Unit("milligram"),
        "°": Unit("degree"), "°C": Unit("degree Celsius", "degrees Celsius"),
        "°F": Unit("degree Fahrenheit", "degrees Fahrenheit"), "℃": Unit("degree Celsius", "degrees Celsius"),
        "℉": Unit("degree Fahrenheit", "degrees Fahrenheit"), "°K": Unit("kelvin"),
        "%": Unit("percent", "percent"), "‰": Unit("per mille", "per mille"), "pp": Unit("percentage point"),
        "ppm": Unit("part per million", "parts per million"),
    ]
}
