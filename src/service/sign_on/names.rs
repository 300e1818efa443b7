//! What somebody new is called here, who came by a provider.

use super::{Context, accounts};
use crate::{model::UserName, oidc::Vouched};

/// How many names are tried, each with a number behind it.
const NAMES: usize = 50;

/// Names for somebody new, the best first: what the provider calls them, without what names may not have, and then the
/// same with numbers.
pub(super) fn of(ctx: &Context, vouched: &Vouched) -> Vec<UserName> {
    let most = ctx.settings.limits.name_max;
    let address = vouched.email.as_deref().unwrap_or_default();
    let local = address.split('@').next().unwrap_or_default();
    let told = vouched.names.iter().map(String::as_str);
    let fit = |text: &str| accounts::name(ctx, &fitted(text, most)).ok();
    let best = told.chain([local]).find_map(fit);
    let base = best.as_ref().map_or("person", UserName::as_str).to_owned();
    let numbered = (2..=NAMES).filter_map(|number| {
        let number = format!("-{number}");
        let short: String = base
            .chars()
            .take(most.saturating_sub(number.len()))
            .collect();
        accounts::name(ctx, &format!("{short}{number}")).ok()
    });
    best.into_iter().chain(numbered).collect()
}

/// What of a text a name may have: an address's first part, blanks as dots.
fn fitted(text: &str, most: usize) -> String {
    let text = text.split('@').next().unwrap_or_default().trim();
    let dotted = text
        .chars()
        .map(|c| if c.is_whitespace() { '.' } else { c });
    let fits = dotted.filter(|c| c.is_alphanumeric() || "_.-".contains(*c));
    fits.take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::fitted;

    #[test]
    fn what_a_name_may_not_have_is_left_out_of_it() {
        for (told, name) in [
            ("wilma", "wilma"),
            ("Wilma Of The Guild", "Wilma.Of.The.Guild"),
            ("wilma@guild.example", "wilma"),
            ("<b>Wilma</b>", "bWilmab"),
            ("Zoë 🎈", "Zoë."),
            ("abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqr"),
            ("  ", ""),
        ] {
            assert_eq!(fitted(told, 18), name, "{told}");
        }
    }
}
