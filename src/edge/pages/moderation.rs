//! Keeping order by form: measures against a person, and a room's log.

use axum::extract::State;
use serde::Deserialize;

use super::{
    Answered,
    answer::{field_errors, refused, render, see},
    rows, times,
    view::{BannedRow, LogPage, LogRow, Measures, ModeratePage, Silence},
    visit::LoggedIn,
};
use crate::{
    edge::{
        Shared, Site,
        api::{Params, Segment},
        body::FormBody,
        respond::PageError,
    },
    error::{Error, Result},
    model::{Ban, LogEntry, Logged, Measure, Role, Standing, Target, Timestamp, UserId},
    service::{
        moderation::{self, Subject},
        permissions::{self, Action},
        rooms,
    },
    wire::{
        self, ModerationAction,
        administration::kept,
        avatar,
        events::{Moderate, UserRef},
    },
};

/// Somebody as a measure finds them.
pub(super) struct Concerned<'a> {
    pub(super) id: UserId,
    pub(super) name: &'a str,
    pub(super) role: Option<Role>,
    pub(super) muted: bool,
    pub(super) banned: bool,
}

/// What `me`, who has this standing, may do about somebody.
pub(super) fn measures(
    standing: &Standing,
    me: UserId,
    who: &Concerned<'_>,
    now: Timestamp,
) -> Measures {
    let target = Target {
        role: who.role,
        oneself: who.id == me,
    };
    let may = |action| permissions::may_to(action, standing, target, now).is_ok();
    Measures {
        room: standing.room.code.as_str().to_owned(),
        user_id: who.id.0,
        name: who.name.to_owned(),
        role: who
            .role
            .map(|role| wire::Role::from(role).as_str().to_owned())
            .unwrap_or_default(),
        muted: who.muted,
        banned: who.banned,
        order: may(Action::Ban),
        roles: may(Action::SetRole),
        ..Measures::default()
    }
}

/// What `me` may do about a member, if it is anything.
pub(super) fn against(
    standing: &Standing,
    me: UserId,
    member: &wire::Member,
    now: Timestamp,
) -> Option<Measures> {
    let role = match member.role {
        wire::Role::Owner => Role::Owner,
        wire::Role::Moderator => Role::Moderator,
        wire::Role::Member => Role::Member,
    };
    let muted = member.muted_until.as_deref();
    let who = Concerned {
        id: UserId(member.user.id),
        name: &member.user.name,
        role: Some(role),
        // Times on the wire are in one form, so that they compare as texts.
        muted: muted.is_some_and(|until| until > now.to_string().as_str()),
        banned: false,
    };
    Some(measures(standing, me, &who, now)).filter(|measures| measures.order || measures.roles)
}

/// Somebody who is kept out.
pub(super) fn banned(ban: &Ban) -> BannedRow {
    BannedRow {
        user_id: ban.user.id.0,
        name: ban.user.name.as_str().to_owned(),
        until: lasting(ban.until),
        reason: ban.reason.as_str().to_owned(),
    }
}

/// `GET /room/{code}/moderate?user=…`.
pub(super) async fn show(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
    params: Params,
) -> Answered {
    let id = params.number("user")?.unwrap_or_default();
    let subject = moderation::subject(&site.ctx, &user.caller, &code, UserId(id)).await?;
    Ok(render(&page(&site, &user, &subject)))
}

fn page(site: &Site, user: &LoggedIn, subject: &Subject) -> ModeratePage {
    let now = site.ctx.now();
    let until = |until: Option<Timestamp>| until.filter(|until| *until > now);
    let muted = subject
        .membership
        .as_ref()
        .and_then(|membership| until(membership.muted_until));
    let banned = until(subject.banned_until);
    let role = subject
        .membership
        .as_ref()
        .map(|membership| membership.role);
    let state = match (role, muted, banned) {
        (_, Some(until), _) => format!("Muted {}", lasting(until)),
        (_, _, Some(until)) => format!("Banned {}", lasting(until)),
        (Some(Role::Owner), ..) => "Owner".to_owned(),
        (Some(Role::Moderator), ..) => "Moderator".to_owned(),
        (Some(Role::Member), ..) => "Member".to_owned(),
        (None, ..) => "Not in this room".to_owned(),
    };
    let name = subject.card.name.as_str();
    let who = Concerned {
        id: subject.card.id,
        name,
        role,
        muted: muted.is_some(),
        banned: banned.is_some(),
    };
    let room = &subject.actor.room;
    ModeratePage {
        shell: user.shell(name),
        room: rows::head(room, room.last_seq.0, &user.server),
        user_id: who.id.0,
        name: name.to_owned(),
        avatar: avatar(&subject.card),
        state,
        measures: measures(&subject.actor, user.caller.id(), &who, now),
        ..ModeratePage::default()
    }
}

/// Until when something lasts, in words.
pub(super) fn lasting(until: Timestamp) -> String {
    if until == Timestamp::FAR {
        "until it is taken back".to_owned()
    } else {
        format!("until {}", times::full(until))
    }
}

/// What a room's page says to who cannot write there.
pub(super) fn silence(standing: &Standing, now: Timestamp) -> Option<Silence> {
    if standing.room.archived {
        return Some(Silence {
            text: "This room is archived: it can be read, and nobody writes in it.".to_owned(),
            archived: true,
            until: None,
        });
    }
    let membership = standing.membership.as_ref()?;
    let until = membership.muted_until.filter(|until| *until > now)?;
    Some(Silence {
        text: format!(
            "A moderator muted you here {}. You may read on.",
            lasting(until)
        ),
        archived: false,
        until: (until != Timestamp::FAR).then(|| until.to_string()),
    })
}

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ModerateForm {
    csrf: String,
    user: String,
    action: String,
    role: String,
    seconds: String,
    reason: String,
}

impl ModerateForm {
    fn order(&self, room: &str) -> Result<Moderate> {
        let action = ModerationAction::ALL
            .into_iter()
            .find(|action| action.as_str() == self.action)
            .ok_or_else(|| Error::invalid("action", "Choose what to do, then send it again."))?;
        let number = |text: &str, field| match text {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| {
                Error::invalid(
                    field,
                    format!("{field} is a whole number. Write it in digits."),
                )
            }),
        };
        let role = match self.role.as_str() {
            "" => None,
            "owner" => Some(wire::Role::Owner),
            "moderator" => Some(wire::Role::Moderator),
            "member" => Some(wire::Role::Member),
            _ => {
                return Err(Error::invalid(
                    "role",
                    "A role is one of owner, moderator and member.",
                ));
            }
        };
        Ok(Moderate {
            room: room.to_owned(),
            action,
            user: number(&self.user, "user")?.map(UserRef::Id),
            role,
            seconds: number(&self.seconds, "seconds")?,
            reason: Some(self.reason.clone()),
        })
    }
}

/// `POST /room/{code}/moderate`.
pub(super) async fn send(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
    FormBody(form): FormBody<ModerateForm>,
) -> Answered {
    user.visitor.check_csrf(&form.csrf)?;
    let taken = match form.order(&code) {
        Ok(order) => moderation::moderate(&site.ctx, &user.caller, &order).await,
        Err(error) => Err(error),
    };
    match taken {
        Ok(()) => Ok(see(&format!("/room/{code}/members?done={}", form.action))),
        Err(error) => again(&site, &user, &code, form, error).await,
    }
}

/// The page about the person, with what was typed and what is wrong, if it is theirs to see.
async fn again(
    site: &Site,
    user: &LoggedIn,
    code: &str,
    form: ModerateForm,
    error: Error,
) -> Answered {
    let Ok(id) = form.user.parse().map(UserId) else {
        return Err(PageError(error));
    };
    let Ok(subject) = moderation::subject(&site.ctx, &user.caller, code, id).await else {
        return Err(PageError(error));
    };
    let faults = [error];
    let errors = field_errors(&faults, &["seconds", "reason", "role"]);
    let mut page = page(site, user, &subject);
    page.measures.seconds = form.seconds;
    page.measures.reason = form.reason;
    page.measures.errors.clone_from(&errors);
    page.errors = errors;
    Ok(refused(&page, &faults))
}

/// What a page says after a measure was taken.
pub(super) fn done(action: &str) -> Option<&'static str> {
    Some(match action {
        "kick" => "They are out of the room.",
        "ban" => "They are out of the room, and kept out.",
        "unban" => "They may come in again.",
        "mute" => "They cannot write here for now.",
        "unmute" => "They may write again.",
        "set_role" => "The role is changed.",
        "slow_mode" => "Slow mode is changed.",
        "delete_messages" => "What they said is deleted.",
        _ => return None,
    })
}

/// `GET /room/{code}/log`.
pub(super) async fn log(
    State(site): State<Shared>,
    user: LoggedIn,
    Segment(code): Segment,
    params: Params,
) -> Answered {
    let before = params.number("before")?;
    let (entries, more) = moderation::log(&site.ctx, &user.caller, &code, before, None).await?;
    let room = rooms::standing(&site.ctx, &user.caller, &code, Action::ReadLog)
        .await?
        .room;
    let page = LogPage {
        shell: user.shell("Log"),
        room: rows::head(&room, room.last_seq.0, &user.server),
        more_before: entries.last().filter(|_| more).map(|oldest| oldest.id),
        entries: entries.iter().map(line).collect(),
    };
    Ok(render(&page))
}

fn line(entry: &LogEntry) -> LogRow {
    let by = entry.by.name.as_str();
    let name = entry
        .user
        .as_ref()
        .map_or("somebody", |user| user.name.as_str());
    let measure = match entry.what {
        Logged::Measure(measure) => measure,
        Logged::Retention(days) => {
            return row(entry, format!("{by} has messages {}.", kept(days)));
        }
    };
    let text = match measure {
        Measure::Kick => format!("{by} kicked {name}."),
        Measure::Ban { until } => format!("{by} banned {name} {}.", lasting(until)),
        Measure::Unban => format!("{by} unbanned {name}."),
        Measure::Mute { until } => format!("{by} muted {name} {}.", lasting(until)),
        Measure::Unmute => format!("{by} unmuted {name}."),
        Measure::SetRole(Role::Owner) => format!("{by} made {name} an owner."),
        Measure::SetRole(Role::Moderator) => format!("{by} made {name} a moderator."),
        Measure::SetRole(Role::Member) => format!("{by} made {name} a member."),
        Measure::SlowMode(0) => format!("{by} ended slow mode."),
        Measure::SlowMode(seconds) => format!("{by} set slow mode to {seconds} seconds."),
        Measure::DeleteMessages(_) => match entry.messages.unwrap_or_default() {
            1 => format!("{by} deleted a message of {name}."),
            count => format!("{by} deleted {count} messages of {name}."),
        },
    };
    row(entry, text)
}

fn row(entry: &LogEntry, text: String) -> LogRow {
    LogRow {
        text,
        reason: entry.reason.as_str().to_owned(),
        time: entry.created_at.to_string(),
        full: times::full(entry.created_at),
    }
}
