//! Running the site as a person does it, on pages and by calls: what cannot be undone is confirmed by a name, and what decides
//! who gets in by proof of who asks. The command line asks neither: who has it has everything.

use super::{
    Caller, Context, Faults, administration,
    proof::{self, Act, Proof},
    reports,
};
use crate::{
    error::{Code, Error, Result},
    model::UserId,
    wire::administration::{NewSiteUser, Outcome, RoomDeed, TakeRoomDeed, TakeUserDeed, UserDeed},
};

/// [`administration::create_user`] for who is a person: another who runs the site is made only by who shows once more who they are.
///
/// # Errors
/// As [`administration::create_user`], and as [`proof::require`].
pub async fn create_user(
    ctx: &Context,
    caller: &Caller,
    new: &NewSiteUser,
) -> Result<Outcome, Faults> {
    let alone = |error| vec![error];
    let by = reports::operator(ctx, caller).map_err(alone)?;
    if new.admin {
        let shown = Proof {
            current_password: new.current_password.as_deref(),
            code: new.code.as_deref(),
        };
        let proved = proof::require(ctx, caller, Act::Account, shown).await;
        proved.map_err(alone)?;
    }
    administration::create_user(ctx, by, new).await
}

/// Whether this decides how somebody gets in or who runs the site, so that it asks for proof (OWASP ASVS 5, section 7.5.1).
#[must_use]
pub fn asks_proof(deed: UserDeed) -> bool {
    match deed {
        UserDeed::ResetPassword
        | UserDeed::Promote
        | UserDeed::Demote
        | UserDeed::RemoveFactors => true,
        UserDeed::Disable | UserDeed::Enable => false,
    }
}

/// [`administration::change_user`] for who is a person: a new password is confirmed by the account's name, and one's own is not given so,
/// since it ends the session in which it would show. What decides how somebody gets in, or who runs the site, asks for proof.
///
/// # Errors
/// As [`administration::change_user`]; `invalid` of the field `confirm`; `conflict` for one's own password; as [`proof::require`].
pub async fn change_user(
    ctx: &Context,
    caller: &Caller,
    user: UserId,
    deed: &TakeUserDeed,
) -> Result<Outcome> {
    let by = reports::operator(ctx, caller)?;
    if deed.action == UserDeed::ResetPassword {
        if user == caller.id() {
            let text = "Change your own password in your profile.";
            return Err(Error::new(Code::Conflict, text));
        }
        let name = administration::user(ctx, caller, user)
            .await?
            .account
            .card
            .name;
        let text = "Type the account's name as it stands to give it a new password.";
        confirmed(name.as_str(), deed.confirm.as_deref(), text)?;
    }
    if asks_proof(deed.action) {
        let shown = Proof {
            current_password: deed.current_password.as_deref(),
            code: deed.code.as_deref(),
        };
        proof::require(ctx, caller, Act::Account, shown).await?;
    }
    administration::change_user(ctx, by, user, deed.action).await
}

/// [`administration::change_room`] for who is a person: that a room goes is confirmed by its name.
///
/// # Errors
/// As [`administration::change_room`]; `invalid` of the field `confirm`.
pub async fn change_room(
    ctx: &Context,
    caller: &Caller,
    code: &str,
    deed: &TakeRoomDeed,
) -> Result<Outcome> {
    let by = reports::operator(ctx, caller)?;
    if deed.action == RoomDeed::Delete {
        let name = administration::room(ctx, caller, code).await?.name;
        let text = "Type the room's name as it stands to delete the room.";
        confirmed(name.as_str(), deed.confirm.as_deref(), text)?;
    }
    administration::change_room(ctx, by, code, deed.action).await
}

fn confirmed(name: &str, typed: Option<&str>, text: &str) -> Result<()> {
    if typed.map(str::trim) == Some(name) {
        return Ok(());
    }
    Err(Error::invalid("confirm", text))
}
