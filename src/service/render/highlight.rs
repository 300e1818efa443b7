//! Code in its colours: which part of a code block is what, as one of a few classes that the styles know.

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::plain;

/// All classes that stand in highlighted code.
pub(super) const CLASSES: [&str; 10] = [
    "hl-comment",
    "hl-string",
    "hl-number",
    "hl-keyword",
    "hl-function",
    "hl-type",
    "hl-tag",
    "hl-attribute",
    "hl-added",
    "hl-removed",
];

/// Which scopes (as Sublime Text's grammars name them) have which class; the first that fits counts.
const SCOPES: [(&str, &str); 24] = [
    ("comment", "hl-comment"),
    ("string", "hl-string"),
    ("constant.character", "hl-string"),
    ("punctuation.definition.string", "hl-string"),
    ("constant.numeric", "hl-number"),
    ("constant.language", "hl-number"),
    ("constant.other.color", "hl-number"),
    ("keyword.operator.word", "hl-keyword"),
    ("keyword.operator.logical", "hl-keyword"),
    ("keyword.operator", ""),
    ("keyword", "hl-keyword"),
    ("storage.type.function", "hl-keyword"),
    ("storage", "hl-keyword"),
    ("variable.language", "hl-keyword"),
    ("entity.name.function", "hl-function"),
    ("variable.function", "hl-function"),
    ("support.function", "hl-function"),
    ("support.macro", "hl-function"),
    ("entity.name.tag", "hl-tag"),
    ("entity.other.attribute-name", "hl-attribute"),
    ("support.type.property-name", "hl-attribute"),
    ("entity.name", "hl-type"),
    ("markup.inserted", "hl-added"),
    ("markup.deleted", "hl-removed"),
];

/// Code longer than this many bytes, or with a longer line than [`LINE`], stays in one colour.
const CODE: usize = 16 * 1024;

/// See [`CODE`].
const LINE: usize = 500;

/// How long one block may take; what is left then stays in one colour. A language's first block takes some tens of
/// milliseconds, in which its expressions are read; only one that is made to be slow comes near to this.
const WITHIN: Duration = Duration::from_secs(1);

static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

static CLASS_OF: LazyLock<Vec<(Scope, &str)>> = LazyLock::new(|| {
    let read = |name| Scope::new(name).expect("a scope of at most eight names");
    SCOPES
        .iter()
        .map(|(name, class)| (read(name), *class))
        .collect()
});

/// Whether a text may hold code to colour, so that rendering it belongs on a thread of its own.
pub(super) fn may_apply(text: &str) -> bool {
    text.contains("```") || text.contains("~~~")
}

/// Writes code, with the parts that its language tells apart in spans.
pub(super) fn code(out: &mut String, language: &str, code: &str) {
    let fits = code.len() <= CODE && code.lines().all(|line| line.len() <= LINE);
    match fits.then(|| grammar(language)).flatten() {
        Some(grammar) => coloured(out, grammar, code),
        None => text(out, code),
    }
}

/// The grammar that the first word after the fence names, as a language or a file's extension.
fn grammar(language: &str) -> Option<&'static SyntaxReference> {
    let word = language.split([' ', ',', '{']).next()?.to_ascii_lowercase();
    let word = match word.as_str() {
        "" | "text" | "txt" | "plain" => return None,
        "shell" | "console" | "shell-session" => "bash",
        "c#" => "cs",
        "golang" => "go",
        word => word,
    };
    GRAMMARS.find_syntax_by_token(word)
}

/// Whether there is a grammar for this language.
#[cfg(test)]
pub(super) fn knows(language: &str) -> bool {
    grammar(language).is_some()
}

fn coloured(out: &mut String, grammar: &SyntaxReference, code: &str) {
    let mut pen = Pen { out, class: "" };
    let mut state = ParseState::new(grammar);
    let mut stack = ScopeStack::new();
    let started = Instant::now();
    let mut late = false;
    // Grammars end many of their rules at a line's end, so the last line gets one too; it is not shown.
    let lines = format!("{code}\n");
    let mut shown = code;
    for line in lines.split_inclusive('\n') {
        let (seen, rest) = shown.split_at(line.len().min(shown.len()));
        shown = rest;
        late = late || started.elapsed() > WITHIN;
        let parsed = (!late).then(|| state.parse_line(line, &GRAMMARS).ok());
        let Some(changes) = parsed.flatten() else {
            late = true;
            pen.write("", seen);
            continue;
        };
        let mut from = 0;
        for (at, change) in changes {
            let at = at.min(seen.len());
            pen.write(class(&stack), &seen[from..at]);
            from = at;
            late = late || stack.apply(&change).is_err();
        }
        pen.write(class(&stack), &seen[from..]);
    }
    pen.end();
}

/// The class of what is within these scopes: the innermost one that has any.
fn class(stack: &ScopeStack) -> &'static str {
    let known = |scope: &Scope| {
        let mut classes = CLASS_OF.iter();
        classes.find_map(|(prefix, class)| prefix.is_prefix_of(*scope).then_some(*class))
    };
    stack.as_slice().iter().rev().find_map(known).unwrap_or("")
}

/// Writes text under its class; what is alike stands in one span.
struct Pen<'a> {
    out: &'a mut String,
    class: &'static str,
}

impl Pen<'_> {
    fn write(&mut self, class: &'static str, part: &str) {
        // Blanks have no colour: they go on with what stands before them.
        if class != self.class && !part.chars().all(char::is_whitespace) {
            self.end();
            if !class.is_empty() {
                self.out.push_str("<span class=\"");
                self.out.push_str(class);
                self.out.push_str("\">");
                self.class = class;
            }
        }
        text(self.out, part);
    }

    fn end(&mut self) {
        if !self.class.is_empty() {
            self.out.push_str("</span>");
            self.class = "";
        }
    }
}

/// Text in which line ends stay line ends.
fn text(out: &mut String, text: &str) {
    for line in text.split_inclusive('\n') {
        match line.strip_suffix('\n') {
            Some(line) => {
                plain::escape(out, line);
                out.push('\n');
            }
            None => plain::escape(out, line),
        }
    }
}
