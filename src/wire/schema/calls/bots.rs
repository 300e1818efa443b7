//! Calls about bots.

use super::{Call, Types};
use crate::{
    error::Code,
    wire::bots::{BotBody, BotTokenBody, BotsBody, NewBot, NewBotToken},
};

#[rustfmt::skip]
pub(super) fn calls() -> Vec<Call> {
    [
        Call::new("get", "/bots", "bots", "Lists one's bots, with their tokens' scopes.").answers(200, Types::given::<BotsBody>),
        Call::new("post", "/bots", "createBot", "Makes a bot, for who owns a room or runs the site.")
            .body(Types::taken::<NewBot>).answers(201, Types::given::<BotBody>).refused(&[Code::TooLong, Code::Conflict]),
        Call::new("delete", "/bots/{id}", "deleteBot", "Deletes a bot with its tokens; what it said stays.").no_content(),
        Call::new("post", "/bots/{id}/tokens", "issueBotToken", "Makes a token of a bot, which is shown this once.")
            .body(Types::taken::<NewBotToken>).answers(201, Types::given::<BotTokenBody>).refused(&[Code::TooLong, Code::RateLimited]),
        Call::new("delete", "/bots/{id}/tokens/{token}", "endBotToken", "Ends a token of a bot by the token's id.").no_content(),
    ].map(|call| call.about("integrations")).into()
}
