//! What hangs on a value: `.name`, `[index]`, `[from:to]`, `(arguments)`.

use super::broken;
use super::expression::{DEEPEST, Expression, Written, own};
use super::scan::Word;

impl Expression<'_> {
    /// What hangs on a value: `.name`, `[index]`, `(arguments)`.
    pub(super) fn hanging(&mut self, mut value: String) -> Written {
        let mut links = 0;
        loop {
            value = if self.mark(".") {
                self.attribute(&value)?
            } else if self.mark("[") {
                self.subscript(&value)?
            } else if self.mark("(") {
                format!("{value}({})", self.arguments()?)
            } else {
                return Ok(value);
            };
            links += 1;
            if links > DEEPEST {
                return Err(broken("its expressions are nested too deeply"));
            }
        }
    }

    fn attribute(&mut self, value: &str) -> Written {
        let name = match self.next() {
            Some(Word::Name(name)) => name,
            Some(Word::Number(number)) => return Ok(format!("{value}[{number}]")),
            _ => return Err(broken("a name is missing after a dot")),
        };
        if !self.mark("(") {
            return Ok(format!("{value}.{name}"));
        }
        let arguments = self.arguments()?;
        let comma = if arguments.is_empty() { "" } else { ", " };
        Ok(format!("_call({value}, '{name}'{comma}{arguments})"))
    }

    fn subscript(&mut self, value: &str) -> Written {
        let mut bounds = vec![String::new()];
        while !self.mark("]") {
            if self.mark(":") {
                bounds.push(String::new());
            } else if bounds.last().is_some_and(String::is_empty) {
                let bound = self.whole()?;
                bounds.pop();
                bounds.push(bound);
            } else {
                self.expect("]")?;
                break;
            }
        }
        let bound =
            |at: usize| bounds.get(at).filter(|bound| !bound.is_empty()).map_or("none", String::as_str);
        match bounds.len() {
            1 if !bounds[0].is_empty() => Ok(format!("{value}[{}]", bounds[0])),
            2 | 3 => Ok(format!("_slice({value}, {}, {}, {})", bound(0), bound(1), bound(2))),
            _ => Err(broken("an index has another form")),
        }
    }

    /// Arguments up to the closing bracket.
    pub(super) fn arguments(&mut self) -> Written {
        let mut arguments = Vec::new();
        while !self.mark(")") {
            let splat = ["**", "*"].into_iter().find(|splat| self.mark(splat)).unwrap_or_default();
            let named = match (self.peek(), self.words.get(self.at + 1)) {
                (Some(Word::Name(name)), Some(Word::Mark("="))) => Some(name),
                _ => None,
            };
            if let Some(name) = named {
                self.at += 2;
                arguments.push(format!("{}={}", own(name), self.whole()?));
            } else {
                arguments.push(format!("{splat}{}", self.whole()?));
            }
            if !self.mark(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(arguments.join(", "))
    }
}
