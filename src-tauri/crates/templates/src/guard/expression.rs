//! Writes an expression anew so that whatever makes a new value goes through a function that weighs it first.
//! The grammar is Jinja2's (`jinja2/parser.py`), level by level.

use super::scan::Word;
use super::{Broken, broken};

/// Brackets and prefixes inside each other; minijinja itself takes 150.
pub(super) const DEEPEST: usize = 40;

/// Reads the words of one tag and writes them anew.
pub(super) struct Expression<'s> {
    pub(super) words: &'s [Word<'s>],
    pub(super) at: usize,
    depth: usize,
}

pub(super) type Written = Result<String, Broken>;

impl<'s> Expression<'s> {
    pub(super) fn new(words: &'s [Word<'s>]) -> Self {
        Self { words, at: 0, depth: 0 }
    }

    pub(super) fn peek(&self) -> Option<Word<'s>> {
        self.words.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<Word<'s>> {
        let word = self.peek();
        self.at += 1;
        word
    }

    /// Whether the next word is this mark; takes it when it is.
    pub(super) fn mark(&mut self, mark: &str) -> bool {
        self.take(Word::Mark(mark))
    }

    /// Whether the next word is this name; takes it when it is.
    pub(super) fn name(&mut self, name: &str) -> bool {
        self.take(Word::Name(name))
    }

    fn take(&mut self, word: Word<'_>) -> bool {
        let same = self.peek() == Some(word);
        self.at += usize::from(same);
        same
    }

    pub(super) fn expect(&mut self, mark: &str) -> Result<(), Broken> {
        if self.mark(mark) { Ok(()) } else { Err(broken(format!("“{mark}” is missing in a tag"))) }
    }

    pub(super) fn any_name(&mut self) -> Result<&'s str, Broken> {
        match self.next() {
            Some(Word::Name(name)) => Ok(name),
            _ => Err(broken("a name is missing in a tag")),
        }
    }

    /// Refuses words that nobody read.
    pub(super) fn end(&self) -> Result<(), Broken> {
        match self.peek() {
            None => Ok(()),
            Some(word) => Err(broken(format!("“{}” is not expected in a tag", word.text()))),
        }
    }

    /// An expression, or several with commas between them: a tuple.
    pub(super) fn list(&mut self) -> Written {
        let first = self.whole()?;
        if !matches!(self.peek(), Some(Word::Mark(","))) {
            return Ok(first);
        }
        let mut items = first;
        while self.mark(",") {
            items.push_str(", ");
            if !self.peek().is_none_or(|word| matches!(word, Word::Mark(")" | "=") | Word::Name("recursive")))
            {
                items.push_str(&self.whole()?);
            }
        }
        Ok(format!("_box(({items}))"))
    }

    /// `a if b else c`, and all that binds closer.
    pub(super) fn whole(&mut self) -> Written {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(broken("its expressions are nested too deeply"));
        }
        let mut value = self.either()?;
        while self.name("if") {
            let condition = self.either()?;
            value = if self.name("else") {
                format!("({value} if {condition} else {})", self.whole()?)
            } else {
                format!("({value} if {condition})")
            };
        }
        self.depth -= 1;
        Ok(value)
    }

    /// An expression that ends before `if`: what a loop goes through.
    pub(super) fn either(&mut self) -> Written {
        let mut value = self.both()?;
        while self.name("or") {
            value = format!("{value} or {}", self.both()?);
        }
        Ok(value)
    }

    fn both(&mut self) -> Written {
        let mut value = self.negated()?;
        while self.name("and") {
            value = format!("{value} and {}", self.negated()?);
        }
        Ok(value)
    }

    fn negated(&mut self) -> Written {
        let mut nots = 0_usize;
        while self.name("not") {
            nots += 1;
        }
        let value = self.compared()?;
        Ok(match nots {
            0 => value,
            odd if odd % 2 == 1 => format!("not {value}"),
            _ => format!("not (not {value})"),
        })
    }

    fn compared(&mut self) -> Written {
        let mut terms = vec![self.sum()?];
        let mut signs = Vec::new();
        while let Some(sign) = self.comparison() {
            signs.push(sign);
            terms.push(self.sum()?);
        }
        let mut terms = terms.into_iter();
        let left = terms.next().unwrap_or_default();
        let [sign] = signs[..] else {
            // In a chain every pair is compared by minijinja, which counts each.
            let pairs = signs.iter().zip(terms).map(|(sign, term)| format!(" {sign} _seen({term})"));
            return Ok([left].into_iter().chain(pairs).collect());
        };
        let right = terms.next().unwrap_or_default();
        Ok(match sign {
            "in" => format!("_in({left}, {right})"),
            "not in" => format!("(not _in({left}, {right}))"),
            "==" | "!=" => format!("_seen({left}) {sign} {right}"),
            _ => format!("_order({left}, '{sign}', {right})"),
        })
    }

    fn comparison(&mut self) -> Option<&'s str> {
        match self.peek()? {
            Word::Mark(sign @ ("==" | "!=" | "<" | "<=" | ">" | ">=")) => {
                self.at += 1;
                Some(sign)
            }
            Word::Name("in") => {
                self.at += 1;
                Some("in")
            }
            Word::Name("not") if self.words.get(self.at + 1) == Some(&Word::Name("in")) => {
                self.at += 2;
                Some("not in")
            }
            _ => None,
        }
    }

    fn sum(&mut self) -> Written {
        let mut terms = vec![self.joined()?];
        loop {
            if self.mark("+") {
                terms.push(self.joined()?);
            } else if self.mark("-") {
                let right = self.joined()?;
                terms = vec![format!("({} - {right})", called("_add", terms))];
            } else {
                return Ok(called("_add", terms));
            }
        }
    }

    fn joined(&mut self) -> Written {
        let mut terms = vec![self.product()?];
        while self.mark("~") {
            terms.push(self.product()?);
        }
        Ok(called("_cat", terms))
    }

    fn product(&mut self) -> Written {
        let mut value = self.power()?;
        loop {
            let Some(Word::Mark(sign @ ("*" | "/" | "//" | "%"))) = self.peek() else { return Ok(value) };
            self.at += 1;
            let right = self.power()?;
            value = match sign {
                "*" => format!("_times({value}, {right})"),
                "%" => format!("_rest({value}, {right})"),
                _ => format!("({value} {sign} {right})"),
            };
        }
    }

    fn power(&mut self) -> Written {
        let mut value = self.signed()?;
        while self.mark("**") {
            value = format!("({value} ** {})", self.signed()?);
        }
        Ok(value)
    }

    fn signed(&mut self) -> Written {
        let mut value = self.bare()?;
        loop {
            if self.mark("|") {
                value = format!("{value}|{}", self.called_name()?);
            } else if self.name("is") {
                let not = if self.name("not") { "not " } else { "" };
                value = format!("{value} is {not}{}", self.test()?);
            } else {
                return Ok(value);
            }
        }
    }

    /// A value with its sign and what hangs on it, without filters.
    fn bare(&mut self) -> Written {
        let mut minus = 0_usize;
        while let Some(Word::Mark(sign @ ("-" | "+"))) = self.peek() {
            minus += usize::from(sign == "-");
            self.at += 1;
        }
        let value = self.primary()?;
        let value = self.hanging(value)?;
        Ok(match minus {
            0 => value,
            odd if odd % 2 == 1 => format!("-{value}"),
            _ => format!("-(-{value})"),
        })
    }

    /// The name of a filter with its arguments.
    pub(super) fn called_name(&mut self) -> Written {
        let mut name = self.any_name()?.to_owned();
        while self.mark(".") {
            name = format!("{name}.{}", self.any_name()?);
        }
        if self.mark("(") { Ok(format!("{name}({})", self.arguments()?)) } else { Ok(name) }
    }

    fn test(&mut self) -> Written {
        let name = self.called_name()?;
        let takes_one = match self.peek() {
            Some(Word::Name(word)) => !matches!(word, "and" | "or" | "else" | "if" | "is" | "in" | "not"),
            Some(Word::Number(_) | Word::Text(_) | Word::Mark("[" | "{")) => true,
            _ => false,
        };
        if takes_one && !name.ends_with(')') { Ok(format!("{name}({})", self.bare()?)) } else { Ok(name) }
    }

    fn primary(&mut self) -> Written {
        match self.next() {
            Some(Word::Name(name @ ("and" | "or" | "if" | "else" | "in" | "is"))) => {
                Err(broken(format!("“{name}” is not expected in a tag")))
            }
            Some(Word::Name(name)) => Ok(own(name)),
            Some(Word::Number(number)) => Ok(number.to_owned()),
            Some(Word::Text(text)) => Ok(self.text(text)),
            Some(Word::Mark("(")) => self.group(),
            Some(Word::Mark("[")) => self.items(),
            Some(Word::Mark("{")) => self.entries(),
            Some(word) => Err(broken(format!("“{}” is not expected in a tag", word.text()))),
            None => Err(broken("a tag ends too early")),
        }
    }

    /// A string; strings beside each other are one, as in Python.
    fn text(&mut self, first: &str) -> String {
        let mut texts = vec![first.to_owned()];
        while let Some(Word::Text(text)) = self.peek() {
            texts.push(text.to_owned());
            self.at += 1;
        }
        called("_cat", texts)
    }

    fn group(&mut self) -> Written {
        if self.mark(")") {
            return Ok("()".to_owned());
        }
        let value = self.list()?;
        self.expect(")")?;
        Ok(format!("({value})"))
    }

    fn items(&mut self) -> Written {
        let mut items = Vec::new();
        while !self.mark("]") {
            items.push(self.whole()?);
            if !self.mark(",") {
                self.expect("]")?;
                break;
            }
        }
        Ok(if items.is_empty() { "[]".to_owned() } else { format!("_box([{}])", items.join(", ")) })
    }

    fn entries(&mut self) -> Written {
        let mut entries = Vec::new();
        while !self.mark("}") {
            let key = self.whole()?;
            self.expect(":")?;
            entries.push(format!("{key}: {}", self.whole()?));
            if !self.mark(",") {
                self.expect("}")?;
                break;
            }
        }
        Ok(if entries.is_empty() { "{}".to_owned() } else { format!("_box({{{}}})", entries.join(", ")) })
    }
}

/// A template's own name; one that begins like ours is written otherwise, everywhere alike.
pub(super) fn own(name: &str) -> String {
    if name.starts_with('_') { format!("under{name}") } else { name.to_owned() }
}

/// A call of `function`, unless there is one term alone.
fn called(function: &str, mut terms: Vec<String>) -> String {
    match terms.len() {
        1 => terms.remove(0),
        _ => format!("{function}({})", terms.join(", ")),
    }
}
