//! What texts become, and that nothing else ever comes out.

mod judge;

use judge::faults;
use proptest::prelude::*;

use super::*;
use crate::model::UserName;

const VECTORS: &str = include_str!("../../../tests/xss/vectors.json");

fn rendered(text: &str) -> String {
    html(text, &[(UserName::key_of("Anna"), UserId(7))])
}

#[test]
fn the_judge_sees_what_is_wrong() {
    for wrong in [
        "<script>",
        "<p onclick=x>",
        "<a href=\"javascript:x\">",
        "<a href=\"/x\">",
        "<span class=\"avatar\">",
        "<!-- x -->",
        "<p style=x>",
        "<img src=x>",
    ] {
        assert!(!faults(wrong).is_empty(), "{wrong}");
    }
}

#[test]
fn no_known_attack_comes_through() {
    let vectors: Vec<String> = serde_json::from_str(VECTORS).expect("a list of texts");
    assert!(vectors.len() >= 150);
    let mut found = Vec::new();
    for text in &vectors {
        for text in [
            text.clone(),
            format!("**x** {text}"),
            format!("> {text}\n\n{text}"),
        ] {
            let html = rendered(&text);
            let faults = faults(&html);
            if !faults.is_empty() {
                found.push(format!("{text:?} → {html}: {faults:?}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_gate_holds_without_the_writer() {
    let vectors: Vec<String> = serde_json::from_str(VECTORS).expect("a list of texts");
    for text in vectors {
        assert_eq!(faults(&clean::html(&text)), [""; 0], "{text:?}");
    }
}

#[test]
fn markup_becomes_html() {
    let link = |address: &str, text: &str| {
        format!(
            "<a href=\"{address}\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">{text}</a>"
        )
    };
    for (text, expected) in [
        ("**a** *b* ~~c~~ `d`", "<strong>a</strong> <em>b</em> <del>c</del> <code>d</code>".to_owned()),
        ("*a*\nb", "<em>a</em><br>b".to_owned()),
        ("*a*\n\nb", "<p><em>a</em></p><p>b</p>".to_owned()),
        ("> a\n> b", "<blockquote><p>a<br>b</p></blockquote>".to_owned()),
        ("- a\n- b\n  1. c", "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>".to_owned()),
        ("3. a", "<ol start=\"3\"><li>a</li></ol>".to_owned()),
        ("- [x] a\n- [ ] b", "<ul><li>☑ a</li><li>☐ b</li></ul>".to_owned()),
        ("# a *b*", "<p class=\"heading\">a <em>b</em></p>".to_owned()),
        ("a\n\n---", "<p>a</p><hr>".to_owned()),
        (
            "|a|b|\n|-|:-:|\n|c|d|",
            "<div class=\"table\" tabindex=\"0\"><table><thead><tr><th>a</th><th class=\"center\">b</th></tr></thead>\
             <tbody><tr><td>c</td><td class=\"center\">d</td></tr></tbody></table></div>"
                .to_owned(),
        ),
        ("```\na <b> &amp;\n\n  c\n```", "<pre><code>a &lt;b&gt; &amp;amp;\n\n  c</code></pre>".to_owned()),
        ("[x](https://a.org/?a=1&b=2)", link("https://a.org/?a=1&amp;b=2", "x")),
        ("![x](https://a.org/y.png)", link("https://a.org/y.png", "x")),
        ("*x* <https://a.org>", format!("<em>x</em> {}", link("https://a.org", "https://a.org"))),
        ("**https://a.org/_b_/*c**", format!("<strong>{}</strong>", link("https://a.org/_b_/*c", "https://a.org/_b_/*c"))),
        ("`https://a.org <b>` *x*", "<code>https://a.org &lt;b&gt;</code> <em>x</em>".to_owned()),
        ("*x* <b>&amp;</b>", "<em>x</em> &lt;b&gt;&amp;amp;&lt;/b&gt;".to_owned()),
        ("[x](javascript:alert(1)) *y*", "x <em>y</em>".to_owned()),
        ("[https://a.org](https://b.org)", link("https://b.org", "https://a.org")),
        ("snake_case and 2 * 3", "snake_case and 2 * 3".to_owned()),
    ] {
        assert_eq!(rendered(text), expected, "{text}");
    }
}

#[test]
fn plain_texts_stay_as_they_are() {
    for (text, expected) in [
        ("a  b\n\nc", "a  b<br><br>c"),
        ("10:30, see you", "10:30, see you"),
        (
            "<img src=x onerror='a'>\n&",
            "&lt;img src=x onerror=&#39;a&#39;&gt;<br>&amp;",
        ),
        ("1 < 2 && 3 > 2", "1 &lt; 2 &amp;&amp; 3 &gt; 2"),
        ("a\u{7}b\tc", "a\u{FFFD}b\tc"),
    ] {
        assert!(plain::is_plain(text), "{text}");
        assert_eq!(rendered(text), expected);
    }
    assert_eq!(
        rendered("see https://example.org/a?b=1&c=2, ok"),
        "see <a href=\"https://example.org/a?b=1&amp;c=2\" rel=\"noopener noreferrer nofollow\" \
         target=\"_blank\">https://example.org/a?b=1&amp;c=2</a>, ok"
    );
    for text in [
        "javascript://%0aalert(1)",
        "data://text",
        "ftp://example.org",
        "anna@example.org",
        "example.org",
    ] {
        assert!(!rendered(text).contains("<a"), "{text}");
    }
}

#[test]
fn emoji_have_names() {
    assert_eq!(rendered("well done :tada:"), "well done 🎉");
    assert_eq!(rendered(":+1: :-1:"), "👍 👎");
    for text in [
        "`:tada:`",
        "```\n:tada:\n```",
        "a:b:c",
        "10:100:20",
        ":nosuchname:",
        "https://a.org/:tada:/",
    ] {
        let html = rendered(text);
        assert!(!html.chars().any(|c| c > '\u{2000}'), "{text}: {html}");
    }
}

#[test]
fn known_names_become_mentions_outside_of_code() {
    let anna = "<span class=\"mention\" data-user-id=\"7\">@Anna</span>";
    assert_eq!(rendered("hi @Anna."), format!("hi {anna}."));
    assert_eq!(rendered("_@Anna_"), format!("<em>{anna}</em>"));
    assert_eq!(
        rendered("@room: *now*"),
        "<span class=\"mention\">@room</span>: <em>now</em>"
    );
    for text in [
        "`@Anna`",
        "mail@Anna",
        "@Annabel",
        "https://a.org/@Anna",
        "```\n@Anna\n```",
    ] {
        assert!(!rendered(text).contains("mention"), "{text}");
    }
}

#[test]
fn mentions_are_asked_for_by_name() {
    let found = mentions("@anna, @Bob. and @ROOM, not `@carl` nor d@e nor @anna", &[]);
    assert_eq!(found.names, ["anna", "bob.", "bob"]);
    assert!(found.room);
    let known = [("bob".to_owned(), UserId(3))];
    assert_eq!(mentions("@Bob. @bob", &known).people, [UserId(3)]);
    assert_eq!(mentions("nobody", &[]), Mentions::default());
}

#[test]
fn code_has_colours_as_classes() {
    let html = rendered("```rust\nlet x = \"a\"; // b\n```");
    assert_eq!(
        html,
        "<pre><code><span class=\"hl-keyword\">let</span> x = <span class=\"hl-string\">\"a\"</span>; \
         <span class=\"hl-comment\">// b</span></code></pre>"
    );
    for language in [
        "js",
        "ts",
        "python",
        "py",
        "go",
        "sh",
        "bash",
        "json",
        "toml",
        "yaml",
        "sql",
        "html",
        "css",
        "c",
        "cpp",
        "java",
        "diff",
        "dockerfile",
    ] {
        assert!(highlight::knows(language), "{language}");
    }
    for language in ["", "text", "no-such-language"] {
        assert!(!highlight::knows(language), "{language}");
    }
}

#[test]
fn a_few_characters_never_make_a_page() {
    let wide = format!(
        "|{}\n|{}\n{}",
        "a|".repeat(600),
        "-|".repeat(600),
        "|\n".repeat(700)
    );
    let many = format!("|a|b|c|d|e|\n|-|-|-|-|-|\n{}", "|\n".repeat(1900));
    for text in [
        wide,
        many,
        ">".repeat(4000),
        "> ".repeat(2000),
        "- ".repeat(2000),
        "1. ".repeat(1300),
        "*a **b ".repeat(570),
        "*".repeat(4000),
        "**a".repeat(1300),
        "[".repeat(4000),
        "[a](".repeat(1000),
        "![".repeat(2000),
        "`a".repeat(2000),
        (1..90)
            .map(|run| "`".repeat(run))
            .collect::<Vec<_>>()
            .join(" "),
        "<https://a".repeat(400),
        "https://a.b ".repeat(330),
        "@a ".repeat(1300),
        "@room ".repeat(660),
        ":a:".repeat(1300),
        "\\".repeat(4000),
        format!(
            "[a]: https://a.org/{}\n\n{}",
            "x".repeat(1800),
            "[a]".repeat(700)
        ),
        format!("```js\n{}\n```", "1+".repeat(1900)),
        format!("```js\n{}\n```", "\"a\"\n".repeat(980)),
        format!("```html\n{}\n```", "<a b=c>".repeat(560)),
        "&amp;".repeat(800),
        "\"'".repeat(2000),
    ] {
        let html = rendered(&text);
        assert_eq!(faults(&html), [""; 0], "{text}");
        assert!(
            html.len() <= LONG.max(text.len() * GROWTH),
            "{} of {text:.40}",
            html.len()
        );
        assert!(!html.is_empty());
    }
}

#[test]
fn what_shows_nothing_shows_its_text() {
    assert_eq!(
        rendered("[a]: https://a.org"),
        format!("[a]: {}", rendered("https://a.org"))
    );
    assert_eq!(rendered("#"), "#");
    assert_eq!(rendered(">"), "&gt;");
}

/// Pieces of markup, from which a text is put together at random.
fn markup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{1,6}",
        "\\PC{1,3}",
        prop::sample::select(vec![
            "*",
            "**",
            "_",
            "`",
            "```",
            "```js\n",
            "~~",
            "\n",
            "\n\n",
            "> ",
            "- ",
            "1. ",
            "# ",
            "|",
            "|-|\n",
            "[x](",
            "![",
            "](",
            ")",
            "<",
            "</",
            "<script>",
            "&lt;",
            "https://a.org/",
            "javascript:",
            "@anna",
            "@room",
            ":tada:",
            "\\",
            "\"",
            "'",
            "\u{E000}",
            "\u{E001}",
            "\u{E002}",
            "\u{E003}",
            "    ",
            "\t",
            "[a]: ",
            "---\n",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn nothing_but_what_is_listed_comes_out(text in markup()) {
        let html = rendered(&text);
        prop_assert_eq!(faults(&html), Vec::<String>::new(), "{}", html);
    }

    #[test]
    fn the_gate_takes_nothing_from_what_the_writer_makes(text in markup()) {
        let masked = mask::Masked::of(&text, &[("anna".to_owned(), UserId(7))]);
        if let Some(dirty) = markdown::html(&masked) {
            prop_assert_eq!(faults(&dirty), Vec::<String>::new(), "{}", dirty);
        }
    }

    #[test]
    fn what_is_masked_can_be_had_back(text in "[^\u{E000}-\u{E003}]{0,80}") {
        let masked = mask::Masked::of(&text, &[]);
        prop_assert_eq!(masked.typed(&masked.text), text);
    }
}
