//! Makes a stranger's template safe to render: what could grow without end is weighed before it exists.
//!
//! minijinja counts steps, but one step can double a string, and forty of them fill any memory. So every template
//! is read here first and written anew with the operators, the literals and the methods that make new values
//! replaced by calls of the functions in `operators`, which weigh (`meter`). What a template says stays the same.

mod expression;
mod hanging;
mod scan;
mod trim;

use expression::{Expression, own};
use scan::{Piece, Word, pieces};
use trim::trimmed;

/// Longest template that is read, in bytes; the longest real one that we know has 28,000.
const LONGEST: usize = 1 << 20;
/// Most words in a tag.
const MOST_WORDS: usize = 4_000;
/// Text longer than this between two tags is written by a tag.
const LONG_TEXT: usize = 32;

/// Why a template cannot be used: the end of a sentence.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broken(pub(crate) String);

fn broken(why: impl Into<String>) -> Broken {
    Broken(why.into())
}

/// Writes a template anew so that it can be rendered safely.
pub(crate) fn guard(source: &str) -> Result<String, Broken> {
    if source.len() > LONGEST {
        return Err(broken("it is longer than any real template"));
    }
    let source = source.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(source.len() * 2);
    let pieces = pieces(&source)?;
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(text) if text.len() <= LONG_TEXT => out.push_str(text),
            Piece::Text(text) => {
                let before = at.checked_sub(1).map(|before| &pieces[before]);
                out.push_str(&literal(trimmed(text, before, pieces.get(at + 1))));
            }
            Piece::Comment(text) => out.push_str(text),
            Piece::Raw(open, inside, close) => {
                let inside = trim::inside_raw(open, inside, close);
                out.extend([*open, "{% endraw %}", &literal(inside), "{% raw %}", close]);
            }
            Piece::Tag(_, words, _) if words.len() > MOST_WORDS => {
                return Err(broken("one of its tags is longer than any real one"));
            }
            Piece::Tag(open, words, close) => {
                let words = Expression::new(words);
                let inside = if open.starts_with("{{") { value(words)? } else { statement(words)? };
                out.extend([*open, " ", &inside, " ", close]);
            }
        }
    }
    Ok(out)
}

/// A long text as a string in a tag of its own: what a tag writes is counted.
fn literal(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("{{{{ \"{}\" }}}}", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn value(mut words: Expression<'_>) -> Result<String, Broken> {
    let value = words.list()?;
    words.end()?;
    Ok(value)
}

fn statement(mut words: Expression<'_>) -> Result<String, Broken> {
    let name = words.any_name()?;
    let written = match name {
        "if" | "elif" => format!("{name} {}", words.list()?),
        "for" => each(&mut words)?,
        "set" => set(&mut words)?,
        "macro" => format!("macro {}({})", own(words.any_name()?), parameters(&mut words)?),
        "call" => call(&mut words)?,
        "filter" => format!("filter {}", filters(&mut words)?),
        "with" => with(&mut words)?,
        // transformers' own tag: it marks what the assistant wrote, and is a scope of its own.
        "generation" => "with".to_owned(),
        "endgeneration" => "endwith".to_owned(),
        "endset" | "endmacro" | "endcall" | "endblock" | "block" => {
            let named = matches!(words.peek(), Some(Word::Name(_)));
            if named { format!("{name} {}", words.any_name()?) } else { name.to_owned() }
        }
        "else" | "endif" | "endfor" | "endfilter" | "endwith" | "break" | "continue" => name.to_owned(),
        other => return Err(broken(format!("it uses the tag “{other}”, which chat templates do not have"))),
    };
    words.end()?;
    Ok(written)
}

fn each(words: &mut Expression<'_>) -> Result<String, Broken> {
    let targets = targets(words)?;
    if !words.name("in") {
        return Err(broken("a loop says not what it goes through"));
    }
    let mut through = vec![words.either()?];
    while words.mark(",") {
        through.push(words.either()?);
    }
    let through =
        if through.len() == 1 { through.remove(0) } else { format!("_box(({}))", through.join(", ")) };
    let condition = if words.name("if") { format!(" if {}", words.whole()?) } else { String::new() };
    let recursive = if words.name("recursive") { " recursive" } else { "" };
    Ok(format!("for {targets} in _each({through}){condition}{recursive}"))
}

fn set(words: &mut Expression<'_>) -> Result<String, Broken> {
    let targets = targets(words)?;
    if words.mark("=") {
        let value = words.list()?;
        // A namespace in a namespace could grow a chain that is too deep to be let go of.
        let value = if targets.contains('.') { format!("_box({value})") } else { value };
        return Ok(format!("set {targets} = {value}"));
    }
    if words.mark("|") {
        Ok(format!("set {targets} | {}", filters(words)?))
    } else {
        Ok(format!("set {targets}"))
    }
}

/// The names that a loop or a `set` gives values to.
fn targets(words: &mut Expression<'_>) -> Result<String, Broken> {
    let bracket = words.mark("(");
    let mut targets = Vec::new();
    loop {
        let mut target = own(words.any_name()?);
        while words.mark(".") {
            let name = words.any_name()?;
            if name.starts_with('_') {
                return Err(broken("it gives a value to a hidden name"));
            }
            target = format!("{target}.{name}");
        }
        targets.push(target);
        if !words.mark(",") || matches!(words.peek(), Some(Word::Mark(")" | "="))) {
            break;
        }
    }
    if bracket {
        words.expect(")")?;
    }
    Ok(targets.join(", "))
}

fn parameters(words: &mut Expression<'_>) -> Result<String, Broken> {
    words.expect("(")?;
    let mut parameters = Vec::new();
    while !words.mark(")") {
        let name = own(words.any_name()?);
        let default = if words.mark("=") { format!("={}", words.whole()?) } else { String::new() };
        parameters.push(format!("{name}{default}"));
        if !words.mark(",") {
            words.expect(")")?;
            break;
        }
    }
    Ok(parameters.join(", "))
}

fn call(words: &mut Expression<'_>) -> Result<String, Broken> {
    let parameters = if matches!(words.peek(), Some(Word::Mark("("))) {
        format!("({})", parameters(words)?)
    } else {
        String::new()
    };
    Ok(format!("call{parameters} {}", words.whole()?))
}

fn filters(words: &mut Expression<'_>) -> Result<String, Broken> {
    let mut names = vec![words.called_name()?];
    while words.mark("|") {
        names.push(words.called_name()?);
    }
    Ok(names.join("|"))
}

fn with(words: &mut Expression<'_>) -> Result<String, Broken> {
    let mut pairs = Vec::new();
    while words.peek().is_some() {
        let name = own(words.any_name()?);
        words.expect("=")?;
        pairs.push(format!("{name}={}", words.whole()?));
        if !words.mark(",") {
            break;
        }
    }
    Ok(format!("with {}", pairs.join(", ")))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;

    fn inside(tag: &str) -> String {
        guard(&format!("{{{{ {tag} }}}}")).unwrap().replace("{{ ", "").replace(" }}", "")
    }

    #[test]
    fn what_makes_new_values_is_called_by_name() {
        assert_eq!(inside("a + b + c - d + e"), "_add((_add(a, b, c) - d), e)");
        assert_eq!(inside("a ~ b * 2 ~ c"), "_cat(a, _times(b, 2), c)");
        assert_eq!(inside("'a' 'b' % c"), "_rest(_cat('a', 'b'), c)");
        assert_eq!(inside("[a, 1] + (b,)"), "_add(_box([a, 1]), (_box((b, ))))");
        assert_eq!(inside("{'a': b}.items()"), "_call(_box({'a': b}), 'items')");
        assert_eq!(inside("m[1:][0].x"), "_slice(m, 1, none, none)[0].x");
        assert_eq!(inside("a.strip('x').b(c=1)"), "_call(_call(a, 'strip', 'x'), 'b', c=1)");
    }

    #[test]
    fn what_only_reads_stays_as_it_is() {
        for tag in
            ["a if b else c", "a|join(', ')|trim", "a is not none and b or not c", "-a", "f(x, y=2)", "()"]
        {
            assert_eq!(inside(tag).replace(['(', ')'], ""), tag.replace(['(', ')'], ""));
        }
        assert_eq!(inside("a not in b == false"), "a not in _seen(b) == _seen(false)");
        assert_eq!(inside("_a"), "under_a");
    }

    #[test]
    fn long_text_is_written_by_a_tag_and_trimmed_as_before() {
        let long = "x".repeat(40);
        assert_eq!(guard(&format!("{long}\n")).unwrap(), format!("{{{{ \"{long}\" }}}}"));
        let source = format!("{{% if a %}}\n  {long}\n  {{%- endif %}}");
        let wanted = format!("{{% if a %}}{{{{ \"  {long}\" }}}}{{%- endif %}}");
        assert_eq!(guard(&source).unwrap(), wanted);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for (source, why) in [
            ("{{ a", "a tag does not end"),
            ("{# a", "a comment does not end"),
            ("{% raw %}a", "a raw block does not end"),
            ("{{ 'a }}", "a string does not end"),
            ("{% include 'a' %}", "it uses the tag “include”, which chat templates do not have"),
            ("{{ a b }}", "“b” is not expected in a tag"),
            ("{{ ) }}", "a bracket closes too often"),
        ] {
            assert_eq!(guard(source).unwrap_err(), Broken(why.into()), "{source}");
        }
    }
}
