//! Signs, shortened words and addresses into words.

/// Signs and what they are called.
const SIGNS: &[(&str, &str)] = &[
    ("&", "and"),
    ("+", "plus"),
    ("=", "equals"),
    ("%", "percent"),
    ("@", "at"),
    ("#", "hash"),
    ("*", "times"),
    ("×", "times"),
    ("·", "times"),
    ("÷", "divided by"),
    ("−", "minus"),
    ("±", "plus or minus"),
    ("<", "is less than"),
    (">", "is more than"),
    ("≤", "is at most"),
    ("≥", "is at least"),
    ("≠", "is not equal to"),
    ("≈", "is about"),
    ("^", "to the power of"),
    ("→", "to"),
    ("⇒", "implies"),
    ("←", "from"),
    ("∞", "infinity"),
    ("√", "the square root of"),
    ("∑", "the sum of"),
    ("∫", "the integral of"),
    ("§", "section"),
    ("©", "copyright"),
    ("°", "degrees"),
    ("$", "dollar"),
    ("€", "euro"),
    ("£", "pound"),
    ("½", "one half"),
    ("¼", "one quarter"),
    ("¾", "three quarters"),
    ("⅓", "one third"),
    ("⅔", "two thirds"),
    ("²", "squared"),
    ("³", "cubed"),
    ("α", "alpha"),
    ("β", "beta"),
    ("γ", "gamma"),
    ("δ", "delta"),
    ("Δ", "delta"),
    ("ε", "epsilon"),
    ("θ", "theta"),
    ("λ", "lambda"),
    ("μ", "mu"),
    ("µ", "micro"),
    ("π", "pi"),
    ("Π", "pi"),
    ("σ", "sigma"),
    ("Σ", "sigma"),
    ("τ", "tau"),
    ("φ", "phi"),
    ("ω", "omega"),
    ("Ω", "omega"),
];

/// Shortened words that end with a full stop: what they stand for.
const SHORT: &[(&str, &str)] = &[
    ("Dr.", "Doctor"),
    ("Mr.", "Mister"),
    ("Mrs.", "Missus"),
    ("Ms.", "Miz"),
    ("Prof.", "Professor"),
    ("Rev.", "Reverend"),
    ("Hon.", "Honorable"),
    ("Gen.", "General"),
    ("Col.", "Colonel"),
    ("Capt.", "Captain"),
    ("Lt.", "Lieutenant"),
    ("Sgt.", "Sergeant"),
    ("Gov.", "Governor"),
    ("Sen.", "Senator"),
    ("Jr.", "Junior"),
    ("Sr.", "Senior"),
    ("Mt.", "Mount"),
    ("Ave.", "Avenue"),
    ("Blvd.", "Boulevard"),
    ("Rd.", "Road"),
    ("Inc.", "Incorporated"),
    ("Ltd.", "Limited"),
    ("Corp.", "Corporation"),
    ("Co.", "Company"),
    ("Dept.", "Department"),
    ("dept.", "department"),
    ("approx.", "approximately"),
    ("Approx.", "approximately"),
    ("est.", "estimated"),
    ("vs.", "versus"),
    ("vs", "versus"),
    ("e.g.", "for example"),
    ("E.g.", "For example"),
    ("i.e.", "that is"),
    ("I.e.", "That is"),
    ("etc.", "et cetera"),
    ("etc", "et cetera"),
    ("cf.", "compare"),
    ("fig.", "figure"),
    ("Fig.", "Figure"),
    ("vol.", "volume"),
    ("Vol.", "Volume"),
    ("pp.", "pages"),
    ("Mon.", "Monday"),
    ("Tue.", "Tuesday"),
    ("Wed.", "Wednesday"),
    ("Thu.", "Thursday"),
    ("Fri.", "Friday"),
    ("w/", "with"),
    ("w/o", "without"),
    ("Ph.D.", "PHD"),
    ("Ph.D", "PHD"),
    ("a.m.", "AM"),
    ("p.m.", "PM"),
    ("a.k.a.", "also known as"),
    ("P.S.", "PS"),
    ("Dr", "Doctor"),
    ("Mr", "Mister"),
    ("Mrs", "Missus"),
];

/// Ends of names on the network by which a word without `https://` is known as an address.
const DOMAINS: &[&str] = &[
    "com", "org", "net", "io", "ai", "dev", "app", "co", "uk", "de", "edu", "gov", "eu", "fr", "ie", "info",
];

/// What a sign by itself is called.
pub(crate) fn sign(text: &str) -> Option<&'static str> {
    SIGNS.iter().find(|(sign, _)| *sign == text).map(|(_, name)| *name)
}

/// What a shortened word stands for, and whether punctuation behind it is still to be said.
pub(crate) fn shortened(core: &str, previous: Option<&str>, next: Option<&str>) -> Option<(String, bool)> {
    let bare = core.trim_end_matches([',', ';', ':', '!', '?', ')', '"', '”']);
    let capital = |word: Option<&str>| word.is_some_and(|word| word.starts_with(char::is_uppercase));
    let number = next.is_some_and(|next| next.starts_with(|digit: char| digit.is_ascii_digit()));
    let said = match bare {
        "St." if capital(next) && !capital(previous) => "Saint",
        "St." => "Street",
        "No." | "no." | "Nos." if number => "number",
        "p." if number => "page",
        _ => SHORT.iter().find(|(short, _)| *short == bare).map(|(_, long)| *long)?,
    };
    let rest = &core[bare.len()..];
    let ends = next.is_none() && bare.ends_with('.') && rest.is_empty();
    Some((format!("{said}{}", if ends { "." } else { rest }), false))
}

/// An address of the network or of a person in words; `None` for what is none.
pub(crate) fn address(text: &str) -> Option<String> {
    let bare = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let bare = bare.or_else(|| text.strip_prefix("mailto:")).unwrap_or(text);
    let scheme = bare.len() < text.len();
    let host = bare.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let end = host.rsplit('.').next().unwrap_or_default();
    let named =
        host.contains('.') && DOMAINS.contains(&end.to_lowercase().as_str()) && !host.starts_with('.');
    if !scheme && !named && !bare.starts_with("www.") {
        return bare
            .strip_prefix('@')
            .filter(|name| !name.is_empty())
            .map(|name| format!("at {}", spelled(name)));
    }
    // What follows a question mark is for machines.
    let shown = bare.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    Some(spelled(shown))
}

/// The parts of an address, with its dots and slashes said.
fn spelled(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '.' => out.push_str(" dot "),
            '/' => out.push_str(" slash "),
            '@' => out.push_str(" at "),
            '-' => out.push_str(" dash "),
            '_' => out.push_str(" underscore "),
            ':' => out.push_str(" colon "),
            digit if digit.is_ascii_digit() => {
                out.push(' ');
                out.push_str(&super::digits(digit.encode_utf8(&mut [0; 4])));
                out.push(' ');
            }
            other => out.push(other),
        }
    }
    let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
    out.replace("www ", "WWW ")
}
