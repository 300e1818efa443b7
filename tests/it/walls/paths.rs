//! The paths that a Rust source names, read from its tokens, without what is compiled for tests only.

use std::{collections::BTreeSet, iter::Peekable};

use proc_macro2::{Delimiter, TokenStream, TokenTree, token_stream::IntoIter};

/// What a source names.
#[derive(Debug, Default)]
pub(super) struct Source {
    /// Modules of ours, by the first segment below the crate.
    pub(super) ours: BTreeSet<String>,
    /// Other crates: their names, and these with one more segment (`tokio_util`, `tokio_util::task`).
    pub(super) others: BTreeSet<String>,
    /// The paths of modules in files of their own that are compiled for tests only.
    pub(super) test_modules: Vec<Vec<String>>,
    module: Vec<String>,
}

type Tokens = Peekable<IntoIter>;

impl Source {
    /// Reads the source of the module at this path.
    pub(super) fn read(module: &[String], text: &str) -> Self {
        let mut source = Self {
            module: module.to_vec(),
            ..Self::default()
        };
        let tokens: TokenStream = text.parse().expect("a Rust source");
        source.walk(tokens);
        source
    }

    fn walk(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        let mut after_dot = false;
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    if let Some(TokenTree::Group(attribute)) = tokens.next_if(is_brackets) {
                        if is_for_tests(&attribute.stream()) {
                            self.skip_item(&mut tokens);
                        } else {
                            self.walk(attribute.stream());
                        }
                    }
                }
                TokenTree::Ident(name) if name == "use" => self.path(&[], &mut tokens),
                TokenTree::Ident(name) if !after_dot => {
                    let mut path = vec![name.to_string()];
                    if separated(&mut tokens) {
                        self.rest_of_path(&mut path, &mut tokens);
                    }
                }
                TokenTree::Group(group) => self.walk(group.stream()),
                _ => {
                    // The second dot of a range is none before a method's name.
                    let dot = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.');
                    after_dot = dot && !after_dot;
                    continue;
                }
            }
            after_dot = false;
        }
    }

    /// A path in a `use`, below `prefix`: one name after the other, or a list of paths in braces.
    fn path(&mut self, prefix: &[String], tokens: &mut Tokens) {
        separated(tokens);
        match tokens.next() {
            Some(TokenTree::Ident(name)) => {
                let mut path = prefix.to_vec();
                path.push(name.to_string());
                if separated(tokens) {
                    self.rest_of_path(&mut path, tokens);
                } else {
                    self.note(&path);
                }
            }
            Some(TokenTree::Group(list)) => self.list(prefix, list.stream()),
            _ => self.note(prefix),
        }
    }

    /// What follows a `::`.
    fn rest_of_path(&mut self, path: &mut Vec<String>, tokens: &mut Tokens) {
        loop {
            match tokens.next_if(|token| matches!(token, TokenTree::Ident(_)) || is_braces(token)) {
                Some(TokenTree::Ident(name)) => path.push(name.to_string()),
                Some(TokenTree::Group(list)) => return self.list(path, list.stream()),
                _ => return self.note(path),
            }
            if !separated(tokens) {
                return self.note(path);
            }
        }
    }

    fn list(&mut self, prefix: &[String], list: TokenStream) {
        let mut tokens = list.into_iter().peekable();
        while tokens.peek().is_some() {
            self.path(prefix, &mut tokens);
            while tokens.next().is_some_and(
                |token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','),
            ) {}
        }
    }

    /// Notes where a path leads.
    fn note(&mut self, path: &[String]) {
        let up = path.iter().take_while(|part| *part == "super").count();
        let rest = &path[up..];
        match path.first().map(String::as_str) {
            Some("crate" | "parlor") => self.ours.extend(path.get(1).cloned()),
            Some("super") if up >= self.module.len() => self.ours.extend(rest.first().cloned()),
            Some("super" | "self" | "Self" | "std" | "core" | "alloc") | None => {}
            Some(first) => {
                self.others.insert(first.to_owned());
                self.others
                    .extend(path.get(1).map(|second| format!("{first}::{second}")));
            }
        }
    }

    /// Skips the item after a `#[cfg(test)]`: to its semicolon or its braces.
    fn skip_item(&mut self, tokens: &mut Tokens) {
        let mut module = None;
        let mut last = String::new();
        for token in tokens {
            match &token {
                TokenTree::Punct(punct) if punct.as_char() == ';' => {
                    let mut path = self.module.clone();
                    path.extend(module);
                    self.test_modules
                        .extend((path.len() > self.module.len()).then_some(path));
                    return;
                }
                token if is_braces(token) => return,
                TokenTree::Ident(name) if last == "mod" => module = Some(name.to_string()),
                _ => {}
            }
            last = token.to_string();
        }
    }
}

/// Takes a `::` away, if one is next.
fn separated(tokens: &mut Tokens) -> bool {
    let is_colon =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':');
    let mut ahead = tokens.clone();
    let found = ahead.next_if(is_colon).is_some() && ahead.next_if(is_colon).is_some();
    if found {
        *tokens = ahead;
    }
    found
}

fn is_brackets(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket)
}

fn is_braces(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

/// Whether an attribute is `cfg(test)` or `cfg(all(test, …))`.
fn is_for_tests(attribute: &TokenStream) -> bool {
    let text: String = attribute.to_string().split_whitespace().collect();
    text == "cfg(test)" || text.starts_with("cfg(all(test,")
}
